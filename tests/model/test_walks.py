"""Random walks through every state of a contract: whatever the two do, in whatever order, nothing is paid that was not held before,
and nothing stays in escrow when it is over.

What a random test proves is what it reached: at the end the deeds that succeeded and the states that were seen are counted.
"""
import datetime
import os
import random
from collections import Counter
from unittest.mock import patch

import pytest
from django.db import transaction

from machi.contracts import actions
from machi.contracts.invariants import broken as broken_contracts
from machi.contracts.models import ChangeOrder, Contract, Dispute, Milestone
from machi.jobs.plans import Step
from machi.payments import actions as payments
from machi.payments.actions import pay_due, send_payouts, send_refunds
from machi.payments.fakebank import FakeBank
from machi.payments.invariants import broken as broken_money
from machi.payments.models import Earning, Funding, Refund
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.people import a_client, a_contract, a_contract_in_steps, a_person, client_of, held_for, with_bank_account

LONG = "MACHI_LONG" in os.environ
WALKS, STEPS = (200, 60) if LONG else (20, 40)
DAY = datetime.timedelta(days=1)
ROUNDS = [actions.void_unfunded, actions.accept_for_silent_clients, actions.lapse_changes, actions.lapse_dates, actions.remind_of_disputes,
          actions.settle_for_silent, pay_due, send_payouts, send_refunds]


