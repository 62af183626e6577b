"""A topic is found by kanji, kana, Latin letters, English and other words for it; what fits best stands first."""
import pytest

from machi.taxonomy.actions import count_uses
from machi.taxonomy.queries import topics_like
from tests.people import a_topic

pytestmark = pytest.mark.django_db


def names(words: str, **options) -> list[str]:
    return [topic.name for topic in topics_like(words, **options)]


@pytest.mark.parametrize("typed", [
    "サッカー", "さっかー", "ｻｯｶ", "さっ", "sakka", "sakkaa", "SAKKA-", "ｓａｋｋａ", "soccer",
    "フットボール", "futtobo-ru", "蹴球", "さっかあ"])
def test_one_topic_is_found_whichever_way_it_is_typed(typed):
    assert "サッカー" in names(typed)


@pytest.mark.parametrize("typed", ["将棋", "しょうぎ", "ショウギ", "shougi", "syogi", "shōgi", "shogi", "sho", "sh", "棋"])
def test_hepburn_kunrei_and_half_typed_letters_find_the_same(typed):
    assert "将棋" in names(typed, at_most=60)


def test_the_whole_name_stands_before_a_beginning_an_inside_and_another_word():
    for name in ("みなとけ", "みなとけい", "小みなとけ"):
        a_topic(name)
    other = a_topic("入り江")
    other.synonyms, other.marks = ["みなとけ"], [*other.marks, "~みなとけ"]
    other.save()

    assert names("みなとけ") == ["みなとけ", "みなとけい", "小みなとけ", "入り江"]


def test_what_many_people_name_stands_before_what_few_name():
    few, many, most = (a_topic(f"みなとけ{n}") for n in "いろは")
    count_uses(people={few.pk: 1, many.pk: 5}, posts={most.pk: 9})

    assert names("みなとけ") == ["みなとけは", "みなとけろ", "みなとけい"]
    count_uses(people={few.pk: 20}, posts={})
    assert names("みなとけ")[0] == "みなとけい"


def test_a_whole_name_is_among_the_first_however_many_begin_like_it():
    whole = a_topic("みなとけ")
    others = [a_topic(f"みなとけ{n}") for n in range(30)]
    count_uses(people={other.pk: 100 for other in others} | {whole.pk: 1})

    assert topics_like("みなとけ")[0] == whole
    assert len(names("みなとけ")) == 8


def test_a_single_kana_finds_only_beginnings_and_a_single_kanji_what_holds_it():
    assert {"ぬいぐるみ", "ぬり絵"} <= set(names("ぬ", at_most=50)) and "犬" not in names("ぬ", at_most=50)
    assert {"郷土史", "日本史"} <= set(names("史", at_most=50))


def test_kana_that_end_in_n_are_not_taken_for_the_beginning_of_na():
    found = topics_like("さん", at_most=50)

    assert "山菜" in [topic.name for topic in found]
    assert not any(topic.reading.startswith(("さな", "さに")) for topic in found)


@pytest.mark.parametrize("typed", ["", " ", "・", "！？", "%", "'; --", "\x00", "\u202e", "🌸", "𠮷" * 40, "あ" * 400, "{}", "\\", "NULL"])
def test_nothing_typed_is_too_strange(typed):
    assert topics_like(typed) == []


def test_a_topic_that_somebody_brought_is_found():
    assert names("みなとの夕日") == []

    a_topic("みなとの夕日")

    assert names("みなとの") == names("夕日") == ["みなとの夕日"]


def test_a_search_asks_two_questions_at_most(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        topics_like("みなとの夕日")
