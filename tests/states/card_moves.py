"""A payment by card and what goes back to one: how to bring each into its states, and what moves it.

The service is spoken for here, answer by answer; that it answers so is shown in tests/cards, with one that runs.
"""
import datetime
from unittest.mock import patch

from machi.cards import actions as cards
from machi.cards import stripe_door
from machi.cards.lifecycle import (
    CARD_REFUND_LIFECYCLE,
    CHARGEBACK_LIFECYCLE,
    INTENT_LIFECYCLE,
    CardRefundState,
    ChargebackState,
    IntentState,
)
from machi.cards.models import CardRefund, Chargeback, Intent
from machi.cards.stripe_door import Back, Disputed, Page, Seen
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_client, a_person, party_of
from tests.states.things import CLIENT, TOWN, WORKER, Deed, Thing

SUM, WEEK = Yen(11_000), datetime.timedelta(days=7)


def _says(intent: Intent, how: str = "", *, is_over: bool = False):
    """For as long as this holds, the service says this of a payment."""
    seen = Seen("pi_1", str(intent.token), intent.place, intent.amount_yen, intent.amount_yen if how == "captured" else 0, "jpy", False,
                how == "authorised", how == "captured", how == "cancelled", clock.now() + WEEK, 396)
    answers = {name: lambda *_given, **_named: seen for name in ("look", "capture", "cancel")}
    page = Page("cs_1", "", is_over, "" if is_over else "pi_1", str(intent.token))
    return patch.multiple(stripe_door, page_of=lambda _id: page, **answers)


def _card(state: str, _deed: str = "") -> Intent:
    party = party_of(a_client())
    with patch.object(stripe_door, "open_page", lambda **_named: Page("cs_1", "https://example.jp/1", False, "", "")):
        intent = cards.open_card(place="milestone:1", party=party, amount=SUM, by=party.person, back_to="https://example.jp/")
    if state in ("authorised", "captured"):
        _authorise(intent)
    if state == "captured":
        _capture(intent)
    elif state in ("cancelled", "failed"):
        (_cancel if state == "cancelled" else _close)(intent)
    return Intent.objects.get(pk=intent.pk)


def _authorise(intent: Intent, _by=None):
    with _says(intent, "authorised"):
        cards.read_card(intent.pk)


def _capture(intent: Intent, _by=None):
    with _says(intent, "captured"):
        cards.capture_card(intent.pk)


def _cancel(intent: Intent, _by=None):
    with _says(intent, "cancelled"):
        cards.read_card(intent.pk)


def _close(intent: Intent, _by=None):
    with _says(intent, is_over=True):
        cards.read_card(intent.pk)


CARD = Thing("payment by card", Intent, IntentState, INTENT_LIFECYCLE, _card,
             lambda intent: {CLIENT: intent.opened_by, WORKER: a_person()}, [
    Deed("the card sets it aside", TOWN, (("authorise",),), _authorise, is_round=True),
    Deed("it is taken", TOWN, (("capture",),), _capture, is_round=True),
    Deed("it was let go at the service", TOWN, (("cancel",),), _cancel, is_round=True),
    Deed("its page is over", TOWN, (("fail",),), _close, is_round=True),
], columns={"ended_at": {"captured", "cancelled", "failed"}})


def _refund(state: str, _deed: str = "") -> CardRefund:
    refund = cards.begin_refund(intent=_card("captured"), reference="refund:milestone:1", amount=SUM)
    if state != "asked":
        (_succeed if state == "succeeded" else _fail)(refund)
    return CardRefund.objects.get(pk=refund.pk)


def _succeed(refund: CardRefund, _by=None):
    with patch.object(stripe_door, "refund", lambda *_given, **_named: Back("re_1", str(refund.token), int(SUM), "jpy", True, False)):
        cards.send_refund(refund.pk)


def _fail(refund: CardRefund, _by=None):
    with patch.object(stripe_door, "refund", lambda *_given, **_named: None):
        cards.send_refund(refund.pk)


CARD_REFUND = Thing("refund to a card", CardRefund, CardRefundState, CARD_REFUND_LIFECYCLE, _refund,
                    lambda refund: {CLIENT: refund.intent.opened_by, WORKER: a_person()}, [
    Deed("the service sent it", TOWN, (("succeed",),), _succeed, is_round=True),
    Deed("the card could not take it", TOWN, (("fail",),), _fail, is_round=True),
], columns={"ended_at": {"succeeded", "failed"}})


MOVES = {"evidence_due": "ask", "submitted": "submit", "won": "win", "lost": "lose"}


def _chargeback(state: str, _deed: str = "") -> Chargeback:
    intent = _card("captured")
    back = Chargeback.objects.create(intent=intent, provider_id="du_1", amount_yen=int(SUM), received_at=clock.now())
    if state != "received":
        _stands(MOVES[state])(back)
    return Chargeback.objects.get(pk=back.pk)


def _stands(move: str):
    def read(_back: Chargeback, _by=None):
        told = Disputed("du_1", "pi_1", int(SUM), "jpy", "fraudulent", None, move)
        with patch.object(stripe_door, "dispute_of", lambda _id: told):
            cards.read_dispute("du_1")
    return read


CHARGEBACK = Thing("chargeback", Chargeback, ChargebackState, CHARGEBACK_LIFECYCLE, _chargeback,
                   lambda back: {CLIENT: back.intent.opened_by, WORKER: a_person()}, [
    Deed("the service asks for evidence", TOWN, (("ask",),), _stands("ask"), is_round=True),
    Deed("the evidence is there", TOWN, (("submit",),), _stands("submit"), is_round=True),
    Deed("it is won", TOWN, (("win",),), _stands("win"), is_round=True),
    Deed("it is lost", TOWN, (("lose",),), _stands("lose"), is_round=True),
], columns={"ended_at": {"won", "lost"}})
