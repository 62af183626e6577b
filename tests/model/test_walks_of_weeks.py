"""Random walks through the weeks of work by the hour: whatever the two do, no week is paid that was not held, and none holds money that
is over.
"""
from collections import Counter
from unittest.mock import patch

import pytest

from machi.contracts import actions
from machi.contracts.models import ChangeOrder, Contract, Dispute, Milestone, TimeEntry
from machi.payments import actions as payments
from machi.payments.actions import pay_due, send_payouts, send_refunds
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.walking import DAY, HOUR, TIME, Life, missing, walk, walks
from tests.people import a_client, a_person, an_hourly_contract, client_of, with_bank_account

OF_WORKER = ["write"] * 12 + ["clock_on", "clock_off"] * 5 + ["hand_over"] * 4 + ["take_away"] * 2
OF_CLIENT = ["fund"] * 8 + ["ask", "confirm"] * 5
DEEDS = OF_WORKER + OF_CLIENT + ["time_goes_by"] * 16 + ["sign"] * 2 + [
    "dispute", "answer", "take_back", "ask_to_end", "ask_for_part", "say_no"] * 2
ROUNDS = [actions.void_unfunded, actions.submit_weeks, actions.remind_of_weeks, actions.tell_of_weeks_without_money,
          actions.remind_of_running_clocks, actions.accept_for_silent_clients, actions.lapse_changes, actions.settle_for_silent,
          pay_due, send_payouts, send_refunds]


class Weeks(Life):
    """One contract by the hour, its two sides and a stranger."""

    deeds, rounds, leaps = DEEDS, ROUNDS, (3 * HOUR, 9 * HOUR, DAY, DAY, 3 * DAY, 5 * DAY)

    def __init__(self, seed: int):
        super().__init__(seed)
        self.contract: Contract = an_hourly_contract(
            by=a_client(is_withholding_agent=self.die.random() < .5), weekly_hours=self.die.choice([2, 10]))
        with_bank_account(self.contract.worker)
        TIME["now"] = self.contract.timesheets.order_by("starts_on").first().begins_at - DAY
        self.people = [self.contract.worker, client_of(self.contract), a_person()]

    def who(self, deed: str):
        worker, client, stranger = self.people
        theirs = worker if deed in OF_WORKER else client if deed in OF_CLIENT else self.die.choice([worker, client])
        return theirs if self.die.random() < .8 else self.die.choice([worker, client, stranger])

    def is_over(self) -> bool:
        return self.contract.is_over

    def seen(self) -> list[str]:
        self.contract.refresh_from_db()
        return list(Milestone.objects.values_list("state", flat=True))

    @property
    def week(self) -> Milestone:
        """The week in which money lies, or any."""
        every = list(self.contract.milestones.order_by("number"))
        return next((one for one in every if one.is_running and self.die.random() < .9), self.die.choice(every))

    def fund(self, by):
        actions.fund(contract=self.contract, by=by)

    def write(self, by):
        begin = clock.now() - self.die.randint(1, 20) * HOUR
        actions.add_entry(timesheet=self.week.timesheet, by=by, started_at=begin, ended_at=begin + self.die.randint(1, 3) * HOUR)

    def clock_on(self, by):
        actions.start_clock(timesheet=self.week.timesheet, by=by)

    def clock_off(self, by):
        sheet = self.week.timesheet
        if not sheet.entries.standing().filter(ended_at=None).exists():
            raise DomainError("no clock runs")
        actions.stop_clock(timesheet=sheet, by=by)

    def take_away(self, by):
        entry = TimeEntry.objects.standing().filter(timesheet__contract=self.contract).exclude(ended_at=None).order_by("?").first()
        if entry is None:
            raise DomainError("nothing is written")
        actions.remove_entry(entry=entry, by=by)

    def hand_over(self, by):
        actions.submit_week(timesheet=self.week.timesheet, by=by)

    def ask(self, by):
        actions.ask_about_week(milestone=self.week, by=by, words="何をした時間ですか。")

    def confirm(self, by):
        actions.accept_delivery(milestone=self.week, by=by)

    def ask_for_part(self, by):
        week = self.week
        actions.ask_for_part(milestone=week, by=by, price=Yen(self.die.choice([0, 1, week.price_yen // 2, week.price_yen])))

    def ask_to_end(self, by):
        running = [one for one in self.contract.milestones.order_by("number") if one.is_running]
        actions.ask_to_end(contract=self.contract, by=by, prices={one.number: Yen(self.die.randint(0, one.price_yen)) for one in running})

    def sign(self, by):
        actions.agree_to_change(order=self._newest(ChangeOrder.objects.filter(contract=self.contract)), by=by)

    def say_no(self, by):
        actions.keep_terms(order=self._newest(ChangeOrder.objects.filter(contract=self.contract)), by=by)

    def dispute(self, by):
        actions.open_dispute(milestone=self.week, by=by, reason="違います。")

    def answer(self, by):
        actions.answer_dispute(dispute=self._newest(Dispute.objects.filter(milestone__contract=self.contract)), by=by, answer="いいえ。")

    def take_back(self, by):
        actions.withdraw_dispute(dispute=self._newest(Dispute.objects.filter(milestone__contract=self.contract)), by=by)

    def _newest(self, found):
        if one := found.order_by("-pk").first():
            return one
        raise DomainError("there is none")


@pytest.mark.django_db
def test_whatever_the_two_do_no_week_is_paid_unheld_and_none_keeps_money():
    reached = walks(Weeks, count=30, steps=60)

    states = ("agreed", "funded", "delivered", "disputed", "accepted", "settled", "refunded", "void")
    assert missing(reached, states, DEEDS, never_refused=("time_goes_by",)) == {}


def _all_of_it(real):
    """The week is paid in full, whatever was worked."""
    def settle_escrow(*, refund, **named):
        return real(refund=Yen(0), **named)
    return settle_escrow


@pytest.mark.django_db
def test_a_rest_that_stays_in_escrow_is_found():
    with patch.object(payments, "settle_escrow", _all_of_it(payments.settle_escrow)), pytest.raises(AssertionError):
        for seed in range(1, 40):
            walk(Weeks, seed, Counter(), steps=60)
