"""Days and sums as banks write them."""
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from machi.banking.cells import Strange, day_in, yen_in

DAY = datetime.date(2026, 12, 15)


@pytest.mark.parametrize("cell", [
    "2026/12/15", "2026-12-15", "2026.12.15", "20261215", "2026年12月15日", "R8.12.15", "R08/12/15", "r8.12.15".upper(), "令和8年12月15日",
    "令和 08 年 12 月 15 日", "２０２６／１２／１５", "令和８年１２月１５日", " 2026/12/15 ", "2026/12/15 10:03", "2026/12/15 10:03:59",
    "2026/12/15(火)", "2026年12月15日（火）", "㋿8年12月15日", "2026－12－15"])
def test_a_day_has_many_shapes(cell):
    assert day_in(cell) == DAY


@pytest.mark.parametrize("cell, day", [("2026/1/5", "2026-01-05"), ("令和元年5月1日", "2019-05-01"), ("R1.5.1", "2019-05-01"),
    ("H31.4.30", "2019-04-30"),
                                       ("平成28年3月9日", "2016-03-09"), ("2028/2/29", "2028-02-29")])
def test_days_of_both_calendars(cell, day):
    assert day_in(cell) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("cell", [
    "", " ", "-", "合計", "26/12/15", "8/12/15", "12/15", "2026/13/1", "2026/2/30", "2027/2/29", "R1.4.30", "H31.5.1", "R0.1.1",
    "令和9999年1月1日",
    "2026/12/15/1", "202612", "2026121", "20261315", "00000000", "0000/00/00", "2026/12/1５日曜", "٢٠٢٦/12/15", "=TODAY()",
    "2026/12/15 banana",
    "S64.1.7", "\x00", "😀"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(Strange):
        day_in(cell)


@given(some.text())
def test_any_text_is_a_day_or_refused(text):
    for ask in (day_in, yen_in):
        try:
            ask(text)
        except Strange:
            pass


@given(some.dates(datetime.date(2019, 5, 1), datetime.date(2099, 12, 31)))
def test_both_calendars_say_the_same(day):
    for cell in (f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"R{day.year - 2018}.{day.month}.{day.day}",
        f"令和{day.year - 2018}年{day.month}月{day.day}日"):
        assert day_in(cell) == day


@pytest.mark.parametrize("cell, amount", [
    ("12345", 12_345), ("12,345", 12_345), ("１２，３４５", 12_345), ("¥12,345", 12_345), ("￥12,345円", 12_345), ("\\12,345", 12_345),
    ("12,345円", 12_345),
    ("+12,345", 12_345), ("-12,345", -12_345), ("−12,345", -12_345), ("－１２，３４５", -12_345), ("▲12,345", -12_345),
    ("△12,345", -12_345),
    ("(12,345)", -12_345), ("¥-12,345", -12_345), ("-¥12,345", -12_345), ("12345.00", 12_345), (" 12 345 ", 12_345), ("0", 0), ("0012", 12),
    ("", None), (" ", None), ("-", None), ("ー", None), ("10,000,000,000,000", 10**13)])
def test_a_sum_has_many_shapes(cell, amount):
    assert yen_in(cell) == amount


@pytest.mark.parametrize("cell", [
    "1,23", "12,34,567", "1,2345", ",123", "123,", "12.5", "12.345,00", "1e5", "0x10", "--5", "▲-5", "5-", "(5", "5)", "((5))", "$5",
    "5ドル", "千円",
    '="0005"', "=1+1", "@SUM(A1)", "10000000000001", "9" * 400, "٥", "NaN", "inf", "\x00", "12\u202e345", "<b>5</b>"])
def test_what_is_no_sum_is_refused(cell):
    with pytest.raises(Strange):
        yen_in(cell)


@given(some.integers(-10**13, 10**13))
def test_a_sum_is_read_as_it_was_written(amount):
    assert yen_in(f"{amount:,}") == yen_in(str(amount)) == yen_in(f"{amount}円") == amount
