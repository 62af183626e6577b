"""How long a contract lasts, and how far ahead the end of a long one must be said (フリーランス法16条). The figures are rows of
machi/taxes/data/laws.json.
"""
import datetime
from collections.abc import Iterable

from machi.contracts.models import Contract, Milestone
from machi.shared import clock
from machi.taxes.laws import days_of, duty


def is_long(contract: Contract, steps: Iterable[Milestone]) -> bool:
    """Must its end be said ahead? By the law, from six months on."""
    return lasts(contract, steps, duty("notice", clock.day_of(contract.formed_at)).months)


def lasts(contract: Contract, steps: Iterable[Milestone], months: int) -> bool:
    """From the day it was made until its last due date, both counted: so many months or more."""
    last = max((step.due_on for step in steps), default=datetime.date.min)
    return last >= _months_later(clock.day_of(contract.formed_at), months) - datetime.timedelta(days=1)


def first_last_day() -> datetime.date:
    """The earliest day on which a contract may end when its end is said today."""
    return clock.today() + days_of("notice")


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month; where that month is shorter, its last day and one more (民法143条: a month ends with its last)."""
    later = clock.months_away(day, months)
    return later + datetime.timedelta(days=day.day > later.day)
