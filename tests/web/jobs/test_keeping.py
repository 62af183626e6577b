"""While a post is written: what is kept as it is typed, two windows, two keepers, and an old version."""
import pytest

from machi.accounts.actions import describe_client
from machi.jobs.actions import edit_job
from tests.people import a_job, client_of
from tests.web.jobs.reading import HOSTILE, as_, text_of, value_of
from tests.web.jobs.typing_in import HTMX, WHO, in_days, post, screens

# What the preview shows of a screen.
TEXTS = {"what": ("title", "body", "outcome"), "how": ("place",), "client": ("name", "address", "contact")}


@pytest.mark.parametrize("step", screens())
def test_whatever_is_kept_while_it_is_typed_the_page_answers(db, step):
    job = a_job(published=False, seats_count=3, newcomer_seats_count=2)
    client = as_(client_of(job))

    for field in screens()[step]:
        for typed in HOSTILE.values():
            answer = post(client, job, step, screens()[step] | {field: typed, "autosave": "1"})
            assert answer.status_code in (302, 422) and "<script>alert" not in answer.content.decode(), (field, typed)
    post(client, job, step, screens()[step] | dict.fromkeys(TEXTS.get(step, ()), "".join(HOSTILE.values())) | {"autosave": "1"})
    look = client.get(f"/jobs/{job.pk}/preview/").content.decode()
    assert look.count("&lt;script&gt;alert") >= len(TEXTS.get(step, ()))
    assert "<script>alert" not in look and "\x00" not in look and "\u202e" not in look


@pytest.mark.parametrize("typed, kept", [
    (("1", "2"), (2, 2)), (("", "3"), (2, 2)), (("x", "0"), (2, 2)), (("0", ""), (2, 2)), (("3", "2"), (3, 2))])
def test_seats_and_newcomers_seats_are_kept_together_while_somebody_types(db, typed, kept):
    job = a_job(published=False, seats_count=2, newcomer_seats_count=2)

    answer = post(as_(client_of(job)), job, "dates", screens()["dates"] | {
        "seats_count": typed[0], "newcomer_seats_count": typed[1], "autosave": "1"}, headers=HTMX)

    job.refresh_from_db()
    assert (job.seats_count, job.newcomer_seats_count) == kept
    assert answer.status_code == (200 if kept == (3, 2) else 422) and ("保存しました" in text_of(answer)) == (kept == (3, 2))


def test_while_the_days_of_an_open_post_are_typed_it_stays_whole(db):
    job = a_job()

    answer = post(as_(client_of(job)), job, "dates", screens()["dates"] | {
        "closes_on": in_days(90), "due_on": "?", "autosave": "1"}, headers=HTMX)

    assert answer.status_code == 409 and value_of(answer, "closes_on") == in_days(90) and "締切より後" in text_of(answer)


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
    typed = {"title": job.title, "body": job.body, "topic": job.topic.name}
    edit_job(job=job, by=client_of(job), reward_yen=5_000)

    assert post(client, job, "what", typed, version=1).status_code == 302


def test_while_typing_the_good_fields_are_kept_and_the_version_moves_on(db):
    job = a_job(published=False)
    client = as_(client_of(job))

    answer = post(client, job, "dates", {"closes_on": in_days(9), "due_on": "?", "autosave": "1"}, headers=HTMX)

    before = job.version
    job.refresh_from_db()
    assert answer.status_code == 422 and job.closes_on.isoformat() == in_days(9)
    assert value_of(answer, "version") == str(job.version) and before < job.version
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
    assert 'id="step"' in answer.content.decode() and "hx-vals" not in answer.content.decode(), "to save over it is a choice"


def test_older_words_that_arrive_late_are_never_written_over_newer_ones(db):
    job = a_job(published=False)
    client = as_(client_of(job))
    typed = screens()["dates"] | {"closes_on": in_days(9), "due_on": in_days(30)}
    post(client, job, "dates", typed, version=1)

    late = post(client, job, "dates", typed | {"due_on": in_days(20), "autosave": "1"}, version=1, headers=HTMX)

    job.refresh_from_db()
    assert late.status_code == 409 and job.due_on.isoformat() == in_days(30)


def test_going_on_later_without_a_script_keeps_what_is_there(db):
    job = a_job(published=False)

    answer = post(as_(client_of(job)), job, "what", {"title": "新しい名前", "body": "", "autosave": "1"})

    job.refresh_from_db()
    assert answer.url == "/jobs/mine/" and job.title == "新しい名前" and job.body
