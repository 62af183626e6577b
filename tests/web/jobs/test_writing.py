"""Writing a post: seven short screens, each saved by itself, then a look and one button."""
import datetime

import pytest

from machi.accounts.actions import describe_client
from machi.jobs.actions import edit_job
from machi.jobs.models import Job
from machi.shared import clock
from machi.taxonomy.models import Topic
from tests.people import a_client, a_job, a_person, a_proposal, client_of
from tests.web.jobs.reading import HOSTILE, as_, text_of, unspoken, value_of

HTMX = {"HX-Request": "true"}


def in_days(days: int) -> str:
    return (clock.today() + datetime.timedelta(days=days)).isoformat()


WHO = {"address": "東京都港区みなと1-2-3", "contact": "a@example.jp", "trade": "sole",
       "has_employees": False, "is_withholding_agent": False}


def screens() -> dict[str, dict]:
    """What a client types, screen by screen."""
    return {
        "what": {"title": "地域サッカーの記事", "body": "週末の試合を見て、記事を書いてください。"},
        "outcome": {"outcome": "文章のファイル1つ", "category": "writing", "topic": "サッカー"},
        "reward": {"reward_yen": "１０，０００円"},
        "dates": {"closes_on": in_days(7), "due_on": in_days(21)},
        "people": {"seats_count": "２人", "newcomer_seats_count": "1"},
        "how": {"sync": "none", "sync_note": "", "place": "自宅など、どこでも", "ai": "declared", "rights": "transferred",
                "revisions_count": "2", "acceptance_days": "7"},
        "client": {"name": "みなと応援会", "address": "東京都港区みなと1-2-3", "contact": "info@example.jp", "trade": "company",
                   "has_employees": "on"}}


def post(browser, job: Job, step: str, typed: dict, version: int | None = None, **more):
    job.refresh_from_db()
    known = {} if step == "client" else {"version": job.version if version is None else version}
    return browser.post(f"/jobs/{job.pk}/write/{step}/", typed | known, **more)


def test_somebody_who_just_joined_writes_and_opens_a_post_in_seven_screens(db, browser):
    person = a_person()
    client = as_(person)

    client.get("/jobs/new/")
    assert Job.objects.count() == 0
    answer = client.post("/jobs/new/", screens()["what"])
    job = Job.objects.get()
    for step, typed in list(screens().items())[1:]:
        assert answer.url == f"/jobs/{job.pk}/write/{step}/" and client.get(answer.url).status_code == 200
        answer = post(client, job, step, typed)
    assert answer.url == f"/jobs/{job.pk}/preview/"
    job.refresh_from_db()
    look = text_of(client.get(answer.url))
    assert "8,580円" in look and "2人分で、合わせて22,000円" in look
    answer = client.post(answer.url, {"version": job.version})

    assert answer.url == f"/jobs/{job.pk}/" and "募集を公開しました" in text_of(client.get(answer.url))
    assert "地域サッカーの記事" in text_of(browser.get("/jobs/"))


def test_nothing_exists_before_the_first_screen_is_saved(db):
    client = as_(a_person())

    answer = client.post("/jobs/new/", {"title": "", "body": "書きかけの長い文"})

    assert answer.status_code == 422 and Job.objects.count() == 0
    assert value_of(answer, "body") == "書きかけの長い文" and "ここを入れてください" in text_of(answer)


def test_pressed_twice_one_draft_begins(db):
    client = as_(a_person())

    first, second = client.post("/jobs/new/", screens()["what"]), client.post("/jobs/new/", screens()["what"])

    assert first.url == second.url and Job.objects.count() == 1


def test_a_draft_is_written_on_where_it_was_left(db):
    person = a_person()
    client = as_(person)
    client.post("/jobs/new/", screens()["what"])
    job = Job.objects.get()
    post(client, job, "outcome", screens()["outcome"])

    mine = client.get("/jobs/mine/")

    assert f"/jobs/{job.pk}/write/reward/" in mine.content.decode() and "7画面のうち3画面" in text_of(mine)
    assert value_of(client.get(f"/jobs/{job.pk}/write/outcome/"), "topic") == "サッカー"


