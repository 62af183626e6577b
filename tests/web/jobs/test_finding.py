"""The list of jobs: words, four facets, a count in a sentence, and an address that says it all."""
import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from machi.matching.queries import Facets, Found
from machi.shared import clock
from machi.taxonomy.models import Category
from machi.web.pages.jobs.search import Search, sentence
from tests.people import a_client, a_job, a_person, a_proposal, an_offer
from tests.web.contracts.walking import said
from tests.web.jobs.reading import HOSTILE, as_, text_of


def some_jobs():
    client = a_client()
    a_job(client, title="会議の文字起こし", body="60分の会議です。", topic="会議", category=Category.objects.get(pk="transcription"),
          reward_yen=5_000, newcomer_seats_count=1)
    a_job(client, title="園芸の記事", topic="園芸", reward_yen=30_000, sync="weekly")
    a_job(client, title="サッカーの記事", reward_yen=10_000, newcomer_seats_count=1)


def titles(answer) -> list[str]:
    return [re.sub(r"<[^>]+>", "", title) for title in re.findall(r'<h2><a href="/jobs/\d+/">(.*?)</a>', answer.content.decode())]


def test_a_visitor_reads_what_there_is_and_what_one_receives(db, browser):
    a_job(title="サッカーの記事")

    page = text_of(browser.get("/jobs/"))

    assert "サッカーの記事" in page and "8,580円" in page and "募集中の仕事は1件です。" in page


TALKS, PLANTS, FOOTBALL = "会議の文字起こし", "園芸の記事", "サッカーの記事"


@pytest.mark.parametrize("asked, found", [
    ("q=サッカー", {FOOTBALL}), ("q=記事", {PLANTS, FOOTBALL}), ("q=サッカー 園芸", set()), ("category=transcription", {TALKS}),
    ("newcomer=1", {TALKS, FOOTBALL}), ("text=1", {TALKS, FOOTBALL}), ("least=10000", {PLANTS, FOOTBALL}),
    ("q=記事&newcomer=1&least=1,000", {FOOTBALL}),
])
def test_words_and_facets_narrow_the_list(db, browser, asked, found):
    some_jobs()

    assert set(titles(browser.get(f"/jobs/?{asked}"))) == found


def test_a_facet_counts_what_it_would_leave_beside_the_others(db, browser):
    some_jobs()

    page = browser.get("/jobs/?newcomer=1").content.decode()

    assert re.search(r'id="n-writing"[^>]*>1<', page) and re.search(r'id="n-text"[^>]*>2<', page)
    assert re.search(r'id="n-newcomer"[^>]*>2<', page) and re.search(r'id="n-10000"[^>]*>1<', page)


def test_what_is_chosen_stands_as_chips_that_take_it_away(db, browser):
    some_jobs()

    page = browser.get("/jobs/?q=記事&category=writing&least=10000").content.decode()

    assert 'href="?category=writing&amp;least=10000"' in page and 'href="?q=%E8%A8%98%E4%BA%8B&amp;least=10000"' in page


def test_an_empty_answer_says_what_to_leave_out_and_how_many_there_are_then(db, browser):
    some_jobs()

    page = browser.get("/jobs/?q=サッカー&category=transcription")

    assert "「サッカー」を外すと、1件あります" in text_of(page) and 'href="?category=transcription"' in page.content.decode()


def test_words_nobody_uses_lead_to_other_words_and_an_empty_town_to_posting(db, browser):
    assert "仕事を出す" in text_of(browser.get("/jobs/"))
    assert "ほかの言い方で" in text_of(browser.get("/jobs/?q=ほげほげ"))


def test_the_number_of_questions_does_not_grow_with_the_jobs(db):
    client, worker = a_client(), a_person()
    counts = []
    for number in (3, 27):
        for _job in range(number):
            a_job(client)
        reader = as_(worker)
        reader.get("/jobs/")
        with CaptureQueriesContext(connection) as questions:
            assert reader.get("/jobs/").status_code == 200
        counts.append(len(questions))
    assert counts[0] == counts[1]


