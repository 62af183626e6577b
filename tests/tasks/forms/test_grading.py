"""How many people can do a piece of work: what is found in a form and in the file, and what mends it."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.tasks.forms import Level, grade, parse
from tests.tasks.forms.given import COLUMNS, forms

FILE = ("文", "画像", "説明", "音声")
ROWS = [("きょうは晴れ", "1.jpg", "港の船", "1.mp3"), ("雨", "2.jpg", "", "2.mp3"), ("雪", "", "", "3.mp3")]
CHOICE = {"kind": "choice", "label": "気持ち", "options": ["よい", "わるい"]}
IMAGE = {"kind": "image", "name": "p1", "column": "画像", "alternative": "説明"}


def graded(*parts, rows=ROWS[:1], minutes=None):
    return grade(parse({"parts": list(parts)}), FILE, rows, minutes)


def found(*parts, **more) -> list[tuple[Level, str]]:
    return [(finding.level, finding.said) for finding in graded(*parts, **more).findings]


def test_a_text_to_choose_about_is_open_to_everybody():
    fair = graded({"kind": "words", "text": "文を読んで選んでください。"}, {"kind": "cell", "column": "文"}, CHOICE, minutes=15)

    assert (fair.level, fair.findings, fair.needs, fair.is_text) == (Level.OPEN, (), frozenset(), True)


@pytest.mark.parametrize(("part", "level", "said"), [
    ({**IMAGE, "alternative": ""}, Level.SHUT, "画像の説明がありません"),
    ({**IMAGE, "alternative": "", "alternative_text": "港"}, Level.HARD, "同じ説明"),
    ({**IMAGE, "alternative": "画像"}, Level.SHUT, "ファイルの名前（1.jpg）"), ({**IMAGE, "label": "レシート"}, Level.HARD, "文字の画像"),
    ({"kind": "audio", "column": "音声"}, Level.SHUT, "音声の文字がありません"),
    ({"kind": "video", "column": "音声"}, Level.SHUT, "動画の文字がありません"),
    ({"kind": "link", "column": "文", "label": "元のページ"}, Level.HARD, "ほかのページ"),
    ({**CHOICE, "options": [f"{n}番" for n in range(13)]}, Level.HARD, "選択肢が13個"),
    ({**CHOICE, "kind": "ranking", "options": [f"{n}番" for n in range(8)]}, Level.HARD, "8個を順に"),
    ({**CHOICE, "options": ["赤", "緑"]}, Level.HARD, "色で見分ける"), ({**CHOICE, "hint": "赤い枠の中"}, Level.HARD, "色で見分ける"),
    ({**CHOICE, "label": "Is the red box full"}, Level.HARD, "色で見分ける"), ({**CHOICE, "hint": "あ" * 121}, Level.HARD, "長い文"),
    ({"kind": "comparison", "label": "どちら", "first": "文", "second": "画像", "shown_as": "image"}, Level.SHUT, "画像の説明がありません"),
    ({"kind": "cell", "column": "題"}, Level.SHUT, "列「題」が、ファイルにありません")])
def test_what_stops_somebody_or_makes_it_hard_is_told_with_what_mends_it(part, level, said):
    finding = next(one for one in graded(part, CHOICE).findings if said in one.said)

    assert finding.level is level and finding.mend.endswith("。") and "tasks." not in finding.mend and finding.part
    assert graded(part, CHOICE).level is level


@pytest.mark.parametrize("text", ["面白いですか", "告白の場面", "青森の天気", "赤ちゃんの服", "黒板に書く", "20歳以上ですか"])
def test_words_that_only_look_like_colours_are_none(text):
    assert found({**CHOICE, "label": text}) == []


def test_pictures_without_words_are_counted_in_the_file():
    assert found(IMAGE, CHOICE) == []
    (level, said), = found(IMAGE, CHOICE, rows=ROWS)
    assert level is Level.SHUT and said.endswith("（見本の2件のうち1件）")


def test_what_one_must_see_or_hear_is_named_and_does_not_count_as_text():
    written = graded({"kind": "audio", "name": "p2", "column": "音声"}, {"kind": "transcription", "label": "文字", "of": "p2"})
    drawn = graded(IMAGE, {"kind": "boxes", "label": "枠", "of": "p1", "labels": ["船"]}, CHOICE)

    assert written.needs == {"hearing"} and [one.said[:6] for one in written.findings] == ["聞いて書く仕"] and not written.is_text
    assert drawn.needs == {"seeing"} and drawn.level is Level.SHUT
    assert graded(IMAGE, {"kind": "boxes", "label": "枠", "of": "p1", "labels": ["船"], "is_required": False}, CHOICE).level is Level.OPEN


def test_boxes_and_nothing_else_leave_no_other_way():
    boxes = {"kind": "boxes", "label": "枠", "of": "p1", "labels": ["船"], "is_required": False}
    assert [said[:8] for _level, said in found(IMAGE, boxes)] == ["枠を描くことだけ"]


def test_the_time_is_measured_by_what_there_is_to_read():
    cell = {"kind": "cell", "column": "文"}

    assert found(cell, CHOICE, minutes=10) == [] and "9分" in found(cell, CHOICE, minutes=9)[0][1]
    long = graded(cell, CHOICE, rows=[("あ" * 10_000, "", "", "")], minutes=30)
    assert "30分" in long.findings[0].said and "105分以上" in long.findings[0].mend


@given(forms(), st.lists(st.tuples(*[st.text(max_size=5)] * len(COLUMNS)), max_size=3), st.integers(1, 60) | st.none())
def test_every_form_has_a_grade_and_each_finding_says_what_to_do(form, rows, minutes):
    graded = grade(form, COLUMNS, rows, minutes)

    assert all(one.said and one.mend and (not one.part or form.part(one.part)) for one in graded.findings)
    assert (graded.level is Level.OPEN) == (not graded.findings)
