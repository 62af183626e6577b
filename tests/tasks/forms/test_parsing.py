"""A client builds a form: what may stand in it, and the sentence beside each thing that may not."""
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.tasks.forms import Refused, parse
from machi.tasks.forms.parts import KINDS
from tests.tasks.forms.given import forms

CHOICE = {"kind": "choice", "label": "気持ち", "options": ["よい", "わるい"]}


def refusal(*parts, columns=None) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        parse({"version": 1, "parts": list(parts)}, columns)
    return refused.value.errors


@given(forms())
def test_a_form_is_written_down_and_read_back_the_same(form):
    paper = json.loads(json.dumps(form.on_paper()))

    assert parse(paper) == form and parse(paper).on_paper() == paper


def test_what_a_browser_sends_is_the_same_form_as_what_json_says():
    typed = parse({"parts": [{"kind": "several", "name": "q1", "label": " 気持ち\u202e ", "options": "よい\r\n わるい \n\n", "least": "１",
                              "is_required": "on"}, {"kind": "number", "name": "q2", "label": "数", "most": "1,200", "step": "０．５",
                                                     "is_required": ""}]})

    said = parse({"parts": [{"kind": "several", "label": "気持ち", "options": ["よい", "わるい"], "least": 1},
                            {"kind": "number", "label": "数", "most": 1200, "step": 0.5, "is_required": False}]})
    assert typed == said


def test_all_that_is_wrong_is_told_at_once_each_beside_its_place():
    errors = refusal({"kind": "scale", "label": "", "points": "たくさん", "low": "a"}, {"kind": "dance"}, 7, None,
                     {"kind": "text", "label": "x" * 201, "most": 20_000}, {"kind": "choice", "label": "a", "hnit": "b"},
                     {"kind": "boxes", "label": "枠", "of": "p9", "labels": ["犬"]})

    assert set(errors) == {"parts.0.label", "parts.0.points", "parts.0.high", "parts.1.kind", "parts.2.kind", "parts.3.kind",
                           "parts.4.label", "parts.4.most", "parts.5.hnit", "parts.5.options", "parts.6.of"}
    assert all("tasks." not in sentence and sentence.endswith(("。", "）", "）。")) for sentence in errors.values())


@pytest.mark.parametrize("said", [None, [], "x", 3, {}, {"parts": {}}, {"parts": "abc"}, {"parts": []}, {"version": 2, "parts": [CHOICE]},
                                  {"version": [], "parts": [CHOICE]}, {"parts": [{"kind": ["choice"]}]}, {"parts": [[]] * 500}])
def test_what_is_no_form_is_refused_in_a_sentence(said):
    with pytest.raises(Refused) as refused:
        parse(said)
    assert str(refused.value) and refused.value.errors


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4), max_leaves=10)
PARTS = st.fixed_dictionaries({"kind": st.sampled_from(sorted(KINDS))}, optional={
    name: JSON for kind in KINDS.values() for name in (*kind.settings(), "name")})


@given(st.lists(PARTS | JSON, max_size=6))
def test_nothing_that_json_can_hold_breaks_the_reading(parts):
    try:
        assert parse({"parts": parts}).blocks
    except Refused as refused:
        assert all(isinstance(sentence, str) and sentence for sentence in refused.errors.values())


