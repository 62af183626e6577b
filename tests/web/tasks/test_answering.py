"""Somebody opens a piece of small work: every form that the builder can build is drawn, and has a name for each of its fields."""
import re

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.tasks.forms import clean, parse, posted_of
from machi.tasks.forms.posted import ACT
from machi.web.frame.furigana import ruby_page
from machi.web.frame.media import Shown
from machi.web.pages.gallery.tasks import COLUMNS, ROW, example
from machi.web.pages.tasks.drawing import address, drawn
from tests.tasks.forms.given import COLUMNS as FILE
from tests.tasks.forms.given import forms, items
from tests.web.tasks.page import Read, faults, sent

CELLS = dict(zip(COLUMNS, ROW, strict=True))
IMAGE = {"kind": "image", "name": "p1", "column": "画像"}


def draw(form, cells, language: str = "ja", **more) -> str:
    with translation.override(language):
        return engines["jinja2"].env.from_string("{{ ui.answering_summary(form) }}{{ ui.answering(form) }}").render(
            form=drawn(form, cells, **more))


def one(part: dict, cells=None, *shown: dict, **more) -> str:
    form = parse({"parts": [*shown, part]}) if part["kind"] not in ("words", "cell", "image", "audio", "video", "link") else parse(
        {"parts": [part, {"kind": "text", "label": "問い"}]})
    return draw(form, cells or {}, **more)


@settings(max_examples=60, deadline=None)
@given(forms(), items(), st.sampled_from(["ja", "en", "ja-simple"]), st.data())
def test_every_form_that_can_be_built_is_drawn_and_each_field_has_a_name(form, cells, language, data):
    posted = data.draw(st.sampled_from([{}, {f"a.{block.name}": ["<b>x", "1"] for block in form.blocks}]))
    media = data.draw(st.sampled_from([{}, {column: Shown("/media/1/") for column in FILE}]))

    with translation.override(language):
        errors = clean(form, posted, cells).errors
    html = draw(form, cells, language, posted=posted, errors=errors, media=media)

    assert faults(html) == []
    assert all(f'href="#a-{name}"' in html and html.count(f'id="a-{name}"') == 1 for name in errors)
    if language != "en":
        assert faults(ruby_page(html)) == []


PATTERNED = {"": "<b>髙﨑</b>", "digits": "120", "phone": "03-1234-5678", "postal": "100-0001", "email": "aoi@example.jp",
             "address": "https://example.jp/", "katakana": "タナカ", "hiragana": "たなか", "latin": "abc"}


def an_answer(block):
    match block.kind:
        case "choice":
            return block.options[-1]
        case "several":
            return list(block.options[:max(block.fewest, 1)])
        case "text":
            return PATTERNED[block.pattern] if len(PATTERNED[block.pattern]) <= block.most else None
        case "number":
            return float(block.least or 0)
        case "scale":
            return block.points
        case "date":
            return "2026-06-01"
        case "ranking":
            return list(block.options[::-1])
        case "comparison":
            return "second"
        case "transcription":
            return "一行目\n\n</textarea><b>"
        case "boxes":
            return [{"label": block.labels[-1], "x": 1, "y": 2.5, "w": 30, "h": 40}]


@settings(max_examples=60, deadline=None)
@given(forms())
def test_what_was_answered_stands_there_again_and_is_sent_again(form):
    cells = dict.fromkeys(FILE, "x")
    values = {block.name: value for block in form.blocks if (value := an_answer(block)) is not None}
    values = clean(form, posted_of(form, values), cells).values
    assert set(values) == {block.name for block in form.blocks if an_answer(block) is not None}

    assert clean(form, sent(draw(form, cells, posted=posted_of(form, values))), cells).values == values


@pytest.mark.parametrize(("part", "names"), [
    ({"kind": "choice", "label": "気持ち", "options": ["よい", "わるい"]}, [("よい", ["気持ち 必須"]), ("わるい", ["気持ち 必須"])]),
    ({"kind": "several", "label": "物", "options": ["船", "港"], "is_required": False}, [
        ("船", ["物 書かなくてもよい"]), ("港", ["物 書かなくてもよい"])]),
    ({"kind": "choice", "label": "番号", "options": [str(n) for n in range(13)]}, [("番号 必須", [])]),
    ({"kind": "text", "label": "題"}, [("題 必須", [])]), ({"kind": "number", "label": "数", "unit": "円"}, [("数（円） 必須", [])]),
    ({"kind": "scale", "label": "度合い", "points": 3, "low": "弱い", "high": "強い"}, [
        ("1 弱い", ["度合い 必須"]), ("2", ["度合い 必須"]), ("3 強い", ["度合い 必須"])]),
    ({"kind": "date", "label": "日"}, [("日 必須", [])]), ({"kind": "file", "label": "絵"}, [("絵 必須", [])]),
    ({"kind": "ranking", "label": "順", "options": ["船", "港"]}, [
        ("船の順番", ["順 必須"]), ("上へ（船）", ["順 必須"]), ("下へ（船）", ["順 必須"]),
        ("港の順番", ["順 必須"]), ("上へ（港）", ["順 必須"]), ("下へ（港）", ["順 必須"])]),
    ({"kind": "comparison", "label": "どちら", "first": "訳A", "second": "訳B", "can_be_same": True}, [
        ("1つ目", ["どちら 必須"]), ("2つ目", ["どちら 必須"]), ("どちらも同じ", ["どちら 必須"])]),
    ({"kind": "transcription", "label": "文字", "of": "p1"}, [("文字 必須", [])]),
    ({"kind": "boxes", "label": "枠", "of": "p1", "labels": ["船", "港"], "most": 1}, [
        *((side, ["枠 必須", "枠1"]) for side in ("何の枠ですか", "左から", "上から", "幅", "高さ", "枠を消す（枠1）")),
        ("枠を足す（枠）", ["枠 必須"])])])
