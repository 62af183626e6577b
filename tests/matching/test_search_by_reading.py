"""The search asks an index in pieces of time. It must find what somebody would find who reads every post."""
import dataclasses
import datetime
from itertools import product
from random import Random

import pytest

from machi.jobs.actions import edit_job
from machi.jobs.models import Job
from machi.matching import queries
from machi.matching.queries import Facets, search_jobs
from machi.shared import clock
from machi.shared.japanese import folded
from machi.taxonomy.models import Category
from tests.people import a_client, a_job, client_of

BACK = (0, 1, 5, 23, 24, 30, 49, 24 * 8, 24 * 29, 24 * 31, 24 * 61, 24 * 200)       # hours: in every piece of time
TEXTS = ("ねこの写真を撮る", "猫の記事を書く", "サッカーの記事", "ｻｯｶｰの写真", "写真をお願いします", "Webページを直す")
WORDS = ("", "写真", "サッカー", "記事 書く", "猫", "う", "WEB", "写真 ねこ")
FACETS = (Facets(), Facets(category="photo"), Facets(newcomer=True), Facets(least_yen=12_345), Facets("writing", True, True, 3_000))


@pytest.fixture
def posts(db):
    """Some posts from every piece of time."""
    random, now, client = Random(7), clock.now(), a_client()
    kinds = Category.objects.in_bulk(["photo", "writing"])
    for number in range(3 * len(BACK)):
        with clock.moved(to=now - datetime.timedelta(hours=BACK[number % len(BACK)], minutes=random.randrange(59))):
            a_job(client, title=random.choice(TEXTS), body=random.choice(TEXTS), topic=random.choice(("", "猫", "サッカー")),
                  category=kinds[random.choice(("photo", "writing"))], reward_yen=random.choice((1_000, 10_000, 12_345, 100_000)),
                  seats_count=2, newcomer_seats_count=random.randrange(2), sync=random.choice(("none", "weekly")),
                  closes_on=now.date() + datetime.timedelta(days=9), due_on=now.date() + datetime.timedelta(days=20))
    return list(Job.objects.filter(state="open").select_related("topic").order_by("-published_at", "-pk"))


def by_reading(posts: list[Job], words: str, facets: Facets) -> list[int]:
    wanted = [word for word in folded(words).split() if len(word) > 1 or word == "猫"]
    return [job.pk for job in posts
            if all(word in folded(f"{job.title} {job.body} {job.topic or ''}") for word in wanted)
            and facets.category in ("", job.category_id) and (not facets.newcomer or job.newcomer_seats_count > job.newcomer_seats_taken)
            and (not facets.text_only or job.sync == "none") and job.reward_yen >= facets.least_yen]


def test_the_search_finds_what_a_reader_finds(posts, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 100)
    for words, facets in product(WORDS, FACETS):
        assert [row.pk for row in search_jobs(words, facets).rows] == by_reading(posts, words, facets), (words, facets)


def test_the_counts_of_the_facets_are_what_they_leave(posts):
    for words, facets in product(WORDS, FACETS):
        found = search_jobs(words, facets)
        counts = {"category": found.categories.get("photo", 0), "newcomer": found.newcomer_count, "text_only": found.text_only_count}
        for name, value in {"category": "photo", "newcomer": True, "text_only": True}.items():
            assert counts[name] == len(by_reading(posts, words, dataclasses.replace(facets, **{name: value}))), (words, facets, name)
        for step, count in found.rewards.items():
            assert count == len(by_reading(posts, words, dataclasses.replace(facets, least_yen=step))), (words, facets, step)


def test_no_more_is_found_than_can_be_shown(posts, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED_AT_MOST", 5)
    for words in ("", "写真"):
        found = search_jobs(words)
        assert (found.count, found.is_more) == (5, True)
        assert [row.pk for row in found.rows] == by_reading(posts, words, Facets())[:5]


def test_a_post_is_found_by_its_new_words(db):
    job = a_job(title="鉄道の記事")
    assert search_jobs("鉄道").count == 1
    edit_job(job=job, by=client_of(job), title="天文の記事")
    assert (search_jobs("鉄道").count, search_jobs("天文").count) == (0, 1)
