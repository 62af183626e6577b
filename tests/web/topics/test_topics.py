"""The page of topics: looked through and searched without a script, by a visitor too."""
import pytest

from machi.taxonomy.actions import count_uses, topic_named
from tests.people import a_person, a_topic
from tests.web.contracts.walking import said, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["sakka", "さっか", "サッカー", "フットボール", "soccer"])
def test_a_visitor_finds_a_topic_and_its_jobs(browser, typed):
    answer = browser.get("/topics/", {"q": typed})

    assert "サッカー" in text_of(answer) and "/jobs/?q=%E3%82%B5%E3%83%83%E3%82%AB%E3%83%BC" in answer.content.decode()
    assert said("topics.mine") not in text_of(answer)


@pytest.mark.parametrize("typed", ["翻訳", "ほんやく", "honyaku", "translation", "英訳"])
def test_a_visitor_finds_a_kind_of_work_and_its_jobs(browser, typed):
    page = browser.get("/topics/", {"q": typed})

    assert said("jobs.of_kind", kind="翻訳") in text_of(page) and "/jobs/?category=translation" in page.content.decode()


@pytest.mark.parametrize("typed", ["校正", "kous", "proofr", "誤字"])
def test_a_skill_is_found_and_taken_to_ones_own_page(browser, typed):
    page = browser.get("/topics/", {"q": typed}).content.decode()
    assert "誤字脱字" in page and "/me/skill/add/" not in page

    browser = signed_in(a_person())
    assert "/me/skill/add/?skill=%E6%A0%A1%E6%AD%A3" in browser.get("/topics/", {"q": typed}).content.decode()
    assert 'value="校正"' in browser.get("/me/skill/add/", {"skill": "校正"}).content.decode().partition("<datalist")[0]


def test_all_that_is_found_is_counted(browser):
    answer = text_of(browser.get("/topics/", {"q": "しゃみせん"}))

    assert said("topics.found", n=2) in answer and "三味線・箏" in answer and said("topics.none") not in answer


@pytest.mark.parametrize(("language", "words"), [("ja", "2件見つかりました"), ("ja-simple", "2件見つかりました"), ("en", "Found: 2")])
def test_what_is_counted_is_not_called_topics_alone(language, words):
    """A topic and a skill."""
    assert f" {words} " in text_of(signed_in(a_person(language=language)).get("/topics/", {"q": "しゃみせん"}))


def test_somebody_who_is_signed_in_takes_it_to_their_page():
    answer = signed_in(a_person()).get("/topics/", {"q": "将棋"})

    assert "/me/hobby/add/?topic=%E5%B0%86%E6%A3%8B" in answer.content.decode()


def test_the_word_stands_in_the_form_already():
    page = signed_in(a_person()).get("/me/hobby/add/", {"topic": "将棋"}).content.decode()

    assert 'value="将棋"' in page


def test_what_is_named_most_stands_there_before_anything_is_typed(browser):
    count_uses(people={topic_named("港の霧笛").pk: 9})

    assert "港の霧笛" in text_of(browser.get("/topics/"))


def test_what_nobody_named_yet_is_said_kindly(browser):
    assert said("topics.none") in text_of(browser.get("/topics/", {"q": "港の霧笛"}))

    a_topic("港の霧笛")
    assert said("topics.found", n=1) in text_of(signed_in(a_person()).get("/topics/", {"q": "港の霧笛"}))


@pytest.mark.parametrize("typed", ["\0", "<script>alert(1)</script>", "%", "あ" * 999, "𠮷", "\u202e"])
def test_nothing_typed_is_too_strange(browser, typed):
    answer = browser.get("/topics/", {"q": typed})

    assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()


def test_htmx_gets_the_list_alone(browser):
    answer = browser.get("/topics/", {"q": "sakka"}, headers={"HX-Request": "true"})

    assert answer.content.decode().strip().startswith('<section id="found"')
