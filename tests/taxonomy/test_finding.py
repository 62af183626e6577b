"""Topics, skills and kinds of work are found by kanji, kana, Latin letters, English and other words; what fits best stands first."""
import pytest

from machi.taxonomy.actions import count_uses
from machi.taxonomy.queries import categories_like, skills_like, topics_like
from tests.people import a_topic

pytestmark = pytest.mark.django_db


ALL = [topics_like, skills_like, categories_like]


def names(words: str, like=topics_like, **options) -> list[str]:
    return [row.name for row in like(words, **options)]


@pytest.mark.parametrize(("like", "name", "typed"), [
    (topics_like, "野球", "球 やきゅ ﾔｷｭ yakyu yakyuu yakyū baseball ベースボ be-subo"),
    (skills_like, "校正", "校 こうせ ｺｳｾ kous kousei kōsei kosei proofr 誤字"),
    (skills_like, "表計算の関数", "計算の ひょうけ ﾋｮｳｹ hyou hyo formula spreadsheet エク えくせ eku ekuse excel"),
    (categories_like, "翻訳", "翻 訳 ほん ﾎﾝﾔ hon hon'yaku honyaku transl 英訳"),
    (categories_like, "記事・ライティング", "記事 きじ kiji らいて ライティ raitingu writing 執筆 ブロ buro"),
    (categories_like, "表計算・自動化", "エク エクセル ekuseru spread 自動化 じどうか jidouka zidouka"),
    (categories_like, "イラスト", "いらす イラ irasu illust 挿絵 絵をかく")])
def test_each_kind_of_list_is_found_in_the_same_ways(like, name, typed):
    assert [word for word in typed.split() if name not in names(word, like, at_most=60)] == []


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


@pytest.mark.parametrize(("like", "typed", "name"), [
    (topics_like, "AI", "人工知能"), (topics_like, "SF", "空想科学小説"), (topics_like, "TV", "テレビ番組"), (topics_like, "本", "読書"),
    (skills_like, "AI", "機械学習"), (skills_like, "UI", "画面のデザイン"), (skills_like, "LAN", "ネットワーク")])
def test_another_word_typed_whole_stands_before_what_only_begins_like_it_or_holds_it(like, typed, name):
    assert names(typed, like)[0] == name


@pytest.mark.parametrize("like", ALL)
def test_two_latin_letters_find_nothing_that_only_holds_them(like):
    assert {"髪", "介護", "解説文", "会報・通信づくり", "記事・ライティング", "企画・アイデア"}.isdisjoint(names("ai", like, at_most=99))


@pytest.mark.parametrize("like", ALL)
@pytest.mark.parametrize("typed", ["SF", "cf"])
def test_an_f_behind_another_letter_is_no_half_typed_fu(like, typed):
    """Else s and h would sound like the beginning of しゃ."""
    assert {"写真", "手話", "手話通訳・要約筆記", "取材記事", "茶道", "着物"}.isdisjoint(names(typed, like, at_most=99))


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
    assert names("ぬ", categories_like, at_most=99) == ["裁縫・編み物"] and names("ぬ", skills_like, at_most=99) == []


def test_kana_that_end_in_n_are_not_taken_for_the_beginning_of_na():
    found = topics_like("さん", at_most=50)

    assert "山菜" in [topic.name for topic in found]
    assert not any(topic.reading.startswith(("さな", "さに")) for topic in found)


@pytest.mark.parametrize(("like", "typed", "first", "then"), [
    (skills_like, "講演", "講演", "講演の書き起こし"), (skills_like, "紙", "紙の電子化", "手紙・挨拶文"),
    (skills_like, "読", "画面読み上げでの確認", "ウェブアクセシビリティ"), (categories_like, "動画", "動画", "台本・シナリオ"),
    (categories_like, "作", "作曲・編曲", "動画")])
def test_a_short_list_has_the_same_order(like, typed, first, then):
    """Each `then` stands before its `first` in the list itself."""
    found = names(typed, like, at_most=60)

    assert found.index(first) < found.index(then)


@pytest.mark.parametrize("like", ALL)
@pytest.mark.parametrize("typed", ["", " ", "・", "！？", "%", "'; --", "\x00", "\u202e", "🌸", "𠮷" * 40, "あ" * 400, "{}", "\\", "NULL"])
def test_nothing_typed_is_too_strange(like, typed):
    assert like(typed) == []


def test_a_topic_that_somebody_brought_is_found():
    assert names("みなとの夕日") == []

    a_topic("みなとの夕日")

    assert names("みなとの") == names("夕日") == ["みなとの夕日"]


def test_a_search_asks_two_questions_at_most(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        topics_like("みなとの夕日")


@pytest.mark.parametrize("like", [skills_like, categories_like])
def test_a_short_list_is_asked_for_once_a_minute(like, django_assert_num_queries):
    like("き")
    with django_assert_num_queries(0):
        like("きじ")


@pytest.mark.parametrize("like", ALL)
def test_no_more_are_found_than_are_asked_for(like):
    assert len(like("し", at_most=99)) > len(like("し", at_most=2)) == 2
