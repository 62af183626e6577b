"""The day on which the money leaves: a calendar day, known when the contract is made (money law: フリーランス法4条).

The 15th and the last day of each month are payout days. Work received on a day is paid on the first payout day after the
acceptance clock has run out, never later than day 60 counting the day of receipt as day 1, and always on a day on which
banks work: a payout day that falls on a weekend or holiday moves to an earlier day, never to a later one.
Where a file has to reach a bank some of its days before, the clock must have run out before that file is made.
"""
import calendar
import datetime
from collections.abc import Iterator

from machi.banking.days import bank_day_until, bank_days_before
from machi.payments.figures import bank_days_ahead
from machi.shared import clock

LAST_DAY = 59                       # days after the day of receipt: day 60, counting the day of receipt as day 1


def pay_day(received_on: datetime.date, *, acceptance_days: int) -> datetime.date:
    """The printed day of payment for work received on a day, when acceptance takes at most so many days."""
    accepted_on = received_on + datetime.timedelta(days=acceptance_days)
    ahead = bank_days_ahead()
    first = next(day for day in map(bank_day_until, _payout_days(accepted_on)) if bank_days_before(day, ahead) > accepted_on)
    return min(first, last_day_for(received_on))


def last_day_for(received_on: datetime.date) -> datetime.date:
    """The last bank day until day 60, counting the day of receipt as day 1."""
    return bank_day_until(received_on + datetime.timedelta(days=LAST_DAY))


def pay_day_after(printed: datetime.date, received_on: datetime.date, *, due_on: datetime.date, acceptance_days: int,
                  was_sent_back: bool) -> datetime.date:
    """The day of payment once the work has really arrived.

    In time or early: the printed day stays, unless it lies after day 60 of the real receipt; then it moves earlier.
    Late, or sent back for a fault: the same rule counts from the new receipt.
    """
    if received_on > due_on or was_sent_back:
        return pay_day(received_on, acceptance_days=acceptance_days)
    return min(printed, last_day_for(received_on))


def received(moment: datetime.datetime) -> datetime.date:
    """The day of receipt is the calendar day in Japan."""
    return clock.day_of(moment)


def _payout_days(start: datetime.date) -> Iterator[datetime.date]:
    year, month = start.year, start.month
    while True:
        yield datetime.date(year, month, 15)
        yield datetime.date(year, month, calendar.monthrange(year, month)[1])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
