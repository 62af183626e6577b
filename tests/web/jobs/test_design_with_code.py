"""On the screen of the reward: of a program one may say how much of it is for the design."""
import re

import pytest

from machi.jobs.models import Job
from machi.taxonomy.models import Category
from tests.people import a_client, a_job
from tests.web.jobs.reading import as_, text_of
from tests.web.jobs.typing_in import HTMX, post, screens

pytestmark = pytest.mark.django_db


def a_draft(category: str) -> Job:
    return a_job(a_client(is_withholding_agent=True), published=False, category=Category.objects.get(pk=category), reward_yen=None)


def sent(job: Job, listed: str):
    return post(as_(job.client.person), job, "reward", screens()["reward"] | {"reward_yen": "100000", "listed_yen": listed})


def test_it_is_asked_of_programs_alone():
    asked = {code: "listed_yen" in as_((job := a_draft(code)).client.person).get(f"/jobs/{job.pk}/write/reward/").content.decode()
             for code in ("web", "software", "writing", "design", "data")}

    assert asked == {"web": True, "software": True, "writing": False, "design": False, "data": False}


@pytest.mark.parametrize(("typed", "kept"), [("３０，０００円", 30_000), ("", None), ("99999", 99_999), ("1", 1)])
def test_what_is_typed_is_kept_and_the_panel_says_what_follows(typed, kept):
    job = a_draft("web")

    assert sent(job, typed).status_code == 302

    job.refresh_from_db()
    assert job.listed_yen == kept
    page = text_of(as_(job.client.person).get(f"/jobs/{job.pk}/write/reward/"))
    assert ("デザインなど、源泉徴収の対象になる分" in page) == (kept is not None)


@pytest.mark.parametrize("typed", ["100000", "100001", "-5", "0", "半分", "🍙", "9" * 30])
def test_what_cannot_be_is_said_beside_the_field_and_stays(typed):
    job = a_draft("web")

    answer = sent(job, typed)

    assert answer.status_code == 422 and typed in answer.content.decode()
    job.refresh_from_db()
    assert job.listed_yen is None


def test_every_field_of_which_the_panel_tells_asks_for_it_anew_and_sends_them_all():
    page = as_((job := a_draft("web")).client.person).get(f"/jobs/{job.pk}/write/reward/").content.decode()

    for name in ("reward_yen", "listed_yen", "minutes_estimate"):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
        assert 'hx-include="closest form"' in tag and "hx-get" in tag


def test_the_panel_counts_the_part_while_it_is_typed():
    job = a_draft("web")

    answer = as_(job.client.person).get(f"/jobs/{job.pk}/write/reward/", {"reward_yen": "100000", "listed_yen": "30000"}, headers=HTMX)

    assert "3,063円" in text_of(answer)
    job.refresh_from_db()
    assert job.listed_yen is None
