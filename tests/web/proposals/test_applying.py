"""Applying: one field and one button; what is typed is never lost, and nothing is sent twice."""
import datetime

import pytest

from machi.jobs.actions import close_job, edit_job
from machi.notifications.models import Notice
from machi.proposals.actions import save_draft, submit, withdraw
from machi.proposals.models import Proposal
from machi.shared import clock
from tests.people import a_job, a_person, a_proposal, client_of
from tests.web.jobs.reading import as_, text_of, unspoken, value_of

HTMX = {"HX-Request": "true"}


def own(job, worker) -> Proposal | None:
    return Proposal.objects.filter(job=job, worker=worker).first()


def test_somebody_applies_and_reads_how_many_there_are_and_by_when_an_answer_comes(db, clock_at):
    clock_at("2026-11-23 10:00")
    job, worker = a_job(closes_on=datetime.date(2026, 11, 30), due_on=datetime.date(2026, 12, 8)), a_person()
    a_proposal(job)
    browser = as_(worker)
    form = browser.get(f"/jobs/{job.pk}/apply/")
    assert "はじめての応募ですね" in text_of(form) and "8,580円" in text_of(form) and "12月30日（水）" in text_of(form)

    answer = browser.post(f"/jobs/{job.pk}/apply/", {"message": "流れの変わった瞬間を書けます。", "version": value_of(form, "version")})

    page = text_of(browser.get(answer.url))
    assert answer.url == f"/proposals/{own(job, worker).pk}/" and own(job, worker).state == "submitted"
    assert "いま2人が応募しています。遅くとも12月22日（火）には" in page and "流れの変わった瞬間を書けます。" in page


def test_the_promise_of_a_first_application_names_nobody_who_is_not_there(db):
    page = text_of(as_(a_person()).get(f"/jobs/{a_job().pk}/apply/"))

    assert "相談員" not in page


def test_only_the_first_application_is_called_the_first(db):
    worker = a_person()
    a_proposal(a_job(title="前の仕事"), worker, "前に書いた文章です。")

    page = text_of(as_(worker).get(f"/jobs/{a_job().pk}/apply/"))

    assert "はじめての応募ですね" not in page and "前に書いた文章です。" in page


def test_a_visitor_is_asked_to_join_and_comes_back_here(db, browser):
    job = a_job()

    answer = browser.get(f"/jobs/{job.pk}/apply/")

    assert answer.status_code == 302 and answer.url == f"/account/login/?next=/jobs/{job.pk}/apply/"


def test_what_was_typed_after_the_sign_in_ran_out_comes_back(db, browser):
    job, worker = a_job(), a_person()
    text = "長い時間をかけて書いた、とても大切な応募の文章です。" * 3

    led = browser.post(f"/jobs/{job.pk}/apply/", {"message": text, "version": ""})
    browser.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert led.url.startswith("/account/login/") and text in text_of(browser.get("/account/again/"))


def test_pressed_twice_it_is_sent_once(db):
    job, worker = a_job(), a_person()
    browser = as_(worker)

    first, second = (browser.post(f"/jobs/{job.pk}/apply/", {"message": "書けます。", "version": ""}) for _press in range(2))

    job.refresh_from_db()
    assert first.url == second.url and job.proposals_count == 1 and Notice.objects.filter(kind="proposal.arrived").count() == 1


def test_while_typing_it_is_kept_and_the_note_says_when(db, clock_at):
    clock_at("2026-11-23 14:02")
    job, worker = a_job(), a_person()
    browser = as_(worker)

    first = browser.post(f"/jobs/{job.pk}/apply/", {"message": "書きはじめ", "version": "", "autosave": "1"}, headers=HTMX)
    typed = {"message": "書きはじめた", "version": value_of(first, "version"), "autosave": "1"}
    second = browser.post(f"/jobs/{job.pk}/apply/", typed, headers=HTMX)

    assert "14:02に保存しました" in text_of(first) and "<html" not in first.content.decode()
    assert own(job, worker).message == "書きはじめた" and own(job, worker).state == "draft"
    assert value_of(second, "version") == str(own(job, worker).version)
    assert value_of(browser.get(f"/jobs/{job.pk}/apply/"), "message") == "書きはじめた"


