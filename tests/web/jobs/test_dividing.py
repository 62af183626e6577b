"""A client divides the work into steps (区切り): what goes together, what is said, and who may still do it."""
import datetime

import pytest

from machi.jobs.models import Job
from machi.shared import clock
from tests.people import a_job, a_proposal, client_of
from tests.web.jobs.reading import as_, text_of, value_of
from tests.web.jobs.typing_in import in_days


def _plan(*rows, **more) -> dict:
    """(title, yen, days from now) for each row, as it is typed."""
    names = ("title", "price", "due")
    typed = {f"{name}_{number}": value for number, row in enumerate(rows, 1) for name, value in zip(names, row, strict=True)}
    return typed | more


def test_a_client_divides_the_work_into_steps_and_everybody_reads_them(db, browser):
    job = a_job()
    client = as_(client_of(job))
    two = [("下書き", "４，０００円", in_days(14)), ("仕上げ", "6000", in_days(21))]

    more = client.post(f"/jobs/{job.pk}/plan/", _plan(*two, version=job.version, more="1"))
    saved = client.post(f"/jobs/{job.pk}/plan/", _plan(*two, ("", "", ""), version=job.version))

    assert value_of(more, "title_2") == "仕上げ" and 'name="title_3"' in more.content.decode() and more.status_code == 200
    assert saved.url == f"/jobs/{job.pk}/preview/"
    post = text_of(browser.get(f"/jobs/{job.pk}/"))
    assert "1. 下書き" in post and "2. 仕上げ" in post and "区切り2つ" in post and "4,000円（税抜）" in post
    assert value_of(client.get(f"/jobs/{job.pk}/plan/"), "title_1") == "下書き"


@pytest.mark.parametrize(("rows", "words"), [
    ([("下書き", "4000", 14), ("", "6000", 21)], "ここを入れてください"), ([("下書き", "x", 14), ("仕上げ", "6000", 21)], "数字で"),
    ([("下書き", "4000", 14), ("仕上げ", "5000", 21)], "足すと9,000円"), ([("全部", "10000", 21)], "2から12まで"),
    ([("<b>", "4000", 14), ("\0\u202e", "6000", 21)], "ここを入れてください"),
    ([("下書き", "4000", 21), ("仕上げ", "6000", 21)], "前の区切りより後"),
    ([("下書き", "4000", 7), ("仕上げ", "6000", 21)], "締切より後")])
def test_steps_that_do_not_go_together_are_said_and_what_was_typed_stays(db, rows, words):
    job = a_job()

    answer = as_(client_of(job)).post(f"/jobs/{job.pk}/plan/", _plan(*[(title, yen, in_days(days)) for title, yen, days in rows],
                                                                     version=job.version))

    job.refresh_from_db()
    assert answer.status_code == 422 and words in text_of(answer) and job.plan == []
    assert value_of(answer, "price_1") == rows[0][1]


def test_twelve_steps_are_the_most_and_an_old_window_writes_over_nothing(db):
    job = a_job()
    client = as_(client_of(job))
    twelve = [(f"{number}", "800" if number < 12 else "1200", in_days(9 + number)) for number in range(1, 13)]

    full = client.post(f"/jobs/{job.pk}/plan/", _plan(*twelve, more="1", version=job.version))
    old = client.post(f"/jobs/{job.pk}/plan/", _plan(*twelve, version=0))
    saved = client.post(f"/jobs/{job.pk}/plan/", _plan(*twelve, version=job.version))
    emptied = client.post(f"/jobs/{job.pk}/plan/", _plan(*[("", "", "")] * 12, version=job.version + 1))

    job.refresh_from_db()
    assert value_of(old, "version") == str(job.version - 2), "whoever has seen what stands there may save over it"
    assert 'name="title_13"' not in full.content.decode() and old.status_code == 409 and value_of(old, "title_12") == "12"
    assert (saved.status_code, emptied.status_code, job.plan) == (302, 302, [])


def test_two_windows_divide_the_same_work_and_both_are_shown(db):
    job = a_job()
    client = as_(client_of(job))
    version = job.version
    client.post(f"/jobs/{job.pk}/plan/", _plan(("別の窓", "3000", in_days(10)), ("残り", "7000", in_days(21)), version=version))
    mine = _plan(("この窓", "5000", in_days(12)), ("あと", "5000", in_days(21)))

    old = client.post(f"/jobs/{job.pk}/plan/", mine | {"version": version})
    assert old.status_code == 409 and "別の窓" in text_of(old) and value_of(old, "title_1") == "この窓"
    again = client.post(f"/jobs/{job.pk}/plan/", mine | {"version": value_of(old, "version")})

    job.refresh_from_db()
    assert again.status_code == 302 and job.plan[0]["title"] == "この窓"


def test_once_somebody_has_applied_work_in_one_piece_is_not_divided_and_the_page_says_so_first(db):
    job = a_job()
    client, version = as_(client_of(job)), job.version
    assert "区切りに分ける" in text_of(client.get(f"/jobs/{job.pk}/preview/"))
    a_proposal(job)

    page = client.get(f"/jobs/{job.pk}/plan/")
    assert "いまは分けられません" in text_of(page) and "name=\"title_1\"" not in page.content.decode()
    assert "区切りに分ける" not in text_of(client.get(f"/jobs/{job.pk}/preview/")) + text_of(client.get(f"/jobs/{job.pk}/write/dates/"))
    old = client.post(f"/jobs/{job.pk}/plan/", _plan(("下書き", "4000", in_days(14)), ("仕上げ", "6000", in_days(21)), version=version))

    job.refresh_from_db()
    assert old.status_code == 409 and "いまは分けられません" in text_of(old) and value_of(old, "title_1") == "下書き" and job.plan == []


@pytest.mark.parametrize("form", ["hourly", "contest"])
def test_weeks_and_prizes_are_not_divided(db, form):
    job = a_job(published=False)
    Job.objects.filter(pk=job.pk).update(form=form)
    client = as_(client_of(job))

    assert client.get(f"/jobs/{job.pk}/plan/").status_code == 404 == client.post(f"/jobs/{job.pk}/plan/", {}).status_code


def test_months_before_anybody_is_chosen_are_no_steps(db):
    job = a_job(closes_on=clock.today() + datetime.timedelta(days=40), due_on=clock.today() + datetime.timedelta(days=100))

    page = as_(client_of(job)).get(f"/jobs/{job.pk}/plan/?months=4")

    assert value_of(page, "due_1") > job.closes_on.isoformat()


def test_a_piece_of_work_is_divided_by_month_with_one_press(db):
    job = a_job()
    client = as_(client_of(job))

    filled = client.get(f"/jobs/{job.pk}/plan/?months=12")
    assert filled.status_code == 200 and value_of(filled, "price_1")
    for months in ("", "1", "13", "x", "-2", "9" * 40):
        assert not value_of(client.get(f"/jobs/{job.pk}/plan/", {"months": months}), "price_1")
    job.refresh_from_db()
    assert job.plan == [], "only looking at it writes nothing"
