"""The same work every month (毎月の仕事): which months could follow on the same terms. As posting lays it out once (jobs.plans.monthly),
so it goes on.
"""
import datetime
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Contract, Milestone
from machi.contracts.policies import is_due_day
from machi.contracts.terms import plan_in
from machi.jobs.plans import Step, months_on
from machi.shared.money import Yen

TOLD_BEFORE = datetime.timedelta(days=14)           # the last month is over: both hear that they may go on
MOST_MONTHS = 12                                    # more at once, within the year that can be seen from here (policies.LATEST)


def months_to_come(contract: Contract, steps: Sequence[Milestone]) -> list[Step]:
    """Up to twelve months on the terms of those so far, as far as they lie within a year: each at the price of a month, on its day.
    None where a month that waits for its money has passed already: such terms are talked about first.
    """
    known = [step for step in steps if step.state != MilestoneState.VOID]
    if not known or not all(is_due_day(step.due_on) for step in known if step.is_unfunded):
        return []
    plan, last = plan_in(contract.terms), known[-1]
    price = plan[0].price_yen if last.price_yen == plan[-1].price_yen else last.price_yen      # the last one had what was left over
    days = months_on([step.due_on for step in plan], MOST_MONTHS, after=last.due_on)
    with translation.override("ja"):                # they stand on a Japanese paper
        return [Step(_("plan.monthly.title") % {"n": number}, Yen(price), day)
                for number, day in enumerate(days, len(known) + 1) if is_due_day(day)]


def last_month_of(steps: Sequence[Milestone]) -> tuple[int, datetime.date] | None:
    """Number and day of the month that is the last one until now."""
    known = [step for step in steps if step.state != MilestoneState.VOID]
    return (known[-1].number, known[-1].due_on) if known else None
