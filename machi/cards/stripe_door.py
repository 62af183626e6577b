"""The one door to the payment service: the only place that imports its official library. Everything else knows the answers below.

Each call that moves something carries an idempotency key made of our own row: asked again after a crash, the service does it once. It
remembers a key for a day at least; so what it did is looked for first where asking may come later than that (`refund`).
"""
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import stripe
from django.conf import settings

from machi.cards.keys import read_keys

CURRENCY = "jpy"                                    # has no decimal places: the amount is whole yen
SECONDS, TRIES_AGAIN = 15, 2                        # of one question
TOLERANCE = 300                                     # seconds: how old a signature may be
NAME = "machi"                                      # under which our token lies in the metadata of what we make


_STANDS = {"needs_response": "ask", "under_review": "submit", "won": "win", "lost": "lose", "prevented": "win"}


class Silent(OSError):
    """The service did not answer, or not us: nothing is known, and it is asked again later."""


class Forged(ValueError):
    """Not signed by the service, or too long ago."""


class Page(NamedTuple):
    """Where somebody types their card, at the service."""

    id: str
    url: str                                        # empty once it is over
    is_over: bool
    provider_id: str                                # of the payment, once one was tried
    token: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A payment as the service has it at this moment."""

    id: str
    token: str
    place: str
    amount: int                                     # in the smallest unit of its currency
    received: int
    currency: str
    is_live: bool
    is_authorised: bool
    is_captured: bool
    is_cancelled: bool
    expires_at: datetime.datetime | None            # until then it can be captured
    fee: int | None                                 # what the service keeps of it


class Back(NamedTuple):
    """Money on its way back to a card."""

    id: str
    token: str
    amount: int
    currency: str
    has_succeeded: bool
    has_failed: bool


class Disputed(NamedTuple):
    """A payment that a client's bank takes back, as the service has it."""

    id: str
    provider_id: str                                # of the payment
    amount: int
    currency: str
    reason: str
    due_at: datetime.datetime | None                # until then evidence is taken
    move: str                                       # where it stands: ask, submit, win, lose; empty while it is only a question
    fee: int = 0                                    # what the service itself takes for it, less what it has given back


class Message(NamedTuple):
    """That something happened to this thing."""

    id: str
    kind: str
    thing: str
    is_live: bool


def is_live() -> bool:
    """Does the town's key move real money?"""
    return read_keys(Path(settings.MACHI_HOME)).is_live


def open_page(*, token: UUID, place: str, amount_yen: int, title: str, back_to: str, language: str) -> Page:
    """The page of the service where a card is typed for this sum; it sets the sum aside (与信) and moves nothing."""
    named = {"metadata": {NAME: str(token), "place": place}}
    return _page(_ask(lambda of: of.v1.checkout.sessions.create({
        "mode": "payment", "client_reference_id": str(token), "locale": "en" if language == "en" else "ja", **named,
        "allowed_payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": {
            "currency": CURRENCY, "unit_amount": amount_yen, "product_data": {"name": title}}}],
        "payment_intent_data": {"capture_method": "manual", **named},
        "success_url": back_to, "cancel_url": back_to}, options={"idempotency_key": f"page:{token}"})))


def page_of(page_id: str) -> Page:
    return _page(_ask(lambda of: of.v1.checkout.sessions.retrieve(page_id)))


def close_page(page_id: str) -> None:
    """Nobody pays there any more. One that is over already stays as it is."""
    _try(lambda of: of.v1.checkout.sessions.expire(page_id))


def look(provider_id: str) -> Seen:
    """How a payment stands. Raises LookupError when the service knows none."""
    return _seen(_ask(lambda of: of.v1.payment_intents.retrieve(provider_id, {"expand": ["latest_charge.balance_transaction"]})))


def capture(provider_id: str, *, token: UUID) -> Seen:
    """Take what is set aside; then ask how it stands. What cannot be taken any more is no error: the answer says so."""
    _try(lambda of: of.v1.payment_intents.capture(provider_id, options={"idempotency_key": f"capture:{token}"}))
    return look(provider_id)


def cancel(provider_id: str, *, token: UUID) -> Seen:
    """Let go what is set aside: it costs nobody anything. Then ask how it stands."""
    _try(lambda of: of.v1.payment_intents.cancel(provider_id, options={"idempotency_key": f"cancel:{token}"}))
    return look(provider_id)


