"""Boxes, numbers, several choices, orders and comparisons: of each what all together say."""
import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from machi.tasks.quality import boxes, choices, pairs, rankings, scales
from machi.tasks.quality.box import Box
from machi.tasks.quality.boxes import overlap
from tests.tasks.quality.crowds import crowd

SIDES = some.tuples(some.integers(0, 20), some.integers(0, 20), some.integers(1, 20), some.integers(1, 20)).map(
    lambda at: Box(at[0], at[1], at[0] + at[2], at[1] + at[3]))


# ---- boxes ----------------------------------------------------------------------------------------------------------

def test_overlap_is_what_both_cover_of_what_they_cover_together():
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert overlap(Box(0, 0, 10, 10), Box(10, 0, 20, 10)) == 0 and overlap(Box(1, 1, 2, 2), Box(1, 1, 2, 2)) == 1


def test_boxes_around_the_same_thing_become_one_and_a_slip_moves_nothing():
    said = boxes.aggregate([("photo", "aoki", [Box(10, 10, 50, 50), Box(100, 100, 140, 140)]), ("photo", "baba", [Box(11, 9, 51, 50)]),
                            ("photo", "chiba", [Box(10, 10, 50, 68), Box(102, 100, 141, 140)]), ("empty", "aoki", [])])

    assert [group.box for group in said["photo"].groups] == [Box(10, 10, 50, 50), Box(100, 100, 140, 140)]
    assert [group.support for group in said["photo"].groups] == [1, pytest.approx(2 / 3)]
    assert said["empty"].groups == () and said["empty"].agreement == 1


def test_what_only_one_of_three_saw_is_doubtful():
    said = boxes.aggregate([("photo", worker, [Box(0, 0, 9, 9)] if worker == "aoki" else []) for worker in ("aoki", "baba", "chiba")])

    assert said["photo"].groups == () and len(said["photo"].doubtful) == 1 and said["photo"].agreement == pytest.approx(1 / 3)


@given(some.lists(some.tuples(some.integers(0, 2), some.integers(0, 3), some.lists(SIDES, max_size=4)), max_size=8,
                  unique_by=lambda row: row[:2]), some.randoms(use_true_random=False))
@settings(max_examples=60)
def test_boxes_in_any_order_say_the_same_and_nobody_is_twice_in_a_group(rows, chance):
    mixed = [(item, worker, chance.sample(drawn, len(drawn))) for item, worker, drawn in rows]
    chance.shuffle(mixed)
    said = boxes.aggregate(rows)

    assert boxes.aggregate(mixed) == said
    for item, one in said.items():
        every = one.groups + one.doubtful
        assert all(len(set(group.workers)) == len(group.workers) for group in every) and 0 <= one.agreement <= 1
        assert sum(len(group.workers) for group in every) == sum(len(drawn) for name, _worker, drawn in rows if name == item)


# ---- numbers --------------------------------------------------------------------------------------------------------

def test_a_slip_of_a_finger_moves_no_median():
    said = scales.aggregate([("price", "aoki", 19.9), ("price", "baba", 1990), ("price", "chiba", 20), ("alone", "aoki", 3)])

    assert (said["price"].value, said["alone"].value, said["alone"].spread) == (20, 3, 0)
    assert said["price"].spread == pytest.approx(1.4826 * 0.1)


def test_the_weight_of_who_is_usually_right_counts():
    rows = [("age", "aoki", 30), ("age", "baba", 40), ("age", "chiba", 50)]

    assert scales.aggregate(rows, {"chiba": 3.0})["age"].value == 50 and scales.aggregate(rows)["age"].value == 40


@given(some.lists(some.tuples(some.integers(0, 2), some.integers(0, 5), some.integers(-9, 9)), min_size=1, max_size=20))
def test_a_median_is_always_something_that_somebody_said(rows):
    said = scales.aggregate(rows)

    assert said == scales.aggregate(rows[::-1])
    assert all(middle.value in [value for name, _worker, value in rows if name == item] for item, middle in said.items())


# ---- several choices ------------------------------------------------------------------------------------------------

