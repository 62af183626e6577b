"""A post whose words are stopped, mended and opened; and the desk where somebody reads what the rules doubt."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.accounts.actions import give_duty
from machi.jobs.actions import edit_job
from machi.jobs.contests import pot_of
from machi.jobs.models import Job
from machi.proposals.actions import open_contest
from tests.people import a_client, a_contest, a_job, a_look, a_staff_member, client_of
from tests.web.contracts.walking import queries_of, said, signed_in, text_of
from tests.web.desk.staff import at_work, with_second_key

pytestmark = pytest.mark.django_db
LIMIT = "応募できるのは35歳までの方です。"


def publish(browser, job: Job):
    job.refresh_from_db()
    return browser.post(f"/jobs/{job.pk}/preview/", {"version": job.version})


def test_the_reason_and_the_way_through_stand_on_the_page_and_beside_the_field():
    job = a_job(published=False, body=LIMIT)
    browser = signed_in(client_of(job))

    answer = publish(browser, job)

    assert answer.status_code == 422
    page = text_of(answer)
    assert "ここを直すと、公開できます" in page and "35歳まで" in page and "年齢で働く人を分けません" in page
    assert f"/jobs/{job.pk}/write/what/#id_body" in answer.content.decode()
    step = text_of(browser.get(f"/jobs/{job.pk}/write/what/"))
    assert LIMIT in step and "年齢で働く人を分けません" in step


def test_mended_by_a_client_who_is_known_it_opens():
    job = a_job(published=False, body=LIMIT)
    browser = signed_in(client_of(job))
    Job.objects.filter(pk=a_job(client_of(job)).pk).update(seats_taken=1, seats_accepted=1)
    publish(browser, job)

    browser.post(f"/jobs/{job.pk}/write/what/", {"title": job.title, "body": "記録を書いてください。", "outcome": "", "topic": "サッカー",
                                                 "version": Job.objects.get(pk=job.pk).version})
    publish(browser, job)

    assert Job.objects.get(pk=job.pk).state == "open"


def test_an_open_post_shows_the_reason_beside_the_field_and_keeps_what_was_typed():
    job = a_job()
    answer = signed_in(client_of(job)).post(f"/jobs/{job.pk}/write/what/", {
        "title": job.title, "body": LIMIT, "outcome": "", "topic": "", "version": job.version})

    assert answer.status_code == 422 and LIMIT in text_of(answer) and "年齢で働く人を分けません" in text_of(answer)


def test_while_it_is_read_the_page_says_what_happens_now():
    look = a_look()
    page = text_of(signed_in(client_of(look.job)).get(f"/jobs/{look.job.pk}/preview/"))

    assert "街の人が読んでいます" in page and "次に読むのは、この募集です" in page and "公開する" not in page
    assert "公開中の募集です" not in page


def test_what_waits_is_read_with_the_found_words_marked_and_opened_with_one_press():
    look = a_look()
    reader = at_work("moderator")[0]

    assert look.job.title in text_of(reader.get("/desk/posts/"))
    page = reader.get(f"/desk/posts/{look.pk}/").content.decode()
    assert "<mark>勤務時間は9" in page and "雇用に当たる可能性" in page
    assert reader.post(f"/desk/posts/{look.pk}/pass/").status_code == 302

    assert Job.objects.get(pk=look.job.pk).state == "open"
    assert "待っている募集はありません" in text_of(reader.get("/desk/posts/"))
    assert reader.get(f"/desk/posts/{look.pk}/").status_code == 404


def test_sent_back_with_words_the_client_reads_them_where_they_write_on():
    look = a_look()
    reader = at_work("moderator")[0]

    assert reader.post(f"/desk/posts/{look.pk}/", {"words": ""}).status_code == 422
    assert reader.post(f"/desk/posts/{look.pk}/", {"words": "時間の決まりを、納品日に変えてください。"}).status_code == 302

    page = text_of(signed_in(client_of(look.job)).get(f"/jobs/{look.job.pk}/preview/"))
    assert "直してほしい所があります" in page and "納品日に変えてください" in page


def test_ones_own_post_is_read_by_somebody_else():
    client = a_client()
    look = a_look(client)
    give_duty(person=client, kind="moderator", by=a_staff_member("operator"))
    client.refresh_from_db()

    answer = with_second_key(signed_in(client), client).post(f"/desk/posts/{look.pk}/pass/")

    assert answer.status_code == 409 and "ほかの人が読みます" in text_of(answer)
    assert Job.objects.get(pk=look.job.pk).state == "draft"


def test_words_of_a_post_are_shown_as_words():
    look = a_look(body="<b>勤務時間は9時から</b>18時まで、シフト制です。")
    page = at_work("moderator")[0].get(f"/desk/posts/{look.pk}/").content.decode()

    assert "<b>" not in page.partition("<main")[2]


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many():
    reader = at_work("moderator")[0]
    counted = lambda: CaptureQueriesContext(connection)         # noqa: E731
    a_look()
    one = queries_of(reader, "/desk/posts/", counted)
    for _number in range(3):
        a_look()

    assert queries_of(reader, "/desk/posts/", counted) == one


def test_an_employment_in_disguise_is_read_sent_back_mended_and_let_pass():
    """時給, shifts and orders: the desk reads what is marked, the client hears why, writes it as a piece of work, and it opens."""
    job = a_job(published=False, body="時給1,200円、週3日のシフト制です。作業は社員の指揮命令に従っていただきます。")
    client, reader = signed_in(client_of(job)), at_work("moderator")[0]

    assert publish(client, job).status_code == 302
    waiting = text_of(client.get(f"/jobs/{job.pk}/preview/"))
    assert "街の人が読んでいます" in waiting and Job.objects.get(pk=job.pk).state == "draft"
    look = job.looks.get()
    page = reader.get(f"/desk/posts/{look.pk}/").content.decode()
    assert page.count("<mark>") >= 2 and "シフト制" in page and "雇用に当たる可能性" in page
    reader.post(f"/desk/posts/{look.pk}/", {"words": "時間と指示の決まりをなくし、1本ごとの報酬にしてください。"})
    assert "1本ごとの報酬にしてください" in text_of(client.get(f"/jobs/{job.pk}/preview/"))
    client.post(f"/jobs/{job.pk}/write/what/", {"title": job.title, "body": "取材の記録を1本、5,000円で書いてください。時間は自由です。",
                                                "outcome": "", "topic": "サッカー", "version": Job.objects.get(pk=job.pk).version})
    publish(client, job)
    again = job.looks.exclude(pk=look.pk).get()                      # after a post was sent back, the next one is read, until one passes
    reader.post(f"/desk/posts/{again.pk}/pass/")

    assert Job.objects.get(pk=job.pk).state == "open"


def test_what_a_reader_typed_stays_when_the_client_wrote_on_meanwhile_and_the_new_words_are_not_shown():
    look = a_look()
    browser, _reader = at_work("moderator")
    edit_job(job=look.job, by=client_of(look.job), title="書きかけの題")

    for path in (f"/desk/posts/{look.pk}/", f"/desk/posts/{look.pk}/pass/"):
        answer = browser.post(path, {"words": "シフトの所を、納品日に。\0<b>"})
        assert answer.status_code == 409 and said("desk.post.lapsed") in text_of(answer) and "書きかけの題" not in text_of(answer)
        assert "シフトの所を、納品日に。" in text_of(answer)
    assert browser.get(f"/desk/posts/{look.pk}/").status_code == 404
    look.refresh_from_db()
    assert (look.answer, look.words) == ("lapsed", "")


def test_a_contest_that_was_read_is_not_said_to_open():
    job = a_contest(opened=False, body="記録係のお願いです。勤務時間は9時から18時まで、シフト制です。")
    open_contest(job=job, by=client_of(job), pot=pot_of(job.contest))
    browser, _reader = at_work("moderator")

    page = text_of(browser.get(f"/desk/posts/{job.looks.get().pk}/"))

    assert said("desk.post.pass.contest") in page and said("desk.post.contest") in page and said("desk.post.pass") not in page
