"""What the law asks of a contract, as dated rows: which day, whose duty, and a town's own row."""
import datetime
import json

import pytest

from machi.shared import clock
from machi.taxes.laws import DUTIES, LAWS, Duty, _check, days_of, duty, rows

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


def test_a_duty_says_all_that_its_row_says(settings, tmp_path):
    settings.LAWS_FILE = tmp_path / "laws.json"
    settings.LAWS_FILE.write_text(json.dumps({"duties": [_row(article="9", needs_employees=True, months=6, source="they")]}))

    assert duty("answer", DAY(2027, 1, 1)) == Duty("town", "9", True, 6, 7, "they")


def test_the_days_of_a_duty_are_those_of_today_or_of_another_day(settings, tmp_path):
    settings.LAWS_FILE = tmp_path / "laws.json"
    settings.LAWS_FILE.write_text(json.dumps({"duties": [_row(days=20)]}))

    with clock.moved(to=clock.end_of(DAY(2027, 1, 1))):
        assert (days_of("answer").days, days_of("answer", DAY(2026, 12, 31)).days) == (20, 7)
    assert days_of("writing", DAY(2027, 1, 1)).days == 0


NEEDS_DAYS = ("pay_date", "notice", "answer")


@pytest.mark.parametrize(("changed", "words"), [
    ({"duty": "nonsense"}, "a duty is one of "), ({"law": "nonsense"}, "a duty is one of "), ({"article": 3}, "a duty is one of "),
    ({"needs_employees": "no"}, "needs_employees is true or false, not 'no'"),
    *[({name: wrong}, f"{name} is a whole number from 0 to 999, not {wrong!r}")
      for name in ("months", "days") for wrong in (-1, 1_000, "7")],
    *[({"duty": name, "days": None}, "days is a whole number from 0 to 999, not None") for name in DUTIES]])
def test_a_row_is_refused_in_a_sentence(changed, words):
    for most in (0, 999):
        _check(_row(days=most, months=most))

    row = _row() | changed
    with pytest.raises(ValueError) as fault:
        _check(row)
    whole = f"a duty is one of {', '.join(DUTIES)}, of one of {', '.join(LAWS)}, unlike {row}"
    assert str(fault.value) == (whole if words == "a duty is one of " else words)


@pytest.mark.parametrize("name", DUTIES)
def test_some_duties_need_their_days_and_the_others_may_have_them(name):
    row = _row(duty=name)
    del row["days"]
    if name not in NEEDS_DAYS:
        return _check(row)
    with pytest.raises(KeyError):
        _check(row)


def _row(**changed) -> dict:
    return {"from": "2027-01-01", "duty": "answer", "law": "town", "article": "", "needs_employees": False, "months": 0, "days": 7,
            "source": "the town"} | changed
