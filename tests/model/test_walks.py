"""Random walks through every state of a contract: whatever the two do, in whatever order, nothing is paid that was not held before,
and nothing stays in escrow when it is over.

What a random test proves is what it reached: at the end the deeds that succeeded and the states that were seen are counted.
"""
from collections import Counter
from unittest.mock import patch

import pytest

from machi.contracts import actions
from machi.contracts.models import ChangeOrder, Contract, Dispute, Milestone
from machi.jobs.plans import Step
from machi.payments import actions as payments
from machi.payments.actions import pay_due, send_payouts, send_refunds
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.walking import DAY, Life, missing, walk, walks
from tests.people import a_client, a_contract, a_contract_in_steps, a_person, an_order, client_of, with_bank_account

ROUNDS = [actions.void_unfunded, actions.accept_for_silent_clients, actions.lapse_changes, actions.lapse_dates, actions.remind_of_disputes,
          actions.settle_for_silent, pay_due, send_payouts, send_refunds]
DEEDS = ["fund"] * 4 + ["deliver"] * 5 + ["ask_changes"] * 3 + ["take_back"] * 3 + ["accept"] * 4 + [
    "dispute", "sign", "both_settle"] * 2 + [
    "time_goes_by", "ask_for_part", "ask_to_end", "ask_for_terms", "say_no", "answer", "ask_for_date", "pass_on"]

def of_a_service(by) -> Contract:
    """A service that somebody bought, and its worker took."""
    offer = an_order(client=by)
    return actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


class Walk(Life):
    """One contract, of a post, in steps, or of a service; its two sides and a stranger."""

    deeds, rounds = DEEDS, ROUNDS

    def __init__(self, seed: int):
        super().__init__(seed)
        client = a_client(is_withholding_agent=self.die.random() < .5)
        make = self.die.choice([a_contract, a_contract_in_steps, of_a_service])
        self.contract: Contract = make(by=client)
        with_bank_account(self.contract.worker)
        self.people = [self.contract.worker, client_of(self.contract), a_person()]

    def who(self, deed: str):
        worker, client, stranger = self.people
        theirs = worker if deed == "deliver" else client if deed in ("fund", "accept", "ask_changes") else self.die.choice([worker, client])
        return theirs if self.die.random() < .7 else self.die.choice([worker, client, stranger])

    def choose(self) -> str:
        is_asked = ChangeOrder.objects.filter(contract=self.contract, state="asked").exists()
        return self.die.choice(["sign", "sign", "say_no"]) if is_asked and self.die.random() < .4 else super().choose()

    def is_over(self) -> bool:
        return self.contract.is_over

    def seen(self) -> list[str]:
        self.contract.refresh_from_db()
        return list(Milestone.objects.values_list("state", flat=True))

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


@pytest.mark.django_db
def test_whatever_the_two_do_nothing_is_paid_unheld_and_nothing_stays_behind():
    reached = walks(Walk, count=30, steps=40)

    states = ("agreed", "funded", "delivered", "disputed", "accepted", "settled", "refunded", "void", "passed_on")
    assert missing(reached, states, DEEDS, never_refused=("time_goes_by", "ask_for_terms", "both_settle")) == {}


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
            walk(Walk, seed, Counter(), steps=40)