def refund(provider_id: str, *, token: UUID, amount_yen: int) -> Back | None:
    """Send so much back to the card it came from; nothing when the service refuses. What was sent before under this token is found."""
    known = _ask(lambda of: of.v1.refunds.list({"payment_intent": provider_id, "limit": 100})).data
    if found := next((one for one in known if _named(one) == str(token)), None):
        return _back(found)
    made = _try(lambda of: of.v1.refunds.create(
        {"payment_intent": provider_id, "amount": amount_yen, "metadata": {NAME: str(token)}},
        options={"idempotency_key": f"refund:{token}"}))
    return _back(made) if made else None


def refund_of(refund_id: str) -> Back:
    """Raises LookupError when the service knows none."""
    return _back(_ask(lambda of: of.v1.refunds.retrieve(refund_id)))


def dispute_of(dispute_id: str) -> Disputed:
    """Raises LookupError when the service knows none."""
    one = _ask(lambda of: of.v1.disputes.retrieve(dispute_id))
    until = getattr(getattr(one, "evidence_details", None), "due_by", None)
    return Disputed(one.id, _id(one.payment_intent), one.amount, one.currency, one.reason,
                    datetime.datetime.fromtimestamp(until, datetime.UTC) if until else None, _STANDS.get(one.status, ""),
                    sum(moved.fee for moved in getattr(one, "balance_transactions", None) or ()))


def read_message(body: bytes, signature: str) -> Message:
    """What the service sent, if it is really signed by it. Raises Forged."""
    keys = read_keys(Path(settings.MACHI_HOME))
    try:
        event = stripe.Webhook.construct_event(body, signature, keys.signing, TOLERANCE, api_key=keys.asking)
        return Message(event.id, event.type, str(getattr(event.data.object, "id", "")), bool(event.livemode))
    except (stripe.SignatureVerificationError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise Forged(str(error)) from error


def _ask(question: Callable):
    """Raises Silent, or LookupError for what the service does not know."""
    keys = read_keys(Path(settings.MACHI_HOME))
    try:
        return question(_client(keys.asking, settings.STRIPE_API))
    except stripe.InvalidRequestError as error:
        if error.http_status == 404:
            raise LookupError(str(error)) from error
        raise
    except stripe.StripeError as error:                 # silence, too much at once, a key that is none: nothing is known
        raise Silent(f"{type(error).__name__}: {error.user_message or error}") from error


def _try(question: Callable):
    """The same where a refusal is an answer, too: nothing then."""
    try:
        return _ask(question)
    except (stripe.InvalidRequestError, LookupError):
        return None


@lru_cache(maxsize=4)
def _client(key: str, api: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": api} if api else None, max_network_retries=TRIES_AGAIN,
                               http_client=stripe.RequestsClient(timeout=SECONDS))


def _named(thing) -> str:
    return str(_metadata(thing).get(NAME, ""))


def _metadata(thing) -> dict:
    said = getattr(thing, "metadata", None)
    return said.to_dict() if said else {}


def _id(thing) -> str:
    """Of something that may stand there whole, or by its id, or not at all."""
    return thing if isinstance(thing, str) else str(getattr(thing, "id", "") or "")


def _page(session) -> Page:
    is_over = session.status == "expired"
    return Page(session.id, "" if is_over else session.url or "", is_over, _id(session.payment_intent), session.client_reference_id or "")


def _seen(intent) -> Seen:
    charge = getattr(intent, "latest_charge", None)
    card = getattr(getattr(charge, "payment_method_details", None), "card", None)
    until, booked = getattr(card, "capture_before", None), getattr(charge, "balance_transaction", None)
    return Seen(
        intent.id, _named(intent), str(_metadata(intent).get("place", "")), intent.amount,
        getattr(intent, "amount_received", 0) or 0, intent.currency, bool(intent.livemode), intent.status == "requires_capture",
        intent.status == "succeeded", intent.status == "canceled",
        datetime.datetime.fromtimestamp(until, datetime.UTC) if until else None,
        getattr(booked, "fee", None) if booked and not isinstance(booked, str) else None)


def _back(one) -> Back:
    return Back(one.id, _named(one), one.amount, one.currency, one.status == "succeeded", one.status in ("failed", "canceled"))
