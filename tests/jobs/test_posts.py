"""Posts: whole before anybody sees them, unchanged once somebody applied, closed when their day is over."""
import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from machi.activity.queries import history_of
from machi.jobs import actions, policies
from machi.jobs.actions import posting
from machi.jobs.models import Job
from machi.proposals.policies import can_apply
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.taxonomy.models import Topic
from tests.people import a_client, a_job, a_person, a_proposal, client_of, party_of

pytestmark = pytest.mark.django_db
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
NEEDED = {"title": "", "body": "", "category": None, "place": "", "reward_yen": None, "closes_on": None, "due_on": None,
          "sync": "", "ai": ""}


# ---- writing ---------------------------------------------------------------------------------------------------------

def test_a_draft_is_seen_by_its_client_only():
    draft = a_job(published=False)

    assert Job.objects.visible_to(client_of(draft)).get() == draft
    for stranger in (a_person(), a_client(), AnonymousUser()):
        assert not Job.objects.visible_to(stranger).exists()


def test_nobody_begins_a_post_for_somebody_else():
    with pytest.raises(NotAllowed):
        actions.draft_job(client=party_of(a_client()), by=a_person(), title="x")
    assert not Job.objects.exists()


@pytest.mark.parametrize("missing", NEEDED)
def test_a_post_is_published_whole_or_not_at_all(missing):
    draft = a_job(published=False, **{missing: NEEDED[missing]})

    with pytest.raises(DomainError):
        actions.publish_job(job=draft, by=client_of(draft))
    with pytest.raises(IntegrityError), transaction.atomic():        # and if the code forgot, the database would not
        Job.objects.filter(pk=draft.pk).update(state="open", published_at=clock.now())
    assert Job.objects.get().state == "draft"


@pytest.mark.parametrize("unsaid", ["name", "address", "contact"])
def test_the_law_wants_to_know_who_gives_the_work(unsaid):
    client = a_client()
    type(party_of(client)).objects.filter(person=client).update(**{unsaid: ""})

    with pytest.raises(DomainError):
        a_job(client)


def test_the_client_is_written_down_as_they_were_on_that_day():
    job = a_job(a_client("みなと応援会"))
    type(job.client).objects.update(name="改名した会", address="x", contact="x")

    job.refresh_from_db()
    assert (job.client_name, job.client_address, job.client_contact) == ("みなと応援会", "東京都港区みなと1-2-3", "info@example.jp")


@pytest.mark.parametrize(("closes", "due"), [(-1, 21), (7, 7), (7, 3)])
def test_days_in_the_past_and_days_in_the_wrong_order_are_refused(closes, due):
    today = clock.today()

    with pytest.raises(DomainError):
        a_job(closes_on=today + closes * DAY, due_on=today + due * DAY)


def test_a_post_may_change_until_it_is_over():
    job = a_job()
    changed = actions.edit_job(job=job, by=client_of(job), title="春の試合レポート", topic="ﾐﾅﾄﾌﾞﾙｰｽ")
    assert (changed.version, str(changed.topic)) == (2, "ﾐﾅﾄﾌﾞﾙｰｽ")

    actions.close_job(job=job, by=client_of(job))

    assert not policies.can_edit_job(client_of(job), Job.objects.get())
    with pytest.raises(NotAllowed):
        actions.edit_job(job=job, by=client_of(job), reward_yen=11_000)


def test_an_open_post_stays_whole_when_it_changes():
    job = a_job()

    with pytest.raises(DomainError), transaction.atomic():
        actions.edit_job(job=job, by=client_of(job), place="")
    assert Job.objects.get().place == "自宅など、どこでも"


def test_two_windows_notice_each_other():
    draft = a_job(published=False)
    actions.edit_job(job=draft, by=client_of(draft), version=1, title="一つ目の窓")

    with pytest.raises(DomainError):
        actions.edit_job(job=draft, by=client_of(draft), version=1, title="二つ目の窓")
    assert Job.objects.get().title == "一つ目の窓"


@pytest.mark.parametrize("hidden", ["state", "client", "seats_taken", "pk", "published_at"])
def test_only_the_words_of_a_post_can_be_written(hidden):
    draft = a_job(published=False)

    with pytest.raises(TypeError, match=hidden):
        actions.edit_job(job=draft, by=client_of(draft), **{hidden: 1})


def test_a_topic_is_one_row_however_it_is_spelled():
    known = Topic.objects.count()
    first, second, third, fourth = (a_job(topic=name) for name in ("サッカー", "ｻｯｶｰ", "みなとブルース", "みなとﾌﾞﾙｰｽ"))

    assert first.topic == second.topic and third.topic == fourth.topic and Topic.objects.count() == known + 1
    assert a_job(topic=" ").topic is None


# ---- closing: one second before, at, and one second after -------------------------------------------------------------

@pytest.mark.parametrize(("late", "is_open"), [(-SECOND, True), (0 * SECOND, True), (SECOND, False)])
def test_a_post_takes_proposals_until_the_last_second_of_its_day_in_japan(clock_stands_at, late, is_open):
    job, worker = a_job(), a_person()
    clock_stands_at(clock.end_of(job.closes_on) + late)

    assert can_apply(worker, job) is is_open
    if is_open:
        a_proposal(job, worker)
    else:
        with pytest.raises(NotAllowed):
            a_proposal(job, worker)
    assert actions.close_overdue() == (not is_open)
    assert Job.objects.get().state == ("open" if is_open else "closed")
    assert actions.close_overdue() == 0


def test_a_day_that_was_moved_while_the_clock_looked_holds():
    seen = a_job()
    with clock.moved(by=8 * DAY):
        actions.edit_job(job=seen, by=client_of(seen), closes_on=clock.today() + DAY)

        assert not posting._close_overdue(seen)     # found by the clock before the client's edit was there
    assert Job.objects.get().state == "open"


def test_whoever_closes_a_post_is_written_down():
    by_hand, by_clock = a_job(), a_job()
    actions.close_job(job=by_hand, by=client_of(by_hand))
    with clock.moved(by=8 * DAY):
        actions.close_overdue()

    assert [history_of(job.reference).last().actor for job in (by_hand, by_clock)] == [client_of(by_hand), None]
    for stranger in (a_person(), a_client()):
        with pytest.raises(DomainError):
            actions.close_job(job=a_job(), by=stranger)


# ---- what the database refuses ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("wrong", [
    {"seats_count": 0}, {"seats_count": 51}, {"newcomer_seats_count": 2}, {"seats_taken": 2}, {"seats_accepted": 1},
    {"newcomer_seats_taken": 1}, {"acceptance_days": 2}, {"acceptance_days": 15}, {"revisions_count": 11}, {"reward_yen": 99},
    {"reward_yen": 100_000_001}, {"published_at": None}, {"title": ""}, {"state": "nowhere"}])
def test_the_database_refuses_a_post_that_cannot_be(wrong):
    job = a_job()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)