def test_a_topic_is_the_same_row_however_it_is_spelled(db):
    job = a_job(published=False, topic="")

    post(as_(client_of(job)), job, "outcome", screens()["outcome"] | {"topic": "ｻｯｶｰ"})

    job.refresh_from_db()
    assert job.topic == Topic.objects.get(name="サッカー")


MISSING, ONE = ("", "ここを入れてください"), "一つを選んで"
WRONG = {
    ("what", "title"): [MISSING, ("あ" * 81, "81"), (" \u200e\n", "ここを入れてください")],
    ("what", "body"): [MISSING, ("あ" * 5_001, "5001")],
    ("outcome", "category"): [("", ONE), ("nothing", ONE)],
    ("outcome", "topic"): [("あ" * 41, "41")],
    ("outcome", "outcome"): [("あ" * 301, "301")],
    ("reward", "reward_yen"): [MISSING, *((typed, "100円から") for typed in ("0", "-5000", "99")), ("100000001", "100,000,000円まで"),
                               *((typed, "数字で") for typed in ("9" * 30, "一万円", "1.5", "<b>1</b>"))],
    ("dates", "closes_on"): [MISSING, ("2020-01-01", "今日より後"), ("あした", "日付を"), ("9" * 40, "日付を")],
    ("dates", "due_on"): [MISSING, ("2020-01-01", "締切より後"), ("9999-12-31", "1年以内"), ("0001-01-01", "締切より後"),
                          ("2026-02-31", "日付を")],
    ("people", "seats_count"): [MISSING, ("0", "1から50"), ("51", "1から50"), ("二人", "数字で"), ("9" * 20, "数字で")],
    ("people", "newcomer_seats_count"): [MISSING, ("-1", "0から50"), ("3", "（2）まで")],
    ("how", "sync"): [("", ONE)],
    ("how", "sync_note"): [("あ" * 121, "121")],
    ("how", "place"): [MISSING, ("あ" * 81, "81")],
    ("how", "ai"): [("robot", ONE)],
    ("how", "revisions_count"): [("11", "0から10")],
    ("how", "acceptance_days"): [("2", "3から14"), ("x", "数字で")],
    ("client", "name"): [MISSING],
    ("client", "trade"): [("", ONE), ("king", ONE)],
    ("client", "address"): [("あ" * 201, "201")],
    ("client", "contact"): [("あ" * 121, "121")],
}
TEXTS = ("title", "body", "outcome", "topic", "name", "address", "place")


@pytest.mark.parametrize("step, field", WRONG, ids="-".join)
def test_what_cannot_be_is_said_beside_its_field_and_the_rest_stays(db, step, field):
    job = a_job(published=False)
    client = as_(client_of(job))

    for typed, words in WRONG[step, field]:
        answer = post(client, job, step, screens()[step] | {field: typed})

        assert answer.status_code == 422 and words in text_of(answer), typed
        assert f'id="id_{field}_error"' in answer.content.decode()
        assert all(value_of(answer, name) == value for name, value in screens()[step].items() if name != field and name in TEXTS)


@pytest.mark.parametrize("step", screens())
def test_whatever_is_kept_while_it_is_typed_the_page_answers(db, step):
    job = a_job(published=False, seats_count=3, newcomer_seats_count=2)
    client = as_(client_of(job))

    for field in screens()[step]:
        for typed in HOSTILE.values():
            answer = post(client, job, step, screens()[step] | {field: typed, "autosave": "1"})
            assert answer.status_code in (302, 422) and "<script>alert" not in answer.content.decode(), (field, typed)
    look = client.get(f"/jobs/{job.pk}/preview/").content.decode()
    assert "<script>alert" not in look and "\x00" not in look and "\u202e" not in look


