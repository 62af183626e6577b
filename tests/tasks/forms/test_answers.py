"""Somebody answers an item: what each block takes, and the sentence beside what it does not."""
import json
import subprocess
import sys

import pytest
from django.conf import settings as town
from hypothesis import given, settings
from hypothesis import strategies as st

from machi.tasks.forms import Sent, acted, clean, counted, kept, pair_of, parse, plain_of, posted_of, unit
from machi.tasks.forms.posted import ACT
from machi.tasks.quality import boxes, choices, labels, pairs, rankings, scales, transcripts
from tests.tasks.forms.given import forms, items

CELLS = {"画像": "https://example.jp/1.jpg", "訳A": "こんにちは", "訳B": "やあ"}
IMAGE = {"kind": "image", "name": "p1", "column": "画像"}


def a_block(kind: str, **settings):
    return parse({"parts": [IMAGE, {"kind": kind, "name": "q", "label": "問い", **settings}]})


def answer(form, *texts: str, cells=CELLS, **more: list[str]):
    """The answer, or the sentence."""
    posted = {"a.q": list(texts)} | {f"a.q.{of}": found for of, found in more.items()}
    answered = clean(form, posted, cells)
    assert answered.values.keys() | answered.errors.keys() <= {"q"} and not answered.values.keys() & answered.errors.keys()
    return answered.errors.get("q") or answered.values.get("q")


OPTIONS, TWO = {"options": ["よい", "ふつう", "わるい"]}, {"first": "訳A", "second": "訳B"}
BOX = dict(label=["犬"], x=["10"], y=["20"], w=["30"], h=["40"])


@pytest.mark.parametrize(("form", "typed", "value"), [
    (a_block("choice", **OPTIONS), ["ふつう"], "ふつう"),
    (a_block("several", **OPTIONS), ["わるい", "よい", "わるい"], ["よい", "わるい"]),
    (a_block("several", **OPTIONS, is_required=False), [], []),
    (a_block("text", most=100), ["  髙﨑\u202e  さん "], "髙﨑 さん"), (a_block("text"), ["一行\r\n二行"], "一行\n二行"),
    (a_block("text", pattern="postal"), ["〒１００ー０００１"], "100-0001"), (a_block("text", pattern="katakana"), ["ﾀﾅｶ"], "タナカ"),
    (a_block("text", pattern="digits"), ["１２"], "12"), (a_block("text", pattern="phone"), ["03−1234−5678"], "03-1234-5678"),
    (a_block("number", unit="円"), ["１,２００円"], 1200), (a_block("number", step=0.1), ["0.3"], 0.3),
    (a_block("number"), ["−2.50"], -2.5), (a_block("number", least=1, step=2), ["7"], 7), (a_block("scale", low="a", high="b"), ["5"], 5),
    (a_block("date"), ["2026年12月1日"], "2026-12-01"), (a_block("comparison", **TWO), ["second"], "second"),
    (a_block("comparison", **TWO, can_be_same=True), ["same"], "same"),
    (a_block("transcription", of="p1"), [" 看板の\n文字 "], "看板の\n文字")])
def test_an_answer_is_taken_as_people_write_it(form, typed, value):
    assert answer(form, *typed) == value
    json.dumps(value, allow_nan=False)