def test_the_client_hears_nothing_of_a_draft(db):
    job, worker = a_job(), a_person()
    as_(worker).post(f"/jobs/{job.pk}/apply/", {"message": "書きかけ", "version": "", "autosave": "1"}, headers=HTMX)

    assert not Notice.objects.exists() and "書きかけ" not in text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/applicants/"))


@pytest.mark.parametrize("version", ["", "1", "x"])
@pytest.mark.parametrize("more", [{}, {"autosave": "1"}], ids=["sent", "kept"])
def test_two_windows_show_both_texts(db, version, more):
    job, worker = a_job(), a_person()
    save_draft(job=job, by=worker, message="はじめの文")
    save_draft(job=job, by=worker, message="別の窓の文")
    browser = as_(worker)

    answer = browser.post(f"/jobs/{job.pk}/apply/", {"message": "この窓の文", "version": version} | more, headers=HTMX)

    assert answer.status_code == 409 and "別の窓の文" in text_of(answer) and value_of(answer, "message") == "この窓の文"
    assert own(job, worker).message == "別の窓の文" and answer.headers["HX-Retarget"] == "#apply"

    sent = browser.post(f"/jobs/{job.pk}/apply/", {"message": "この窓の文", "version": value_of(answer, "version")})
    assert sent.status_code == 302 and own(job, worker).message == "この窓の文"


def test_the_same_text_in_two_windows_is_no_conflict(db):
    job, worker = a_job(), a_person()
    save_draft(job=job, by=worker, message="おなじ文")

    assert as_(worker).post(f"/jobs/{job.pk}/apply/", {"message": "おなじ文", "version": ""}).status_code == 302


@pytest.mark.parametrize("typed, words", [("", "一行でもかまいません"), (" \u200e\n ", "一行でもかまいません"), ("あ" * 3_001, "3001")])
def test_too_little_and_too_much_are_said_and_the_text_stays(db, typed, words):
    job, worker = a_job(), a_person()

    answer = as_(worker).post(f"/jobs/{job.pk}/apply/", {"message": typed, "version": ""})

    assert answer.status_code == 422 and words in text_of(answer) and own(job, worker) is None
    assert value_of(answer, "message").strip() == typed.strip()


def test_too_much_while_typing_says_so_in_the_note(db):
    job, worker = a_job(), a_person()

    answer = as_(worker).post(f"/jobs/{job.pk}/apply/", {"message": "あ" * 3_001, "version": "", "autosave": "1"}, headers=HTMX)

    assert answer.status_code == 422 and "3001" in text_of(answer) and "保存しました" not in text_of(answer)



def test_three_thousand_characters_with_line_breaks_fit(db):
    job, worker = a_job(), a_person()

    assert as_(worker).post(f"/jobs/{job.pk}/apply/", {"message": "あ\r\n" * 1_500, "version": ""}).status_code == 302


def test_without_a_script_a_draft_can_be_saved(db):
    job, worker = a_job(), a_person()
    browser = as_(worker)

    answer = browser.post(f"/jobs/{job.pk}/apply/", {"message": "書きかけ", "version": "", "autosave": "1"})

    assert answer.url == f"/jobs/{job.pk}/apply/" and "下書きを保存しました" in text_of(browser.get(answer.url))
    assert own(job, worker).state == "draft"


def test_a_post_that_closed_meanwhile_keeps_the_text_and_says_so(db):
    job, worker = a_job(), a_person()
    browser = as_(worker)
    browser.get(f"/jobs/{job.pk}/apply/")
    close_job(job=job, by=client_of(job))

    answer = browser.post(f"/jobs/{job.pk}/apply/", {"message": "長く考えた文章", "version": ""})

    assert answer.status_code == 409 and "受け付けを終えて" in text_of(answer) and value_of(answer, "message") == "長く考えた文章"
    assert own(job, worker) is None


def test_a_draft_of_a_closed_post_can_still_be_read(db):
    job, worker = a_job(), a_person()
    save_draft(job=job, by=worker, message="送れなかった文章")
    close_job(job=job, by=client_of(job))

    page = as_(worker).get(f"/jobs/{job.pk}/apply/")

    assert value_of(page, "message") == "送れなかった文章"
    assert "受け付けを終えました" in text_of(page) and "ほかの仕事をさがす" in text_of(page)


