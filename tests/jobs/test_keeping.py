"""A post that is out: changed with a word to whoever applied, paused, gone on with, opened once more, copied; and asked about."""
import datetime

import pytest

from machi.jobs import actions
from machi.jobs.models import Job, JobChange
from machi.jobs.plans import Step, written
from machi.notifications.models import Notice
from machi.notifications.words import said
from machi.proposals.actions import submit
from machi.proposals.policies import takes_proposals
from machi.proposals.queries import changed_since
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.taxonomy.models import Category
from tests.people import a_job, a_person, a_proposal, an_offer, client_of

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)


def told(person, kind: str = "proposal.post_changed") -> list[Notice]:
    return list(Notice.objects.filter(user=person, kind__startswith=kind).order_by("pk"))


def text_of(notice: Notice) -> str:
    return said(notice.kind, notice.words)[1]


# ---- versions --------------------------------------------------------------------------------------------------------

def test_what_went_back_to_how_it_was_is_no_change():
    job = a_job()
    proposal = a_proposal(job)

    for place in ("図書館", job.place):
        actions.edit_job(job=job, by=client_of(job), place=place)
    actions.edit_job(job=job, by=client_of(job), title=job.title)

    assert changed_since(proposal) == [] and JobChange.objects.count() == 2


@pytest.mark.parametrize("worse", [
    {"reward_yen": 9_999}, {"due_on": -1}, {"seats_count": 1}, {"newcomer_seats_count": 0}, {"revisions_count": 3},
    {"acceptance_days": 14}, {"category": "design"}, {"rights": "transferred"}, {"sync": "hours"}], ids=str)
def test_nothing_becomes_worse_for_whoever_applied(worse):
    job = a_job(seats_count=2, newcomer_seats_count=1, rights="licensed")
    if "category" in worse:
        worse = {"category": Category.objects.get(pk="design")}
    if "due_on" in worse:
        worse = {"due_on": job.due_on - DAY}
    actions.edit_job(job=job, by=client_of(job), **worse)                   # nobody has applied yet
    actions.edit_job(job=job, by=client_of(job), **{name: getattr(job, name) for name in worse} | {"revisions_count": 2})
    a_proposal(job)

    with pytest.raises(DomainError):
        actions.edit_job(job=job, by=client_of(job), **worse)


HOURLY = {"form": "hourly", "rate_yen": 1_500, "weekly_hours": 10, "weeks_count": 3, "reward_yen": None, "due_on": None,
          "minutes_estimate": None}


@pytest.mark.parametrize(("worse", "field"), [
    ({"rate_yen": 1_499}, "1時間の報酬"), ({"weekly_hours": 9}, "1週間に何時間まで"), ({"weeks_count": 2}, "およそ何週間"),
    ({"rate_yen": 3_000, "weekly_hours": 5}, "1週間に何時間まで")], ids=str)
def test_work_by_the_hour_never_becomes_less_for_whoever_applied(worse, field):
    job = a_job(**HOURLY)
    a_proposal(job)

    with pytest.raises(DomainError, match=field):
        actions.edit_job(job=job, by=client_of(job), **worse)

    assert Job.objects.values_list("rate_yen", "weekly_hours", "weeks_count").get() == (1_500, 10, 3)


def test_more_hours_more_weeks_and_a_better_rate_are_told_to_whoever_applied_and_stand_in_the_offer():
    job = a_job(**HOURLY)
    proposal = a_proposal(job)

    actions.edit_job(job=job, by=client_of(job), rate_yen=1_600, weekly_hours=12, weeks_count=4)

    assert JobChange.objects.get().after.keys() >= {"rate_yen", "weekly_hours", "weeks_count"} and changed_since(proposal)
    assert an_offer(proposal).terms["hourly"] == {"rate_yen": 1_600, "weekly_hours": 12, "weeks_count": 4}


def test_what_is_better_for_whoever_applied_may_change():
    job = a_job(seats_count=2)
    a_proposal(job)

    actions.edit_job(job=job, by=client_of(job), reward_yen=11_000, due_on=job.due_on + DAY, seats_count=3, revisions_count=1)

    assert Job.objects.get().reward_yen == 11_000


def test_an_offer_uses_the_newest_version():
    job = a_job()
    proposal = a_proposal(job)
    actions.edit_job(job=job, by=client_of(job), reward_yen=15_000)

    assert an_offer(proposal).terms["price_yen"] == 15_000


def test_the_form_of_a_post_that_is_out_stays_and_an_example_fills_drafts_alone():
    job = a_job()

    with pytest.raises(NotAllowed):
        actions.edit_job(job=job, by=client_of(job), form="hourly")


# ---- pausing ---------------------------------------------------------------------------------------------------------

def test_a_paused_post_takes_no_proposals_and_whoever_applied_may_still_be_chosen():
    job = a_job()
    proposal = a_proposal(job)

    job = actions.pause_job(job=job, by=client_of(job))

    assert not takes_proposals(job)
    with pytest.raises(NotAllowed):
        submit(job=job, by=a_person(), message="応募します。")
    assert Job.objects.visible_to(proposal.worker).get() == job and an_offer(proposal).state == "open"
    assert takes_proposals(actions.resume_job(job=job, by=client_of(job)))


def test_a_paused_post_closes_at_its_day_and_does_not_go_on_after_it(clock_at):
    job = actions.pause_job(job=(job := a_job()), by=client_of(job))

    with clock.moved(by=8 * DAY):
        with pytest.raises(DomainError):
            actions.resume_job(job=job, by=client_of(job))
        assert actions.close_overdue() == 1

    assert Job.objects.get().state == "closed" and Job.objects.get().paused_at is None


