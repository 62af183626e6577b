"""Dated tables in files that an operator writes while the town runs."""
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
