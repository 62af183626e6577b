"""ふりがな: the readings of voice.md, and what is left alone."""
import re
from html import unescape
from itertools import accumulate

import pytest
from django.utils import translation
from sudachipy import Dictionary, SplitMode

from machi.web.frame.furigana import ruby_page, ruby_text
from machi.web.frame.phrases import phrases
from tools import catalogues


def read(text: str) -> str:
    """街に入る -> 街(まち)に入(はい)る"""
    return re.sub(r"<ruby>(.*?)<rt>(.*?)</rt></ruby>", r"\1(\2)", ruby_text(text))


@pytest.mark.parametrize("said", [
    "ほかの方(かた)に決(き)まりました", "はじめての方(かた)", "夕方(ゆうがた)に方法(ほうほう)を", "一歩(いっぽ)",
    "一行(いちぎょう)", "納品日(のうひんび)", "明日(あした)", "間(あいだ)に入(はい)る", "何(なに)が", "何(なん)と呼(よ)びますか",
    "街(まち)", "街(まち)に入(はい)る", "商店街(しょうてんがい)", "街頭(がいとう)で", "街路(がいろ)", "市街地(しがいち)",
    "この街(まち)の人(ひと)", "街(まち)全体(ぜんたい)", "手取(てど)り", "仮払(かりばら)い", "検収(けんしゅう)", "日本(にほん)",
    "日本語(にほんご)", "7日(なのか)", "あと2日(ふつか)", "15日(にち)", "30日(にち)", "14日(じゅうよっか)", "20日(はつか)",
    "12月(がつ)1日(ついたち)", "1日(にち)", "3日(みっか)間(かん)", "10分(ぷん)", "15分(ふん)", "1人(ひとり)", "2人(ふたり)",
    "12人(にん)", "3本(ぼん)", "4本(ほん)", "10本(ぽん)", "8件(けん)", "2時間(じかん)", "第(だい)4週(しゅう)", "初(はじ)めて",
    "出(だ)し直(なお)す", "受(う)け取(と)り日(び)", "鷗(かもめ)", "半年(はんとし)", "真(ま)ん中(なか)の人(ひと)",
    "人(ひと)と", "仮払(かりばら)いする額(がく)", "11月(がつ)9日(ここのか)（月(げつ)）", "（火(か)）",
    "12月(がつ)2日(ふつか)（水(すい)）", "（木(もく)）", "（土(ど)）",
    "口座(こうざ)の名前(なまえ)（カタカナ）",
    "人間(にんげん)と", "3人(にん)と", "第(だい)2版(はん)", "四(よっ)つ", "少(すこ)し間(ま)をおく",
])
def test_readings(said):
    assert read(re.sub(r"\(.*?\)", "", said)) == said


@pytest.mark.parametrize("text", [
    "髙﨑さん", "𠮷田さん", "海老原 剛さん", "小林千鶴さん", "ひらがな abc", "1,204", "カタカナ", "つづく…", "（株）"])
def test_what_cannot_be_known_or_needs_none_has_no_reading(text):
    assert ruby_text(text) == text


def test_characters_of_html_stay_escaped():
    assert ruby_text("街 &lt;b&gt; &amp;") == "<ruby>街<rt>まち</rt></ruby> &lt;b&gt; &amp;"


def test_readings_stay_out_of_attributes_and_silent_elements():
    silent = ('<p title="仕事"><code>仕事</code><textarea>街</textarea><select><option>街</option></select><svg><text>円</text></svg>'
              '<span class="avatar" aria-hidden="true">佐</span>'
              '<b lang="en">東京</b><ruby>街<rt>まち</rt></ruby></p><title>街</title><script>"街"</script><!-- 街 -->')
    assert ruby_page(silent) == silent
    assert ruby_page("<p>街<br>街</p>").count("<ruby>") == 2


def test_readings_only_when_switched_on_and_only_in_japanese(db, browser):
    assert "<ruby>" not in browser.get("/gallery/").content.decode()
    browser.cookies["furigana"] = "on"
    on = browser.get("/gallery/").content.decode()
    assert "<ruby>仕事<rt>しごと</rt></ruby>" in on and "<ruby>" not in re.search("<title>.*?</title>", on).group()
    browser.cookies["django_language"] = "en"
    assert "<ruby>" not in browser.get("/gallery/").content.decode()


def test_lines_break_between_phrases_and_nothing_is_unescaped():
    with translation.override("ja"):
        assert phrases("地域サッカークラブの試合レポート記事の執筆").count("<wbr>") >= 2
        assert "<b>" not in phrases("<b>とても長い見出しの言葉です</b>")
        assert phrases("仕事") == "仕事"
        assert phrases("仕事をたのむ人について") == "仕事を<wbr>たのむ人に<wbr>ついて"
        assert "4,000" in phrases("画像の縦と横は、4,000ピクセルまでです。")
    with translation.override("en"):
        assert phrases("Find a job in the town") == "Find a job in the town"


def test_no_text_of_ours_breaks_inside_a_word():
    reader = Dictionary(dict="core").tokenizer(mode=SplitMode.A)
    texts = {text for locale in ("ja", "ja_Simple") for word in catalogues.read(locale)
             for text in ([word.string] if isinstance(word.string, str) else word.string)}
    with translation.override("ja"):
        cut = [f"{text[:at]}|{text[at:]}" for text in texts
               for at in set(accumulate(map(len, unescape(phrases(text)).split("<wbr>"))))
               - set(accumulate(len(word.surface()) for word in reader.tokenize(text))) if text[at:at + 1] not in "（一"]

    assert not cut                      # the tokenizer takes （カタカナ） and A4一 for words: a break before them is good


def test_a_text_as_long_as_a_delivery_may_be_is_read_and_broken_whole():
    text = "街で記事を書く仕事をたのむ人に、" * 3_100
    assert ruby_text(text).count("<rt>しごと</rt>") == 3_100
    with translation.override("ja"):
        assert phrases(text).replace("<wbr>", "") == text
