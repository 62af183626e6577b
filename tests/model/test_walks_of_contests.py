"""Random walks through contests: whatever makers and their client do, the pot holds every yen until it is over, and then none."""
from collections import Counter
from unittest.mock import patch

import pytest

from machi.jobs import actions as jobs
from machi.jobs.contests import pot_of
from machi.jobs.models import Job
from machi.payments import actions as payments
from machi.payments.actions import pay_due, send_payouts, send_refunds
from machi.proposals import actions
from machi.proposals.entries import Entry
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.walking import DAY, Life, missing, walk, walks
from tests.people import a_client, a_contest, a_person, client_of, with_bank_account

OF_MAKERS = ["begin"] * 3 + ["hand_in"] * 6 + ["take_back"] * 2
OF_CLIENT = ["open"] * 4 + ["award"] * 5 + ["call_off", "edit"]
DEEDS = OF_MAKERS + OF_CLIENT + ["time_goes_by"] * 2
ROUNDS = [jobs.close_overdue, actions.settle_contests, actions.remind_of_judging, actions.make_previews, pay_due, send_payouts,
          send_refunds]


class Contests(Life):
    """One contest, its client, three makers and a stranger."""

    deeds, rounds, leaps = DEEDS, ROUNDS, (DAY, 3 * DAY, 6 * DAY, 6 * DAY, 15 * DAY)

    def __init__(self, seed: int):
        super().__init__(seed)
        prizes = self.die.choice([(30_000,), (30_000, 10_000), (60_000, 60_000, 1_000)])
        self.job: Job = a_contest(a_client(is_withholding_agent=self.die.random() < .5), opened=False, prizes=prizes)
        self.client, makers = client_of(self.job), [a_person() for _ in range(3)]
        for maker in makers:
            with_bank_account(maker)
        self.makers, self.people = makers, [self.client, *makers, a_person()]

    def who(self, deed: str):
        theirs = self.makers if deed in OF_MAKERS else [self.client]
        return self.die.choice(theirs if self.die.random() < .8 else self.people)

    def choose(self) -> str:
        """What is closed waits to be judged, and what is written to be opened."""
        waits = {"draft": "open", "closed": "award"}.get(Job.objects.get(pk=self.job.pk).state)
        return waits if waits and self.die.random() < .3 else super().choose()

    def is_over(self) -> bool:
        return self.job.state in ("ended", "awarded")

    def seen(self) -> list[str]:
        self.job.refresh_from_db()
        return [self.job.state, *Entry.objects.values_list("state", flat=True)]

    def open(self, by):
        actions.open_contest(job=self.job, by=by, pot=pot_of(self.job.contest))

    def edit(self, by):
        jobs.edit_job(job=self.job, by=by, closes_on=self.job.closes_on + DAY)

    def begin(self, by):
        actions.begin_entry(job=self.job, by=by)

    def hand_in(self, by):
        own = Entry.objects.filter(job=self.job, worker=by).exists()
        entry = self._entry(by) if own or self.die.random() < .3 else actions.begin_entry(job=self.job, by=by)
        actions.hand_in(entry=entry, by=by, title="灯台", text="港に立つ灯台を、一筆で描きました。", ai_note="使っていません")

    def take_back(self, by):
        actions.take_back_entry(entry=self._entry(by), by=by)

    def award(self, by):
        there = list(Entry.objects.filter(job=self.job).exclude(number=None).values_list("number", flat=True))
        count = min(len(there), self.die.randint(0, len(self.job.contest.prizes)))
        actions.award(job=self.job, by=by, winners=dict(enumerate(self.die.sample(there, count), 1)))

    def call_off(self, by):
        actions.call_off(job=self.job, by=by)

    def _entry(self, by) -> Entry:
        """One of their own, or of anybody."""
        entries = Entry.objects.filter(job=self.job)
        if one := (entries.filter(worker=by) or entries).order_by("?").first():
            return one
        raise DomainError("nobody has begun anything")


@pytest.mark.django_db
def test_whatever_they_do_the_pot_holds_every_yen_until_it_is_over_and_then_none():
    reached = walks(Contests, count=30, steps=40)

    states = ("draft", "open", "closed", "awarded", "ended", "submitted", "withdrawn", "shared", "not_chosen")
    assert missing(reached, states, DEEDS, never_refused=("time_goes_by",)) == {}


def _keeps_the_rest(real):
    def settle_pot(*, refund, **named):
        return real(refund=Yen(0), **named)
    return settle_pot


@pytest.mark.django_db
@pytest.mark.parametrize("plant", [
    lambda: patch.object(payments, "settle_pot", _keeps_the_rest(payments.settle_pot)),
    lambda: patch.object(payments, "hold_pot", lambda **_named: None),
], ids=["the rest stays in the pot", "a contest opens without its money"])
def test_a_planted_fault_is_found(plant):
    with plant(), pytest.raises(AssertionError):
        for seed in range(1, 40):
            walk(Contests, seed, Counter(), steps=40)