@pytest.mark.parametrize(("form", "typed", "sentence"), [
    (a_block("choice", **OPTIONS), [], "選んで"), (a_block("choice", **OPTIONS), ["とてもよい"], "ここにない"),
    (a_block("several", **OPTIONS), [], "選んで"), (a_block("several", **OPTIONS, least=2), ["よい"], "2個以上選んでください（いま1個）"),
    (a_block("several", **OPTIONS, most=1), ["よい", "わるい"], "1個まで"), (a_block("several", **OPTIONS), ["よい", "x"], "ここにない"),
    (a_block("text"), [" \u200e "], "入れて"), (a_block("text", least=5), ["短い"], "5文字以上で書いてください（いま2文字）"),
    (a_block("text", most=3), ["長い言葉"], "3文字まで"), (a_block("text", pattern="email"), ["aoi@"], "aoi@example.jp"),
    (a_block("text", pattern="address"), ["javascript:alert(1)"], "https://"), (a_block("text", pattern="hiragana"), ["漢字"], "ひらがな"),
    (a_block("text", pattern="latin"), ["日本"], "英数字"), (a_block("number"), ["たくさん"], "数字"), (a_block("number"), ["NaN"], "数字"),
    (a_block("number"), ["1e5"], "数字"), (a_block("number"), ["9" * 400], "数字"),
    (a_block("number", least=0, most=9), ["10"], "0から9まで"),
    (a_block("number", least=0), ["-1"], "0から"), (a_block("number", least=1, step=2), ["4"], "2ずつ"),
    (a_block("scale", low="a", high="b"), ["6"], "ここにない"), (a_block("scale", low="a", high="b"), [], "選んで"),
    (a_block("date"), ["2026-02-30"], "日付"), (a_block("date", latest="2026-01-01"), ["2026-01-02"], "1月1日（木）まで"),
    (a_block("comparison", **TWO), ["same"], "ここにない"), (a_block("comparison", **TWO), [], "選んで"),
    (a_block("transcription", of="p1", most=5), ["六文字の言葉"], "5文字まで")])
def test_what_is_no_answer_is_told_beside_the_block(form, typed, sentence):
    assert sentence in answer(form, *typed)


def test_nothing_is_missing_where_nothing_is_required():
    for kind in ("choice", "text", "number", "date", "ranking", "comparison", "transcription", "scale", "file"):
        more = {"choice": OPTIONS, "ranking": OPTIONS, "comparison": {"first": "訳A", "second": "訳B"}, "transcription": {"of": "p1"},
                "scale": {"low": "a", "high": "b"}}.get(kind, {})
        assert answer(a_block(kind, is_required=False, **more)) is None


def test_an_order_has_each_place_once():
    form = a_block("ranking", **OPTIONS)
    option = ["よい", "ふつう", "わるい"]

    assert answer(form, option=option, place=["2", "3", "1"]) == ["わるい", "よい", "ふつう"]
    assert answer(form, option=option[::-1], place=["2", "3", "1"]) == ["よい", "わるい", "ふつう"]
    assert "1番が2つ" in answer(form, option=option, place=["1", "3", "1"])
    assert "「わるい」" in answer(form, option=option, place=["1", "2", ""])
    assert "「わるい」" in answer(form, option=option, place=["1", "2"])
    assert "「よい」" in answer(form, option=option, place=["x", "2", "3"])
    assert "選んで" in answer(form, option=option, place=["", "", ""])


def test_boxes_lie_in_the_picture():
    form = a_block("boxes", of="p1", labels=["犬", "猫"], most=2)

    assert answer(form, **BOX) == [{"label": "犬", "x": 10, "y": 20, "w": 30, "h": 40}]
    assert answer(form, **BOX | dict(x=["１０．５"], w=["89.5"])) == [{"label": "犬", "x": 10.5, "y": 20, "w": 89.5, "h": 40}]
    for wrong, sentence in ((dict(x=["71"]), "枠1が、画像の外"), (dict(h=["0"]), "小さすぎ"), (dict(y=["-1"]), "枠1が"),
                            (dict(w=[""]), "枠1の位置"), (dict(x=["左"]), "0から100"), (dict(label=["馬"]), "枠1が何か"),
                            (dict(label=[""]), "枠1が何か")):
        assert sentence in answer(form, **BOX | wrong)
    assert "2個まで" in answer(form, **{side: texts * 3 for side, texts in BOX.items()})
    assert "1個以上" in answer(form) and answer(a_block("boxes", of="p1", labels=["犬"], is_required=False)) == []


