"""What becomes of an item: agreed, one more, or a person; and the fingerprint of how it came to that."""
import pytest

from machi.tasks.quality.digest import digest
from machi.tasks.quality.next_step import Step, next_step

BATCH = {"threshold": 0.9, "wanted": 3, "most": 5, "budget_count": 10}


@pytest.mark.parametrize(("confidence", "answers", "more", "step"), [
    (0.99, 2, {}, Step.ASK),                                    # not yet asked as often as was said
    (0.95, 3, {}, Step.AGREED),
    (0.90, 3, {}, Step.AGREED),
    (0.89, 3, {}, Step.ASK),
    (0.89, 4, {}, Step.ASK),
    (0.89, 5, {}, Step.PERSON),                                 # most were asked
    (0.89, 9, {}, Step.PERSON),
    (0.89, 3, {"budget_count": 0}, Step.PERSON),                # nothing is left to pay for one more
    (0.99, 2, {"budget_count": 0}, Step.ASK),                   # what was promised from the start is asked all the same
    (0.95, 5, {"flags": 1}, Step.AGREED),
    (0.95, 1, {"flags": 2}, Step.PERSON),                       # two say that it is broken
    (0.95, 1, {"wanted": 1, "most": 1}, Step.AGREED),
    (0.99, 0, {"wanted": 0, "most": 1}, Step.ASK),              # nobody has said anything
])
def test_an_item_is_agreed_on_or_asked_again_or_seen_by_a_person(confidence, answers, more, step):
    assert next_step(confidence=confidence, answers_count=answers, **BATCH | more) is step


ROWS = [("photo 1", "worker 7", "cat"), ("photo 2", "worker 7", "犬"), ("photo 1", "worker 9", "cat")]
SAME = {"kind": "labels", "version": 1, "parameters": {"strength": 1.0}, "rows": ROWS, "golds": [("photo 3", "cat")]}


def test_the_same_answers_in_any_order_have_the_same_fingerprint():
    assert digest(**SAME | {"rows": ROWS[::-1]}) == digest(**SAME) and len(digest(**SAME)) == 64


@pytest.mark.parametrize("change", [
    {"kind": "texts"}, {"version": 2}, {"parameters": {"strength": 2.0}}, {"rows": ROWS[1:]}, {"rows": [*ROWS, ROWS[0]]}, {"golds": []},
    {"rows": [*ROWS, ("photo 3", "cat")], "golds": []}, {"rows": [("photo 1", "worker 7", "dog"), *ROWS[1:]]}])
def test_whatever_else_goes_in_has_another_fingerprint(change):
    assert digest(**SAME | change) != digest(**SAME)


def test_a_number_that_is_none_has_no_fingerprint():
    with pytest.raises(ValueError):
        digest(**SAME | {"parameters": {"threshold": float("nan")}})
