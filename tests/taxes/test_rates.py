"""What the law takes, by the day: rates, the names of the taxes, the deduction of buyers, days of remitting."""
import datetime
import json

import pytest
from django.utils import translation

from machi.taxes import rates

DAY = datetime.date(2026, 12, 15)


def days(*said: str) -> list[datetime.date]:
    return [datetime.date.fromisoformat(day) for day in said]


def test_every_row_says_who_says_so():
    for table in rates._CHECKS:
        assert rates.rows(table), table
        for row in rates.rows(table):
            assert len(row.source) > 10, (table, row)


def test_withheld_tax_changes_its_name_and_not_its_sum_when_the_tax_for_defence_begins():
    before, after, last = days("2026-12-31", "2027-01-01", "2037-12-31")

    assert rates.withholding(before) == rates.withholding(after) == rates.withholding(last) == ((0, 1_021), (1_000_000, 2_042))
    assert rates.withheld_taxes(before) == ("income", "reconstruction")
    assert rates.withheld_taxes(after) == rates.withheld_taxes(last) == ("income", "defence", "reconstruction")
    with translation.override("ja"):
        assert rates.withheld_name(before) == "源泉徴収（所得税・復興特別所得税）"
        assert rates.withheld_name(after) == "源泉徴収（所得税・防衛特別所得税・復興特別所得税）"


@pytest.mark.parametrize("day", days("2012-12-31", "2038-01-01"))
def test_where_no_row_says_what_is_withheld_nothing_is_guessed(day):
    with pytest.raises(LookupError):
        rates.withholding(day)


@pytest.mark.parametrize(("day", "percent", "until"), [
    ("2023-09-30", 100, "2023-09-30"), ("2026-09-30", 80, "2026-09-30"), ("2026-10-01", 70, "2028-09-30"),
    ("2028-09-30", 70, "2028-09-30"), ("2028-10-01", 50, "2030-09-30"), ("2030-10-01", 30, "2031-09-30"), ("2031-10-01", 0, None)])
def test_a_buyer_deducts_less_and_less_of_the_tax_paid_to_somebody_without_a_number(day, percent, until):
    [day] = days(day)

    assert rates.deduction(day) == percent
    assert rates.deduction_until(day) == (until and datetime.date.fromisoformat(until))


@pytest.mark.parametrize(("paid", "by"), [("2026-11-01", "2026-12-10"), ("2026-11-30", "2026-12-10"), ("2026-12-15", "2027-01-10"),
                                          ("2028-01-31", "2028-02-10"), ("2028-02-29", "2028-03-10")])
def test_withheld_tax_is_brought_by_the_tenth_of_the_next_month(paid, by):
    assert [rates.remit_by(datetime.date.fromisoformat(paid))] == days(by)


def test_a_towns_own_rows_win_from_their_day_on(settings, tmp_path):
    settings.TAXES_FILE = tmp_path / "taxes.json"
    assert rates.consumption_tax(DAY) == 1_000
    settings.TAXES_FILE.write_text(json.dumps({"consumption_tax": [
        {"from": "2026-12-15", "basis_points": 800, "source": "decided on a day"}]}))

    assert rates.consumption_tax(DAY) == 800
    assert rates.consumption_tax(DAY - datetime.timedelta(days=1)) == 1_000


@pytest.mark.parametrize(("language", "taxes", "name"), [
    ("ja", None, "源泉徴収"), ("ja", ["income"], "源泉徴収（所得税）"),
    ("ja", ["income", "defence"], "源泉徴収（所得税・防衛特別所得税・復興特別所得税）")])
def test_the_withheld_sum_is_called_by_the_taxes_of_its_day(settings, tmp_path, language, taxes, name):
    settings.TAXES_FILE = tmp_path / "taxes.json"
    settings.TAXES_FILE.write_text(json.dumps({"withholding": [
        {"from": "2040-01-01", "steps": [[0, 1_021]], "taxes": taxes, "source": "decided later"}] if taxes else []}))

    with translation.override(language):
        assert rates.withheld_name(datetime.date(2040, 1, 1)) == name


