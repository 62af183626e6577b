"""A payment service in a process of its own, on loopback: localstripe, and what it lacks.

Payments, captures, cancellings and refunds are localstripe's. Ours, after the public description of the service: the page where a card is
typed (Checkout Sessions), idempotency keys, until when something set aside can be captured, what the service keeps, disputes, and cards
that cannot take a refund, at once or days later.
"""
import html
import os
import socket
import sys

from aiohttp import web
from localstripe import resources, server
from localstripe.errors import UserError
from localstripe.resources import BalanceTransaction, Charge, PaymentIntent, PaymentMethod, Refund, StripeObject, store

DAYS_SET_ASIDE, FEE_PER_MILLE = 7, 36
store.dump_to_disk = lambda: None                       # nothing of a test stays on the disk
answered: dict[str, tuple[str, int, bytes]] = {}        # idempotency key -> what was asked, and the answer
calls: list[str] = []

PaymentIntent.amount_received = property(
    lambda self: self.latest_charge.amount if self.latest_charge and self.latest_charge.captured and self.latest_charge.paid else 0)
Charge.payment_method_details = property(
    lambda self: {"type": "card", "card": {"capture_before": self.created + DAYS_SET_ASIDE * 86_400}})
_booked = BalanceTransaction.__init__


def _with_fee(self, **named):
    _booked(self, **named)
    self.fee = self.amount * FEE_PER_MILLE // 1000 if self.type == "charge" else 0


BalanceTransaction.__init__ = _with_fee
refunds_of: dict[str, str] = {}                         # payment -> what comes of its refunds, where they do not simply succeed
_refunded = Refund.__init__


def _as_its_card_takes_it(self, **named):
    if refunds_of.get(named.get("payment_intent")) == "refused":
        raise UserError(400, "This card takes no refund")
    _refunded(self, **named)
    self.status = refunds_of.get(self.payment_intent, self.status)


Refund.__init__ = _as_its_card_takes_it


class Session(StripeObject):
    object, _id_prefix = "checkout.session", "cs_test_"

    def __init__(self, line_items, payment_intent_data, success_url, cancel_url, client_reference_id, metadata, **_rest):
        super().__init__()
        price = line_items[0]["price_data"]
        self.amount_total, self.currency = int(price["unit_amount"]), price["currency"]
        self.status, self.payment_intent = "open", None
        self.client_reference_id, self.metadata = client_reference_id, metadata
        self.success_url, self.cancel_url, self.url = success_url, cancel_url, f"{PLACE}/pay/{self.id}"
        self._asked = payment_intent_data

    def _pay(self, number: str, at: str = "", **other):
        """Type a card. Raises UserError when it is declined; then another one may be typed. `at`: the second at which that is."""
        card = PaymentMethod(type="card", card={"number": number, "exp_month": "12", "exp_year": "2039", "cvc": "123"})
        if self.payment_intent is None:
            intent = PaymentIntent(payment_method=card.id, **{
                "amount": self.amount_total, "currency": self.currency, "metadata": dict(self._asked["metadata"]),
                "capture_method": self._asked["capture_method"]} | other)
            self.payment_intent = intent.id
        intent = PaymentIntent._api_retrieve(self.payment_intent)
        intent.payment_method, intent.latest_charge = card.id, None
        intent._confirm(on_failure_now=intent._report_failure)
        intent.latest_charge.created = int(at or intent.latest_charge.created)
        self.status = "complete"


class Dispute(StripeObject):
    object, _id_prefix = "dispute", "du_"

    def __init__(self, **said):
        super().__init__(id=said.pop("id", None))
        vars(self).update(said)


PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>Card</title><h1>{sum} JPY</h1>{said}
<form method="post"><label>Card <input name="number" autocomplete="off"></label><button>Pay</button></form>
<a href="{back}">Back</a></html>"""


def _session(request) -> Session:
    return Session._api_retrieve(request.match_info["id"])


async def create(request):
    return server.json_response(Session(**await server.get_post_data(request))._export())


async def show(request):
    return server.json_response(_session(request)._export())


async def expire(request):
    session = _session(request)
    if session.status != "open":
        raise UserError(400, "This session is not open")
    session.status, session.url = "expired", None
    return server.json_response(session._export())


async def page(request):
    return _typed(_session(request))


def _typed(session, said=""):
    if session.status != "open":
        return web.Response(text="This page is over", status=410)
    return web.Response(content_type="text/html", text=PAGE.format(
        sum=session.amount_total, said=html.escape(said), back=html.escape(session.cancel_url)))


async def pay(request):
    session, form = _session(request), dict(await request.post())
    if session.status != "open":
        return _typed(session)
    try:
        session._pay(form.pop("number"), **form)
    except UserError as refused:
        return _typed(session, str(refused.body["error"].get("message")))
    raise web.HTTPSeeOther(session.success_url)


async def dispute(request):
    return server.json_response(Dispute._api_retrieve(request.match_info["id"])._export())


async def put_dispute(request):
    said = await request.json()
    if known := store.get(f"dispute:{said['id']}"):
        vars(known).update(said)
    else:
        Dispute(**said)
    return web.Response()


async def refunds(request):
    """From now on, and those that are on their way too."""
    said = await request.json()
    refunds_of[said["payment_intent"]] = said["status"]
    for thing in list(store.values()):
        if isinstance(thing, Refund) and thing.payment_intent == said["payment_intent"] and thing.status == "pending":
            thing.status = "failed" if said["status"] == "refused" else said["status"]
    return web.Response()


async def told(_request):
    return web.json_response(calls)


@web.middleware
async def once(request, handler):
    """Asked again with the same key, the service answers as before; with the same key for something else, it refuses."""
    key, asked = request.headers.get("Idempotency-Key"), f"{request.method} {request.path} {await request.text()}"
    if request.path.startswith("/v1/"):
        calls.append(f"{request.method} {request.path}")
    if request.method != "POST" or not key:
        return await handler(request)
    if key in answered:
        before, status, body = answered[key]
        if before != asked:
            return server.json_response({"error": {"type": "idempotency_error", "message": "same key, other question"}}, status=400)
        return web.Response(body=body, status=status, content_type="application/json")
    answer = await handler(request)
    if answer.status < 500:
        answered[key] = asked, answer.status, answer.body
    return answer


server.app.middlewares.insert(0, once)
for method, address, view in (("POST", "/v1/checkout/sessions", create), ("GET", "/v1/checkout/sessions/{id}", show),
                              ("POST", "/v1/checkout/sessions/{id}/expire", expire), ("GET", "/v1/disputes/{id}", dispute)):
    server.app.router.add_route(method, address, view)


@web.middleware
async def ours_is_open(request, handler):
    if request.path.startswith(("/pay/", "/_test/")):
        found = await request.app.router.resolve(request)
        return await found.handler(request)
    return await handler(request)


server.app.middlewares.insert(1, ours_is_open)
server.app.router.add_get("/pay/{id}", page)
server.app.router.add_post("/pay/{id}", pay)
server.app.router.add_post("/_test/disputes", put_dispute)
server.app.router.add_post("/_test/refunds", refunds)
server.app.router.add_get("/_test/calls", told)
resources.schedule_webhook = lambda event: None         # the tests bring its messages themselves

if __name__ == "__main__":
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    PLACE = f"http://127.0.0.1:{sock.getsockname()[1]}"
    print(PLACE, flush=True)
    sys.stderr = open(os.devnull, "w") if "--quiet" in sys.argv else sys.stderr
    web.run_app(server.app, sock=sock, print=None, access_log=None)
