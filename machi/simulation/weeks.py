"""Work by the hour in the demo town: what was written down in each week, and what became of its record. Days are counted as in story.py,
those of a week from its Monday (0).
"""
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from machi.contracts import actions as contracts
from machi.contracts.models import Timesheet
from machi.contracts.weeks import WEEK, due_days, first_day
from machi.jobs.models import Job
from machi.shared import clock

MONDAY_MORNING, EVENING, OFFICE = (9, 10), (20, 21), (11, 13, 14, 15, 16)
FRIDAY_BEFORE, SATURDAY, MONDAY_AFTER = -3, 5, 7
FEW_MINUTES = datetime.timedelta(minutes=5)
HELD = ("confirmed", "by_clock", "asked", "submitted", "running")       # otherwise: unfunded


@dataclass(frozen=True, kw_only=True)
class Week:
    """One week of a contract."""

    then: str = "confirmed"             # confirmed | by_clock | asked | submitted | running | unfunded
    hours: tuple = ()                   # day, from, until, words; and a fifth: why a stop that was forgotten was mended the next morning
    question: str = ""                  # of the client, where it was asked about


def deeds_of(weeks: tuple[Week, ...], offered: int, today: datetime.date) -> Iterator[tuple]:
    """Day, hours or a time of that day, deed, and what else it needs: everything that has happened before today."""
    first = due_days(offered_on=today + datetime.timedelta(days=offered), count=1)[0]
    for number, week in enumerate(weeks, 1):
        monday = (first_day(first) - today).days + WEEK.days * (number - 1)
        if week.then in HELD:
            yield monday + FRIDAY_BEFORE, OFFICE, "fund"
        for line, (day, began, ended, _words, *mended) in enumerate(week.hours):
            if monday + day >= 0:
                continue
            if mended:
                yield monday + day, _time(began), "start_hours", number
                yield monday + day + 1, datetime.time(7, 40), "mend_hours", number, line
            else:
                yield monday + day, _few_minutes_after(ended), "write_hours", number, line
        yield from _afterwards(week, number, monday)


def _afterwards(week: Week, number: int, monday: int) -> Iterator[tuple]:
    """The record is handed over, confirmed, or asked about; what it waits for, it still waits for today."""
    if week.then == "confirmed":
        yield monday + MONDAY_AFTER, MONDAY_MORNING, "submit_week", number
        yield monday + MONDAY_AFTER + 2, OFFICE, "confirm_week", number
    if week.then == "submitted":
        yield min(monday + MONDAY_AFTER, -1), MONDAY_MORNING, "submit_week", number
    if week.then == "asked":
        yield monday + SATURDAY, EVENING, "submit_week", number
        yield max(monday + SATURDAY + 1, -2), OFFICE, "ask_week", number


def _time(told: str) -> datetime.time:
    return datetime.time.fromisoformat(told)


def _few_minutes_after(told: str) -> datetime.time:
    return (datetime.datetime.combine(datetime.date.min, _time(told)) + FEW_MINUTES).time()


class WeekDeeds:
    """What people do in a week. Stands beside the other deeds of a life."""

    def week(self, title: str, worker: str, number: int) -> Timesheet:
        return Timesheet.objects.select_related("milestone").get(contract=self.contract(title, worker), milestone__number=number)

    def start_hours(self, title: str, worker: str, number: int) -> None:
        contracts.start_clock(timesheet=self.week(title, worker, number), by=self.somebody_comes_by(worker))

    def mend_hours(self, title: str, worker: str, number: int, line: int) -> None:
        sheet, (day, _began, ended, _words, reason) = self.week(title, worker, number), self._told(title, worker, number).hours[line]
        contracts.stop_clock(timesheet=sheet, by=self.somebody_comes_by(worker), ended_at=_moment(sheet, day, ended), reason=reason)

    def write_hours(self, title: str, worker: str, number: int, line: int) -> None:
        sheet, (day, began, ended, words) = self.week(title, worker, number), self._told(title, worker, number).hours[line]
        contracts.add_entry(timesheet=sheet, by=self.somebody_comes_by(worker), started_at=_moment(sheet, day, began),
                            ended_at=_moment(sheet, day, ended), note=words)

    def submit_week(self, title: str, worker: str, number: int) -> None:
        contracts.submit_week(timesheet=self.week(title, worker, number), by=self.somebody_comes_by(worker))

    def confirm_week(self, title: str, worker: str, number: int) -> None:
        contracts.accept_delivery(milestone=self.week(title, worker, number).milestone, by=self.client_of(title))

    def ask_week(self, title: str, worker: str, number: int) -> None:
        contracts.ask_about_week(milestone=self.week(title, worker, number).milestone, by=self.client_of(title),
                                 words=self._told(title, worker, number).question)

    def _told(self, title: str, worker: str, number: int) -> Week:
        return self.words(title, worker).work.weeks[number - 1]


def terms_of(job) -> dict:
    """What a post by the hour says of its money, for `draft_job`; nothing for one with a price."""
    if job.rate is None:
        return {}
    return {"form": Job.Form.HOURLY, "rate_yen": job.rate, "weekly_hours": job.weekly_hours, "weeks_count": job.weeks}


def _moment(sheet: Timesheet, day: int, told: str) -> datetime.datetime:
    return datetime.datetime.combine(sheet.starts_on + datetime.timedelta(days=day), _time(told), clock.JAPAN)
