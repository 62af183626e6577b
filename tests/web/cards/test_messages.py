"""What the payment service sends, and whoever only pretends to be it: signed, small and fresh, or it is not taken."""
import time

import pytest

from machi.cards.models import Event, Intent, Quarantine
from machi.contracts.actions import fund, take_up_fundings
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import ask_about_cards, hear_cards, start_card, take_up_cards
from machi.payments.models import ExpectedDeposit
from tests.cards.living import message, pay
from tests.conftest import broken_rules
from tests.people import a_contract, client_of

ADDRESS = "/cards/messages/"


def sent(browser, body: bytes, signature: str):
    return browser.generic("POST", ADDRESS, body, content_type="application/json", headers={"Stripe-Signature": signature})


@pytest.fixture
def paid(account) -> Intent:
    """Somebody has typed a card that is good, and nobody here knows it yet."""
    contract = a_contract()
    fund(contract=contract, by=client_of(contract))
    deposit = ExpectedDeposit.objects.get()
    intent = start_card(deposit=deposit, by=deposit.asked_by, back_to="http://localhost:8000/")
    pay(intent)
    return intent


def completed(intent: Intent, **named):
    return message("checkout.session.completed", {"id": intent.page_id, "object": "checkout.session"}, **named)


def test_the_same_message_ten_times_is_answered_ten_times_and_has_one_effect(browser, paid):
    body, signature = completed(paid)
    assert {sent(browser, body, signature).status_code for _ten in range(10)} == {200}
    for _twice in range(2):
        hear_cards()
        take_up_cards()

    assert Event.objects.get().handled_at and int(balance(Kind.SUSPENSE.of())) == 11_000
    take_up_fundings()
    assert broken_rules() == {}


@pytest.mark.parametrize("wrong", ["unsigned", "other secret", "old", "changed", "no json", "not utf-8", "large"])
def test_what_is_not_signed_by_the_service_now_is_refused_and_kept_nowhere(browser, paid, wrong):
    body, signature = completed(paid, at=int(time.time()) - 301 if wrong == "old" else None,
                                secret="whsec_of_somebody_else" if wrong == "other secret" else "whsec_only_for_tests_and_long")
    if wrong in ("no json", "not utf-8"):
        body = b"{" if wrong == "no json" else b"\xff\xfe"
    if wrong == "changed":
        body = body.replace(paid.page_id.encode(), b"cs_test_other")
    if wrong == "large":
        body += b" " * 500_001

    answer = sent(browser, body, "" if wrong == "unsigned" else signature)

    assert answer.status_code == (413 if wrong == "large" else 400) and not Event.objects.exists()
    hear_cards()
    assert Intent.objects.get().state == "created"


def test_messages_in_the_wrong_order_of_other_kinds_and_of_nothing_known_here(browser, paid):
    for kind, thing in (("payment_intent.succeeded", "pi_of_somebody_else"), ("charge.succeeded", "ch_1"), ("payout.paid", "po_1"),
                        ("refund.updated", "re_unknown"), ("checkout.session.expired", paid.page_id)):
        assert sent(browser, *message(kind, {"id": thing, "object": kind.partition(".")[0]})).status_code == 200
    hear_cards()

    assert not Event.objects.filter(handled_at=None).exists() and Intent.objects.get().state == "captured"
    assert sorted(Quarantine.objects.values_list("thing", "why")) == [("pi_of_somebody_else", "unknown"), ("re_unknown", "unknown")]


def test_a_message_before_our_own_row_knows_the_things_name_finds_it_by_our_token(browser, paid):
    known = paid.page_id
    Intent.objects.update(page_id="", page_url="")          # as if the answer had been lost
    sent(browser, *message("checkout.session.completed", {"id": known, "object": "checkout.session"}))
    hear_cards()

    intent = Intent.objects.get()
    assert (intent.page_id, intent.state) == (known, "captured")


def test_a_message_that_cannot_be_asked_about_waits(browser, paid, settings, by_card):
    sent(browser, *completed(paid))
    settings.STRIPE_API = "http://127.0.0.1:9"
    with pytest.raises(OSError, match="APIConnectionError"):
        hear_cards()
    assert Event.objects.get().handled_at is None

    settings.STRIPE_API = by_card
    hear_cards()
    assert Event.objects.get().handled_at and ask_about_cards() == 0


def test_a_town_without_cards_has_no_such_address(browser, settings, paid):
    settings.MONEY_MODE = "bank"
    assert sent(browser, *completed(paid)).status_code == 404
