"""The town's clock. Everybody asks here what time it is, so that a test or a demo town can move it.

In a demo town the clock may be ahead of the world: the file `clock` in MACHI_HOME holds the seconds. It is read by every
process of that town, so web and background always agree. Without MACHI_DEMO_TOWN the file is never read.
"""
import calendar
import contextlib
import datetime
import os
import pathlib
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings

JAPAN = ZoneInfo("Asia/Tokyo")
_ahead = datetime.timedelta()                       # this process only: tests, and the making of a demo town


def now() -> datetime.datetime:
    """The moment, in UTC."""
    return datetime.datetime.now(datetime.UTC) + _ahead + _town_ahead()


def today() -> datetime.date:
    """The calendar day in Japan."""
    return day_of(now())


def day_of(moment: datetime.datetime) -> datetime.date:
    """The calendar day in Japan on which this moment falls."""
    return moment.astimezone(JAPAN).date()


def end_of(day: datetime.date) -> datetime.datetime:
    """The last second of a day in Japan: a deadline named by a day ends here."""
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), JAPAN).astimezone(datetime.UTC)


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a day in Japan."""
    return datetime.datetime.combine(day, datetime.time(), JAPAN).astimezone(datetime.UTC)


@contextlib.contextmanager
def moved(*, to: datetime.datetime | None = None, by: datetime.timedelta | None = None) -> Iterator[None]:
    """Within the block this process lives at another time; the clock goes on running from there."""
    global _ahead
    before = _ahead
    _ahead += by if by is not None else to - now()
    try:
        yield
    finally:
        _ahead = before


def months_away(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or earlier; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of_month(day: datetime.date) -> datetime.date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def move_town(by: datetime.timedelta) -> None:
    """Move the clock of a demo town, for all its processes. Raises RuntimeError in a real town."""
    if not settings.DEMO_TOWN:
        raise RuntimeError("the clock of a real town cannot be moved")
    ahead = _town_ahead() + by
    file = _file()
    new = file.with_suffix(".new")
    new.write_text(str(ahead.total_seconds()))
    new.replace(file)                               # a reader sees the old time or the new one, never half a number


def _town_ahead() -> datetime.timedelta:
    if not settings.DEMO_TOWN:
        return datetime.timedelta()
    try:
        return datetime.timedelta(seconds=float(_file().read_text()))
    except FileNotFoundError:
        return datetime.timedelta()


def _file() -> pathlib.Path:
    return pathlib.Path(os.fspath(settings.MACHI_HOME)) / "clock"
