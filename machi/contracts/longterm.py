"""What is a long contract, and how far ahead its end must be said (フリーランス法16条: six months or more, thirty days)."""
import datetime
from collections.abc import Iterable

from machi.contracts.models import Contract, Milestone
from machi.shared import clock

LONG_MONTHS, DAYS_AHEAD = 6, datetime.timedelta(days=30)


def is_long(contract: Contract, steps: Iterable[Milestone]) -> bool:
    """From the day it was made until its last due date, both counted: six months or more."""
    last = max((step.due_on for step in steps), default=datetime.date.min)
    return last >= _months_later(clock.day_of(contract.formed_at), LONG_MONTHS) - datetime.timedelta(days=1)


def first_last_day() -> datetime.date:
    """The earliest day on which a contract may end when its end is said today."""
    return clock.today() + DAYS_AHEAD


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month; where that month is shorter, its last day and one more (民法143条: a month ends with its last)."""
    later = clock.months_away(day, months)
    return later + datetime.timedelta(days=day.day > later.day)
