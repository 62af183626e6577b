"""What somebody typed is not calculated by the spreadsheet of whoever opens it."""
import pytest

from machi.shared.formulas import defused, for_a_cell, is_formula


@pytest.mark.parametrize("text", [
    "=1+1", "+81", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\u00a0=1",
    "\u200b=1", "\ufeff=1", "\u202e=1", " \u3000\t＝1", "\tfor whoever opens it"])
def test_a_text_that_would_be_calculated_gets_an_apostrophe_in_front(text):
    assert is_formula(text) and defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\x01=HYPERLINK(1)", "\0=1", "\x1f\x02+1", " \x0b=1", "\x85=1", "\ud800=1", "\uffff@SUM(A1)"])
def test_no_formula_hides_behind_a_character_that_no_cell_can_hold(text):
    assert defused(text) == f"'{for_a_cell(text)}" and defused(text).lstrip("' ")[0] in "=+@"


def test_numbers_and_plain_texts_stay_as_they_are():
    plain = [-5, 0, 1.5, None, "記事=1", "a@b", "", " 字下げ", "一行目\n二行目", "👪🏽", "髙"]

    assert [defused(cell) for cell in plain] == plain
