"""Work by the hour goes by weeks (時間報酬の仕事): Monday to Sunday in Japan. Each week is a step with money of its own: at most the agreed
hours are held before it begins, only the minutes that were recorded are paid, and the town's fee is counted for each week by itself.
"""
import datetime
from typing import NamedTuple

from machi.jobs.models import Job
from machi.shared import clock
from machi.shared.money import Yen

WEEK, DAY = datetime.timedelta(days=7), datetime.timedelta(days=1)
LEAD = datetime.timedelta(days=8)                   # an offer may be answered for seven days, and no week begins before its answer
NOON = datetime.timedelta(hours=12)
MOST_HOURS, MOST_WEEKS = 40, 26
QUESTIONS = 1                                       # so often the client may ask about one week


class Hours(NamedTuple):
    """What both agree on: the pay of an hour without tax, hours in a week at most, how many weeks."""

    rate_yen: int
    weekly_hours: int
    weeks_count: int


def hours_of(job: Job) -> Hours:
    return Hours(job.rate_yen, job.weekly_hours, job.weeks_count)


def hours_in(terms: dict) -> Hours:
    """What the terms of work by the hour say."""
    return Hours(*(terms["hourly"][name] for name in Hours._fields))


def monday_from(day: datetime.date) -> datetime.date:
    """This day, or the first Monday after it."""
    return day + DAY * (-day.weekday() % 7)


def due_days(*, offered_on: datetime.date, count: int) -> list[datetime.date]:
    """The days on which the records of the weeks are due: each the Monday after its week."""
    first = monday_from(offered_on + LEAD)
    return [first + WEEK * number for number in range(1, count + 1)]


def first_day(due_on: datetime.date) -> datetime.date:
    """The Monday with which the week begins whose record is due on this Monday."""
    return due_on - WEEK


def last_day(due_on: datetime.date) -> datetime.date:
    return due_on - DAY


def submit_by(due_on: datetime.date) -> datetime.datetime:
    """Until noon of the Monday after it a week may still be mended; then the clock hands it over."""
    return clock.start_of(due_on) + NOON


def earned(minutes: int, rate_yen: int) -> Yen:
    """The price of so many minutes without tax, rounded down to whole yen, once a week."""
    return Yen(minutes * rate_yen // 60)


def minutes_for(price_yen: int, rate_yen: int) -> int:
    """How many minutes the price of a week pays: its cap."""
    return price_yen * 60 // rate_yen
