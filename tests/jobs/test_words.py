"""What a post may say before others read it: what stops it, what a person reads first, and what is remembered of it."""
import datetime

import pytest

from machi.activity.models import Fact
from machi.jobs import facts
from machi.jobs.actions import edit_job, pass_look, publish_job, return_look
from machi.jobs.contests import pot_of
from machi.jobs.errors import WordsStopped
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.plans import Step, written
from machi.jobs.policies import can_look, can_publish_job
from machi.notifications.models import Notice
from machi.proposals.actions import open_contest
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.people import a_client, a_contest, a_contract, a_job, a_look, a_person, a_staff_member, client_of
from tests.web.jobs.reading import as_

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LIMIT = "応募できるのは35歳までの方です。"
SHIFTS = "勤務時間は9時から18時まで、シフト制です。"


def told_of(name: str, job: Job) -> int:
    return Fact.objects.filter(name=name, about=job.reference).count()


@pytest.mark.parametrize("field", ["title", "body", "outcome", "sync_note", "place"])
def test_a_limit_of_age_stops_a_post_wherever_it_stands_and_nothing_is_lost(field):
    job = a_job(published=False, **{field: LIMIT})

    with pytest.raises(WordsStopped, match="35歳まで") as stop:
        publish_job(job=job, by=client_of(job))

    job.refresh_from_db()
    assert list(stop.value.found) == [field] and getattr(job, field) == LIMIT
    assert job.state == "draft" and job.stopped_at and told_of(facts.JOB_STOPPED, job) == 1


def test_the_name_of_a_step_is_read_like_everything_else_and_the_page_leads_to_it():
    due = clock.today() + 30 * DAY
    job = a_job(published=False, due_on=due, plan=written([Step(LIMIT, Yen(5_000), due - DAY), Step("まとめ", Yen(5_000), due)]))

    with pytest.raises(WordsStopped, match="35歳まで"):
        publish_job(job=job, by=client_of(job))

    assert f'href="/jobs/{job.pk}/plan/"' in as_(client_of(job)).get(f"/jobs/{job.pk}/preview/").text


def test_a_first_post_without_a_find_opens_at_once():
    assert a_job().state == "open"


def test_what_a_rule_doubts_waits_for_a_person_and_is_nobody_elses_to_read():
    look = a_look()

    assert look.answer == "" and look.job.state == "draft" and look.version == look.job.version
    assert not Job.objects.visible_to(a_person()).filter(pk=look.job.pk).exists()
    assert not can_publish_job(client_of(look.job), look.job) and told_of(facts.LOOK_ASKED, look.job) == 1
    with pytest.raises(NotAllowed):
        publish_job(job=look.job, by=client_of(look.job))


def test_one_press_opens_it_and_the_client_hears_of_it():
    look, reader = a_look(), a_staff_member("moderator")

    job = pass_look(look=look, by=reader)

    look.refresh_from_db()
    assert job.state == "open" and job.client_name and look.answer == "passed" and look.answered_by == reader
    assert Notice.objects.filter(user=client_of(job), kind="job.look_passed").count() == 1
    assert told_of(facts.JOB_PUBLISHED, job) == told_of(facts.LOOK_ANSWERED, job) == 1
    with pytest.raises(NotAllowed):
        pass_look(look=look, by=reader)


def test_sent_back_it_is_a_draft_with_words_and_the_next_version_is_read_again():
    look, reader = a_look(), a_staff_member("moderator")
    client = client_of(look.job)

    return_look(look=look, by=reader, words="時間の決まりを、納品日に変えてください。")

    job = edit_job(job=look.job, by=client, body="納品日までに、2,000字の記録を書いてください。")
    publish_job(job=job, by=client)
    assert [one.answer for one in job.looks.order_by("pk")] == ["returned", ""]
    notice = Notice.objects.get(user=client, kind="job.look_returned")
    assert "納品日に変えてください" in str(notice.words)


def test_after_the_town_let_a_post_pass_the_next_one_goes_straight_through():
    look, reader = a_look(), a_staff_member("moderator")
    client = client_of(look.job)
    return_look(look=look, by=reader, words="直してください。")
    publish_job(job=edit_job(job=look.job, by=client, body="2,000字の記録を書いてください。"), by=client)
    pass_look(look=JobLook.objects.waiting().get(), by=reader)

    assert a_job(client).state == "open"


def test_it_goes_back_only_with_words_and_only_by_the_duty_and_never_ones_own():
    look = a_look()
    client = client_of(look.job)

    with pytest.raises(DomainError, match="一言"):
        return_look(look=look, by=a_staff_member("moderator"), words=" \n")
    for somebody in (a_person(), a_staff_member("editor"), client):
        assert not can_look(somebody, look)
        with pytest.raises(NotAllowed):
            pass_look(look=look, by=somebody)
        with pytest.raises(NotAllowed):
            return_look(look=look, by=somebody, words="直してください。")


def test_whoever_writes_on_takes_it_back_from_the_desk():
    look = a_look()

    job = edit_job(job=look.job, by=client_of(look.job), body="2,000字の記録を書いてください。")

    look.refresh_from_db()
    assert look.answer == "lapsed" and told_of(facts.LOOK_LAPSED, job) == 1
    assert publish_job(job=job, by=client_of(job)).state == "open"


def test_of_somebody_new_words_that_were_stopped_are_read_once_after_they_were_mended():
    job = a_job(published=False, body=LIMIT)
    client = client_of(job)
    with pytest.raises(WordsStopped):
        publish_job(job=job, by=client)

    job = publish_job(job=edit_job(job=job, by=client, body="平日の午前に返事ができる方にお願いします。"), by=client)

    assert job.state == "draft" and JobLook.objects.waiting().get().job == job
    assert pass_look(look=JobLook.objects.waiting().get(), by=a_staff_member("moderator")).state == "open"


def test_a_client_through_whom_somebody_works_mends_and_goes_straight_through():
    client = client_of(a_contract())
    job = a_job(client, published=False, body=LIMIT)
    with pytest.raises(WordsStopped):
        publish_job(job=job, by=client)

    assert publish_job(job=edit_job(job=job, by=client, body="記録を書いてください。"), by=client).state == "open"


@pytest.mark.parametrize("words", [LIMIT, SHIFTS])
def test_an_open_post_takes_no_words_for_which_it_would_have_waited(words):
    job = a_job()

    with pytest.raises(WordsStopped):
        edit_job(job=job, by=client_of(job), body=words)

    assert Job.objects.get(pk=job.pk).body == job.body


def test_an_open_post_keeps_the_words_that_were_read():
    look = a_look()
    job = pass_look(look=look, by=a_staff_member("moderator"))

    assert edit_job(job=job, by=client_of(job), outcome="2,000字の記録").outcome == "2,000字の記録"


def test_a_contest_is_stopped_or_read_before_anything_is_paid_in():
    client = a_client()
    stopped, doubted = (a_contest(client, opened=False, body=words, title=f"マーク{number}")
                        for number, words in enumerate((LIMIT, SHIFTS)))
    with pytest.raises(WordsStopped):
        open_contest(job=stopped, by=client, pot=pot_of(stopped.contest))

    waiting = open_contest(job=doubted, by=client, pot=pot_of(doubted.contest))

    assert waiting.state == "draft" and waiting.contest.pot_yen is None
    passed = pass_look(look=JobLook.objects.waiting().get(), by=a_staff_member("moderator"))
    assert passed.state == "draft"
    assert open_contest(job=passed, by=client, pot=pot_of(passed.contest)).state == "open"
