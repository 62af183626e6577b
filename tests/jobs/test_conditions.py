"""How the work goes: ways of talking, time at a stretch, room after the due date; on the post, in its changes, in the terms."""
import pytest
from django.db import IntegrityError, transaction

from machi.contracts.papers import terms_rows
from machi.jobs.actions import edit_job
from machi.jobs.changes import as_gap
from machi.jobs.models import Job
from machi.notifications.words import filled
from tests.people import a_job, a_proposal, an_offer, client_of
from tests.web.jobs.reading import as_, text_of

pytestmark = pytest.mark.django_db
SAID = {"sync": "weekly", "channels": ["text", "voice"], "block_minutes": 30, "slack_days": 3}


def test_they_stand_on_the_post_and_in_the_terms():
    job = a_job(**SAID)

    page = text_of(as_(client_of(job)).get(f"/jobs/{job.pk}/"))
    rows = {label: text for label, text, _before in terms_rows(an_offer(a_proposal(job)).terms)}

    for words in ("文字、声（電話、通話）", "30分ずつ", "あと3日おそくても", "選ばれなかったとき、作った方のもの"):
        assert words in page
    assert (rows["やりとりの方法"], rows["一度に続けて使う時間"]) == ("文字、声（電話、通話）", "30分ずつ")
    assert rows["納品日のゆとり"].startswith("あと3日")


def test_terms_that_were_agreed_before_there_were_conditions_are_still_read():
    terms = an_offer().terms
    for name in ("channels", "block_minutes", "slack_days"):
        del terms[name]

    assert {label for label, *_text in terms_rows(terms)} >= {"納品日のゆとり"}


def test_a_change_of_them_is_told_in_words():
    job = a_job(**SAID)
    a_proposal(job)

    edit_job(job=job, by=client_of(job), channels=["text", "video"])

    change = job.changes.get()
    assert filled(*as_gap("channels", change.after["channels"], "after").popitem()) == ("after", "文字、顔を見ながら（画面）")


@pytest.mark.parametrize("wrong", [{"channels": []}, {"slack_days": 31}, {"block_minutes": 45}], ids=str)
def test_the_database_refuses_what_no_form_offers(wrong):
    a_job()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(**wrong)
