"""What the rules find, how it is told, and that a disguise changes nothing."""
import time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from machi.wording import books
from machi.wording.advice import ADVICE
from machi.wording.plain import plain
from machi.wording.queries import screen

ONE_OF_EACH = {
    "age_sex": "応募できるのは35歳までの方です。", "easy_money": "誰でも簡単に稼げるお仕事です。",
    "free_test": "まず無料でテスト記事を1本書いていただきます。", "upfront_fee": "登録料として5,000円をお振り込みください。",
    "seminar_bait": "無料セミナーに参加してくださった方に、お仕事をご紹介します。", "employment": "時給1,200円、週3日以上のシフト制です。",
    "outside_contact": "詳しいことはLINEでお伝えします。"}
LANGUAGES = ("ja", "ja-simple", "en")


def kinds(text: str, where: str = "job") -> set[str]:
    return {finding.kind for finding in screen(text, where)}


@pytest.mark.parametrize(("kind", "text"), ONE_OF_EACH.items())
def test_each_kind_is_found_with_advice_in_three_languages(kind, text):
    finding = next(one for one in screen(text, "job") if one.kind == kind)

    said = set()
    for language in LANGUAGES:
        with translation.override(language):
            said.add(finding.advice)
            assert finding.found in finding.advice and "%" not in finding.advice and "post." not in finding.advice
    assert len(said) == 3


def test_every_rule_has_a_source_and_every_advice_a_rule():
    rules = books.in_force(max(books.days())).rules

    assert all(len(rule.source) > 5 for rule in rules)
    assert {rule.advice for rule in rules} == set(ADVICE)
    assert {rule.kind for rule in rules} == set(books.KINDS)


def test_only_employment_is_for_a_person_to_look_at():
    weights = {(rule.kind, rule.weight) for rule in books.in_force(max(books.days())).rules}

    assert {kind for kind, weight in weights if weight == books.LOOK} == {"employment"}


@pytest.mark.parametrize("text", [
    "３５歳までの方", "35 歳 ま で の 方", "3.5.歳.ま.で.の.方", "三十五歳までの方", "㉟歳までの方", "35\u200b歳\u200bまでの方",
    "35才迄のかた", "３５さいまでの方",
    "3\u00ad5歳までの方", "３５ｻｲﾏﾃﾞの方", "35・歳・まで・の・方", "35歳\ufeffまでの方"])
def test_a_limit_of_age_is_found_in_every_disguise(text):
    assert "age_sex" in kinds(text)


@pytest.mark.parametrize("text", [
    "LINE", "ＬＩＮＥ", "L I N E", "L.I.N.E", "LlNE", "LІNE", "ℒℐ𝒩ℰ",
    "ﾗｲﾝ", "らいん", "ラ イ ン ", "緑のアプリ", "ラ\u200dイ\u200dン", "🇱🇮🇳🇪", "Ｌ！ＮＥ", "L*NE", "ラ×ン", "イン●タ", "テレ◯ラム"])
def test_a_contact_is_found_in_every_disguise(text):
    assert "outside_contact" in kinds(f"{text}で連絡してください", "message")


@pytest.mark.parametrize("text", [
    "誰でも簡単に稼げます", "だ れ で も カ ン タ ン に カ セ げます", "簡、単、に、稼、げ、ま、す", "か〜んたんに稼げます",
    "ｶﾝﾀﾝに稼げます", "簡★単★に★稼★げ★ます", "スマホぽちぽちで１日３まんえん", "毎月「三ケタ万円」の方も続出"])
def test_easy_money_is_found_in_every_disguise(text):
    assert "easy_money" in kinds(text)


@pytest.mark.parametrize("text", [
    "初期費用 ¥9,800 をご負担ください", "初期費用￥９，８００をご負担ください", "登緑料3,000円をお振り込みください"])
def test_a_fee_is_found_however_its_sum_is_written(text):
    assert "upfront_fee" in kinds(text)


