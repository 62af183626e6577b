"""What a client wrote as right is read as an answer is: another way to write a number makes nobody wrong, and what no one can answer is
said before anybody is asked.
"""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.shared.errors import DomainError
from machi.tasks import forms
from machi.tasks.actions import finish_bundle, give_answer, publish_batch, save_form, take_bundle
from machi.tasks.forms import parse
from machi.tasks.models import Answer, Item
from machi.tasks.queries import unpublishable
from machi.tasks.together import Said, is_right
from machi.tasks.together import put_together as put_answers_together
from tests.people import a_person
from tests.tasks.making import FEELING, a_batch, a_draft, held_answers, price_of
from tests.web.contracts.walking import said, signed_in, text_of

pytestmark = pytest.mark.django_db
CELL = {"kind": "cell", "name": "text", "column": "文"}
PETS = {"kind": "several", "options": ["犬", "猫", "魚, 貝"], "is_required": False}
SIDES = {"kind": "comparison", "first": "左", "second": "右", "can_be_same": True}
NUMBER, DAY = {"kind": "number", "unit": "円"}, {"kind": "date"}
CHOICE = {"kind": "choice", "options": ["よい", "OK です"]}


def a_form(block: dict):
    return parse({"version": 1, "parts": [CELL, {"name": "q", "label": "問", **block}]})


@pytest.mark.parametrize(("block", "truth", "value"), [
    (NUMBER, "1,200", 1200), (NUMBER, "１２００円", 1200), (NUMBER, "1200.0", 1200), (NUMBER, "2.50", 2.5),
    (DAY, "2026/12/1", "2026-12-01"), (DAY, "2026年12月1日", "2026-12-01"),
    (PETS, "犬、猫", ["犬", "猫"]), (PETS, "猫, 犬", ["犬", "猫"]), (PETS, "猫|犬", ["犬", "猫"]), (PETS, "犬; 猫", ["犬", "猫"]),
    (PETS, "魚, 貝", ["魚, 貝"]), (PETS, "犬；魚, 貝", ["犬", "魚, 貝"]), (PETS, "犬", ["犬"]),
    (CHOICE, " よい ", "よい"), (CHOICE, "ＯＫ　です", "OK です"),
    ({"kind": "scale", "points": 5, "low": "わ", "high": "よ"}, "４", 4),
    ({"kind": "ranking", "options": ["い", "ろ", "は"]}, "ろ＞い＞は", ["ろ", "い", "は"]),
    (SIDES, "右", "second"), (SIDES, "first", "first"), (SIDES, "same", "same"),
    (SIDES, "どちらも同じ", "same"), (SIDES, "Both are the same", "same"), (SIDES, "2つとも同じ", "same"),
    ({"kind": "text", "pattern": "postal"}, "〒１００－０００１", "100-0001"), ({"kind": "text"}, "三丁目、朝。", "三丁目 朝")])
def test_whoever_is_right_is_right_however_the_client_wrote_it(block, truth, value):
    assert is_right(a_form(block), {"q": value}, truth) is True


@pytest.mark.parametrize(("block", "truth", "value"), [
    (NUMBER, "1,200", 12), (DAY, "2026/12/1", "2026-01-12"), (PETS, "犬、猫", ["犬"]), (PETS, "犬", []), (CHOICE, "よい", "OK です"),
    (SIDES, "右", "first"), (NUMBER, "3", None), ({"kind": "text"}, "朝", None)])
def test_whoever_is_wrong_is_still_wrong(block, truth, value):
    assert is_right(a_form(block | {"is_required": False}), {} if value is None else {"q": value}, truth) is False


@pytest.mark.parametrize(("block", "truth"), [
    (CHOICE, "よし"), (PETS, "犬、ねこ"), (NUMBER, "たくさん"), (NUMBER | {"most": 10}, "11"), (DAY, "2026/13/1"), (SIDES, "まんなか"),
    ({"kind": "scale", "points": 5, "low": "わ", "high": "よ"}, "6"), ({"kind": "ranking", "options": ["い", "ろ"]}, "い")])
def test_of_a_truth_that_nobody_can_answer_with_nobody_is_wrong_and_nothing_is_learnt(block, truth):
    form = a_form(block)
    assert is_right(form, {"q": form.blocks[0].options[0] if block is CHOICE else 1}, truth) is None


def test_a_gold_teaches_whoever_wrote_it_otherwise_the_same():
    form = a_form(SIDES)
    answers = [Said(item, worker, {"q": "second" if worker == 1 else "first"}) for item in range(1, 12) for worker in (1, 2, 3)]

    taught = put_answers_together(form, answers, {item: "右" for item in range(1, 11)})
    untaught = put_answers_together(form, answers, {item: "まんなか" for item in range(1, 11)})

    assert (taught.items[11].result, untaught.items[11].result) == ({"q": "second"}, {"q": "first"})


def test_a_worker_who_wrote_1200_is_right_where_the_client_wrote_1_200_with_a_comma():
    data = "番号,文,答え,わけ\n1,一,,\n2,二,,\ng1,三,\"1,200\",わけ\n".encode()
    form = {"version": 1, "parts": [CELL, {"kind": "number", "name": "n", "label": "いくら"}]}
    batch, worker = a_batch(data=data, form=form, gold_percent=30), a_person("すずき")
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={"a.n": ["1200"]}, seconds=5)
    finish_bundle(bundle=bundle, by=worker)

    assert list(Answer.objects.filter(item__truth__isnull=False).values_list("is_right", flat=True)) == [True]


def a_misspelt_draft(count: int):
    rows = [f"g{number},とてもよい日{number},よし,わけ" for number in range(1, count + 1)]
    return a_draft(data="\n".join(["番号,文,答え,わけ", "1,きょう,,", "2,きのう,,", *rows, "gg,よい日,よい,わけ"]).encode())


def test_golds_that_nobody_can_answer_are_named_by_their_numbers_before_anything_is_paid():
    draft = a_misspelt_draft(2)
    words = said("tasks.batch.missing.truths", rows="3 / 4")

    assert [(one.step, one.words) for one in unpublishable(draft) if one.step == "items"] == [("items", words)]
    browser = signed_in(draft.by)
    for step in ("items", "pay"):
        assert words in text_of(browser.get(f"/tasks/{draft.pk}/{step}/")), step
    with pytest.raises(DomainError):
        publish_batch(batch=draft, by=draft.by, amount=price_of(draft))

    parts = [CELL, FEELING["parts"][1] | {"options": ["よい", "よし"]}]
    save_form(batch=draft, by=draft.by, said={"version": 1, "parts": parts})
    assert words not in text_of(browser.get(f"/tasks/{draft.pk}/items/")), "the form was mended"


def test_of_many_the_first_five_are_named_and_how_many_more_and_each_text_is_read_once(monkeypatch):
    draft = a_misspelt_draft(1_200)
    read, truth_in = [], forms.truth_in
    monkeypatch.setattr(forms, "truth_in", lambda block, text: read.append(text) or truth_in(block, text))

    with CaptureQueriesContext(connection) as asked:
        words = [one.words for one in unpublishable(draft) if one.step == "items"]

    assert words == [said("tasks.batch.missing.truths.more", rows="3 / 4 / 5 / 6 / 7", n="1,195")]
    assert sorted(read) == ["よい", "よし"] and len(asked) < 20


def test_golds_that_fit_and_a_batch_without_any_are_not_spoken_of():
    for draft in (a_draft(golds=3), a_draft()):
        assert not [one for one in unpublishable(draft) if one.step == "items"]
    assert Item.objects.filter(truth__isnull=False).count() == 3