# ---- opening once more, copying --------------------------------------------------------------------------------------

def test_a_closed_post_with_a_free_seat_opens_once_more():
    job = a_job(seats_count=2)
    proposal = a_proposal(job)
    job = actions.close_job(job=job, by=client_of(job))
    an_offer(proposal)

    job = actions.reopen_job(job=job, by=client_of(job), closes_on=clock.today() + 3 * DAY)

    assert takes_proposals(job) and job.closed_at is None and proposal.state == "submitted"


def test_opening_once_more_is_a_change_of_which_whoever_applied_hears():
    job = a_job(seats_count=2)
    proposal = a_proposal(job)
    job = actions.close_job(job=job, by=client_of(job))
    before, later = job.closes_on, job.closes_on + 3 * DAY

    actions.reopen_job(job=job, by=client_of(job), closes_on=later)

    assert [(name, old, new) for name, old, new in changed_since(proposal)] == [("closes_on", before.isoformat(), later.isoformat())]
    assert JobChange.objects.get().changed_by == client_of(job)


def test_work_by_the_hour_that_opens_once_more_has_its_weeks_later():
    job = a_job(**HOURLY)
    job = actions.close_job(job=job, by=client_of(job))
    before = job.due_on

    with clock.moved(by=20 * DAY):
        job = actions.reopen_job(job=job, by=client_of(job), closes_on=clock.today() + 3 * DAY)
        assert takes_proposals(job) and job.due_on > before and job.due_on == job.closes_on + 28 * DAY


@pytest.mark.parametrize("days", [-1, 21, 22])
def test_its_new_closing_day_lies_between_today_and_the_due_date(days):
    job = actions.close_job(job=(job := a_job()), by=client_of(job))

    with pytest.raises(DomainError):
        actions.reopen_job(job=job, by=client_of(job), closes_on=clock.today() + days * DAY)


def test_without_a_free_seat_it_stays_closed():
    job = a_job()
    proposal = a_proposal(job)
    job = actions.close_job(job=job, by=client_of(job))
    an_offer(proposal)

    with pytest.raises(NotAllowed):
        actions.reopen_job(job=job, by=client_of(job), closes_on=clock.today() + DAY)


def test_a_copy_has_the_words_and_not_the_days():
    days = [clock.today() + 14 * DAY, clock.today() + 21 * DAY]
    job = a_job(seats_count=3, plan=written([Step("一", 4_000, days[0]), Step("二", 6_000, days[1])]))
    a_proposal(job)

    copy = actions.copy_job(job=job, by=client_of(job))

    assert (copy.state, copy.title, copy.topic, copy.seats_count, copy.reward_yen) == ("draft", job.title, job.topic, 3, 10_000)
    assert (copy.closes_on, copy.due_on, copy.plan, copy.proposals_count) == (None, None, [], 0) and copy.pk != job.pk
    with pytest.raises(NotAllowed):
        actions.copy_job(job=job, by=a_person())


# ---- still open ------------------------------------------------------------------------------------------------------

def a_long_post():
    return a_job(closes_on=clock.today() + 60 * DAY, due_on=clock.today() + 90 * DAY)


def test_after_two_silent_weeks_the_town_asks_once_and_not_a_second_earlier(clock_stands_at):
    start = datetime.datetime(2026, 11, 1, 10, tzinfo=clock.JAPAN)
    clock_stands_at(start)
    job = a_long_post()

    for moment, asked in ((start + 14 * DAY, 0), (start + 14 * DAY + SECOND, 1), (start + 15 * DAY, 0)):
        clock_stands_at(moment)
        assert actions.ask_whether_open() == asked

    [notice] = told(client_of(job), "job.still_open")
    assert "11月22日（日）" in text_of(notice)


def test_unanswered_for_a_week_it_is_paused_and_the_client_is_told(clock_stands_at):
    start = datetime.datetime(2026, 11, 1, 10, tzinfo=clock.JAPAN)
    clock_stands_at(start)
    job = a_long_post()
    clock_stands_at(start + 15 * DAY)
    actions.ask_whether_open()

    for moment, paused in ((start + 22 * DAY, 0), (start + 22 * DAY + SECOND, 1), (start + 23 * DAY, 0)):
        clock_stands_at(moment)
        assert actions.pause_unanswered() == paused

    assert Job.objects.get().state == "paused" and len(told(client_of(job), "job.paused_by_town")) == 1
    assert takes_proposals(actions.resume_job(job=job, by=client_of(job)))


@pytest.mark.parametrize("act", ["confirm", "edit", "offer"])
def test_whoever_does_something_is_not_paused(clock_stands_at, act):
    start = datetime.datetime(2026, 11, 1, 10, tzinfo=clock.JAPAN)
    clock_stands_at(start)
    job = a_long_post()
    proposal = a_proposal(job)
    clock_stands_at(start + 15 * DAY)
    actions.ask_whether_open()
    {"confirm": lambda: actions.confirm_open(job=job, by=client_of(job)), "offer": lambda: an_offer(proposal),
     "edit": lambda: actions.edit_job(job=job, by=client_of(job), place="図書館")}[act]()

    clock_stands_at(start + 28 * DAY)

    assert actions.pause_unanswered() == 0 and actions.ask_whether_open() == 0


def test_a_post_of_which_nobody_asked_needs_no_answer():
    job = a_job()

    with pytest.raises(NotAllowed):
        actions.confirm_open(job=job, by=client_of(job))