def test_each_block_is_called_by_its_words(part, names):
    html = one(part, {"画像": "1.jpg", "訳A": "あ", "訳B": "い"}, IMAGE)
    heard = [(re.sub(r"[：:](.*)", r"（\1）", field["label"]), field["groups"]) for field in Read(html).fields if field["name"]]
    assert heard == names


def test_a_day_that_is_none_stays_to_be_mended():
    block = {"kind": "date", "label": "日"}
    assert 'type="date"' in one(block, posted={"a.q1": ["2026-12-01"]}) and 'type="date"' in one(block)
    for typed in ("あした", "2026-02-30", "20261201"):
        html = one(block, posted={"a.q1": [typed]})
        assert f'type="text" id="a-q1" name="a.q1" aria-invalid="false" required="" value="{typed}"' in html


def test_text_from_a_file_is_text():
    html = one({"kind": "cell", "column": "文"}, {"文": "<script>alert(1)</script>{{ 7*7 }}=1+1"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}=1+1" in html and 'dir="auto"' in html


@pytest.mark.parametrize("cell", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example", "http://", "http://[", "ページ", ""])
def test_a_link_that_is_no_page_is_text(cell):
    html = one({"kind": "link", "column": "先", "label": "元のページ"}, {"先": cell})
    assert "<a " not in html and address("https://example.jp/x")[1] == "example.jp"


def test_a_picture_is_told_in_words_wherever_it_can_be():
    picture = {**IMAGE, "alternative": "説明", "alternative_text": "港の絵"}
    shown = one(picture, {"画像": "1.jpg", "説明": "船が2そう"}, media={"画像": Shown("/m/1/")})
    assert '<img class="item-image" src="/m/1/" alt="船が2そう"' in shown
    assert 'alt="港の絵"' in one(picture, {"画像": "1.jpg"}, media={"画像": Shown("/m/1/")})
    gone = one(picture, {"画像": "1.jpg", "説明": "船が2そう"})
    assert "<img" not in gone and "画像を見せることができません" in gone and "船が2そう" in gone
    long = one(picture, {"画像": "1.jpg", "説明": "船" * 300}, media={"画像": Shown("/m/1/")})
    assert 'alt="説明は、画像のそばにあります。"' in long and "船" * 300 in long
    assert 'alt="説明のない画像"' in one(IMAGE, {"画像": "1.jpg"}, media={"画像": Shown("/m/1/")})


def test_a_sound_has_its_words_beside_it():
    sound = {"kind": "audio", "column": "音", "transcript": "文字", "language": "en"}
    html = one(sound, {"音": "1.mp3", "文字": "Good morning"}, media={"音": Shown("/m/1/")})
    assert '<audio controls preload="none" src="/m/1/" aria-label="音声">' in html
    assert re.search(r'<summary>文字で読む</summary><div class="cell" dir="auto" lang="en"><p>Good morning</p>', html)


def test_what_an_item_does_not_have_is_not_asked():
    html = one({"kind": "boxes", "label": "枠", "of": "p1", "labels": ["船"]}, {"画像": ""}, IMAGE)
    assert "答えなくてよい問いです" in html and "<fieldset" not in html


def test_the_gallery_takes_answers_without_a_script(db, browser):
    """The whole form, by its fields alone: two presses of its buttons, one wrong answer, and then it is taken."""
    form = example()
    named = {block.label: f"a.{block.name}" for block in form.blocks}
    first = browser.get("/gallery/tasks/").content.decode()
    assert faults(re.search(r'<div class="answering.*?(?=<div class="row"><button class="btn solid")', first, re.S)[0]) == []

    ranking = next(name for label, name in named.items() if "順に" in label)
    moved = browser.post("/gallery/tasks/", {ACT: f"{ranking[2:]} up 1", named["題をつけるなら、何にしますか。"]: "海の朝"})
    assert moved.status_code == 200 and "いまの順番：" in moved.content.decode() and 'value="海の朝"' in moved.content.decode()

    typed = {named["この文の気持ちは、どれに近いですか。"]: "おだやか", named["題をつけるなら、何にしますか。"]: "海の朝",
             named["読みやすさ"]: "4", named["訳として、どちらが近いですか。"]: "first",
             f"{ranking}.option": ["港", "船", "朝", "風"], f"{ranking}.place": ["2", "1", "3", "3"]}
    wrong = browser.post("/gallery/tasks/", typed)
    assert wrong.status_code == 422 and "3番が2つあります" in wrong.content.decode() and 'value="海の朝"' in wrong.content.decode()
    right = browser.post("/gallery/tasks/", typed | {f"{ranking}.place": ["2", "1", "3", "4"]})
    assert right.status_code == 200 and "つの答えを受け取りました" in right.content.decode()
