"""Writing a post: six short screens, each saved by itself, then a look and one button."""

import pytest

from machi.jobs.actions import edit_job
from machi.jobs.models import Job
from machi.taxonomy.models import Topic
from tests.people import a_client, a_job, a_person, a_proposal, client_of
from tests.web.jobs.reading import as_, text_of, unspoken, value_of
from tests.web.jobs.typing_in import HTMX, in_days, post, screens


def test_somebody_who_just_joined_writes_and_opens_a_post_in_seven_screens(db, browser):
    person = a_person()
    client = as_(person)

    client.get("/jobs/new/")
    assert Job.objects.count() == 0
    answer = client.post("/jobs/new/", screens()["kind"])
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

    answer = client.post("/jobs/new/", {"category": ""})

    assert answer.status_code == 422 and Job.objects.count() == 0 and "一つを選んで" in text_of(answer)


def test_pressed_twice_one_draft_begins(db):
    client = as_(a_person())

    first, second = client.post("/jobs/new/", screens()["kind"]), client.post("/jobs/new/", screens()["kind"])

    assert first.url == second.url and Job.objects.count() == 1


def test_a_draft_is_written_on_where_it_was_left(db):
    person = a_person()
    client = as_(person)
    client.post("/jobs/new/", screens()["kind"])
    job = Job.objects.get()
    post(client, job, "what", screens()["what"])

    mine = client.get("/jobs/mine/")

    assert f"/jobs/{job.pk}/write/reward/" in mine.content.decode() and "6画面のうち2画面" in text_of(mine)
    assert value_of(client.get(f"/jobs/{job.pk}/write/what/"), "topic") == "サッカー"


def test_a_topic_is_the_same_row_however_it_is_spelled(db):
    job = a_job(published=False, topic="")

    post(as_(client_of(job)), job, "what", screens()["what"] | {"topic": "ｻｯｶｰ"})

    job.refresh_from_db()
    assert job.topic == Topic.objects.get(name="サッカー")


MISSING, ONE = ("", "ここを入れてください"), "一つを選んで"
WRONG = {
    ("what", "title"): [MISSING, ("あ" * 81, "81"), (" \u200e\n", "ここを入れてください")],
    ("what", "body"): [MISSING, ("あ" * 5_001, "5001")],
    ("kind", "category"): [("", ONE), ("nothing", ONE)],
    ("what", "topic"): [("あ" * 41, "41")],
    ("what", "outcome"): [("あ" * 301, "301")],
    ("reward", "reward_yen"): [MISSING, *((typed, "100円から") for typed in ("0", "-5000", "99")), ("100000001", "100,000,000円まで"),
                               ("4483", "4,484円から公開できます"),
                               *((typed, "数字で") for typed in ("9" * 30, "一万円", "1.5", "<b>1</b>"))],
    ("reward", "minutes_estimate"): [MISSING, *((typed, "1分から") for typed in ("0", "0分", "1001")),
                                     *((typed, "時間を数字で") for typed in ("長い", "-1", "4時5", "9" * 9, "<b>4</b>"))],
    ("dates", "closes_on"): [MISSING, ("2020-01-01", "今日より後"), ("あした", "日付を"), ("9" * 40, "日付を")],
    ("dates", "due_on"): [MISSING, ("2020-01-01", "締切より後"), ("9999-12-31", "1年以内"), ("0001-01-01", "締切より後"),
                          ("2026-02-31", "日付を")],
    ("dates", "seats_count"): [MISSING, ("0", "1から50"), ("51", "1から50"), ("二人", "数字で"), ("9" * 20, "数字で")],
    ("dates", "newcomer_seats_count"): [MISSING, ("-1", "0から50"), ("3", "（2）まで")],
    ("how", "sync"): [("", ONE)],
    ("how", "sync_note"): [("あ" * 121, "121")],
    ("how", "place"): [MISSING, ("あ" * 81, "81")],
    ("how", "ai"): [("robot", ONE)],
    ("how", "channels"): [([], "一つ以上"), (["pigeon"], "一つ以上"), (["text", "voice"], "文字だけに")],
    ("how", "block_minutes"): [("45", ONE)],
    ("how", "slack_days"): [MISSING, ("31", "0から30"), ("-1", "0から30")],
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


@pytest.mark.parametrize(("typed", "minutes"), [
    ("4", 240), ("４時間", 240), ("約 1.5 時間", 90), ("90分", 90), ("1時間30分", 90), ("1時間半", 90), ("2 h", 120), ("45 min", 45)])
def test_a_length_of_time_is_understood_as_people_write_it(db, typed, minutes):
    job = a_job(published=False)

    post(as_(client_of(job)), job, "reward", {"reward_yen": "10000", "minutes_estimate": typed})

    job.refresh_from_db()
    assert job.minutes_estimate == minutes


def test_emoji_and_rare_letters_are_kept_as_they_are(db):
    job = a_job(published=False)

    post(as_(client_of(job)), job, "what", {"title": "𠮷野家の髙﨑👩🏽‍🌾", "body": "x"})

    job.refresh_from_db()
    assert job.title == "𠮷野家の髙﨑👩🏽‍🌾"


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
    client.post("/jobs/new/", screens()["kind"])
    job = Job.objects.get()

    page = client.get(f"/jobs/{job.pk}/preview/")
    answer = client.post(f"/jobs/{job.pk}/preview/", {"version": job.version})

    job.refresh_from_db()
    assert "公開の前に書くこと" in text_of(page) and "報酬（税抜）" in text_of(page)
    assert f"/jobs/{job.pk}/write/what/" in page.content.decode()
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


def test_an_open_post_can_be_edited_and_never_to_the_loss_of_whoever_applied(db):
    job = a_job()
    client = as_(client_of(job))
    assert post(client, job, "reward", {"reward_yen": "20000", "minutes_estimate": "4"}).status_code == 302
    a_proposal(job)

    read, less = client.get(f"/jobs/{job.pk}/write/reward/"), post(client, job, "reward", {"reward_yen": "19999", "minutes_estimate": "4"})
    more = post(client, job, "reward", {"reward_yen": "21000", "minutes_estimate": "4"})

    job.refresh_from_db()
    assert "応募した1人に、変わった所をお知らせします" in text_of(read) and "data-autosave" not in read.content.decode()
    assert less.status_code == 409 and value_of(less, "reward_yen") == "19999" and "減らせません" in text_of(less)
    assert more.status_code == 302 and job.reward_yen == 21_000


def test_an_open_post_stays_whole(db):
    job = a_job()

    answer = post(as_(client_of(job)), job, "dates", screens()["dates"] | {"closes_on": in_days(3), "due_on": in_days(2)})

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
    page = as_(client_of(job)).get(f"/jobs/{job.pk}/write/what/").content.decode()

    assert 'list="topics"' in page and 'hx-get="/me/topics/"' in page and '<datalist id="topics">' in page


@pytest.mark.parametrize("step", screens())
def test_a_screen_asks_the_database_at_most_twelve_times(db, step, django_assert_max_num_queries):
    job = a_job(published=False)
    client = as_(client_of(job))
    client.get(f"/jobs/{job.pk}/write/{step}/")

    with django_assert_max_num_queries(12):
        assert client.get(f"/jobs/{job.pk}/write/{step}/").status_code == 200