class Walk:
    """One contract, its two sides and a stranger, and a die."""

    def __init__(self, seed: int):
        self.die = random.Random(seed)
        client = a_client(is_withholding_agent=self.die.random() < .5)
        make = self.die.choice([a_contract, a_contract_in_steps])
        self.contract: Contract = make(by=client)
        with_bank_account(self.contract.worker)
        self.people = [self.contract.worker, client_of(self.contract), a_person()]

    def step(self) -> tuple[str, bool]:
        """Something that somebody may or may not do now: its name, and whether it was done."""
        TIME["now"] += datetime.timedelta(seconds=1)
        is_asked = ChangeOrder.objects.filter(contract=self.contract, state="asked").exists()
        deed = self.die.choice(["sign", "sign", "say_no"]) if is_asked and self.die.random() < .4 else self.die.choice(DEEDS)
        by = self.die.choice([*self.people[:2] * 4, self.people[2]])
        try:
            with transaction.atomic():
                getattr(self, deed)(by)
        except DomainError as refusal:
            assert str(refusal)
            return deed, False
        return deed, True

    @property
    def now(self) -> Milestone:
        steps = list(self.contract.milestones.order_by("number"))
        return next((one for one in steps if one.is_running), self.die.choice(steps))

    def fund(self, by):
        actions.fund(contract=self.contract, by=by)

    def deliver(self, by):
        actions.deliver(milestone=self.now, by=by, text="できました。", ai_note="なし")

    def ask_changes(self, by):
        actions.ask_changes(milestone=self.now, by=by, points="一つ")

    def accept(self, by):
        actions.accept_delivery(milestone=self.now, by=by)

    def ask_for_part(self, by):
        price = self.die.choice([0, 0, 0, 1, self.now.price_yen // 3, self.now.price_yen])
        actions.ask_for_part(milestone=self.now, by=by, price=Yen(price), answers=self._open(by))

    def both_settle(self, _by):
        """One asks and the other signs at once."""
        self.ask_for_part(self.people[0])
        self.sign(self.people[1])

    def ask_to_end(self, by):
        running = [one for one in self.contract.milestones.order_by("number") if one.is_running]
        actions.ask_to_end(contract=self.contract, by=by, answers=self._open(by),
                           prices={one.number: Yen(self.die.randint(0, one.price_yen)) for one in running})

    def ask_for_terms(self, by):
        first = clock.today() + self.die.randint(1, 40) * DAY
        steps = [Step(f"新しい{n}", Yen(self.die.randint(100, 50_000)), first + 7 * n * DAY) for n in range(self.die.randint(0, 3))]
        actions.ask_for_terms(contract=self.contract, by=by, steps=steps, words="変えたいです。", answers=self._open(by))

    def sign(self, by):
        actions.agree_to_change(order=self._order(), by=by)

    def say_no(self, by):
        actions.keep_terms(order=self._order(), by=by)

    def dispute(self, by):
        actions.open_dispute(milestone=self.now, by=by, reason="違います。")

    def answer(self, by):
        actions.answer_dispute(dispute=self._dispute(), by=by, answer="そうは思いません。")

    def take_back(self, by):
        actions.withdraw_dispute(dispute=self._dispute(), by=by)

    def ask_for_date(self, by):
        actions.ask_for_date(milestone=self.now, by=by, wished_on=self.now.due_on + 5 * DAY)

    def pass_on(self, _by):
        """The worker calls a stand-in, who takes over, or cannot: from then on it is their contract that lives."""
        other = a_person()
        stand_in = actions.name_stand_in(contract=self.contract, by=self.people[0], person=other,
                                         kept_percent=self.die.choice([10, 33, 50, 90]))
        for person in (other, self.people[1]):
            actions.agree_to_stand_in(stand_in=stand_in, by=person)
        offer = actions.call_stand_in(stand_in=stand_in, by=self.people[0])
        if self.die.random() < .2:
            actions.refuse_offer(offer=offer, by=other)
            actions.withdraw_stand_in(stand_in=stand_in, by=other)
            return
        with_bank_account(other)
        self.contract = actions.accept_offer(offer=offer, by=other, terms_hash=offer.terms_hash)
        self.people[0] = other

    def time_goes_by(self, _by):
        TIME["now"] += self.die.choice([DAY, 3 * DAY, 7 * DAY + datetime.timedelta(seconds=1), 20 * DAY])
        for round_of_the_clock in self.die.sample(ROUNDS, len(ROUNDS)):
            round_of_the_clock()

    def _open(self, by) -> int | None:
        order = ChangeOrder.objects.filter(contract=self.contract, state="asked").first()
        own = "worker" if by == self.contract.worker else "client"
        return order.pk if order and order.side != own else None

    def _order(self) -> ChangeOrder:
        if order := ChangeOrder.objects.filter(contract=self.contract).order_by("-pk").first():
            return order
        raise DomainError("nothing was asked")

    def _dispute(self) -> Dispute:
        if dispute := Dispute.objects.filter(milestone__contract=self.contract).order_by("-pk").first():
            return dispute
        raise DomainError("nobody sees it differently")


DEEDS = ["fund"] * 4 + ["deliver"] * 5 + ["ask_changes"] * 3 + ["take_back"] * 3 + ["dispute", "sign", "accept", "both_settle"] * 2 + [
    "time_goes_by", "ask_for_part", "ask_to_end", "ask_for_terms", "say_no", "answer", "ask_for_date", "pass_on"]
TIME: dict[str, datetime.datetime] = {}


def walk(seed: int, reached: Counter) -> None:
    """One life of a contract; what is true is asked after every step, the whole books now and then."""
    TIME["now"] = datetime.datetime(2026, 12, 1, 1, tzinfo=datetime.UTC)
    with transaction.atomic(), patch.object(clock, "now", lambda: TIME["now"]):
        life = Walk(seed)
        for number in range(STEPS):
            deed, is_done = life.step()
            reached[deed if is_done else f"no {deed}"] += 1
            reached.update(f"is {state}" for state in Milestone.objects.values_list("state", flat=True))
            nothing_is_paid_that_was_not_held()
            life.contract.refresh_from_db()
            if number % 8 == 7:
                assert broken_contracts() == {} and broken_money() == {}, (seed, number, deed)
        assert broken_contracts() == {} and broken_money() == {}, seed
        transaction.set_rollback(True)
    FakeBank().file.unlink(missing_ok=True)


def nothing_is_paid_that_was_not_held() -> None:
    held = 0
    for contract in Contract.objects.prefetch_related("milestones"):
        here = sum(step.held_yen for step in contract.milestones.all() if step.is_running or step.state == "passed_on")
        assert held_for(contract.pk) == here >= 0 and (not contract.is_over or here == 0)
        held += here
    came_in = sum(Funding.objects.filter(part_of=None).values_list("amount_yen", flat=True))
    earned = sum(one.price_yen + one.tax_yen for one in Earning.objects.all())
    went_back = sum(Refund.objects.values_list("amount_yen", flat=True))
    assert came_in == held + earned + went_back


@pytest.mark.django_db
def test_whatever_the_two_do_nothing_is_paid_unheld_and_nothing_stays_behind():
    reached: Counter = Counter()
    first = random.SystemRandom().randrange(10**6) if LONG else 1
    for seed in range(first, first + WALKS):
        walk(seed, reached)

    states = ("agreed", "funded", "delivered", "disputed", "accepted", "settled", "refunded", "void", "passed_on")
    assert [state for state in states if not reached[f"is {state}"]] == []
    assert [deed for deed in {*DEEDS} if not reached[deed]] == []
    assert [deed for deed in {*DEEDS} - {"time_goes_by", "ask_for_terms", "both_settle"} if not reached[f"no {deed}"]] == []


def _keeps_the_rest(real):
    def settle_escrow(*, refund, **named):
        return real(refund=Yen(0), **named)
    return settle_escrow


@pytest.mark.django_db
@pytest.mark.parametrize("plant", [
    lambda: patch.object(payments, "settle_escrow", _keeps_the_rest(payments.settle_escrow)),
    lambda: patch.object(payments, "hold_escrow", lambda **_named: None),
    lambda: patch.object(payments, "pass_escrow_on", lambda **_named: None),
], ids=["the rest stays in escrow", "work begins without its money", "a stand-in works without the money"])
def test_a_planted_fault_is_found(plant):
    with plant(), pytest.raises(AssertionError):
        for seed in range(1, 40):
            walk(seed, Counter())