@pytest.mark.parametrize("typed, kept", [
    (("1", "2"), (2, 2)), (("", "3"), (2, 2)), (("x", "0"), (2, 2)), (("0", ""), (2, 2)), (("3", "2"), (3, 2))])
def test_seats_and_newcomers_seats_are_kept_together_while_somebody_types(db, typed, kept):
    job = a_job(published=False, seats_count=2, newcomer_seats_count=2)

    answer = post(as_(client_of(job)), job, "people", {"seats_count": typed[0], "newcomer_seats_count": typed[1], "autosave": "1"},
                  headers=HTMX)

    job.refresh_from_db()
    assert (job.seats_count, job.newcomer_seats_count) == kept
    assert answer.status_code == (200 if kept == (3, 2) else 422) and ("保存しました" in text_of(answer)) == (kept == (3, 2))


def test_while_the_days_of_an_open_post_are_typed_it_stays_whole(db):
    job = a_job()

    answer = post(as_(client_of(job)), job, "dates", {"closes_on": in_days(90), "due_on": "?", "autosave": "1"}, headers=HTMX)

    assert answer.status_code == 409 and value_of(answer, "closes_on") == in_days(90) and "締切より後" in text_of(answer)


def test_emoji_and_rare_letters_are_kept_as_they_are(db):
    job = a_job(published=False)

    post(as_(client_of(job)), job, "what", {"title": "𠮷野家の髙﨑👩🏽‍🌾", "body": "x"})

    job.refresh_from_db()
    assert job.title == "𠮷野家の髙﨑👩🏽‍🌾"


@pytest.mark.parametrize("version", [0, 1, "", "abc", "-1", "9" * 30])
def test_a_window_that_is_old_keeps_its_text_and_shows_what_is_saved(db, version):
    job = a_job(published=False, title="もとの名前")
    client = as_(client_of(job))
    edit_job(job=job, by=client_of(job), title="別の画面の名前")

    answer = post(client, job, "what", {"title": "わたしの名前", "body": "わたしの文"}, version=version)

    job.refresh_from_db()
    assert answer.status_code == 409 and job.title == "別の画面の名前"
    assert "別の画面の名前" in text_of(answer) and value_of(answer, "title") == "わたしの名前"
    assert value_of(answer, "version") == str(job.version)


def test_after_comparing_the_second_press_saves(db):
    job = a_job(published=False)
    client = as_(client_of(job))
    edit_job(job=job, by=client_of(job), title="別の画面の名前")
    refused = post(client, job, "what", {"title": "わたしの名前", "body": "わたしの文"}, version=1)

    answer = post(client, job, "what", {"title": "わたしの名前", "body": "わたしの文"}, version=int(value_of(refused, "version")))

    job.refresh_from_db()
    assert answer.status_code == 302 and job.title == "わたしの名前"


def test_two_keepers_do_not_write_over_each_other_on_the_last_screen(db):
    job = a_job(published=False)
    client, party = as_(client_of(job)), job.client
    read = screens()["client"] | {"seen": value_of(client.get(f"/jobs/{job.pk}/write/client/"), "seen")}
    describe_client(party=party, by=client_of(job), **WHO | {"name": "港の新聞"})

    late = post(client, job, "client", read)

    party.refresh_from_db()
    assert late.status_code == 409 and party.name == "港の新聞" and "港の新聞" in text_of(late)
    assert value_of(late, "name") == read["name"], "what was typed is still there"
    assert post(client, job, "client", read | {"seen": value_of(late, "seen")}).status_code == 302
    party.refresh_from_db()
    assert party.name == read["name"]


def test_the_last_screen_is_saved_whole_or_not_at_all(db):
    job = a_job(published=False)

    answer = post(as_(client_of(job)), job, "client", {"name": "名前だけ", "autosave": "1"})

    assert answer.status_code == 422 and value_of(answer, "name") == "名前だけ"


