"""The day on which money leaves: never after day 60 of the receipt, always a day on which banks work, earlier rather than later."""
import calendar
import datetime

import pytest
from django.test import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as some

from machi.banking.days import bank_day_until, bank_days_before, is_bank_day
from machi.payments.paydays import pay_day, pay_day_after, received
from machi.shared.clock import JAPAN

DAY = datetime.timedelta(days=1)
days = some.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31))
clocks = some.integers(3, 14)


def month_ends_and_middles(first: datetime.date, last: datetime.date):
    """Every 15th and every last day of a month between two days, found by looking at each day."""
    while first <= last:
        if first.day in (15, calendar.monthrange(first.year, first.month)[1]):
            yield first
        first += DAY


@settings(max_examples=600)
@given(days, clocks)
@example(datetime.date(2028, 2, 29), 7)                     # a leap day
@example(datetime.date(2026, 12, 24), 7)                    # New Year
@example(datetime.date(2025, 12, 31), 3)
@example(datetime.date(2024, 1, 31), 14)
@example(datetime.date(2027, 4, 28), 3)                     # the golden week
def test_the_pay_day_is_the_first_payout_day_after_acceptance(received_on, acceptance_days):
    day = pay_day(received_on, acceptance_days=acceptance_days)
    accepted_on = received_on + acceptance_days * DAY

    assert is_bank_day(day)
    assert accepted_on < day <= received_on + 59 * DAY
    payout_days = {bank_day_until(one) for one in month_ends_and_middles(accepted_on, accepted_on + 60 * DAY)}
    assert day == min(one for one in payout_days if one > accepted_on)


@settings(max_examples=600)
@given(days, clocks)
@example(datetime.date(2026, 12, 24), 14)                   # New Year
@example(datetime.date(2027, 4, 28), 3)                     # the golden week
def test_where_a_file_carries_money_its_clock_has_run_out_before_the_file_is_made(received_on, acceptance_days):
    with override_settings(MONEY_MODE="bank"):
        day = pay_day(received_on, acceptance_days=acceptance_days)

    assert is_bank_day(day) and received_on < day <= received_on + 59 * DAY
    assert bank_days_before(day, 3) > received_on + acceptance_days * DAY
    assert day >= pay_day(received_on, acceptance_days=acceptance_days)


@settings(max_examples=600)
@given(days, some.integers(-120, 40), clocks, some.booleans())
def test_the_day_after_delivery_keeps_the_promise_or_comes_earlier(due_on, late_by, acceptance_days, was_sent_back):
    received_on, printed = due_on + late_by * DAY, pay_day(due_on, acceptance_days=acceptance_days)
    day = pay_day_after(printed, received_on, due_on=due_on, acceptance_days=acceptance_days, was_sent_back=was_sent_back)

    assert is_bank_day(day)
    assert received_on + acceptance_days * DAY < day <= received_on + 59 * DAY, "accepted before it leaves, and never after day 60"
    if late_by <= 0 and not was_sent_back:
        assert day <= printed, "in time: never later than what was printed"
        if printed <= received_on + 59 * DAY:
            assert day == printed


@settings(max_examples=300)
@given(days)
def test_a_payout_day_moves_to_an_earlier_bank_day_never_to_a_later_one(day):
    moved = bank_day_until(day)

    assert is_bank_day(moved) and moved <= day
    assert not any(is_bank_day(moved + n * DAY) for n in range(1, (day - moved).days + 1))


@pytest.mark.parametrize(("day", "works"), [
    ("2026-12-30", True), ("2026-12-31", False), ("2027-01-01", False), ("2027-01-02", False), ("2027-01-03", False), ("2027-01-04", True),
    ("2026-11-23", False), ("2026-11-22", False), ("2026-11-21", False), ("2026-11-24", True), ("2028-02-29", True), ("2026-09-22", False)])
def test_banks_rest_at_weekends_holidays_and_new_year(day, works):
    assert is_bank_day(datetime.date.fromisoformat(day)) is works


@pytest.mark.parametrize(("received_on", "acceptance_days", "day"), [
    ("2026-12-01", 7, "2026-12-15"), ("2026-12-08", 7, "2026-12-30"),       # the 15th is over, the 31st is closed
    ("2026-12-24", 7, "2027-01-15"), ("2028-02-20", 7, "2028-02-29"), ("2028-02-22", 7, "2028-03-15"),
    ("2026-08-05", 7, "2026-08-14"), ("2026-08-07", 7, "2026-08-31")])      # Saturday the 15th leaves on Friday the 14th
def test_some_days_from_the_calendar(received_on, acceptance_days, day):
    assert pay_day(datetime.date.fromisoformat(received_on), acceptance_days=acceptance_days) == datetime.date.fromisoformat(day)


def test_day_sixty_counts_the_day_of_receipt_as_the_first():
    due_on, early = datetime.date(2027, 3, 31), datetime.date(2027, 2, 1)
    printed = pay_day(due_on, acceptance_days=7)

    assert printed == datetime.date(2027, 4, 15)
    day = pay_day_after(printed, early, due_on=due_on, acceptance_days=7, was_sent_back=False)
    assert day == datetime.date(2027, 4, 1) == early + 59 * DAY


def test_the_day_of_receipt_is_japans():
    assert received(datetime.datetime(2026, 12, 1, 14, 59, 59, tzinfo=datetime.UTC)) == datetime.date(2026, 12, 1)
    assert received(datetime.datetime(2026, 12, 1, 15, 0, 0, tzinfo=datetime.UTC)) == datetime.date(2026, 12, 2)
    assert received(datetime.datetime(2026, 12, 2, 0, 0, tzinfo=JAPAN)) == datetime.date(2026, 12, 2)