def test_pages_keep_what_is_looked_for(db, browser):
    client = a_client()
    for number in range(21):
        a_job(client, title=f"記事 {number}")

    page = browser.get("/jobs/?q=記事").content.decode()

    assert 'href="?q=%E8%A8%98%E4%BA%8B&amp;page=2"' in page
    assert titles(browser.get("/jobs/?q=記事&page=2")) == ["記事 0"] and len(titles(browser.get("/jobs/?q=記事"))) == 20


def test_beyond_what_is_counted_the_sentence_says_so():
    with translation.override("ja"):
        assert sentence(Found([], 1_000, True, 1, 50), "") == "募集中の仕事は1,000件以上です。"
        assert sentence(Found([], 12, False, 1, 1), "記事") == "「記事」の仕事は12件です。"


def test_htmx_gets_the_results_the_sentence_and_the_address(db, browser):
    some_jobs()

    answer = browser.get("/jobs/?q=サッカー&category=&least=", headers={"HX-Request": "true"})

    assert answer.headers["HX-Replace-Url"] == "/jobs/?q=%E3%82%B5%E3%83%83%E3%82%AB%E3%83%BC"
    assert "<html" not in answer.content.decode() and 'id="found" hx-swap-oob="innerHTML"' in answer.content.decode()
    assert browser.get("/jobs/?q=", headers={"HX-Request": "true"}).headers["HX-Replace-Url"] == "/jobs/"


@pytest.mark.parametrize("asked", [
    *HOSTILE.values(), "あ" * 5_000, "% _ \\", " ", "　"])
def test_no_words_break_the_search(db, browser, asked):
    a_job()

    answer = browser.get("/jobs/", {"q": asked})

    assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("asked", [
    "page=0", "page=-1", "page=99999999999999999999", "page=x", "page=²", "least=-5", "least=abc", "least=99999999999999999999",
    "least=１０，０００", "category='; drop", "newcomer=2"])
def test_an_address_that_was_cut_or_changed_still_finds_work(db, browser, asked):
    a_job(title="サッカーの記事")

    answer = browser.get(f"/jobs/?{asked}")

    assert answer.status_code == 200 and "サッカーの記事" in text_of(answer)


def test_drafts_and_posts_whose_day_is_over_are_not_in_the_list(db, browser, clock_at):
    a_job(title="下書きの記事", published=False)
    a_job(title="きのうまでの記事", closes_on=clock.today())
    clock_at((clock.now() + datetime.timedelta(days=1)).astimezone(clock.JAPAN))

    assert titles(browser.get("/jobs/")) == []


def test_a_taken_newcomer_seat_is_no_longer_promised(db, browser):
    job = a_job(newcomer_seats_count=1)
    an_offer(a_proposal(job))

    page = text_of(browser.get("/jobs/"))

    assert "はじめての方の席あり" not in page and titles(browser.get("/jobs/?newcomer=1")) == []


def test_the_address_holds_the_whole_search_and_nothing_empty():
    search = Search("記事", Facets("writing", True, True, 3_000))

    assert search.query(page="2") == "q=%E8%A8%98%E4%BA%8B&category=writing&newcomer=1&text=1&least=3000&page=2"
    assert Search().query() == ""


@pytest.mark.parametrize("words", ["honyaku", "ほんやく", "翻訳", "Translation", "英訳"])
def test_a_kind_of_work_is_found_by_its_reading_and_by_other_words(browser, db, words):
    answer = browser.get("/jobs/", {"q": words})

    assert said("jobs.of_kind", kind="翻訳") in text_of(answer) and 'href="?category=translation"' in answer.content.decode()
    assert said("jobs.kinds_meant") in answer.content.decode()
    for asked in ({"q": words, "category": "translation"}, {}):
        assert said("jobs.kinds_meant") not in browser.get("/jobs/", asked).content.decode()
