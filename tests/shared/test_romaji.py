"""One word, however it is spelled with Latin letters or kana, sounds the same, and so does its beginning."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.shared.romaji import looked_for, sounding


@pytest.mark.parametrize("spellings", [
    ("サッカー", "さっかー", "ｻｯｶｰ", "sakkaa", "sakka-", "sakkā", "saxtuka-", "SAKKA"),
    ("しんぶん", "shinbun", "shimbun", "sinbun", "sinnbunn"),
    ("とうきょう", "toukyou", "tokyo", "tōkyō", "tôkyô"),
    ("まっちゃ", "matcha", "maccha", "mattya"),
    ("じゅうどう", "juudou", "judo", "jūdō", "zyudo", "jyuudou"),
    ("ヴァイオリン", "バイオリン", "vaiorin", "baiorin"),
    ("ふぁっしょん", "fasshon", "fassyon"),
    ("てぃー", "ティー", "thi-", "ti"),
    ("チェス", "chesu", "tyesu"),
    ("きんゆう", "kin'yuu", "kinyu", "kinnyuu"),
    ("つり", "tsuri", "turi"),
    ("ちず", "chizu", "tizu"),
    ("つづみ", "tsuzumi", "tudumi"),
    ("コーヒー", "こおひい", "kouhii", "ko-hi-", "kōhī"),
    ("ぎょうざ", "gyouza", "gyoza"),
    ("ウィキ", "wiki"),
    ("ふじさん", "fujisan", "huzisan"),
    ("おんせん", "onsen", "onsenn", "o n s e n"),
])
def test_all_spellings_of_a_word_sound_the_same(spellings):
    assert len({sounding(spelling) for spelling in spellings}) == 1
    assert sounding(spellings[0])


@pytest.mark.parametrize("word", [
    "shinbun", "sinbun", "toukyou", "tōkyō", "matcha", "mattya", "juudou", "zyuudou", "chesu", "tsuri", "fujisan", "onsen", "sakkaa",
    "gyouza", "raamen", "ra-men"])
def test_a_word_half_typed_is_the_beginning_of_its_sound(word):
    for length in range(1, len(word)):
        assert sounding(word).startswith(sounding(word[:length])), word[:length]


def test_a_text_with_kanji_has_no_sound():
    assert sounding("俳句") == sounding("お茶") == sounding("ー") == sounding("") == sounding("🌸") == ""
    assert sounding("ＪＲ") == sounding("jr")


def test_what_is_written_one_way_or_another_is_looked_for_as_one():
    assert looked_for("ボード・ゲーム") == looked_for("ボード ゲーム") == looked_for("ﾎﾞｰﾄﾞｹﾞｰﾑ") == "ぼーどげーむ"
    assert looked_for("Board-Games!") == "boardgames"
    assert looked_for("髙﨑") == "髙﨑" and looked_for("𠮷") == "𠮷"
    assert looked_for("\u202e'‘ ") == ""


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text):
    assert sounding(text) == "" or sounding(text).isascii()
    assert looked_for(looked_for(text)) == looked_for(text)
