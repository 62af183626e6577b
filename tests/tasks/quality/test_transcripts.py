"""What several people heard becomes the words of one of them."""
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.tasks.quality.transcripts import aggregate, distance, plain

ROWS = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 4), some.text("ab いう、!", max_size=8)), max_size=25)


@given(ROWS, some.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(rows, chance):
    mixed = rows.copy()
    chance.shuffle(mixed)
    one, other = aggregate(rows), aggregate(mixed)

    assert one == other
    assert [struct.pack("d", far) for far in one.distance.values()] == [struct.pack("d", far) for far in other.distance.values()]


@given(ROWS)
def test_the_answer_is_what_one_person_wrote(rows):
    read = aggregate(rows)

    assert set(read.items) == {item for item, _worker, _text in rows}
    assert all((item, answer.worker, answer.text) in rows and -1e-9 <= answer.agreement <= 1 for item, answer in read.items.items())
    assert all(0 <= far <= 1 for far in read.distance.values())


@pytest.mark.parametrize(("one", "other"), [
    ("It’s  a box, really.", "it's a box really"), ("ＡＢＣ　１２", "abc 12"), ("今日は、 雨。", "今日は雨"), ("ｶﾞﾗｽ", "ガラス")])
def test_what_two_careful_people_write_differently_is_the_same(one, other):
    assert plain(one) == plain(other) and distance(plain(one), plain(other)) == 0


def test_japanese_is_compared_by_letters_and_spaced_text_by_words_and_letters():
    assert distance("今日は雨", "今日は雪") == 1 / 4
    assert distance("the red box", "the red fox") == pytest.approx((1 / 11 + 1 / 3) / 2)
    assert distance("", "") == 0 and distance("", "雨") == 1


def test_the_words_nearest_to_all_are_taken_as_they_were_written():
    read = aggregate([("tape", "aoki", "We met at the station."), ("tape", "baba", "we met at a station"), ("tape", "chiba", "no idea")])

    assert read.items["tape"].text in ("We met at the station.", "we met at a station") and 0 < read.items["tape"].agreement < 1


def test_whoever_usually_hears_what_others_hear_weighs_more():
    """Two who are often far off agree by chance on the last tape; one who is always near says something else, and so does nobody."""
    rows = [(tape, worker, f"the number is {tape} and nothing else") for tape in range(30) for worker in ("near", "nearer", "nearest")]
    rows += [(tape, "far", "mm " * (1 + tape % 3)) for tape in range(30)] + [(tape, "also far", "well yes well") for tape in range(30)]
    rows += [(99, "near", "a cat sat here"), (99, "far", "the bat sings"), (99, "also far", "the bat rings")]
    read = aggregate(rows)

    assert read.items[99].worker == "near" and read.distance["near"] < read.distance["far"]


def test_alone_one_is_taken_at_ones_word_but_nobody_agrees():
    only = aggregate([("tape", "aoki", "雨")]).items["tape"]

    assert (only.text, only.agreement) == ("雨", 0) and aggregate([]).items == {}
