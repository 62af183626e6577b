"""Text is cleaned of what nobody sees, folded for searching, and cut into pairs; letters of names stay as they are."""
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.shared.japanese import cleaned, folded, pairs

texts = some.text(some.characters(codec=None), max_size=60)


@pytest.mark.parametrize(("typed", "kept"), [
    ("𠮷野家の髙橋さん", "𠮷野家の髙橋さん"), ("がんばった👍🏽👩‍🏫", "がんばった👍🏽👩‍🏫"), ("葛\U000e0100飾区", "葛\U000e0100飾区"),
    ("a\0b\x07c\x7f", "abc"), ("abc\u202egpj.exe", "abcgpj.exe"), ("\u200f右\u2067から\u2069", "右から"), ("\ud83d壊れた", "壊れた"),
    ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"), ("  \n 前後 \u3000", "前後"), ("", ""), ("\0\u202e ", ""),
    ("<script>alert(1)</script>", "<script>alert(1)</script>")])
def test_what_nobody_sees_goes_and_every_letter_stays(typed, kept):
    assert cleaned(typed) == kept


@given(texts)
def test_cleaned_text_can_be_stored_and_cleaning_again_changes_nothing(text):
    once = cleaned(text)

    assert cleaned(once) == once
    assert once.encode().decode() == once, "PostgreSQL takes it"
    assert not any(unicodedata.category(letter) == "Cc" for letter in once if letter not in "\n\t")


@pytest.mark.parametrize("same", [
    ("サッカー", "ｻｯｶｰ", "さっかー"),
    ("ＷＥＢライター", "webライター", "WEBﾗｲﾀｰ"), ("ガス", "ｶﾞｽ", "がす"), ("①", "1"), ("㈱", "(株)"), ("ヶ", "ゖ")])
def test_spellings_that_sound_the_same_are_one(same):
    assert len({folded(spelling) for spelling in same}) == 1


@pytest.mark.parametrize(("text", "found"), [
    ("サッカー", {"さっ", "っか", "かー"}), ("庭", {"庭"}), ("年金 園芸", {"年金", "園芸"}), ("", set()), (" \u3000 ", set()),
    ("𠮷田", {"𠮷田"}), ("a b", {"a", "b"})])
def test_pairs_of_neighbours_within_each_word(text, found):
    assert pairs(text) == found


@given(some.text("サッカー試合ABcｻｯ 。", min_size=2), some.text("観戦記", max_size=5))
def test_whoever_holds_a_word_holds_its_pairs(words, rest):
    assert all(pairs(word) <= pairs(f"{rest}{word}{rest}") for word in words.split() if len(word) > 1)
