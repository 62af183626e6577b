"""The weeks of work by the hour as a list: how each stands, its hours, what they bring or cost."""
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.contracts import policies
from machi.contracts.models import Contract, Milestone, Timesheet
from machi.contracts.terms import part_of
from machi.contracts.weeks import earned, hours_in
from machi.payments.fees import Settlement
from machi.shared import clock
from machi.shared.question import Question
from machi.web.frame.words import hours, yen
from machi.web.pages.contracts.standing import Seen
from machi.web.pages.contracts.week_words import state_words, week_called

_sheets = Question(lambda contract: Timesheet.objects.filter(contract=contract).order_by("starts_on", "pk"))


OVER_SHOWN = 2                                      # of the weeks that are over


class WeekLine(NamedTuple):
    """One week in the list of a contract."""

    number: int
    label: str
    state: tuple[str, str]
    hours: str
    money: str


def money_of(milestone: Milestone, minutes: int) -> Settlement | None:
    """Both sides' money of so many minutes; nothing for none."""
    price = earned(minutes, hours_in(milestone.contract.terms).rate_yen)
    return part_of(milestone, price) if price else None


def sheets_of(contract: Contract) -> dict[int, Timesheet]:
    """The records of the weeks of a contract, by the number of the step. One question."""
    return {sheet.milestone_id: sheet for sheet in _sheets(contract.pk)}


def weeks_of(steps: Sequence[Milestone], sheets: dict[int, Timesheet], side: str) -> list[WeekLine]:
    """The weeks of a contract: hours, and what they bring or cost as far as they are written down."""
    found = []
    for step in steps:
        sheet = sheets[step.pk]
        money = money_of(step, sheet.minutes)
        sum_yen = (money.worker_receives if side == "worker" else money.client_pays) if money else 0
        found.append(WeekLine(step.number, week_called(step), (step.state, state_words(step)),
                              _("week.hours_of") % {"done": hours(sheet.minutes), "cap": hours(sheet.cap_minutes)}, yen(sum_yen)))
    return found


def weeks_context(user, seen: Seen, shown: Milestone) -> dict:
    """What the page of a contract shows of its weeks, and the day on which the record of the one that it speaks of is due: after a
    question later than its first. Of other forms of work only the day on which they are.
    """
    if not seen.contract.is_hourly:
        return {"due_on": shown.due_on}
    sheets = sheets_of(seen.contract)
    waiting = next_to_fund(seen.steps)
    can_fund = waiting is not None and policies.can_fund(user, waiting)
    lines = weeks_of(seen.steps, sheets, seen.side)
    over = [number for number, step in enumerate(seen.steps) if step.is_closed]
    first = max(0, min(len(over), next((number for number, step in enumerate(seen.steps) if not step.is_closed), len(lines))) - OVER_SHOWN)
    return {"weeks": lines[first:], "weeks_before": lines[:first], "hourly": hours_in(seen.contract.terms),
            "to_fund": week_called(waiting) if can_fund else "", "due_on": clock.day_of(sheets[shown.pk].submit_by)}


def about_weeks(contract: Contract) -> list:
    """What `weeks_of` asks, for `asked_together`."""
    return [_sheets.about(contract.pk)] if contract.is_hourly else []


def next_to_fund(steps: Sequence[Milestone]) -> Milestone | None:
    return next((step for step in steps if policies.waits_for_money(step)), None)
