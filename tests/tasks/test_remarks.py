"""Words beside an answer that nobody had to write, and texts that one person is asked for: neither sends an item to a person."""
import pytest

from machi.tasks.actions import finish_bundle, give_answer, put_together, take_bundle
from machi.tasks.forms import parse
from machi.tasks.models import Batch, Item
from machi.tasks.together import Said
from machi.tasks.together import put_together as put_answers_together
from tests.people import a_person
from tests.tasks.making import FEELING, a_batch, held_answers

pytestmark = pytest.mark.django_db
CELL, FELT = FEELING["parts"]
WHY = {"kind": "text", "name": "why", "label": "ひとこと", "most": 100, "is_required": False}
READ = {"kind": "transcription", "name": "read", "label": "書き起こし", "of": "photo"}
PHOTO = {"kind": "image", "name": "photo", "column": "文", "alternative_text": "写真"}


def a_form(*parts: dict) -> dict:
    return {"version": 1, "parts": list(parts)}


def answered(batch, name: str, **values: str) -> None:
    worker = a_person(name)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={f"a.{block}": [text] for block, text in values.items()}, seconds=5)
    finish_bundle(bundle=bundle, by=worker)


def outcomes() -> set[str]:
    return set(Item.objects.values_list("outcome", flat=True))


@pytest.mark.parametrize("remarks", [("", "", ""), ("早い", "", ""), ("早い", "おいしい", "とても静か")])
def test_a_remark_that_one_of_three_wrote_eats_no_answer_and_asks_no_person(remarks):
    batch = a_batch(form=a_form(CELL, FELT, WHY), rows=2, extra_percent=50)
    left = Batch.objects.get().extra_left
    for name, words in zip(("すずき", "たなか", "さとう"), remarks, strict=True):
        answered(batch, name, feeling="よい", why=words)
    put_together()

    assert outcomes() == {"agreed"} and Batch.objects.get().extra_left == left
    assert {item.result.get("why", "") in remarks for item in Item.objects.all()} == {True}
    assert ("why" in Item.objects.first().result) is any(remarks), "and what was remarked is kept"


def test_people_who_disagree_agree_no_more_for_a_remark():
    batch = a_batch(form=a_form(CELL, FELT, WHY), rows=2, answers_each=2, most_each=2, extra_percent=0)
    answered(batch, "すずき", feeling="よい", why="早い")
    answered(batch, "たなか", feeling="わるい", why="早い")
    put_together()

    assert outcomes() == {"person"}


def test_a_remark_alone_is_no_answer_where_something_else_was_asked():
    form = parse(a_form(CELL, FELT | {"is_required": False}, WHY))
    found = put_answers_together(form, [Said(1, worker, {"why": "早い"}) for worker in (1, 2, 3)])

    assert found.items[1].confidence == 0.0 and found.items[1].result == {"why": "早い"}


def test_where_nothing_but_a_remark_is_asked_it_is_the_answer():
    form = parse(a_form(CELL, WHY))
    found = put_answers_together(form, [Said(1, 1, {"why": "早い"}), Said(1, 2, {"why": "静か"}), Said(2, 1, {})])

    assert (found.items[1].confidence, found.items[2].confidence) == (1.0, 0.0)


@pytest.mark.parametrize("asked", [WHY | {"is_required": True}, WHY])
def test_the_text_of_the_one_who_was_asked_is_the_answer(asked):
    batch = a_batch(form=a_form(CELL, asked), rows=2, answers_each=1, most_each=1, extra_percent=0)
    answered(batch, "すずき", why="早い")
    put_together()

    assert outcomes() == {"agreed"} and Item.objects.first().result == {"why": "早い"}


def test_so_is_one_transcription_and_of_three_who_were_asked_one_is_not_enough():
    form, said = parse(a_form(PHOTO, READ)), [Said(1, 1, {"read": "三丁目の朝"})]

    assert put_answers_together(form, said, wanted=1).items[1].confidence == 1.0
    assert put_answers_together(form, said, wanted=3).items[1].confidence == 0.0
    assert put_answers_together(form, [*said, Said(1, 2, {"read": "五番街の夜"})], wanted=1).items[1].confidence < 0.5


def test_a_text_that_had_to_be_written_is_compared_as_before():
    form = parse(a_form(CELL, FELT, WHY | {"is_required": True}))
    texts = enumerate(("早い", "静か", "うまい"))
    found = put_answers_together(form, [Said(1, worker, {"feeling": "よい", "why": why}) for worker, why in texts])

    assert found.items[1].confidence < 0.8
