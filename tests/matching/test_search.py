"""Finding work: words in any spelling, four facets whose counts are true, and the same few questions however many posts there are."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.jobs.actions import close_job
from machi.matching.queries import PAGE, Facets, newest, search_jobs
from machi.shared import clock
from machi.taxonomy.models import Category
from tests.people import a_client, a_job, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return a_client()


def post(client, title: str, body: str = "くわしくは本文に。", **values):
    category = Category.objects.get(pk=values.pop("kind", "writing"))
    return a_job(client, title=title, body=body, category=category, **{"topic": ""} | values)


def found(words: str = "", **facets) -> set[str]:
    return {row.title for row in search_jobs(words, Facets(**facets)).rows}


# ---- words -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("words", ["サッカー", "ｻｯｶｰ", "さっかー", "サッカー 観戦", "　サッカー　", "ＷＥＢ", "web", "観戦記web"])
def test_words_are_found_in_any_spelling(client, words):
    post(client, "サッカー観戦記WEB")
    post(client, "園芸の本の校正")

    assert found(words) == {"サッカー観戦記WEB"}


@pytest.mark.parametrize("words", ["野球", "サッカー 野球", "サッカー観戦中", "カーサッ"])
def test_every_word_must_be_there(client, words):
    post(client, "サッカー観戦記WEB")

    assert found(words) == set()


def test_a_word_is_found_whole_not_as_its_pairs_apart(client):
    post(client, "さっと、みっか、あかーい")              # holds さっ, っか and かー, and no サッカー

    assert found("サッカー") == set()


def test_words_are_looked_for_in_title_body_and_topic(client):
    post(client, "一つ目", topic="盆栽")
    post(client, "二つ目", body="盆栽の手入れを書く仕事です。")
    post(client, "盆栽の三つ目")

    assert found("盆栽") == {"一つ目", "二つ目", "盆栽の三つ目"}


@pytest.mark.parametrize("words", ["", "  ", "%", "_", "'", "\\", "\"; DROP TABLE jobs_job", "𠮷", "猫", "x" * 3_000, "あ " * 500])
def test_any_words_at_all_are_answered(client, words):
    post(client, "𠮷野さんの猫を100%撮る")

    assert found(words) <= {"𠮷野さんの猫を100%撮る"}


@pytest.mark.parametrize("words", ["猫", "𠮷", "𠮷野"])
def test_one_kanji_is_a_word(client, words):
    post(client, "𠮷野さんの猫を撮る")
    post(client, "犬を撮る")

    assert found(words) == {"𠮷野さんの猫を撮る"}


def test_only_open_posts_whose_day_is_not_over_are_found(client):
    a_job(client, published=False, title="下書き")
    closed = post(client, "締め切った")
    close_job(job=closed, by=client_of(closed))
    post(client, "今日まで", closes_on=clock.today())
    assert found() == {"今日まで"} == {row.title for row in newest()}

    with clock.moved(by=datetime.timedelta(days=1)):
        assert found() == set() == {row.title for row in newest()}


# ---- facets ----------------------------------------------------------------------------------------------------------

def test_facets_narrow_and_say_what_each_would_leave(client):
    post(client, "記事", reward_yen=5_000)
    post(client, "記事、席あり", seats_count=2, newcomer_seats_count=1, reward_yen=30_000)
    post(client, "記事、通話あり", sync="weekly", reward_yen=100_000)
    post(client, "絵", kind="illustration", reward_yen=30_000)

    assert found(category="illustration") == {"絵"}
    assert found(newcomer=True) == {"記事、席あり"}
    assert found(text_only=True) == {"記事", "記事、席あり", "絵"}
    assert found(least_yen=30_000) == {"記事、席あり", "記事、通話あり", "絵"}
    assert found("記事", text_only=True, least_yen=30_000) == {"記事、席あり"}
    everything = search_jobs()
    assert everything.categories == {"writing": 3, "illustration": 1}
    assert (everything.newcomer_count, everything.text_only_count, everything.count) == (1, 3, 4)


def test_a_count_says_how_many_posts_choosing_it_would_show(client):
    post(client, "記事", reward_yen=5_000)
    post(client, "記事、席あり", seats_count=2, newcomer_seats_count=1, reward_yen=30_000)
    post(client, "記事、通話あり", sync="weekly", reward_yen=100_000)
    post(client, "絵、席あり", kind="illustration", newcomer_seats_count=1)

    for chosen in ({}, {"newcomer": True}, {"text_only": True}, {"least_yen": 30_000}, {"category": "writing"}):
        facets = search_jobs("", Facets(**chosen))
        for code, count in facets.categories.items():
            assert len(found(**chosen | {"category": code})) == count
        assert len(found(**chosen | {"newcomer": True})) == facets.newcomer_count
        assert len(found(**chosen | {"text_only": True})) == facets.text_only_count
        for least, count in facets.rewards.items():
            assert len(found(**chosen | {"least_yen": least})) == count


# ---- pages and questions ---------------------------------------------------------------------------------------------

def test_the_newest_stand_first_and_every_post_stands_on_one_page(client):
    with clock.moved(by=datetime.timedelta()):
        titles = []
        for number in range(PAGE + 5):
            with clock.moved(by=datetime.timedelta(minutes=number)):
                titles.append(post(client, f"仕事 {number:02}").title)

    first, second = search_jobs(page=1), search_jobs(page=2)
    assert [row.title for row in [*first.rows, *second.rows]] == titles[::-1]
    assert (first.count, first.pages_count, second.number) == (PAGE + 5, 2, 2)
    assert search_jobs(page=99).number == 2 and search_jobs(page=-5).number == 1


def test_the_questions_do_not_grow_with_the_posts(client):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            search_jobs("仕事", Facets(text_only=True))
        return len(asked)
    post(client, "仕事")
    few = questions()
    for number in range(12):
        post(client, f"仕事 {number}")

    assert questions() == few <= 4
