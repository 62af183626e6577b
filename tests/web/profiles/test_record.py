"""The record on the pages: facets with denominators, badges with their rule, thanks with the work they came from (F27, F79, F82)."""
import datetime
import re

import pytest

from machi.reviews.badges import NEWEST_WORKS, WORKS_AT_LEAST
from machi.reviews.models import IssuedRecord
from machi.reviews.portable import content_of
from machi.shared import clock
from machi.tasks.actions import finish_bundle, give_answer, refuse_answers, take_bundle
from machi.tasks.models import Answer
from machi.tasks.record import small_work_of
from tests.people import a_client, a_job, a_person, a_proposal
from tests.reviews.working import finished
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import queries_of, said, signed_in, text_of


def test_thanks_stand_on_my_page_with_the_work_they_came_from(db):
    """F79."""
    worker, client = a_person(), a_client("港の会")
    finished(worker, client, thanks="読んで、涙が出ました", title="聞き書きの記事")

    mine, public = (text_of(signed_in(worker).get(path)) for path in ("/me/", f"/people/{worker.pk}/"))
    for page in (mine, public):
        assert "読んで、涙が出ました" in page and "聞き書きの記事" in page and "港の会" in page
        assert said("people.thanks_of", n=1, all=1) in page and said("people.of", n=1, all=1) in page


def test_somebody_who_is_new_reads_kind_words_and_no_zeros(db):
    worker = a_person()

    mine = text_of(signed_in(worker).get("/me/"))
    public = text_of(signed_in(a_person()).get(f"/people/{worker.pk}/"))
    assert said("empty.record") in mine and said("empty.thanks") in mine and said("people.record.none") in public
    assert said("people.of", n=0, all=0) not in mine + public and said("badges.here") not in mine + public


def test_badges_stand_on_the_page_with_their_count_and_lead_to_their_rule(db):
    worker, client = a_person(), a_client()
    for _number in range(WORKS_AT_LEAST):
        finished(worker, client, thanks="ありがとう")

    of_worker = signed_in(client).get(f"/people/{worker.pk}/")
    assert said("badge.on_time") in text_of(of_worker) and said("badge.on_time.count", n=3) in text_of(of_worker)
    assert 'href="/guide/badges/"' in of_worker.content.decode()
    of_client = text_of(signed_in(worker).get(f"/people/{client.pk}/"))
    assert said("badges.as_client") in of_client and said("badge.says_thanks") in of_client
    job = a_job(client)
    assert said("badge.accepts_in_time") in text_of(signed_in(worker).get(f"/jobs/{job.pk}/"))


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_the_rules_are_published_with_the_numbers_that_decide(client, db, language):
    client.cookies["django_language"] = language
    page = client.get("/guide/badges/")

    words = text_of(page)
    assert page.status_code == 200 and str(NEWEST_WORKS) in words and not re.search(r"(badge|badges)\.[a-z_.]+", words)
    assert page.content.decode().count('id="badge-') == 7


def test_clients_compare_facets_and_find_no_order_by_them_all(db):
    client, worker = a_client(), a_person()
    finished(worker, client, thanks="ありがとう")
    job = a_job(client)
    a_proposal(job, worker)

    assert said("compare.record.thanks", n=1) in text_of(signed_in(client).get(f"/jobs/{job.pk}/applicants/"))


def test_the_page_asks_the_same_questions_for_somebody_new_and_for_somebody_with_a_long_record(db, django_assert_max_num_queries):
    old, new, client = a_person(), a_person(), a_client()
    for _number in range(4):
        finished(old, client, thanks="ありがとう")
    reader = signed_in(a_person())

    def counted():
        return django_assert_max_num_queries(60)
    assert queries_of(reader, f"/people/{old.pk}/", counted) == queries_of(reader, f"/people/{new.pk}/", counted)


def test_a_finished_bundle_is_a_first_record_with_its_kind_and_its_minutes_until_all_of_it_is_refused(db, clock_at):
    """F28, F46: small work of today stands on the page today, and may be taken along."""
    worker, batch = a_person(), a_batch(rows=6, answers_each=1, most_each=1, gold_percent=0, seconds=180, price_yen=100)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    clock_at(clock.now() + datetime.timedelta(minutes=20))
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=120)
    assert small_work_of(worker.pk) == []
    finish_bundle(bundle=bundle, by=worker)

    count = Answer.objects.filter(bundle=bundle).count()
    told = said("people.tasks.kind", name=batch.category.name, n=1, minutes=2 * count)
    mine, public = (text_of(signed_in(worker).get(path)) for path in ("/me/", f"/people/{worker.pk}/"))
    assert told in mine and told in public and said("empty.record") not in mine and said("people.record.none") not in public
    assert signed_in(worker).post("/record/", {"called": "みなと"}).status_code == 302
    results = {one["resultDescription"].partition("#")[2]: one["value"] for one in
               content_of(IssuedRecord.objects.get())["credentialSubject"]["result"]}
    assert (results["bundles"], results["minutes"]) == ("1", str(2 * count))

    clock_at(clock.now() + datetime.timedelta(minutes=20))
    refuse_answers(batch=batch, by=batch.by, answers=list(bundle.answers.values_list("pk", flat=True)),
                   reason="手引きと違う答えでした。", paid_percent=0)
    assert said("people.record.none") in text_of(signed_in(a_person()).get(f"/people/{worker.pk}/"))