def test_what_was_sent_has_a_page_of_its_own(db):
    worker = a_person()
    proposal = a_proposal(worker=worker)
    browser = as_(worker)

    read = browser.get(f"/jobs/{proposal.job_id}/apply/")
    sent = browser.post(f"/jobs/{proposal.job_id}/apply/", {"message": "別の文", "version": "1"})

    assert read.url == f"/proposals/{proposal.pk}/" and sent.status_code == 409 and value_of(sent, "message") == "別の文"


def test_nobody_applies_to_their_own_post(db):
    job = a_job()
    client = as_(client_of(job))

    assert client.get(f"/jobs/{job.pk}/apply/").url == f"/jobs/{job.pk}/"
    assert client.post(f"/jobs/{job.pk}/apply/", {"message": "わたしです", "version": ""}).status_code == 409
    assert not Proposal.objects.exists()


def test_the_draft_of_a_post_is_no_place_to_apply(db):
    job = a_job(published=False)

    for send in (as_(a_person()).get, as_(a_person()).post):
        assert send(f"/jobs/{job.pk}/apply/").status_code == send("/jobs/987654/apply/").status_code == 404


def test_a_change_of_mind_brings_the_text_back(db):
    worker = a_person()
    proposal = a_proposal(worker=worker, message="取り消した文章")
    withdraw(proposal=proposal, by=worker)
    browser = as_(worker)

    form = browser.get(f"/jobs/{proposal.job_id}/apply/")
    answer = browser.post(f"/jobs/{proposal.job_id}/apply/", {"message": value_of(form, "message"), "version": value_of(form, "version")})

    assert value_of(form, "message") == "取り消した文章" and answer.status_code == 302 and own(proposal.job, worker).state == "submitted"


def test_after_a_week_of_silence_the_town_says_it_is_sorry_and_by_when(db, clock_at):
    worker = a_person()
    job = a_job(closes_on=clock.today(), due_on=clock.today() + datetime.timedelta(days=30))
    proposal = submit(job=job, by=worker, message="書けます。")
    clock_at((clock.now() + datetime.timedelta(days=7)).astimezone(clock.JAPAN))

    assert "お待たせして、すみません" in text_of(as_(worker).get(f"/proposals/{proposal.pk}/"))


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_applying_speaks_all_three_languages(db, language):
    worker = a_person()
    proposal, job = a_proposal(worker=worker), a_job()
    browser = as_(worker)
    browser.cookies["django_language"] = language

    for path in (f"/jobs/{job.pk}/apply/", "/proposals/", f"/proposals/{proposal.pk}/", f"/proposals/{proposal.pk}/withdraw/"):
        answer = browser.get(path)
        assert answer.status_code == 200 and not unspoken(answer), path


def test_a_post_that_was_rewritten_meanwhile_is_read_before_anything_is_sent(db):
    job, worker = a_job(), a_person()
    browser = as_(worker)
    form = browser.get(f"/jobs/{job.pk}/apply/")
    typed = {"message": "流れの変わった瞬間を書けます。", "version": "", "read": value_of(form, "read")}
    browser.post(f"/jobs/{job.pk}/apply/", typed | {"autosave": "1"}, headers=HTMX)
    edit_job(job=job, by=client_of(job), reward_yen=5_000)
    kept = browser.post(f"/jobs/{job.pk}/apply/", typed | {"message": "流れの", "version": "1", "autosave": "1"}, headers=HTMX)

    answer = browser.post(f"/jobs/{job.pk}/apply/", typed | {"version": value_of(kept, "version")})

    page = text_of(answer)
    assert answer.status_code == 409 and "募集を書き直しました" in page and "4,290円" in page
    assert value_of(answer, "message") == typed["message"] and own(job, worker).state == "draft"
    sent = browser.post(f"/jobs/{job.pk}/apply/", typed | {name: value_of(answer, name) for name in ("version", "read")})
    assert sent.status_code == 302 and own(job, worker).state == "submitted"


def test_a_refused_autosave_shows_no_new_terms_so_it_agrees_to_none(db):
    job, worker = a_job(), a_person()
    browser = as_(worker)
    read = value_of(browser.get(f"/jobs/{job.pk}/apply/"), "read")
    save_draft(job=job, by=worker, message="ほかの窓の文")
    edit_job(job=job, by=client_of(job), reward_yen=5_000)

    kept = browser.post(f"/jobs/{job.pk}/apply/", {"message": "この窓の文", "version": "", "read": read, "autosave": "1"}, headers=HTMX)

    assert kept.status_code == 409 and value_of(kept, "read") == read
