"""What a client does with a post that is out, and what those who applied see of it."""
import datetime

import pytest

from machi.jobs.actions import ask_whether_open, close_job, edit_job, limit_applicants, pause_job
from machi.jobs.limits import half_time
from machi.jobs.models import Job
from machi.notifications.words import moment
from machi.proposals.models import Proposal
from machi.shared import clock
from tests.people import a_contest, a_contract, a_job, a_person, a_proposal, client_of
from tests.web.contracts.walking import said
from tests.web.jobs.reading import as_, text_of, unspoken, value_of
from tests.web.jobs.typing_in import in_days

pytestmark = pytest.mark.django_db


def test_paused_with_one_press_and_gone_on_with_one_press():
    job = a_job()
    proposal = a_proposal(job)
    client, worker, stranger = as_(client_of(job)), as_(proposal.worker), as_(a_person())

    assert client.post(f"/jobs/{job.pk}/keep/pause/").url == f"/jobs/{job.pk}/applicants/"
    assert "お休み中です" in text_of(client.get(f"/jobs/{job.pk}/applicants/")) and job.title in text_of(client.get("/jobs/mine/"))
    assert "いまは、お休み中です" in text_of(stranger.get(f"/jobs/{job.pk}/")) and job.title in text_of(worker.get(f"/jobs/{job.pk}/"))
    assert job.title not in text_of(stranger.get("/jobs/"))
    assert stranger.post(f"/jobs/{job.pk}/apply/", {"message": "応募します。"}).status_code == 409
    assert client.post(f"/jobs/{job.pk}/keep/pause/").status_code == 409
    assert "再開しました" in text_of(client.post(f"/jobs/{job.pk}/keep/resume/", follow=True))


def test_the_town_asks_and_one_press_answers():
    job = a_job(closes_on=clock.today() + datetime.timedelta(days=60), due_on=clock.today() + datetime.timedelta(days=90))
    client = as_(client_of(job))
    assert "まだ募集していますか" not in text_of(client.get(f"/jobs/{job.pk}/applicants/"))
    with clock.moved(by=datetime.timedelta(days=15)):
        ask_whether_open()

    assert "まだ募集していますか" in text_of(client.get(f"/jobs/{job.pk}/applicants/"))
    assert "募集は続いています" in text_of(client.post(f"/jobs/{job.pk}/keep/confirm/", follow=True))
    assert client.post(f"/jobs/{job.pk}/keep/confirm/").status_code == 409


def test_a_copy_is_a_draft_that_is_written_on_at_once():
    job = a_job()

    answer = as_(client_of(job)).post(f"/jobs/{job.pk}/keep/copy/")

    copy = Job.objects.exclude(pk=job.pk).get()
    assert answer.url == f"/jobs/{copy.pk}/write/kind/" and copy.state == "draft"


def test_a_copy_says_what_it_left_behind():
    plan = [{"title": f"区切り{number}", "price_yen": 5_000, "due_on": in_days(days)} for number, days in ((1, 9), (2, 21))]
    job = a_job(plan=plan)

    page = as_(client_of(job)).post(f"/jobs/{job.pk}/keep/copy/", follow=True)

    assert "日にちと区切りは、新しく" in text_of(page) and Job.objects.exclude(pk=job.pk).get().plan == []


def test_a_copy_of_a_contest_has_its_prizes():
    job = a_contest(takes="text", hours=2)

    as_(client_of(job)).post(f"/jobs/{job.pk}/keep/copy/")

    copy = Job.objects.exclude(pk=job.pk).get().contest
    assert (copy.prizes_yen, copy.takes, copy.hours, copy.pot_yen) == ([30_000, 10_000], "text", 2, None)


@pytest.mark.parametrize(("typed", "status", "words"), [
    ("", 422, "ここを入れてください"), ("あした", 422, "日付を"), ("2020-01-01", 422, "今日より後"), (-1, 422, "今日より後"),
    (21, 422, "より前の日に"), (3, 302, ""), (0, 302, "")])
def test_a_closed_post_opens_with_a_new_day(typed, status, words):
    job = a_job()
    close_job(job=job, by=client_of(job))
    client = as_(client_of(job))
    day = in_days(typed) if isinstance(typed, int) else typed

    answer = client.post(f"/jobs/{job.pk}/reopen/", {"closes_on": day})

    assert answer.status_code == status and words in text_of(answer)
    assert Job.objects.get().state == ("open" if status == 302 else "closed")
    assert status == 302 or value_of(answer, "closes_on") == day


def test_it_opens_again_only_before_its_first_work_is_due():
    plan = [{"title": f"区切り{number}", "price_yen": 5_000, "due_on": in_days(days)} for number, days in ((1, 9), (2, 21))]
    job = a_job(plan=plan)
    close_job(job=job, by=client_of(job))
    client = as_(client_of(job))

    answer = client.post(f"/jobs/{job.pk}/reopen/", {"closes_on": in_days(9)})
    assert answer.status_code == 422 and "より前の日に" in text_of(answer) and Job.objects.get().state == "closed"
    with clock.moved(to=clock.start_of(clock.today() + datetime.timedelta(days=9))):
        assert "もう一度募集する" not in text_of(client.get(f"/jobs/{job.pk}/applicants/"))
        assert client.post(f"/jobs/{job.pk}/reopen/", {"closes_on": in_days(0)}).status_code == 422


