"""The two deadlines of a contest, to the second: month ends, the turn of the year, leap days."""
import datetime

import pytest

from machi.jobs.actions import close_overdue
from machi.jobs.contests import judged_by
from machi.jobs.models import Job
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.models import Refund
from machi.proposals import actions
from machi.proposals.entries import Entry
from machi.shared import clock
from machi.shared.errors import NotAllowed
from tests.people import a_client, a_contest, a_person, an_entry, client_of

DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)
# the closing day, and the last day on which the client chooses
DAYS = [("2027-02-14", "2027-02-28"), ("2028-02-15", "2028-02-29"), ("2028-02-16", "2028-03-01"), ("2028-02-29", "2028-03-14"),
        ("2026-12-18", "2027-01-01"), ("2027-01-31", "2027-02-14"), ("2026-12-31", "2027-01-14")]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(("closes", "until"), DAYS)
def test_both_deadlines_hold_to_the_second(town, clock_stands_at, closes, until):
    end = datetime.datetime.combine(day(closes), datetime.time(23, 59, 59), clock.JAPAN)
    last = datetime.datetime.combine(day(until), datetime.time(23, 59, 59), clock.JAPAN)
    clock_stands_at(end - 3 * DAY)
    job, late, unjudged = (a_contest(a_client(), closes_on=day(closes)) for _number in range(3))
    entries = {contest.pk: [an_entry(contest), an_entry(contest)] for contest in (job, late, unjudged)}
    assert judged_by(day(closes)).replace(microsecond=0) == last

    writing, words = actions.begin_entry(job=job, by=a_person()), {"title": "", "ai_note": "なし"}
    for moment in (end - SECOND, end):
        clock_stands_at(moment)
        close_overdue()
        actions.hand_in(entry=writing, by=writing.worker, text=f"{moment:%H時%M分%S秒}に出した、十分に長い文章", **words)
    clock_stands_at(end + SECOND)
    with pytest.raises(NotAllowed):
        actions.hand_in(entry=writing, by=writing.worker, text="一秒あとに出した、十分に長い文章", **words)
    with pytest.raises(NotAllowed):
        actions.begin_entry(job=job, by=a_person())
    assert Job.objects.filter(state="open").count() == 3
    close_overdue()
    assert Job.objects.filter(state="closed").count() == 3

    clock_stands_at(last - SECOND)
    assert actions.settle_contests() == 0
    actions.award(job=job, by=client_of(job), winners={1: entries[job.pk][0].number})
    clock_stands_at(last)
    assert actions.settle_contests() == 0
    actions.award(job=late, by=client_of(late), winners={1: entries[late.pk][0].number})
    clock_stands_at(last + SECOND)
    with pytest.raises(NotAllowed):
        actions.award(job=unjudged, by=client_of(unjudged), winners={1: entries[unjudged.pk][0].number})
    assert actions.settle_contests() == 1
    assert set(Entry.objects.filter(job=unjudged).order_by().values_list("state", flat=True)) == {"shared"}
    assert [balance(Kind.POT.of(contest.pk)) for contest in (job, late, unjudged)] == [0, 0, 0]


@pytest.mark.parametrize("closes", ["2027-02-28", "2028-02-29", "2026-12-31"])
def test_what_was_not_chosen_is_seen_for_thirty_days_to_the_second(town, clock_stands_at, closes):
    clock_stands_at(datetime.datetime.combine(day(closes) - DAY, datetime.time(12), clock.JAPAN))
    job = a_contest(closes_on=day(closes))
    won, other = an_entry(job), an_entry(job)
    judged_at = datetime.datetime.combine(day(closes) + DAY, datetime.time(9), clock.JAPAN)
    clock_stands_at(judged_at)
    close_overdue()
    actions.award(job=job, by=client_of(job), winners={1: won.number})

    for late, seen in ((-SECOND, {won, other}), (0 * SECOND, {won}), (SECOND, {won})):
        clock_stands_at(judged_at + 30 * DAY + late)
        assert set(Entry.objects.for_client(client_of(job))) == seen
        assert set(Entry.objects.visible_to(other.worker)) == {other}


def test_a_contest_without_an_entry_gives_its_pot_back_as_it_closes_not_a_second_before(town, clock_stands_at):
    clock_stands_at(datetime.datetime(2028, 2, 27, 12, tzinfo=clock.JAPAN))
    job = a_contest(closes_on=day("2028-02-29"))
    for late, left in ((-SECOND, 44_000), (0 * SECOND, 44_000), (SECOND, 0)):
        clock_stands_at(datetime.datetime(2028, 2, 29, 23, 59, 59, tzinfo=clock.JAPAN) + late)
        close_overdue()
        actions.settle_contests()
        assert balance(Kind.POT.of(job.pk)) == left
    assert Refund.objects.get().amount_yen == 44_000
