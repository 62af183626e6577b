"""A random walk: people who do whatever comes to their mind, in whatever order, and the clock that goes on. What is true is asked after
every step; what was reached is counted, since a random test proves no more than that.
"""
import datetime
import os
import random
from collections import Counter
from unittest.mock import patch

from django.db import transaction

from machi.contracts.invariants import broken as broken_contracts
from machi.contracts.models import Contract
from machi.jobs.contests import Contest
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.fakebank import FakeBank
from machi.payments.invariants import broken as broken_money
from machi.payments.models import Earning, Funding, Refund
from machi.proposals.invariants import broken as broken_choices
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.people import held_for

LONG = "MACHI_LONG" in os.environ
DAY, HOUR, SECOND = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(seconds=1)
TIME: dict[str, datetime.datetime] = {}


class Life:
    """A die and some people. `deeds`: names of methods, as often as they are done; each takes who does it."""

    deeds: list[str] = []
    rounds: list = []
    leaps = (DAY, 3 * DAY, 7 * DAY + SECOND, 20 * DAY)

    def __init__(self, seed: int):
        self.die, self.people = random.Random(seed), []

    def step(self) -> tuple[str, bool]:
        """Something that somebody may or may not do now: its name, and whether it was done."""
        TIME["now"] += SECOND
        deed = self.choose()
        by = self.who(deed)
        try:
            with transaction.atomic():
                getattr(self, deed)(by)
        except DomainError as refusal:
            assert str(refusal)
            return deed, False
        return deed, True

    def choose(self) -> str:
        return self.die.choice(self.deeds)

    def who(self, deed: str):
        """Mostly somebody whose deed it is, and now and then anybody."""
        return self.die.choice(self.people)

    def is_over(self) -> bool:
        """Nothing more can happen but a few payouts: the walk may end."""
        return False

    def seen(self) -> list[str]:
        """The states of everything that lives."""
        return []

    def time_goes_by(self, _by) -> None:
        TIME["now"] += self.die.choice(self.leaps)
        for round_of_the_clock in self.die.sample(self.rounds, len(self.rounds)):
            round_of_the_clock()


def walk(kind: type[Life], seed: int, reached: Counter, *, steps: int) -> None:
    """One life, rolled back at its end; the whole books are asked now and then."""
    TIME["now"] = datetime.datetime(2026, 12, 1, 1, tzinfo=datetime.UTC)
    with transaction.atomic(), patch.object(clock, "now", lambda: TIME["now"]):
        life = kind(seed)
        for number in range(steps):
            deed, is_done = life.step()
            reached[deed if is_done else f"no {deed}"] += 1
            reached.update(f"is {state}" for state in life.seen())
            nothing_is_paid_that_was_not_held()
            if number % 8 == 7 or number == steps - 1:
                the_books_are_whole(seed, number, deed)
            if life.is_over() and life.die.random() < .2:
                the_books_are_whole(seed, number, deed)
                break
        transaction.set_rollback(True)
    FakeBank().file.unlink(missing_ok=True)


def the_books_are_whole(*where) -> None:
    assert broken_contracts() == broken_money() == broken_choices() == {}, where


def nothing_is_paid_that_was_not_held() -> None:
    """What came in lies in escrow for something that goes on, or was earned, or went back; what is over holds nothing."""
    held = 0
    for contract in Contract.objects.prefetch_related("milestones"):
        here = sum(step.held_yen for step in contract.milestones.all() if step.is_running or step.state == "passed_on")
        assert held_for(contract.pk) == here >= 0 and (not contract.is_over or here == 0)
        held += here
    for contest in Contest.objects.exclude(pot_yen=None):
        here = 0 if contest.settled_at else contest.pot_yen
        assert balance(Kind.POT.of(contest.job_id)) == here
        held += here
    came_in = sum(Funding.objects.filter(part_of=None).values_list("amount_yen", flat=True))
    earned = sum(one.price_yen + one.tax_yen for one in Earning.objects.all())
    went_back = sum(Refund.objects.values_list("amount_yen", flat=True))
    assert came_in == held + earned + went_back


def walks(kind: type[Life], *, count: int, steps: int) -> Counter:
    """So many lives, ten times as many in the long run, where they are other ones each time."""
    reached: Counter = Counter()
    first = random.SystemRandom().randrange(10**6) if LONG else 1
    for seed in range(first, first + count * (10 if LONG else 1)):
        walk(kind, seed, reached, steps=steps)
    return reached


def missing(reached: Counter, states, deeds, *, never_refused=()) -> dict[str, list[str]]:
    """What was not reached: states, deeds that were never done, and deeds that were never refused."""
    found = {"states": [state for state in states if not reached[f"is {state}"]],
             "done": sorted(deed for deed in {*deeds} if not reached[deed]),
             "refused": sorted(deed for deed in {*deeds} - {*never_refused} if not reached[f"no {deed}"])}
    return {name: some for name, some in found.items() if some}