def test_each_option_is_a_question_of_its_own():
    said = choices.aggregate([(item, worker, ["egg", "milk"] if item % 2 else ["milk"]) for item in range(10) for worker in range(4)]
                             + [(77, 0, ["egg"]), (77, 1, ["egg"]), (77, 2, ["egg", "soy"]), (77, 3, ["egg"])], ["egg", "milk", "soy"])

    assert said.items[1].options == ("egg", "milk") and said.items[2].options == ("milk",) and said.items[77].options == ("egg",)
    assert said.items[77].doubtful == "soy" and said.items[77].confidence < said.items[1].confidence


def test_golds_of_several_choices_are_kept_and_nothing_may_be_right():
    said = choices.aggregate([("dish", "aoki", ["egg"]), ("dish", "baba", []), ("other", "aoki", [])], ["egg", "milk"], {"dish": []})

    assert said.items["dish"].options == () and said.items["dish"].confidence == 1 and said.items["other"].options == ()


# ---- orders ---------------------------------------------------------------------------------------------------------

def test_the_order_is_the_one_that_contradicts_least():
    orders = [tuple("abc")] * 3 + [tuple("bca")] * 2 + [tuple("cab")]
    said = rankings.aggregate([("tea", number, order) for number, order in enumerate(orders)])

    assert said["tea"].order == tuple("abc") and said["tea"].agreement == pytest.approx((4 + 5 + 3) / 18)


@given(some.lists(some.permutations("abcd"), min_size=1, max_size=6))
@settings(max_examples=40)
def test_no_order_contradicts_less_than_the_one_found(orders):
    said = rankings.aggregate([("tea", number, order) for number, order in enumerate(orders)])["tea"]

    def kept(order) -> int:
        return sum(one.index(a) < one.index(b) for one in orders for a, b in itertools.combinations(order, 2))
    assert kept(said.order) == max(kept(order) for order in itertools.permutations("abcd"))
    assert 0.5 <= said.agreement <= 1


def test_many_things_are_ordered_too_and_what_nobody_placed_says_nothing():
    order = tuple(f"thing {number:02}" for number in range(15))
    said = rankings.aggregate([("shelf", "aoki", order), ("shelf", "baba", order), ("shelf", "chiba", order[::-1]), ("bare", "aoki", "x")])

    assert said["shelf"].order == order and said["shelf"].agreement == pytest.approx(2 / 3)
    assert said["bare"].order == ("x",) and said["bare"].agreement == 1


# ---- two at a time --------------------------------------------------------------------------------------------------

def test_what_is_preferred_more_often_is_stronger_and_nothing_is_endless():
    said = pairs.aggregate([("aoki", "a", "b"), ("baba", "a", "b"), ("chiba", "b", "c"), ("aoki", "a", "c")])

    assert list(said) == ["a", "b", "c"] and all(math.isfinite(one) and one > 0 for one in said.values())
    assert pairs.chance(said["a"], said["c"]) > pairs.chance(said["a"], said["b"]) > 0.5


def test_what_was_preferred_as_often_as_not_lies_in_the_middle():
    said = pairs.aggregate([("aoki", "a", "b"), ("baba", "b", "a")])

    assert said == {"a": pytest.approx(1), "b": pytest.approx(1)} and pairs.aggregate([]) == {}


def test_strengths_that_were_put_in_come_out():
    truth = {"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.5}
    rows = []
    for one, other in itertools.combinations(truth, 2):
        wins = round(300 * pairs.chance(truth[one], truth[other]))
        rows += [("aoki", one, other)] * wins + [("aoki", other, one)] * (300 - wins)
    said = pairs.aggregate(rows)

    for one, other in itertools.combinations(truth, 2):
        assert pairs.chance(said[one], said[other]) == pytest.approx(pairs.chance(truth[one], truth[other]), abs=0.02)


def test_the_order_of_comparisons_changes_no_bit():
    rows, _truth = crowd(items=30, workers=6, labels=5, each=3, accuracy=(0.4, 0.9), seed=1)
    rows = [(worker, label, f"label {number % 5}") for number, (_item, worker, label) in enumerate(rows) if label != f"label {number % 5}"]

    assert repr(pairs.aggregate(rows)) == repr(pairs.aggregate(rows[::-1]))