def test_lines_without_numbers_are_no_boxes_and_one_label_needs_no_choosing():
    form = a_block("boxes", of="p1", labels=["犬"])
    assert answer(form, label=["", "犬", ""], x=["1", "", ""], y=["1", "", ""], w=["5", "", ""], h=["5", "", ""]) == [
        {"label": "犬", "x": 1, "y": 1, "w": 5, "h": 5}]


def test_a_file_is_judged_by_what_it_is():
    form = a_block("file", kinds=["picture"], most_mb=1)
    sent = Sent("絵.png", "png", 1_000_000, "file-7")

    assert clean(form, {}, CELLS, {"q": sent}).values == {"q": {"key": "file-7", "name": "絵.png", "kind": "png", "size": 1_000_000}}
    assert "種類" in clean(form, {}, CELLS, {"q": sent._replace(kind=None)}).errors["q"]
    assert "1MBまで" in clean(form, {}, CELLS, {"q": sent._replace(size=1_000_001)}).errors["q"]
    assert clean(form, {"a.q": ["x"], "a.q.key": ["file-1"]}, CELLS).errors.keys() == {"q"}       # a page cannot name somebody's file


def test_what_an_item_does_not_have_is_not_asked():
    for form in (a_block("boxes", of="p1", labels=["犬"]), a_block("transcription", of="p1"), a_block("comparison", **TWO)):
        assert clean(form, {}, {"画像": " ", "訳A": "あ", "訳B": ""}).errors == {}
        assert clean(form, {}, CELLS).errors.keys() == {"q"}


POSTED = st.lists(st.text(max_size=12) | st.sampled_from(
    ["1", "2", "first", "よい", "99999999999999999999", "0.1", "2026-01-01"]), max_size=5)


@given(forms(), items(), st.data())
def test_nothing_that_is_posted_breaks_a_form(form, cells, data):
    names = [f"a.{block.name}{of}" for block in form.blocks for of in ("", ".x", ".y", ".w", ".h", ".label", ".option", ".place")]
    posted = data.draw(st.dictionaries(st.sampled_from([*names, ACT, "a.zz"]), POSTED))

    answered = clean(form, posted, cells)

    assert set(answered.values).isdisjoint(answered.errors)
    assert {block.name for block in form.blocks if block.is_required} >= set(answered.errors) - {b.name for b in form.blocks if posted}
    json.dumps(answered.values, allow_nan=False)
    half = kept(form, posted)
    assert set(half) <= set(names) and clean(form, half, cells).values == answered.values
    again = clean(form, posted_of(form, answered.values), cells)
    assert {name: again.values.get(name) for name in answered.values} == answered.values
    assert all(isinstance(plain_of(value, form.part(name)), str) for name, value in answered.values.items())


def test_a_button_adds_and_removes_a_box_and_loses_nothing():
    form = a_block("boxes", of="p1", labels=["犬", "猫"], most=2)
    posted = {f"a.q.{side}": texts for side, texts in BOX.items()} | {"a.other": ["x"]}

    more = acted(form, posted | {ACT: ["q more 0"]})
    assert [box["label"] for box in clean(form, more | {"a.q.label": ["犬", "猫"]}, CELLS).values["q"]] == ["犬", "猫"]
    assert acted(form, more | {ACT: ["q more 0"]})["a.q.x"] == ["10", "25"]                       # there are two, and no more
    assert acted(form, more | {ACT: ["q less 0"]})["a.q.x"] == ["25"] and acted(form, more | {ACT: ["q less 9"]})["a.q.x"] == ["10", "25"]


def test_a_button_moves_a_place_up_and_down():
    form = a_block("ranking", **OPTIONS)

    first = acted(form, {ACT: ["q up 2"]})
    assert clean(form, first, CELLS).values["q"] == ["よい", "わるい", "ふつう"]
    second = acted(form, first | {ACT: ["q up 2"]})
    assert clean(form, second, CELLS).values["q"] == ["わるい", "よい", "ふつう"]
    assert clean(form, acted(form, second | {ACT: ["q up 2"]}), CELLS).values["q"] == ["わるい", "よい", "ふつう"]
    assert clean(form, acted(form, second | {ACT: ["q down 0"]}), CELLS).values["q"] == ["わるい", "ふつう", "よい"]