def test_a_draft_without_a_day_cannot_be_opened_again():
    job = a_job(published=False, due_on=None)

    assert as_(client_of(job)).post(f"/jobs/{job.pk}/reopen/", {"closes_on": in_days(3)}).status_code == 409


def test_whoever_applied_reads_what_changed_and_withdraws_with_one_press():
    job = a_job()
    proposal = a_proposal(job)
    worker = as_(proposal.worker)
    page = f"/proposals/{proposal.pk}/"
    assert "応募のあとで" not in text_of(worker.get(page))
    edit_job(job=job, by=client_of(job), reward_yen=12_000, ai="welcome", place="図書館<b>", body="長い本文。" * 60)

    seen = worker.get(page)

    for words in ("応募のあとで、募集が変わりました", "前：10,000円", "今：12,000円", "前：使ったら伝える", "今：自由に使ってよい"):
        assert words in text_of(seen)
    assert "図書館&lt;b&gt;" in seen.content.decode() and "図書館<b>" not in seen.content.decode()
    assert worker.post(f"/proposals/{proposal.pk}/withdraw/").status_code == 302 and Proposal.objects.get().state == "withdrawn"


def test_a_limit_is_offered_when_many_have_applied_and_says_how_many_places_are_left(monkeypatch):
    job = a_job()
    a_proposal(job)
    client = as_(client_of(job))
    assert "応募の上限" not in text_of(client.get(f"/jobs/{job.pk}/applicants/"))
    assert client.post(f"/jobs/{job.pk}/limit/", {"most": "9"}).status_code == 409
    monkeypatch.setattr("machi.jobs.policies.OFFERED_FROM", 1)

    offered = text_of(client.get(f"/jobs/{job.pk}/applicants/"))
    wrong = [client.post(f"/jobs/{job.pk}/limit/", {"most": typed}) for typed in ("0", "-1", "x", "9" * 30)]
    saved = client.post(f"/jobs/{job.pk}/limit/", {"most": "５人"})

    assert "応募が1人になりました" in offered and [answer.status_code for answer in wrong] == [422] * 4 and saved.status_code == 302
    assert "応募は5人までです。いま、あと4人です。 そのうち1人分は" in text_of(as_(a_person()).get(f"/jobs/{job.pk}/"))
    assert client.post(f"/jobs/{job.pk}/limit/", {"most": ""}).status_code == 302 and Job.objects.get().proposals_most is None


def test_a_full_post_says_so_before_anybody_writes_and_keeps_what_was_written(monkeypatch):
    monkeypatch.setattr("machi.jobs.policies.OFFERED_FROM", 1)
    job = a_job()
    a_proposal(job)
    limit_applicants(job=job, by=client_of(job), most=1)
    late = as_(a_person())

    refused = late.post(f"/jobs/{job.pk}/apply/", {"message": "長く書いた応募です。"})

    assert "応募は、いっぱいになりました" in text_of(late.get(f"/jobs/{job.pk}/"))
    assert refused.status_code == 409 and "長く書いた応募です。" in text_of(refused) and "受け付けを止めています" in text_of(refused)


def test_whoever_has_a_record_reads_before_they_write_that_the_places_left_are_kept_for_newcomers(monkeypatch, clock_stands_at):
    monkeypatch.setattr("machi.jobs.policies.OFFERED_FROM", 1)
    monkeypatch.setattr("machi.jobs.limits.NO_RECORD", 1)
    worked = [a_contract(accepted=True).worker for _number in range(2)]
    job = a_job()
    a_proposal(job, worked[0])
    job = limit_applicants(job=job, by=client_of(job), most=2)
    page, until = f"/jobs/{job.pk}/apply/", half_time(job)
    kept = said("apply.places_kept", until=moment(until))

    assert kept in text_of(as_(worked[1]).get(page)) and kept not in text_of(as_(a_person()).get(page))
    refused = as_(worked[1]).post(page, {"message": "長く書いた応募です。"})
    assert refused.status_code == 409 and "長く書いた応募です。" in text_of(refused) and text_of(refused).count(moment(until)) == 2
    clock_stands_at(until)
    assert kept not in text_of(as_(worked[1]).get(page))


@pytest.mark.parametrize("deed", ["nothing", "publish", "__class__"])
def test_a_deed_that_is_none_is_not_there(deed):
    job = a_job()

    assert as_(client_of(job)).post(f"/jobs/{job.pk}/keep/{deed}/").status_code == 404


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_page_of_it_speaks_all_three_languages(language, monkeypatch):
    monkeypatch.setattr("machi.jobs.policies.OFFERED_FROM", 1)
    job = a_job()
    proposal = a_proposal(job)
    edit_job(job=job, by=client_of(job), minutes_estimate=20, rights="licensed")
    pause_job(job=job, by=client_of(job))
    client, worker = as_(client_of(job)), as_(proposal.worker)
    client.cookies["django_language"] = worker.cookies["django_language"] = language

    for who, path in ((client, "applicants/"), (client, "limit/"), (client, "reopen/"), (client, "plan/"), (worker, "")):
        answer = who.get(f"/jobs/{job.pk}/{path}")
        assert answer.status_code == 200 and not unspoken(answer)
    assert not unspoken(worker.get(f"/proposals/{proposal.pk}/"))