def test_what_is_saved_already_is_no_conflict(db):
    job = a_job(published=False)
    client = as_(client_of(job))
    typed = {"title": job.title, "body": job.body}
    edit_job(job=job, by=client_of(job), reward_yen=5_000)

    assert post(client, job, "what", typed, version=1).status_code == 302


def test_while_typing_the_good_fields_are_kept_and_the_version_moves_on(db):
    job = a_job(published=False)
    client = as_(client_of(job))

    answer = post(client, job, "dates", {"closes_on": in_days(9), "due_on": "?", "autosave": "1"}, headers=HTMX)

    before = job.version
    job.refresh_from_db()
    assert answer.status_code == 422 and job.closes_on.isoformat() == in_days(9)
    assert value_of(answer, "version") == str(job.version) and before <= job.version
    assert "納品日" in text_of(answer) and "保存しました" not in text_of(answer), "what could not be read is said"


def test_what_is_too_long_to_keep_is_never_said_to_be_saved(db):
    job = a_job(published=False)
    client, typed = as_(client_of(job)), {"title": "新しい名前", "body": "あ" * 5_001, "autosave": "1"}

    noted = post(client, job, "what", typed, headers=HTMX)
    pressed = post(client, job, "what", typed, version=int(value_of(noted, "version")))

    job.refresh_from_db()
    assert noted.status_code == pressed.status_code == 422 and job.title == "新しい名前"
    assert "保存しました" not in text_of(noted) and "5000文字まで" in text_of(noted)
    assert typed["body"] in text_of(pressed) and value_of(pressed, "version") == str(job.version)


def test_an_old_window_is_told_while_typing(db):
    job = a_job(published=False)
    edit_job(job=job, by=client_of(job), title="別の画面の名前")

    answer = post(as_(client_of(job)), job, "what", {"title": "わたしの", "body": "x", "autosave": "1"}, version=1, headers=HTMX)

    assert answer.status_code == 409 and answer.headers["HX-Retarget"] == "#step" and "別の画面の名前" in text_of(answer)


def test_pressing_while_ones_own_autosave_is_on_its_way_is_no_conflict(db):
    job = a_job(published=False)
    client = as_(client_of(job))
    mine = {"window": value_of(client.get(f"/jobs/{job.pk}/write/dates/"), "window")}
    post(client, job, "dates", {"closes_on": in_days(9), "due_on": "", "autosave": "1"} | mine, headers=HTMX)

    typed = {"closes_on": in_days(9), "due_on": in_days(30)}
    other = post(client, job, "dates", typed | {"window": "another"}, version=1)
    late = post(client, job, "dates", typed | mine | {"autosave": "1"}, version=1, headers=HTMX)
    answer = post(client, job, "dates", typed | mine, version=1)

    job.refresh_from_db()
    assert other.status_code == late.status_code == 409 and answer.status_code == 302 and job.due_on.isoformat() == in_days(30)


def test_going_on_later_without_a_script_keeps_what_is_there(db):
    job = a_job(published=False)

    answer = post(as_(client_of(job)), job, "what", {"title": "新しい名前", "body": "", "autosave": "1"})

    job.refresh_from_db()
    assert answer.url == "/jobs/mine/" and job.title == "新しい名前" and job.body


def test_the_amount_being_typed_shows_both_sides_money_without_saving(db):
    job = a_job(published=False, reward_yen=None)
    client = as_(client_of(job))

    answer = client.get(f"/jobs/{job.pk}/write/reward/?reward_yen=10,000", headers=HTMX)

    job.refresh_from_db()
    assert "11,000円" in text_of(answer) and "8,580円" in text_of(answer) and job.reward_yen is None
    assert client.get(f"/jobs/{job.pk}/write/reward/?reward_yen=-1", headers=HTMX).status_code == 200


def test_the_due_day_being_chosen_shows_the_pay_date(db, clock_at):
    clock_at("2026-11-23 10:00")
    job = a_job(published=False, due_on=None)

    answer = as_(client_of(job)).get(f"/jobs/{job.pk}/write/dates/?due_on=2026-12-08", headers=HTMX)

    assert "12月30日（水）" in text_of(answer)