def test_a_small_prize_is_one_of_fifty_thousand():
    assert rates.small_prize(DAY) == 50_000


@pytest.mark.parametrize(("check", "good", "wrong", "words"), [
    (rates._part(100, "percent"), [{"percent": 0}, {"percent": 100}], {"percent": 101}, "percent is a whole number from 0 to 100, not 101"),
    (rates._part(100, "percent"), [{"percent": 1}], {"percent": -1}, "percent is a whole number from 0 to 100, not -1"),
    (rates._part(100, "percent"), [], {"percent": 9.0}, "percent is a whole number from 0 to 100, not 9.0"),
    (rates._check_withholding, [{"steps": [[0, 1]], "taxes": ["income", "defence", "reconstruction"]}],
     {"steps": [[0, 1]], "taxes": ["wealth"]}, "taxes are some of income, defence, reconstruction, not ['wealth']"),
    (rates._check_withholding, [], {"steps": [[0, 1]], "taxes": []}, "taxes are some of income, defence, reconstruction, not []"),
    *[(rates._check_remittance, [{"day": 1}, {"day": 28}], {"day": day}, f"a day from 1 to 28, not {day}") for day in (0, 29)],
    (rates._check_work, [{"class": "a", "is_withheld": False, "categories": ["b"]}], {"class": "", "is_withheld": True, "categories": []},
     "a class of work has a name, yes or no, and its categories, unlike {'class': '', 'is_withheld': True, 'categories': []}")])
def test_what_cannot_be_is_told_in_a_sentence_and_the_border_is_allowed(check, good, wrong, words):
    if wrong.get("percent") is not None:
        check = rates._part(100, "percent")             # made anew, here
    for said in good:
        check(said)

    with pytest.raises(ValueError) as fault:
        check(wrong)
    assert str(fault.value) == words


@pytest.mark.parametrize("broken", [
    "{", "7", "[]", '{"taxes": []}', '{"consumption_tax": [{}]}',
    '{"consumption_tax": [{"from": "2026-12-01", "basis_points": 10.0, "source": "x"}]}',
    '{"consumption_tax": [{"from": "2026-12-01", "basis_points": -1, "source": "x"}]}',
    '{"consumption_tax": [{"from": "2026-12-01", "basis_points": 1000, "source": " "}]}',
    '{"consumption_tax": [{"from": "2026-13-01", "basis_points": 1000, "source": "x"}]}',
    '{"consumption_tax": [{"from": "2026-12-02", "until": "2026-12-01", "basis_points": 1000, "source": "x"}]}',
    '{"withholding": [{"from": "2026-12-01", "steps": [[1, 100]], "taxes": ["income"], "source": "x"}]}',
    '{"withholding": [{"from": "2026-12-01", "steps": [[0, 100], [0, 50]], "taxes": ["income"], "source": "x"}]}',
    '{"withholding": [{"from": "2026-12-01", "steps": [[0, 10001]], "taxes": ["income"], "source": "x"}]}',
    '{"withholding": [{"from": "2026-12-01", "steps": [[0, 100]], "taxes": ["wealth"], "source": "x"}]}',
    '{"remittance": [{"from": "2026-12-01", "day": 31, "source": "x"}]}',
    '{"deduction": [{"from": "2026-12-01", "percent": 101, "source": "x"}]}',
    '{"work": [{"from": "2026-12-01", "class": "dance", "is_withheld": 1, "categories": [], "source": "x"}]}'])
def test_a_broken_file_is_named_in_plain_words(settings, tmp_path, broken):
    settings.TAXES_FILE = tmp_path / "taxes.json"
    settings.TAXES_FILE.write_text(broken)

    with pytest.raises(ValueError, match="taxes.json cannot be used"):
        rates.consumption_tax(DAY)
