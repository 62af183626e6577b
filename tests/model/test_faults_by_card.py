"""Faults that are planted in a town that takes cards: its model (test_whole_town_by_card.py) finds each, or the town itself does."""
from dataclasses import replace

import pytest
from django.db import IntegrityError

from machi.cards import stripe_door
from machi.payments.actions import cards, debts, taken
from machi.payments.actions.booking import post
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.living import payment_service as payment_service
from tests.model.test_whole_town import LONG, live
from tests.model.test_whole_town_by_card import TownWithCards


def counted_before_it_is_taken(provider_id, *, token):
    """What is set aside is called captured, and the service is not asked."""
    seen = stripe_door.look(provider_id)
    return replace(seen, is_authorised=False, is_captured=True, received=seen.amount, fee=seen.amount * 36 // 1000)


def taken_twice(entry, **named):
    """What is captured is booked a second time."""
    if entry.key.startswith("card:"):
        post(replace(entry, key=f"again_{entry.key}"))
    return post(entry, **named)


def repaid_twice(deposit, real=debts.repay):
    real(deposit)
    debt = debts.Debt.objects.get(pk=debts.debt_of(deposit.place))
    debts.Debt.objects.filter(pk=debt.pk).update(repaid_yen=debt.repaid_yen + min(int(debt.open), deposit.amount_yen))


PLANTS = {
    "card money is counted before it is captured": ("machi.cards.stripe_door.capture", counted_before_it_is_taken),
    "what is captured is booked twice": ("machi.payments.actions.cards.post", taken_twice),
    "more goes back to a card than is left of it": ("machi.payments.queries.cards.left_on", lambda intent: intent.amount_yen),
    "a chargeback takes what was held for work that was paid": ("machi.payments.actions.taken._is_over", lambda _reference: False),
    "what two payments hold of one work is counted as one": ("machi.payments.actions.taken._taken_before", lambda reference, _of: sum(
        taken.Taken.objects.filter(reference=reference, state__in=taken.AWAY).values_list("amount_yen", flat=True))),
    "a debt is repaid twice": ("machi.payments.actions.taken.repay", repaid_twice),
    "what a client has repaid stays the town's when it is won": ("machi.payments.actions.debts._give_back", lambda _debt, _amount: Yen(0)),
    "the fee of a chargeback is booked with each message": ("machi.payments.actions.chargebacks.cards.note_fee", lambda **_named: None),
    "somebody is paid with what is not there": (
        "machi.payments.actions.escrow.at_the_end", lambda _reference, _refund, *, is_somebody_paid: taken.Less(Yen(0))),
    "whoever owes the town begins new work": ("machi.payments.actions.expecting.owed_by", lambda _party: Yen(0)),
}
# A payment must be repaid and won after it was lost: a short run does not always come there.
SELDOM = ("what a client has repaid stays the town's when it is won",)
assert cards.post is post                               # the name that is planted at


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [fault for fault in PLANTS if LONG or fault not in SELDOM])
def test_a_fault_that_is_planted_is_found(fault, payment_service, monkeypatch):
    monkeypatch.setattr(TownWithCards, "api", payment_service)
    monkeypatch.setattr(*PLANTS[fault])

    with pytest.raises((AssertionError, IntegrityError, DomainError)):
        live(TownWithCards, examples=400 if LONG else 60, steps=20)