def test_what_is_missing_is_named_and_nothing_is_published(db):
    person = a_person()
    client = as_(person)
    client.post("/jobs/new/", screens()["what"])
    job = Job.objects.get()

    page = client.get(f"/jobs/{job.pk}/preview/")
    answer = client.post(f"/jobs/{job.pk}/preview/", {"version": job.version})

    job.refresh_from_db()
    assert "公開の前に書くこと" in text_of(page) and "報酬（税抜）" in text_of(page)
    assert f"/jobs/{job.pk}/write/outcome/" in page.content.decode()
    assert answer.status_code == 409 and "氏名または名称" in text_of(answer) and job.published_at is None


def test_nobody_publishes_another_text_than_the_one_they_read(db):
    job = a_job(published=False)
    client = as_(client_of(job))
    old = job.version
    edit_job(job=job, by=client_of(job), reward_yen=500)

    answer = client.post(f"/jobs/{job.pk}/preview/", {"version": old})

    job.refresh_from_db()
    assert answer.status_code == 409 and "もう一度公開してください" in text_of(answer) and job.published_at is None


def test_publishing_twice_publishes_once(db):
    job = a_job(published=False)
    client = as_(client_of(job))

    answers = [client.post(f"/jobs/{job.pk}/preview/", {"version": job.version}) for _press in range(2)]

    assert answers[0].url == f"/jobs/{job.pk}/" and answers[1].status_code == 409


def test_an_open_post_can_be_edited_until_somebody_applies(db):
    job = a_job()
    client = as_(client_of(job))
    assert post(client, job, "reward", {"reward_yen": "20000"}).status_code == 302
    a_proposal(job)

    read, sent = client.get(f"/jobs/{job.pk}/write/reward/"), post(client, job, "reward", {"reward_yen": "5000"})

    job.refresh_from_db()
    assert read.url == f"/jobs/{job.pk}/applicants/" and sent.status_code == 409 and value_of(sent, "reward_yen") == "5000"
    assert job.reward_yen == 20_000


def test_an_open_post_stays_whole(db):
    job = a_job()

    answer = post(as_(client_of(job)), job, "dates", {"closes_on": in_days(3), "due_on": in_days(2)})

    assert answer.status_code == 422


def test_the_post_of_somebody_else_answers_like_a_missing_one(db):
    job, stranger = a_job(published=False), as_(a_client("ほかの会"))

    for path in ("preview/", "write/what/", "write/reward/", "applicants/", "end/"):
        for send in (stranger.get, stranger.post)[:1 if path == "applicants/" else 2]:
            there, missing = send(f"/jobs/{job.pk}/{path}"), send(f"/jobs/987654/{path}")
            assert there.status_code == missing.status_code == 404
    assert as_(client_of(job)).get(f"/jobs/{job.pk}/write/nothing/").status_code == 404


def test_the_form_names_the_open_door(db):
    assert "だれでも入れる約束" in text_of(as_(a_person()).get("/jobs/new/"))


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_screen_speaks_all_three_languages(db, language):
    job = a_job(published=False)
    client = as_(client_of(job))
    client.cookies["django_language"] = language

    for path in ("/jobs/new/", "/jobs/mine/", f"/jobs/{job.pk}/preview/", *(f"/jobs/{job.pk}/write/{step}/" for step in screens())):
        answer = client.get(path)
        assert answer.status_code == 200 and not unspoken(answer) and f'lang="{language}"' in answer.content.decode()


def test_topics_are_offered_while_a_post_is_written(db):
    job = a_job(published=False)
    page = as_(client_of(job)).get(f"/jobs/{job.pk}/write/outcome/").content.decode()

    assert 'list="topics"' in page and 'hx-get="/me/topics/"' in page and '<datalist id="topics">' in page