@pytest.mark.parametrize("press", ["", "q", "q up", "q up x", "q up -1", "q up 999", "zz up 1", "p1 up 1", "q up 1 2", "q ２ ²"])
def test_a_button_that_is_none_does_nothing(press):
    form = a_block("choice", **OPTIONS)
    assert acted(form, {ACT: [press]}) is None and acted(form, {}) is None


def test_each_block_has_the_craft_that_puts_its_answers_together():
    """Three people answer each block alike; the craft that it names takes the answers in the shape that it is given."""
    made = {"labels": labels.aggregate, "scales": scales.aggregate, "rankings": rankings.aggregate, "transcripts": transcripts.aggregate,
            "boxes": boxes.aggregate}
    for form, value, found in (
            (a_block("choice", **OPTIONS), "よい", "label"), (a_block("comparison", **TWO), "first", "label"),
            (a_block("text"), "晴れ", "text"), (a_block("transcription", of="p1"), "晴れ", "text"), (a_block("number"), 2.5, "value"),
            (a_block("scale", low="a", high="b"), 4, "value"), (a_block("date"), "2026-12-01", "value"),
            (a_block("ranking", **OPTIONS), ["わるい", "よい", "ふつう"], "order")):
        block = form.part("q")
        counts = counted(block, value)
        read = made[unit(block).value]([(1, worker, counts) for worker in range(3)])
        assert getattr((read if isinstance(read, dict) else read.items)[1], found) == counts
    several = a_block("several", **OPTIONS).part("q")
    read = choices.aggregate([(1, worker, counted(several, ["よい"])) for worker in range(3)], several.options)
    assert unit(several).value == "choices" and read.items[1].options == ("よい",)
    drawn = a_block("boxes", of="p1", labels=["犬", "猫"]).part("q")
    value = [{"label": "犬", "x": 10, "y": 20, "w": 30, "h": 40}]
    read = boxes.aggregate([((1, label), worker, found) for worker in range(3) for label, found in counted(drawn, value).items()])
    assert read[1, "犬"].groups[0].box == (10, 20, 40, 60) and read[1, "猫"].groups == () and unit(drawn).value == "boxes"
    assert unit(a_block("file").part("q")).value == ""


def test_comparisons_of_a_whole_batch_make_one_scale():
    block = a_block("comparison", **TWO).part("q")

    said = [pair_of(block, value, CELLS) for value in ("first", "first", "second", "same")]
    assert said == [("こんにちは", "やあ"), ("こんにちは", "やあ"), ("やあ", "こんにちは"), None]
    assert list(pairs.aggregate([(1, *pair) for pair in said if pair])) == ["こんにちは", "やあ"]


def test_an_answer_as_a_cell_of_a_table():
    compared = a_block("comparison", **TWO).part("q")
    for value, said in (("=1+1", "=1+1"), (3, "3"), (2.0, "2"), (1e-06, "0.000001"), (["犬", "猫"], "犬; 猫"), ([], ""),
                        (None, ""), ([{"label": "犬", "x": 10, "y": 2.5, "w": 3, "h": 4}], "犬 10 2.5 3 4"),
                        ({"key": "7", "name": "絵.png"}, "絵.png")):
        assert plain_of(value) == said
    assert (plain_of("second", compared), plain_of("same", compared)) == ("訳B", "same")


def test_no_page_with_a_form_loads_a_library_of_numbers():
    asked = "import sys, machi.tasks.forms; print({'numpy', 'scipy', 'rapidfuzz'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=town.BASE)
    assert found.stdout.strip() == "set()"


@settings(max_examples=30)
@given(forms())
def test_a_half_answer_is_bounded(form):
    posted = {f"a.{block.name}": ["x" * 50_000] * 500 for block in form.blocks}
    assert all(len(texts) <= 60 and max(map(len, texts)) <= 10_000 for texts in kept(form, posted).values())
