"""A client changes the form while people answer: answers that came by the old one are read by it, and none is lost or made up."""
import csv
import datetime
import io
import json

import pytest

from machi.shared import clock
from machi.tasks.actions import finish_bundle, give_answer, put_together, save_form, take_bundle
from machi.tasks.forms import parse
from machi.tasks.models import Item
from machi.tasks.together import Said
from machi.tasks.together import put_together as put_answers_together
from tests.people import a_person
from tests.tasks.making import FEELING, a_batch, held_answers
from tests.web.contracts.walking import signed_in, text_of

pytestmark = pytest.mark.django_db
CELL = {"kind": "cell", "name": "text", "column": "文"}


def a_form(*blocks: dict) -> dict:
    return {"version": 1, "parts": [CELL, *blocks]}


def a_choice(*options: str, **more) -> dict:
    return {"kind": "choice", "name": "feeling", "label": "気持ち", "options": list(options), **more}


def several(*options: str) -> dict:
    return {"kind": "several", "name": "about", "label": "何について", "options": list(options), "is_required": False}


STARS = {"kind": "scale", "name": "stars", "label": "星", "points": 5, "low": "わるい", "high": "よい"}


def answered(batch, posted: dict, *names: str) -> None:
    for name in names or ("すずき", "たなか", "さとう"):
        worker = a_person(name)
        bundle = take_bundle(batch=batch, by=worker, minutes=15)
        for answer in held_answers(bundle):
            give_answer(answer=answer, by=worker, posted=posted, seconds=5)
        finish_bundle(bundle=bundle, by=worker)


def changed(batch, form: dict) -> None:
    save_form(batch=batch, by=batch.by, said=form)


def a_changed_batch(before: dict, after: dict, posted: dict, **more):
    """Everybody has answered before the form changed; the clock comes by afterwards."""
    batch = a_batch(form=before, rows=2, extra_percent=0, **more)
    answered(batch, posted)
    changed(batch, after)
    assert put_together() == 1
    return batch


def outcomes() -> list[tuple]:
    return list(Item.objects.order_by("number").values_list("outcome", "result"))


def test_what_answers_say_to_no_block_of_the_new_form_agrees_on_nothing():
    a_changed_batch(FEELING, a_form(STARS), {"a.feeling": ["よい"]})

    assert outcomes() == [("person", {"feeling": "よい"})] * 2, "kept, and agreed on is nothing"
    assert not Item.objects.filter(confidence__gt=0).exists()


def test_one_more_is_asked_by_the_new_form_as_long_as_there_is_something_left(clock_at):
    batch = a_batch(form=FEELING, rows=2, extra_percent=100)
    answered(batch, {"a.feeling": ["よい"]})
    changed(batch, a_form(STARS))
    put_together()
    assert outcomes() == [("waiting", {"feeling": "よい"})] * 2

    answered(batch, {"a.stars": ["4"]}, "こばやし")
    clock_at(clock.now() + datetime.timedelta(minutes=3))
    put_together()

    assert outcomes() == [("agreed", {"feeling": "よい", "stars": 4})] * 2


def test_an_option_that_is_no_more_is_left_out_and_the_others_count():
    a_changed_batch(a_form(a_choice("よい", "わるい")), a_form(a_choice("よい", "よくない")), {"a.feeling": ["わるい"]})
    assert outcomes() == [("person", {})] * 2, "nobody was asked whether it is よくない"


def test_whoever_chose_what_is_still_there_is_counted():
    a_changed_batch(a_form(a_choice("よい", "わるい")), a_form(a_choice("よい", "よくない")), {"a.feeling": ["よい"]})
    assert outcomes() == [("agreed", {"feeling": "よい"})] * 2


def test_of_several_an_option_that_was_renamed_does_not_vanish_into_nothing():
    a_changed_batch(a_form(several("犬", "猫")), a_form(several("犬", "ねこ")), {"a.about": ["猫"]})
    assert [outcome for outcome, _result in outcomes()] == ["person"] * 2


def test_of_several_an_option_that_came_later_is_held_against_nobody():
    a_changed_batch(a_form(several("犬", "猫")), a_form(several("犬", "猫", "鳥")), {"a.about": ["犬", "猫"]})
    assert outcomes() == [("agreed", {"about": ["犬", "猫"]})] * 2


def test_an_option_that_came_later_is_asked_only_of_those_who_saw_it():
    """Three who never saw 鳥 do not say that there is none."""
    before, after = parse(a_form(several("犬", "猫"))), parse(a_form(several("犬", "猫", "鳥")))
    old = [Said(1, worker, {"about": ["犬"]}, 1) for worker in (1, 2, 3)]

    found = put_answers_together(after, [*old, Said(1, 4, {"about": ["犬", "鳥"]}, 2)], older={1: before})

    assert found.items[1].result == {"about": ["犬", "鳥"]}


