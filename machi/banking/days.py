"""On which days banks work, and until when a file must have reached them."""
import datetime

import jpholiday

from machi.shared import clock

_CLOSED = {(12, 31), (1, 1), (1, 2), (1, 3)}        # 銀行法施行令5条: banks rest, though the calendar has no holiday
_DAY = datetime.timedelta(days=1)


def is_bank_day(day: datetime.date) -> bool:
    """Do Japanese banks work on this day?"""
    return day.weekday() < 5 and (day.month, day.day) not in _CLOSED and not jpholiday.is_holiday(day)


def bank_day_until(day: datetime.date) -> datetime.date:
    """This day, or the last bank day before it."""
    while not is_bank_day(day):
        day -= _DAY
    return day


def bank_days_before(day: datetime.date, count: int) -> datetime.date:
    """The bank day that lies so many bank days before this one."""
    for _each in range(count):
        day = bank_day_until(day - _DAY)
    return day


def bank_days_after(day: datetime.date, count: int) -> datetime.date:
    """The bank day that lies so many bank days after this one."""
    for _each in range(count):
        day += _DAY
        while not is_bank_day(day):
            day += _DAY
    return day


def hand_in_until(value_on: datetime.date, *, lead_days: int, cut_off: datetime.time) -> datetime.datetime:
    """The last moment, in UTC, at which a bank takes a file whose money shall arrive on a day: so many bank days before, until its hour."""
    return datetime.datetime.combine(bank_days_before(value_on, lead_days), cut_off, clock.JAPAN).astimezone(datetime.UTC)
