"""Half-width katakana, letter by letter."""
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.banking.kana import bytes_of, cut, narrow


@pytest.mark.parametrize("text, half", [
    ("マチダ タロウ", "ﾏﾁﾀﾞ ﾀﾛｳ"), ("まちだ　たろう", "ﾏﾁﾀﾞ ﾀﾛｳ"), ("ガッコウ", "ｶﾞﾂｺｳ"), ("パーティー", "ﾊﾟ-ﾃｲ-"),
    ("ヴァイオレット", "ｳﾞｱｲｵﾚﾂﾄ"),
    ("カ゛ク", "ｶﾞｸ"), ("ｶﾞｸ", "ｶﾞｸ"), ("カ）マチ", "ｶ)ﾏﾁ"), ("マチ・ソウ", "ﾏﾁ ｿｳ"), ("ヲノ", "ｵﾉ"), ("ヰヱヮヵヶ", "ｲｴﾜｶｹ"),
    ("machi−1", "MACHI-1"), ("「マチ」", "｢ﾏﾁ｣"), ("町", "町"), ("", "")])
def test_text_becomes_half_width(text, half):
    assert narrow(text) == half
    assert bytes_of(text) == len(half)


def test_a_bank_may_keep_small_letters_and_write_others_in_its_own_way():
    assert narrow("キャッシュ", is_small_kept=True) == "ｷｬｯｼｭ"
    assert narrow("ヲノー", instead={}) == "ｦﾉｰ"


@given(some.text(alphabet=[chr(c) for c in range(0x30A1, 0x30F5)] + list("ーＡ０ ")))
def test_what_is_narrowed_is_single_bytes_and_narrows_no_further(text):
    half = narrow(text)

    assert len(half.encode("cp932")) == len(half)
    assert narrow(half) == half
    large = unicodedata.normalize("NFKC", narrow(text, is_small_kept=True, instead={}))
    assert large == unicodedata.normalize("NFKC", text.translate(str.maketrans("ヮヰヱ", "ワイエ")))


@pytest.mark.parametrize("name, at_most, kept", [("ｱｲｳ", 3, "ｱｲｳ"), ("ｱｲｶﾞ", 3, "ｱｲ"), ("ｱｲ ｳ", 3, "ｱｲ"), ("ｱﾊﾟｳ", 3, "ｱﾊﾟ")])
def test_a_name_is_cut_between_letters(name, at_most, kept):
    assert cut(name, at_most) == kept
