"""The payment service of the tests, started once, and what people and the service itself do there."""
import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator

import pytest
import stripe

from machi.cards.models import Intent
from machi.cli.environment import ROOT
from machi.payments.actions import book_line
from tests.payments.statements import Account

KEY, SIGNING = "sk_test_only_for_tests", "whsec_only_for_tests_and_long"
GOOD, DECLINED = "4242424242424242", "4000000000000341"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The address of a service that nobody else uses."""
    with subprocess.Popen([sys.executable, "-W", "ignore", "-m", "tests.cards.loopback"], cwd=ROOT, stdout=subprocess.PIPE,
                          text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def payment_service():
    with running() as api:
        yield api


@pytest.fixture
def by_card(settings, tmp_path, monkeypatch, payment_service) -> str:
    """The money mode `provider`, with its keys; the address of the service."""
    monkeypatch.setenv("MACHI_STRIPE_KEY", KEY)
    monkeypatch.setenv("MACHI_STRIPE_WEBHOOK", SIGNING)
    settings.MONEY_MODE, settings.MACHI_HOME, settings.STRIPE_API = "provider", tmp_path, payment_service
    return payment_service


@pytest.fixture
def account(town, by_card) -> Account:
    """The town's own account, with the operator's own money in it: what the service keeps is paid of that."""
    account = Account()
    (line,) = account.shows((50_000, "ｳﾝｴｲ"))
    book_line(line=line, use="own", by=account.finance, reason="運営者の資金")
    return account


def pay(intent: Intent, number: str = GOOD, **other) -> int:
    """Somebody types their card; the status of the page. `other`: what the service says otherwise than it was asked."""
    return _post(intent.page_url, urllib.parse.urlencode({"number": number} | other).encode())


def put_dispute(api: str, **said) -> None:
    _post(f"{api}/_test/disputes", json.dumps(said).encode())


def refunds_become(api: str, intent: Intent, status: str) -> None:
    """What comes of money that goes back to this card: succeeded, pending, failed after a while, or refused at once."""
    _post(f"{api}/_test/refunds", json.dumps({"payment_intent": intent.provider_id, "status": status}).encode())


def calls(api: str) -> list[str]:
    """What the service was asked, in order."""
    with urllib.request.urlopen(f"{api}/_test/calls") as answer:
        return json.load(answer)


def message(kind: str, thing: dict, *, event_id: str = "", live: bool = False, at: int | None = None,
            secret: str = SIGNING) -> tuple[bytes, str]:
    """What the service sends: a body, and its signature by the official library's own scheme."""
    body = json.dumps({
        "id": event_id or f"evt_{uuid.uuid4().hex}", "object": "event", "type": kind, "livemode": live, "created": int(time.time()),
        "api_version": stripe.api_version, "data": {"object": thing}, "pending_webhooks": 1, "request": None})
    return body.encode(), stripe.WebhookSignature.generate_signature_header(body, secret, at)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_said):
        return None


def _post(address: str, body: bytes) -> int:
    try:
        with urllib.request.build_opener(_Stay).open(urllib.request.Request(address, data=body)) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
