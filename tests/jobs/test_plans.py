"""A piece of work in steps, and work by the hour: what follows from what, and what does not go together."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.jobs import plans
from machi.jobs.actions import edit_job, publish_job
from machi.jobs.models import Job
from machi.jobs.plans import Step, written
from machi.jobs.queries import plan_of
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.people import a_job, a_proposal, client_of

pytestmark = pytest.mark.django_db


def steps(*parts: tuple[int, int]) -> list[dict]:
    """(yen, days from today) for each step."""
    return written([Step(f"{number}つ目", Yen(price), clock.today() + datetime.timedelta(days=days))
                    for number, (price, days) in enumerate(parts, 1)])


def test_a_post_without_a_plan_is_one_step():
    job = a_job()

    assert plan_of(job) == [Step(job.title, Yen(10_000), job.due_on)]


def test_a_plan_is_read_as_it_was_written():
    job = a_job(plan=steps((4_000, 14), (6_000, 21)))

    assert [(step.title, step.price_yen, (step.due_on - clock.today()).days) for step in plan_of(Job.objects.get())] == [
        ("1つ目", Yen(4_000), 14), ("2つ目", Yen(6_000), 21)]
    assert sum(step.price_yen for step in plan_of(job)) == job.reward


@pytest.mark.parametrize(("parts", "words"), [
    (((4_000, 14), (5_000, 21)), "足すと9,000円"),
    (((10_000, 21),), "2から12まで"),
    (((1_000, day) for day in range(9, 22)), "2から12まで"),
    (((6_000, 14), (4_000, 14)), "前の区切りより後"),
    (((6_000, 21), (4_000, 14)), "前の区切りより後"),
    (((6_000, 14), (4_000, 20)), "納品日と同じ"),
], ids=["less than the reward", "one step", "thirteen steps", "the same day", "falling days", "before the due date"])
def test_steps_that_do_not_go_together_are_not_published(parts, words):
    draft = a_job(published=False, plan=steps(*parts))

    with pytest.raises(DomainError, match=words):
        publish_job(job=draft, by=client_of(draft))


def days_and_sums() -> list[tuple[int, int]]:
    return [(step.price_yen, (step.due_on - clock.today()).days) for step in plan_of(Job.objects.get())]


def test_the_steps_of_an_open_post_follow_its_reward_and_its_day():
    job = a_job(plan=steps((4_000, 14), (6_000, 21)))
    edit_job(job=job, by=client_of(job), reward_yen=20_000)
    assert days_and_sums() == [(8_000, 14), (12_000, 21)]

    edit_job(job=job, by=client_of(job), due_on=clock.today() + datetime.timedelta(days=28))
    assert days_and_sums() == [(8_000, 21), (12_000, 28)]


@pytest.mark.parametrize(("change", "words"), [({"reward_yen": 240}, "足すと10,000円"), ({"due": 8}, "納品日と同じ")])
def test_where_a_step_would_become_too_small_or_be_due_before_anybody_is_chosen_it_is_said(change, words):
    job = a_job(plan=steps((4_000, 14), (6_000, 21)), closes_on=clock.today() + datetime.timedelta(days=3))
    if "due" in change:
        change = {"due_on": clock.today() + datetime.timedelta(days=change["due"])}

    with pytest.raises(DomainError, match=words):
        edit_job(job=job, by=client_of(job), **change)
    assert days_and_sums() == [(4_000, 14), (6_000, 21)]


THREE = (40_000, 7), (30_000, 14), (30_000, 21)


@pytest.mark.parametrize("parts", [
    ((100, 7), (100, 14), (99_800, 21)), ((40_000, 1), (30_000, 14), (30_000, 21)), ((40_000, 7), (60_000, 21)), (),
    ((40_000, 7), (29_900, 14), (30_100, 21)), ((20_000, 4), (20_000, 7), (30_000, 14), (30_000, 21))],
    ids=["the money at the end", "a day earlier", "fewer", "none", "a little less before", "one more before the first"])
def test_once_somebody_has_applied_the_steps_get_no_worse_for_them(parts):
    job = a_job(plan=steps(*THREE), reward_yen=100_000, closes_on=clock.today() + datetime.timedelta(days=2))
    a_proposal(job)

    with pytest.raises(DomainError, match="区切り"):
        edit_job(job=job, by=client_of(job), plan=steps(*parts))
    assert days_and_sums() == list(THREE)


def test_once_somebody_has_applied_there_may_be_more_pay_sooner_and_more_time():
    job = a_job(plan=steps(*THREE), reward_yen=100_000, closes_on=clock.today() + datetime.timedelta(days=2))
    a_proposal(job)
    client = client_of(job)

    edit_job(job=job, by=client, plan=steps((50_000, 9), (30_000, 14), (20_000, 21)))
    edit_job(job=job, by=client, due_on=clock.today() + datetime.timedelta(days=28))
    edit_job(job=job, by=client, reward_yen=110_000)

    assert days_and_sums() == [(55_000, 16), (33_000, 21), (22_000, 28)]


def test_by_the_hour_a_full_week_and_the_last_day_follow():
    draft = a_job(published=False, form="hourly", rate_yen=1_500, weekly_hours=10, weeks_count=4, plan=steps((1, 1), (2, 2)))

    assert (draft.reward_yen, draft.due_on - draft.closes_on, draft.plan) == (15_000, datetime.timedelta(weeks=5), [])


@pytest.mark.parametrize("unsaid", ["rate_yen", "weekly_hours", "weeks_count"])
def test_hourly_work_says_its_rate_its_hours_and_its_weeks(unsaid):
    said = {"rate_yen": 1_500, "weekly_hours": 10, "weeks_count": 4}
    draft = a_job(published=False, form="hourly", **said | {unsaid: None})

    with pytest.raises(DomainError):
        publish_job(job=draft, by=client_of(draft))


def test_another_form_of_work_knows_no_hours():
    draft = a_job(published=False, form="hourly", rate_yen=1_500, weekly_hours=10, weeks_count=4)

    edit_job(job=draft, by=client_of(draft), form="project", reward_yen=9_000)

    draft.refresh_from_db()
    assert (draft.rate_yen, draft.weekly_hours, draft.weeks_count, draft.reward_yen) == (None, None, None, 9_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(rate_yen=1_500)


@pytest.mark.parametrize(("count", "reward", "due", "prices", "days"), [
    (3, 100_000, (2027, 3, 31), [33_333, 33_333, 33_334], [(2027, 1, 31), (2027, 2, 28), (2027, 3, 31)]),
    (2, 20_000, (2028, 2, 29), [10_000, 10_000], [(2028, 1, 29), (2028, 2, 29)]),
    (12, 120_000, (2027, 2, 15), [40_000, 40_000, 40_000], [(2026, 12, 15), (2027, 1, 15), (2027, 2, 15)]),     # what is past is left out
])
def test_the_same_work_every_month_is_a_step_a_month(clock_stands_at, count, reward, due, prices, days):
    clock_stands_at(clock.start_of(datetime.date(2026, 11, 26)))
    steps = plans.monthly(count, reward, datetime.date(*due))

    assert [step.price_yen for step in steps] == prices and [step.due_on for step in steps] == [datetime.date(*day) for day in days]
    assert plans.faults(steps, reward, datetime.date(*due), None) == []
