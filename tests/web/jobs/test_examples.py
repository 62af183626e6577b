"""Examples (見本) from which a post is written: what is empty is filled, what was typed stays."""


from machi.jobs.models import Job
from tests.people import a_job, a_person, client_of
from tests.web.jobs.reading import as_, text_of, value_of
from tests.web.jobs.typing_in import screens


def test_an_example_answers_what_is_empty_and_leaves_what_was_typed(db):
    person = a_person()
    client = as_(person)
    client.post("/jobs/new/", screens()["kind"])
    job = Job.objects.get()
    page = text_of(client.get(f"/jobs/{job.pk}/write/what/"))

    answer = client.post(f"/jobs/{job.pk}/template/", {"template": "interview", "title": "港の人に聞く", "version": job.version})

    job.refresh_from_db()
    assert "見本から書く" in page and answer.url == f"/jobs/{job.pk}/write/what/"
    assert job.title == "港の人に聞く" and "＿＿さんに30分から1時間ほど" in job.body
    assert (job.sync, job.ai, job.minutes_estimate) == ("weekly", "declared", 480)
    assert "この進め方になっています" in text_of(client.get(f"/jobs/{job.pk}/write/how/"))
    assert "「＿＿」の所を" in text_of(client.get(f"/jobs/{job.pk}/preview/"))


def test_another_example_takes_the_place_of_the_first(db):
    job = a_job(published=False, title="", body="", outcome="")
    client = as_(client_of(job))
    client.post(f"/jobs/{job.pk}/template/", {"template": "interview", "version": job.version})
    job.refresh_from_db()

    client.post(f"/jobs/{job.pk}/template/", {"template": "article", "title": job.title, "body": job.body, "version": job.version})

    job.refresh_from_db()
    assert job.title == "＿＿についての記事" and "話を聞いて" not in job.body and job.sync == "none"


def test_an_example_that_is_none_and_a_post_that_is_out_change_nothing(db):
    job = a_job()
    client = as_(client_of(job))

    nothing = client.post(f"/jobs/{job.pk}/template/", {"template": "nothing"})
    refused = client.post(f"/jobs/{job.pk}/template/", {"template": "article", "title": "x", "body": "x", "version": job.version})
    too_long = client.post(f"/jobs/{job.pk}/template/", {"template": "article", "title": "あ" * 81, "version": job.version})

    assert (nothing.status_code, refused.status_code, too_long.status_code) == (404, 409, 422)
    assert Job.objects.get().title == "地域サッカーの試合レポート" and value_of(too_long, "title") == "あ" * 81
