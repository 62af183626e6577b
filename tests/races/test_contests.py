"""A contest in many hands at once: one pot, one ending, every yen once. The planted twin shows that these races can be lost."""
import datetime
from collections import Counter
from functools import partial
from threading import Barrier
from unittest.mock import patch

import pytest
from django.db import transaction

from machi.jobs.actions import close_overdue
from machi.jobs.contests import Contest, judged_by, money_of
from machi.jobs.models import Job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions.escrow import Share, settle
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning, Funding, Refund
from machi.portfolio.models import Piece
from machi.proposals import actions
from machi.proposals.actions import contests as judging
from machi.proposals.entries import Entry
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.people import a_contest, a_person, an_entry, client_of, closed_contest
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

SECOND = datetime.timedelta(seconds=1)


def given_out(job: Job) -> int:
    earned = sum(one.price_yen + one.tax_yen for one in Earning.objects.filter(about=job.reference))
    return earned + sum(refund.amount_yen for refund in Refund.objects.filter(reference=job.reference))


def test_eight_presses_open_one_contest_with_one_deposit(race):
    for _round in ROUNDS:
        job = a_contest(opened=False)

        answers = race(*[partial(actions.open_contest, job=job, by=client_of(job), pot=Yen(44_000))] * 8)
        assert outcomes(answers) == {WON: 1, REFUSED: 7}
        assert (Funding.objects.filter(reference=job.reference).count(), balance(Kind.POT.of(job.pk))) == (1, 44_000)
    assert len(FakeBank().statement()) == len(ROUNDS)


def test_eight_awards_pay_once(race):
    for _round in ROUNDS:
        job = a_contest()
        entries = [an_entry(job) for _number in range(3)]
        with closed_contest(job):
            answers = race(*[partial(actions.award, job=job, by=client_of(job), winners={1: entry.number})
                             for entry in (entries * 3)[:8]])
        assert outcomes(answers) == {WON: 1, REFUSED: 7}
        assert (Entry.objects.filter(job=job, state="awarded").count(), balance(Kind.POT.of(job.pk)), given_out(job)) == (1, 0, 44_000)


def test_awarding_against_the_clock_that_splits(race):
    """The last second is over for the one and not for the other: whoever is second finds the pot empty and says so."""
    for _round in ROUNDS:
        job = a_contest()
        entries = [an_entry(job) for _number in range(3)]
        with closed_contest(job):
            close_overdue()
        with clock.moved(to=judged_by(job.closes_on) + SECOND), patch.object(judging, "can_award", lambda by, job: job.state == "closed"):
            answers = race(*[partial(actions.award, job=job, by=client_of(job), winners={1: entries[0].number}),
                             actions.settle_contests] * 3)
        assert outcomes(answers)[WON] >= 3                          # rounds of the clock pass by in silence
        states = set(Entry.objects.filter(job=job).order_by().values_list("state", flat=True))
        assert states in ({"awarded", "not_chosen"}, {"shared"})
        assert (balance(Kind.POT.of(job.pk)), given_out(job)) == (0, 44_000)


def test_taking_back_against_the_clock_that_closes(race):
    for _round in ROUNDS:
        job = a_contest()
        entry = an_entry(job)

        with clock.moved(to=clock.end_of(job.closes_on)):
            answers = race(partial(actions.take_back_entry, entry=entry, by=entry.worker), actions.settle_contests, actions.settle_contests)
        outcomes(answers)
        assert Contest.objects.get(job=job).entries_count == Entry.objects.filter(job=job, state="submitted").count() == 0


def test_calling_off_against_the_first_entry(race):
    for _round in ROUNDS:
        job, maker = a_contest(), a_person()
        entry = actions.begin_entry(job=job, by=maker)
        words = {"title": "", "text": "港に立つ灯台を、一筆で描きました。", "ai_note": "なし"}

        answers = race(partial(actions.call_off, job=job, by=client_of(job)), partial(actions.hand_in, entry=entry, by=maker, **words))
        assert outcomes(answers) == {WON: 1, REFUSED: 1}
        job.refresh_from_db()
        assert (job.state, Contest.objects.get(job=job).entries_count) in (("ended", 0), ("open", 1))


def test_twelve_entries_get_twelve_numbers(race):
    job = a_contest()
    begun = [actions.begin_entry(job=job, by=a_person()) for _number in range(12)]

    race(*[partial(actions.hand_in, entry=entry, by=entry.worker, title="", text="港に立つ灯台を、一筆で描きました。", ai_note="なし")
           for entry in begun])
    assert sorted(Entry.objects.order_by().values_list("number", flat=True)) == list(range(1, 13))
    assert Contest.objects.get().entries_count == 12


def test_one_maker_in_eight_windows_begins_no_fourth_entry(race):
    job, maker = a_contest(), a_person()
    for _number in range(2):
        an_entry(job, maker)

    def begin_and_write():
        entry = actions.begin_entry(job=job, by=maker)
        return actions.save_entry(entry=entry, by=maker, title="題", text="途中")
    outcomes(race(*[begin_and_write] * 8))
    assert Entry.objects.filter(worker=maker).count() == 3


def test_eight_windows_make_one_work_of_an_entry(race):
    for number in ROUNDS:
        job = a_contest()
        won, other = an_entry(job), an_entry(job)
        with closed_contest(job):
            actions.award(job=job, by=client_of(job), winners={1: won.number})

        answers = race(*[partial(actions.show_as_piece, entry=other, by=other.worker, title=f"灯台 {number}-{window}", part="全部を一人で",
                                 shown="everybody") for window in range(8)])
        assert outcomes(answers) == {WON: 8}
        assert len({piece.pk for piece in answers}) == Piece.objects.filter(user=other.worker).count() == 1


@pytest.mark.parametrize(("is_locked", "paid"), [(False, 4), (True, 1)], ids=["without the lock", "with it"])
def test_one_prize_is_paid_to_four_people_unless_the_post_is_locked(race, breaks_books, is_locked, paid):
    """The naive twin, with real commits: is it still closed? then a prize is paid out of the pot, and the post says so. The only
    difference between the two is the lock: without it everybody reads "closed" before anybody has written.
    """
    job = a_contest()
    contest, entries = Contest.objects.get(job=job), [an_entry(job) for _number in range(4)]
    with closed_contest(job):
        pass
    everybody_has_read = Barrier(4)

    def naive(entry: Entry) -> None:
        with transaction.atomic():
            found = (Job.objects.locked() if is_locked else Job.objects.all()).get(pk=job.pk)
            if found.state != "closed":
                raise DomainError("over")
            if not is_locked:
                everybody_has_read.wait(20)
            share = Share(entry.reference, entry.worker, money_of(contest, Yen(10_000)), clock.today())
            settle(key=f"naive:{entry.pk}", held=Kind.POT.of(job.pk), about=job.reference, title=job.title, party=job.client,
                   shares=[share], refund=Yen(0), refund_reference=job.reference, by=None)
            Job.objects.filter(pk=job.pk).update(state="awarded")
    answers = race(*[partial(naive, entry) for entry in entries])
    assert outcomes(answers) == Counter({WON: paid, REFUSED: 4 - paid})
    assert (Earning.objects.filter(about=job.reference).count(), balance(Kind.POT.of(job.pk))) == (paid, 44_000 - paid * 11_000)
