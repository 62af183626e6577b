"""A post for work by the hour: what is asked, what follows, and how it reads."""
import pytest

from machi.jobs.models import Job
from tests.people import a_job, a_person, client_of
from tests.web.jobs.reading import as_, text_of, unspoken
from tests.web.jobs.typing_in import HTMX, in_days, post, screens

pytestmark = pytest.mark.django_db
HOURLY = {"form": "hourly", "rate_yen": 1_500, "weekly_hours": 10, "weeks_count": 4}
TYPED = {"rate_yen": "1,500円", "weekly_hours": "１０時間", "weeks_count": "4週間"}


@pytest.fixture(autouse=True)
def _offered(monkeypatch):
    monkeypatch.setattr("machi.web.pages.jobs.screens.OFFERED", (Job.Form.PROJECT, Job.Form.HOURLY))


def test_somebody_asks_for_help_by_the_hour():
    client = as_(a_person())
    client.post("/jobs/new/", {"form": "hourly", "category": "office"})
    job = Job.objects.get()
    own = {"reward": TYPED, "dates": {"closes_on": in_days(7), "seats_count": "1", "newcomer_seats_count": "0"}}
    for step, typed in list(screens().items())[1:]:
        assert client.get(f"/jobs/{job.pk}/write/{step}/").status_code == 200
        answer = post(client, job, step, own.get(step, typed))
        assert answer.status_code == 302, step
    job.refresh_from_db()

    look = text_of(client.get(answer.url))
    published = client.post(answer.url, {"version": job.version})
    page, listed = text_of(client.get(f"/jobs/{job.pk}/")), text_of(client.get("/jobs/"))

    assert "16,500円" in look and published.url == f"/jobs/{job.pk}/"
    assert "1時間 1,500円・週10時間まで" in page and "1時間 1,500円・週10時間まで" in listed and "約4週間" in page
    assert "画面の写しや、キーの回数は、とりません" in page and "区切りに分ける" not in look


def test_the_week_that_is_being_typed_shows_both_sides_money():
    job = a_job(published=False, **HOURLY | {"rate_yen": None})

    answer = as_(client_of(job)).get(f"/jobs/{job.pk}/write/reward/?rate_yen=2000&weekly_hours=5&weeks_count=4", headers=HTMX)

    assert "11,000円" in text_of(answer) and "1週間の上限まで" in text_of(answer)


@pytest.mark.parametrize(("field", "typed", "words"), [
    ("rate_yen", "1120", "1,121円から公開できます"), ("rate_yen", "", "ここを入れてください"), ("weekly_hours", "41", "1から40"),
    ("weekly_hours", "0", "1から40"), ("weeks_count", "27", "1から26"), ("weeks_count", "x", "数字で")])
def test_what_cannot_be_is_said_beside_its_field(field, typed, words):
    job = a_job(published=False, **HOURLY)

    answer = post(as_(client_of(job)), job, "reward", TYPED | {field: typed})

    assert answer.status_code == 422 and words in text_of(answer) and f'id="id_{field}_error"' in answer.content.decode()


@pytest.mark.parametrize("form", ["salary", "contest", "<b>"])
def test_a_form_that_is_none_is_asked_for_again(form):
    answer = as_(a_person()).post("/jobs/new/", {"form": form, "category": "office"})

    assert answer.status_code == 422 and "一つを選んで" in text_of(answer) and not Job.objects.exists()


def test_another_form_may_be_chosen_until_the_post_is_out():
    draft, open_post = a_job(published=False, **HOURLY), a_job(**HOURLY)

    assert post(as_(client_of(draft)), draft, "kind", {"form": "project", "category": "office"}).status_code == 302
    assert 'name="form"' not in as_(client_of(open_post)).get(f"/jobs/{open_post.pk}/write/kind/").content.decode()
    draft.refresh_from_db()
    assert draft.form == "project" and draft.rate_yen is None


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_it_speaks_all_three_languages(language):
    job = a_job(**HOURLY)
    client = as_(client_of(job))
    client.cookies["django_language"] = language

    for path in ("", "preview/", "write/reward/", "write/dates/", "applicants/"):
        assert not unspoken(client.get(f"/jobs/{job.pk}/{path}"))
    assert not unspoken(client.get("/jobs/"))
