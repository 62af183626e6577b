"""Labels of several workers become one, and it is known how sure one may be."""
import math
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from machi.tasks.quality.coded import coded
from machi.tasks.quality.confusion import ALIKE, fit
from machi.tasks.quality.foretold import foretold
from machi.tasks.quality.labels import aggregate
from tests.tasks.quality.crowds import crowd, majority, share_right

ROWS = some.lists(some.tuples(some.integers(0, 6), some.integers(0, 4), some.sampled_from("abc")), max_size=40)


def bits(labels) -> list:
    """Everything that came out, to the last bit."""
    return [*((item, answer.label, struct.pack("d", answer.confidence), answer.answers_count) for item, answer in labels.items.items()),
            *((worker, struct.pack("3d", one.mean, one.low, one.high), one.answers_count) for worker, one in labels.workers.items())]


@given(ROWS, some.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(rows, chance):
    mixed = rows.copy()
    chance.shuffle(mixed)

    assert bits(aggregate(mixed)) == bits(aggregate(rows))


@given(ROWS, some.dictionaries(some.integers(0, 8), some.sampled_from("abcd"), max_size=3))
def test_whatever_comes_in_numbers_come_out(rows, golds):
    labels = aggregate(rows, golds)

    assert set(labels.items) == {row[0] for row in rows} | set(golds) and set(labels.workers) == {row[1] for row in rows}
    assert all(0 <= answer.confidence <= 1 for answer in labels.items.values())
    assert all(0 <= one.low <= one.mean <= one.high <= 1 for one in labels.workers.values())
    assert all(labels.items[item].label == label and labels.items[item].confidence == 1 for item, label in golds.items())


@given(some.lists(some.sampled_from("abc"), min_size=1, max_size=30), some.integers(1, 5))
def test_one_answer_for_each_item_is_the_answer(said, workers):
    rows = [(item, item % workers, label) for item, label in enumerate(said)]

    assert [answer.label for answer in aggregate(rows).items.values()] == said


@given(some.lists(some.sampled_from("abcd"), min_size=1, max_size=12), some.integers(1, 6))
@settings(max_examples=50)
def test_workers_who_are_always_right_are_believed(truth, workers):
    rows = [(item, worker, label) for item, label in enumerate(truth) for worker in range(workers)]

    assert [answer.label for answer in aggregate(rows).items.values()] == truth


def test_other_names_of_workers_and_items_change_nothing_but_the_last_digits():
    rows, _truth = crowd(items=120, workers=12, labels=3, each=6, accuracy=(0.5, 0.95), seed=3)
    other = {name: f"{random.Random(name).random()}" for row in rows for name in row[:2]}
    before, after = (fit(coded(some_rows), strength=1.0) for some_rows in (
        rows, [(other[item], other[worker], label) for item, worker, label in rows]))
    places = [sorted(other[f"item {item:04}"] for item in range(120)).index(other[f"item {item:04}"]) for item in range(120)]

    assert abs(after.belief[places] - before.belief).max() < 1e-6


def test_no_rows_no_answers():
    assert aggregate([]).items == {} and aggregate([], {"a": 1}).items["a"].label == 1


def test_a_crowd_that_says_always_the_same_is_believed():
    labels = aggregate([(item, worker, "yes") for item in range(20) for worker in range(3)])

    assert {answer.label for answer in labels.items.values()} == {"yes"} and not labels.weighed
    assert all(math.isfinite(answer.confidence) for answer in labels.items.values())


@pytest.mark.parametrize(("labels", "each", "accuracy"), [(2, 5, (0.55, 0.99)), (3, 5, (0.4, 0.95)), (4, 6, (0.3, 0.95))])
def test_a_crowd_of_mixed_quality_is_read_better_than_by_majority(labels, each, accuracy):
    rows, truth = crowd(items=600, workers=12, labels=labels, each=each, accuracy=accuracy, seed=11)
    read = aggregate(rows)

    assert read.weighed and share_right(read.items, truth) > majority(rows, truth) + 0.02


def test_whoever_always_says_the_opposite_is_outweighed_and_even_helps():
    rows, truth = crowd(items=300, workers=5, labels=2, each=5, accuracy=[0.9, 0.9, 0.85, 0.02, 0.02], seed=5)
    read = aggregate(rows)

    assert share_right(read.items, truth) > majority(rows, truth) + 0.05
    assert read.workers["worker 003"].high < 0.2 and read.workers["worker 000"].low > 0.8


def test_what_nobody_contradicted_is_the_answer_but_one_may_be_less_sure():
    rows, _truth = crowd(items=300, workers=5, labels=2, each=5, accuracy=[0.9, 0.9, 0.85, 0.02, 0.02], seed=5)
    read = aggregate([*rows, ("alone", "worker 003", "label 1")])

    assert read.items["alone"].label == "label 1" and read.items["alone"].confidence < 0.5


def test_where_workers_cannot_be_told_apart_the_answers_count_alike():
    rows, truth = crowd(items=600, workers=300, labels=2, each=5, accuracy=(0.6, 0.65), seed=8)
    read, answers = aggregate(rows), coded(rows)
    with_tables = fit(answers, strength=1.0).belief.argmax(axis=1)
    guessed = sum(truth[item] == answers.labels[label] for item, label in zip(answers.items, with_tables, strict=True)) / 600

    assert not read.weighed and share_right(read.items, truth) > majority(rows, truth) - 0.02
    assert guessed < majority(rows, truth) - 0.02           # what the gate kept out


def test_golds_teach_who_is_right_where_the_crowd_is_split():
    """Two say what is so and two the opposite: without golds nobody could know."""
    truth = {item: "ab"[item % 2] for item in range(40)}
    rows = [(item, worker, label if worker < 2 else "ba"["ab".index(label)]) for item, label in truth.items() for worker in range(4)]
    read = aggregate(rows, golds={item: truth[item] for item in range(10)})

    assert all(read.items[item].label == label for item, label in truth.items())
    assert read.workers[0].low > 0.8 > 0.2 > read.workers[3].high


def test_what_the_crowd_is_split_on_is_less_sure_than_what_it_agrees_on():
    rows, _truth = crowd(items=200, workers=10, labels=2, each=5, accuracy=(0.7, 0.9), seed=2)
    rows += [("split", "worker 000", "label 0"), ("split", "worker 001", "label 1"),
             *(("plain", f"worker {worker:03}", "label 0") for worker in range(5))]
    read = aggregate(rows)

    assert read.items["plain"].confidence > 0.9 > read.items["split"].confidence
    assert {read.items["split"].label, read.items["split"].second} == {"label 0", "label 1"} and read.items["plain"].second is None


def test_confidence_is_not_far_from_how_often_it_is_right():
    rows, truth = crowd(items=1_000, workers=15, labels=3, each=4, accuracy=(0.4, 0.9), seed=21)
    read = aggregate(rows)

    assert abs(sum(answer.confidence for answer in read.items.values()) / 1_000 - share_right(read.items, truth)) < 0.03


def test_the_interval_of_an_accuracy_holds_what_is_so_and_narrows_with_answers():
    given_accuracy = [0.55 + 0.04 * worker for worker in range(10)]
    rows, _truth = crowd(items=1_000, workers=10, labels=3, each=5, accuracy=given_accuracy, seed=4)
    many, few = aggregate(rows).workers, aggregate(rows[:250]).workers
    held = [one.low <= right <= one.high for one, right in zip(many.values(), given_accuracy, strict=True)]

    assert sum(held) >= 7 and all(many[worker].high - many[worker].low < few[worker].high - few[worker].low for worker in few)


def test_caution_is_learned_where_a_crowd_errs_together():
    rows, _truth = crowd(items=300, workers=9, labels=2, each=9, accuracy=(0.75, 0.85), seed=6)
    hard = [(f"hard {item}", f"worker {worker:03}", f"label {(item + worker) % 2}") for item in range(150) for worker in range(9)]

    assert foretold(coded(rows + hard)).caution < foretold(coded(rows)).caution
    assert fit(coded(rows), strength=ALIKE).likely(0).max() == pytest.approx(0.5)
