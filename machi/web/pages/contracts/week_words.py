"""What a week of work by the hour is called, and how it stands, in the words of weeks."""
from django.utils.translation import gettext as _

from machi.contracts import policies
from machi.contracts.models import Milestone
from machi.contracts.weeks import first_day, last_day
from machi.web.frame.words import day


def week_called(milestone: Milestone) -> str:
    """「12月7日（月）から12月13日（日）まで」"""
    return _("week.span") % {"first": day(first_day(milestone.due_on)), "last": day(last_day(milestone.due_on))}


def state_words(step: Milestone) -> str:
    """How a week stands."""
    if policies.waits_for_money(step):
        return _("week.state.agreed")
    named = {"funded": _("week.state.asked") if step.revisions_used else _("week.state.funded"), "delivered": _("week.state.delivered"),
             "accepted": _("week.state.confirmed"), "settled": _("week.state.confirmed"), "refunded": _("week.state.refunded"),
             "void": _("week.state.void")}
    return named.get(step.state) or str(step.get_state_display())
