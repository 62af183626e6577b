"""The five steps of every contract, each with its day or its sum: the day it happened, or by when it should."""
import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.contracts.lifecycle import MilestoneState
from machi.contracts.models import Milestone
from machi.notifications.words import day, yen
from machi.shared import clock
from machi.web.pages.contracts.standing import Seen


class Step(NamedTuple):
    """One of the five."""

    title: str
    text: str
    is_left_out: bool = False           # the contract went past it: it is not among what was done


def way_of(seen: Seen, due_on: datetime.date, pays) -> list[Step]:
    """For these eyes. `due_on`: of what is handed over; `pays`: when it reaches its worker, or that it waits."""
    milestone, payout = seen.milestone, seen.earning.payout if seen.earning else None
    is_handed_over = milestone.delivered_at is not None and milestone.state != MilestoneState.FUNDED
    handed_over, accepted = (_("step.record"), _("step.confirm")) if seen.contract.is_hourly else (_("step.deliver"), _("step.accept"))
    delivery = day(clock.day_of(milestone.delivered_at)) if is_handed_over else _until(due_on)
    is_left_out = milestone.accepted_at is not None and not is_handed_over          # settled before anything was handed over
    return [
        Step(_("step.agree"), day(clock.day_of(seen.contract.formed_at))),
        Step(_("step.fund"), yen(milestone.held_yen)),
        Step(handed_over, _("step.left_out") if is_left_out else delivery, is_left_out),
        Step(accepted, _acceptance(milestone)),
        Step(_("step.pay"), _("room.pays.waits") if pays.waits else day(payout.paid_on if payout and payout.paid_on else pays.on)),
    ]


def _acceptance(milestone: Milestone) -> str:
    if milestone.accepted_at:
        return day(clock.day_of(milestone.accepted_at))
    if milestone.accept_by:
        return _until(clock.day_of(milestone.accept_by))
    days = {"num": milestone.acceptance_days}
    if milestone.contract.is_hourly:
        return ngettext("step.confirm.text", "step.confirm.text", milestone.acceptance_days) % days
    return ngettext("step.accept.text", "step.accept.text", milestone.acceptance_days) % days


def _until(last_day: datetime.date) -> str:
    return _("step.until") % {"day": day(last_day)}