@pytest.mark.parametrize(("part", "place"), [
    ({"kind": "words", "text": "x" * 5_001}, "text"), ({"kind": "cell", "column": ""}, "column"),
    ({"kind": "cell", "column": "文", "language": "tlh"}, "language"), ({"kind": "image"}, "column"),
    ({"kind": "image", "column": "a", "alternative_text": "x" * 301}, "alternative_text"), ({"kind": "link", "column": "a"}, "label"),
    ({**CHOICE, "options": ["よい"]}, "options"), ({**CHOICE, "options": ["よい", " よい "]}, "options"),
    ({**CHOICE, "options": [str(n) for n in range(61)]}, "options"), ({**CHOICE, "options": ["a", "x" * 201]}, "options"),
    ({**CHOICE, "options": ["a", ["b"]]}, "options"), ({**CHOICE, "is_required": "maybe"}, "is_required"),
    ({**CHOICE, "kind": "several", "least": 3}, "least"), ({**CHOICE, "kind": "several", "least": 2, "most": 1}, "most"),
    ({"kind": "text", "label": "a", "least": 5, "most": 4}, "most"), ({"kind": "text", "label": "a", "pattern": "(a+)+$"}, "pattern"),
    ({"kind": "text", "label": "a", "most": ""}, "most"), ({"kind": "number", "label": "a", "step": 0}, "step"),
    ({"kind": "number", "label": "a", "least": 2, "most": 1}, "most"), ({"kind": "number", "label": "a", "least": "1e999"}, "least"),
    ({"kind": "number", "label": "a", "least": True}, "least"),
    ({"kind": "scale", "label": "a", "low": "b", "high": "c", "points": 2}, "points"),
    ({"kind": "date", "label": "a", "earliest": "2026-02-30"}, "earliest"),
    ({"kind": "date", "label": "a", "earliest": "2026-12-02", "latest": "2026-12-01"}, "latest"),
    ({"kind": "ranking", "label": "a", "options": [str(n) for n in range(21)]}, "options"),
    ({"kind": "comparison", "label": "a", "first": "訳", "second": "訳"}, "second"),
    ({"kind": "transcription", "label": "a", "of": "q1"}, "of"), ({"kind": "boxes", "label": "a", "of": "", "labels": ["犬"]}, "of"),
    ({"kind": "boxes", "label": "a", "of": "p1", "labels": [], "most": 31}, "most"),
    ({"kind": "file", "label": "a", "kinds": ["exe"]}, "kinds"), ({"kind": "file", "label": "a", "most_mb": 21}, "most_mb"),
    ({**CHOICE, "name": "Q 1"}, "name")])
def test_a_setting_that_cannot_be_is_told_beside_it(part, place):
    assert f"parts.0.{place}" in refusal(part, CHOICE)


def test_a_picture_to_draw_on_must_be_a_picture_of_this_form():
    sound = {"kind": "audio", "name": "p1", "column": "音"}

    assert "parts.1.of" in refusal(sound, {"kind": "boxes", "label": "枠", "of": "p1", "labels": ["犬"]})
    assert parse({"parts": [sound, {"kind": "transcription", "label": "文字", "of": "p1"}]})


def test_what_is_wrong_with_a_picture_is_not_told_again_beside_its_boxes():
    picture = {"kind": "image", "name": "p1", "column": ""}

    assert set(refusal(picture, {"kind": "boxes", "label": "枠", "of": "p1", "labels": ["犬"]})) == {"parts.0.column"}


def test_columns_are_those_of_the_file():
    assert set(refusal({"kind": "cell", "column": "文"}, CHOICE, columns=("題",))) == {"parts.0.column"}
    assert parse({"parts": [{"kind": "cell", "column": "題"}, CHOICE]}, ("題",)).columns == ("題",)


def test_names_stay_and_new_parts_get_free_ones():
    form = parse({"parts": [CHOICE, {**CHOICE, "name": "q1"}, {"kind": "words", "text": "a"}, CHOICE]})

    assert [part.name for part in form.parts] == ["q2", "q1", "p1", "q3"]
    assert "parts.1.name" in refusal({**CHOICE, "name": "q1"}, {**CHOICE, "name": "q1"})


def test_a_form_has_at_most_twenty_blocks_and_asks_something():
    assert len(parse({"parts": [CHOICE] * 20}).blocks) == 20
    assert refusal(*[CHOICE] * 21).keys() == {"parts"} and refusal({"kind": "words", "text": "a"}).keys() == {"parts"}
    assert refusal(*[{"kind": "words", "text": "a"}] * 21, CHOICE).keys() == {"parts"}
