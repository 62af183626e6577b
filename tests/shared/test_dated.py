"""Dated tables in files that an operator writes while the town runs."""
import datetime
import json

import pytest

from machi.shared import dated


def test_a_file_that_is_being_written_changes_nothing_for_who_has_read_a_good_one(tmp_path):
    own, ours = tmp_path / "own.json", tmp_path / "ours.json"
    ours.write_text('{"days": [{"from": "2020-01-01", "source": "we", "n": 1}]}')
    own.write_text('{"days": [{"from": "2021-01-01", "source": "they", "n": 2}]}')

    def last() -> int:
        return dated.tables(ours, own, {"days": check})["days"][-1].says["n"]

    def check(said) -> None:
        return said["n"]
    assert last() == 2
    own.write_text('{"days": [{"from"')
    assert last() == 2
    dated.forget_readings()
    with pytest.raises(ValueError, match="own.json cannot be used"):
        last()


def test_rows_are_sorted_by_their_day_and_keep_what_they_say(tmp_path):
    own = tmp_path / "own.json"
    own.write_text(json.dumps({"days": [{"from": "2021-01-02", "until": "2021-01-02", "source": "they", "n": 2},
                                        {"from": "2020-01-01", "source": "they, before", "n": 1},
                                        {"from": "2020-01-01", "source": "another", "n": 0}]}))

    rows = dated.tables(None, own, {"days": dict})["days"]
    assert [(row.since.year, row.until and row.until.year, row.source, row.says["n"]) for row in rows] == [
        (2020, None, "they, before", 1), (2020, None, "another", 0), (2021, 2021, "they", 2)]
    assert dated.row(rows, datetime.date(2021, 1, 2)) == rows[2] and dated.row(rows, datetime.date(2021, 1, 3)) == rows[1]
    with pytest.raises(LookupError) as missing:
        dated.row(rows, datetime.date(2021, 1, 2), n=3)
    assert str(missing.value) == "no row for 2021-01-02 {'n': 3}"
    with pytest.raises(LookupError) as missing:
        dated.row(rows, datetime.date(2019, 12, 31))
    assert str(missing.value) == "no row for 2019-12-31 "


@pytest.mark.parametrize(("said", "words"), [
    ({"days": [], "years": [], "hours": []}, "no such table: hours, years"),
    ({"days": [{"from": "2021-01-02", "until": "2021-01-01", "source": "x"}]},
     "a row has a source, and ends after it begins, unlike {'from': '2021-01-02', 'until': '2021-01-01', 'source': 'x'}"),
    ({"days": [{"from": "2021-01-02", "source": " "}]},
     "a row has a source, and ends after it begins, unlike {'from': '2021-01-02', 'source': ' '}")])
def test_a_file_that_cannot_be_used_is_named_with_the_reason(tmp_path, said, words):
    own = tmp_path / "own.json"
    own.write_text(json.dumps(said))

    with pytest.raises(ValueError) as fault:
        dated.tables(None, own, {"days": dict})
    assert f"the tables in {own} cannot be used: " in str(fault.value) and words in str(fault.value)


def test_steps_begin_at_zero_rise_and_are_parts_of_the_whole():
    assert dated.steps([[0, 10_000], [5, 0]]) == ((0, 10_000), (5, 0))
    for wrong in ([], [[1, 5]], [[0, 5], [0, 6]], [[0, 5], [9, 5], [8, 5]], [[0, 10_001]]):
        with pytest.raises(ValueError) as fault:
            dated.steps(wrong)
        assert str(fault.value) == ("steps begin at 0, rise, and have rates of at most 10000, not "
                                    f"{[tuple(step) for step in wrong]}")
    for number in (-1, 1.0, "1", True, None):
        with pytest.raises(ValueError) as fault:
            dated.steps([[0, number]])
        assert str(fault.value) == f"{number!r} is no whole number from 0 on"
