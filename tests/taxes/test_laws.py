"""What the law asks of a contract, as dated rows: which day, whose duty, and a town's own row."""
import datetime
import json

import pytest

from machi.taxes.laws import DUTIES, duty, rows

DAY = datetime.date


@pytest.mark.parametrize(("name", "on", "is_in_force"), [
    ("writing", DAY(2024, 10, 31), False), ("writing", DAY(2024, 11, 1), True),
    ("price_talk", DAY(2025, 12, 31), False), ("price_talk", DAY(2026, 1, 1), True)])
def test_a_duty_begins_on_its_day(name, on, is_in_force):
    assert duty(name, on).is_in_force == is_in_force


def test_every_duty_has_a_source_and_what_nobody_has_checked_says_so():
    assert {row.says["duty"] for row in rows()} == set(DUTIES)
    assert "未確認" in duty("notice", DAY(2026, 11, 1)).source and duty("notice", DAY(2026, 11, 1)).days == 30


def test_a_town_has_its_own_row_from_its_day_on(settings, tmp_path):
    settings.LAWS_FILE = tmp_path / "laws.json"
    settings.LAWS_FILE.write_text(json.dumps({"duties": [_row(days=20)]}))

    assert (duty("answer", DAY(2026, 12, 31)).days, duty("answer", DAY(2027, 1, 1)).days) == (7, 20)


@pytest.mark.parametrize("wrong", [{"duty": "nonsense"}, {"law": "nonsense"}, {"days": "7"}, {"months": -1}, {"needs_employees": 1},
                                   {"days": None}, {"source": ""}])
def test_a_row_that_cannot_be_is_named(tmp_path, wrong):
    (tmp_path / "laws.json").write_text(json.dumps({"duties": [_row(**wrong)]}))

    with pytest.raises(ValueError, match="laws.json"):
        rows(tmp_path / "laws.json")


def _row(**changed) -> dict:
    return {"from": "2027-01-01", "duty": "answer", "law": "town", "article": "", "needs_employees": False, "months": 0, "days": 7,
            "source": "the town"} | changed