def test_a_box_whose_label_is_called_otherwise_stops_no_batch():
    picture = {"kind": "image", "name": "photo", "column": "文", "alternative_text": "写真"}
    boxes = {"kind": "boxes", "name": "where", "label": "どこ", "of": "photo"}
    before = parse({"version": 1, "parts": [picture, boxes | {"labels": ["犬", "猫"]}]})
    after = parse({"version": 1, "parts": [picture, boxes | {"labels": ["犬", "ねこ"]}]})
    drawn = [{"label": label, "x": 10, "y": 10, "w": 20, "h": 20} for label in ("犬", "猫")]

    found = put_answers_together(after, [Said(1, worker, {"where": drawn}, 1) for worker in (1, 2, 3)], older={1: before})

    assert [box["label"] for box in found.items[1].result["where"]] == ["犬"] and found.items[1].confidence == 0.0


@pytest.mark.parametrize(("before", "after", "value"), [
    ({"kind": "ranking", "options": ["い", "ろ"]}, {"kind": "ranking", "options": ["い", "は"]}, ["ろ", "い"]),
    ({"kind": "scale", "points": 5, "low": "わ", "high": "よ"}, {"kind": "scale", "points": 3, "low": "わ", "high": "よ"}, 5),
    ({"kind": "scale", "points": 5, "low": "わ", "high": "よ"}, {"kind": "scale", "points": 5, "low": "よ", "high": "わ"}, 5),
    ({"kind": "number", "unit": "kg"}, {"kind": "number", "unit": "g"}, 3),
    ({"kind": "comparison", "first": "a", "second": "b"}, {"kind": "comparison", "first": "b", "second": "a"}, "first"),
    ({"kind": "choice", "options": ["い", "ろ"]}, {"kind": "text"}, "い")])
def test_answers_to_another_question_are_not_counted(before, after, value):
    was, now = (parse(a_form({"name": "q", "label": "問", **one})) for one in (before, after))

    found = put_answers_together(now, [Said(1, worker, {"q": value}, 1) for worker in (1, 2, 3)], older={1: was})

    assert found.items[1].result == {} and found.items[1].confidence == 0.0 and found.items[1].answers_count == 3


def test_by_which_form_an_answer_was_given_is_part_of_the_fingerprint():
    one, two = parse(a_form(several("犬"))), parse(a_form(several("犬", "猫")))
    by_old, by_new = (put_answers_together(two, [Said(1, 1, {"about": ["犬"]}, version)], older={1: one}).digest for version in (1, 2))

    assert by_old != by_new and by_new == put_answers_together(two, [Said(1, 1, {"about": ["犬"]}, 2)]).digest


def test_the_client_reads_what_was_paid_though_the_form_asks_it_no_more():
    batch = a_batch(form=a_form(a_choice("よい", "わるい")), rows=2, extra_percent=0)
    answered(batch, {"a.feeling": ["わるい"]})
    put_together()
    changed(batch, a_form(STARS))
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}"

    for page in ("results/", "results/1/", "judge/"):
        assert "わるい" in text_of(browser.get(f"{place}/{page}")), page
    for what in ("items", "answers"):
        heads, *rows = csv.reader(io.StringIO(_file(browser, place, what, "csv").decode("utf-8-sig")))
        assert {row[heads.index("気持ち")] for row in rows} == {"わるい"} and {row[heads.index("星")] for row in rows} == {""}
        line = json.loads(_file(browser, place, what, "jsonl").splitlines()[0])
        assert line["result" if what == "items" else "answer"] == {"気持ち": "わるい"}


def test_an_answer_is_read_with_the_words_it_was_given_with():
    batch = a_batch(form=a_form(a_choice("よい", "わるい")), rows=2, extra_percent=0)
    answered(batch, {"a.feeling": ["わるい"]})
    changed(batch, a_form(a_choice("よい", "わるい", label="店の印象"), STARS))
    put_together()

    page = text_of(signed_in(batch.by).get(f"/tasks/{batch.pk}/judge/"))

    assert "わるい" in page and "星" not in page, "nobody was asked for stars, so nobody differs in them"


def test_what_a_person_decides_takes_nothing_away_that_an_old_form_asked():
    batch = a_changed_batch(FEELING, a_form(STARS), {"a.feeling": ["よい"]})

    answer = signed_in(batch.by).post(f"/tasks/{batch.pk}/results/1/decide/", {"a.stars": ["2"]})

    assert answer.status_code == 302 and outcomes()[0] == ("decided", {"feeling": "よい", "stars": 2})


def _file(browser, place: str, what: str, kind: str) -> bytes:
    return b"".join(browser.get(f"{place}/results/file/", {"what": what, "as": kind}).streaming_content)