def test_a_sentence_ends_with_a_sign_as_it_ends_with_a_full_stop():
    assert "age_sex" in kinds("おじさんはごめんなさい（笑）ゲームの動画を作りたいです") and plain("です🙏 次").text == "です。次"
    assert plain("テスト記事は\n無料").text == "てすと記事は無料" and plain("（記事です）の原稿").text.endswith("の原稿")


def test_what_is_paid_only_later_does_not_make_a_free_trial_a_paid_one():
    assert "free_test" in kinds("課題への謝礼はありません。採用後は1ワード9円です。")
    assert "free_test" not in kinds("テスト記事も1本2,000円をお支払いします。採用後は1本3,000円です。")


def test_a_price_sign_is_a_unit_and_a_point_ends_an_english_sentence():
    assert plain("¥9,800と$30").text == "9800円と30どる"
    assert plain("Male only. 記事").text == "male only。記事" and plain("L. I. N. E").text == "line"


@pytest.mark.parametrize("text", [
    "35歳の主人公の小説の校正をお願いします。", "「誰でも簡単に稼げる」という広告に注意を呼びかける記事です。", "登録料はかかりません。",
    "テスト記事にも3,000円をお支払いします。", "シフト表を作るExcelマクロをお願いします。", "LINEスタンプのデザインです。",
    "オンラインで受け取ります。", "アパートの紹介文です。", "年齢も性別も問いません。", "報酬は10円単位で決めます。"])
def test_the_same_words_used_harmlessly_are_left_alone(text):
    assert screen(text, "job") == []


def test_what_is_found_is_told_as_it_was_typed_and_where_it_stands():
    text = "お知らせです。\n応募できるのは３５ 歳 ま で の方です。"

    finding, = screen(text, "job")

    assert finding.found.startswith("３５ 歳 ま で") and text[finding.start:].startswith(finding.found)


def test_the_same_words_are_told_once():
    assert len([one for one in screen("女性限定。女性限定。女性限定。", "job") if one.rule == "sex.limit"]) == 1


def test_of_words_that_lie_within_each_other_the_shortest_are_told():
    told = [one.found for one in screen("応募できるのは35歳までの方です。", "job")]

    assert told == ["35歳までの方"]


def test_a_word_written_ten_thousand_times_is_given_up_and_what_is_beside_it_is_found():
    begun = time.perf_counter()
    found = screen("登録料" * 10_000 + "。応募できるのは35歳までの方です。登録料として5,000円をお振り込みください。", "job")

    assert {"age_sex", "upfront_fee"} <= {one.kind for one in found} and time.perf_counter() - begun < 30


def test_a_rule_counts_only_where_it_is_written_for():
    assert "upfront_fee" not in kinds("教材費は3,000円です。お申し込みのときにお支払いください。", "course")
    assert "upfront_fee" in kinds("教材費は3,000円です。お申し込みのときにお支払いください。", "job")


PIECES = [*ONE_OF_EACH.values(), "\u3099", "ー", "〜", "、", "。", "\ud800", "👩", "𠮷", "\x00", "@", "0"]


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(books.PLACES))
def test_screening_never_raises_and_names_only_words_of_the_text(text, where):
    for finding in screen(text, where):
        assert finding.found and finding.found == text[finding.start:finding.start + len(finding.found)]


@given(st.text(max_size=200))
def test_every_letter_of_the_plain_text_knows_where_it_came_from(text):
    made = plain(text)

    assert len(made.text) == len(made.starts) == len(made.ends) and made.starts == sorted(made.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(made.starts, made.ends, strict=True))


@pytest.mark.parametrize("unit", ["あ", "誰でも", "登録料", "テスト", "シフト", "at", "稼", "20代", "1", "。", "一", "〜", "L I N E "])
def test_a_long_text_takes_longer_only_as_it_is_longer(unit):
    def seconds(length: int) -> float:
        text, begun = unit * (length // len(unit)), time.perf_counter()
        screen(text, "job")
        return time.perf_counter() - begun

    short = min(seconds(1_000) for _ in range(3))

    assert seconds(20_000) < 20 * short * 6 + 0.3        # twenty times the text; a search that backtracks takes four hundred times
