"""Where work by the hour stands for one of its two sides: which week counts, what comes next, and the one deed that is theirs now."""
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.accounts.powers import Power
from machi.contracts.models import Milestone
from machi.contracts.policies import can_record, waits_for_money
from machi.contracts.weeks import first_day, submit_by
from machi.notifications.words import day, moment, yen
from machi.shared import clock
from machi.web.pages.contracts.standing import ACCEPTED, DELIVERED, FUNDED, WORKER, Seen, Standing, standing


def told(seen: Seen) -> Standing:
    """The words for this contract, this side, this day; work by the hour has its own."""
    if not seen.contract.is_hourly or seen.contract.is_over:
        return standing(seen)
    seen = at_work(seen)
    week = seen.milestone
    if waits_for_money(week):
        return _waits_for_money(seen)
    if can_record(seen.contract.worker, week):
        return _asked(seen) if week.revisions_used else _under_way(seen)
    return _handed_over(seen) if week.accept_by else standing(seen)


def at_work(seen: Seen) -> Seen:
    """While one week waits for its confirmation, the worker is at the next one that has begun. Nothing changes for other work."""
    if not seen.contract.is_hourly:
        return seen
    begun = [step for step in seen.steps if can_record(seen.contract.worker, step) and first_day(step.due_on) <= clock.today()]
    is_waiting = seen.side == WORKER and seen.milestone.accept_by is not None
    return replace(seen, milestone=begun[0]) if is_waiting and begun else seen


def _way(week: Milestone, name: str = "week") -> str:
    return reverse(f"contracts:{name}", args=[week.contract_id, week.number])


def _waits_for_money(seen: Seen) -> Standing:
    week = seen.milestone
    words = {"day": day(first_day(week.due_on)), "gross": yen(week.held_yen), "worker": seen.worker}
    by = (_("week.by.begin"), first_day(week.due_on))
    if seen.side == WORKER:
        return Standing(FUNDED, _("week.now.agreed.worker"), _("week.now.agreed.worker.text") % words, by)
    if Power.PAYER not in seen.powers:
        return Standing(FUNDED, _("week.now.agreed.colleague"), _("week.now.agreed.colleague.text") % words, by)
    return Standing(FUNDED, _("week.now.agreed.client"), _("week.now.agreed.client.text") % words, by, _("contract.fund.go"),
                    seen.way("week_fund"))


def _under_way(seen: Seen) -> Standing:
    week = seen.milestone
    words = {"day": day(first_day(week.due_on)), "until": moment(submit_by(week.due_on)), "worker": seen.worker}
    by = (_("week.by.submit"), submit_by(week.due_on))
    if clock.today() < first_day(week.due_on):
        text = _("week.now.soon.text") if seen.side == WORKER else _("week.now.soon.client.text")
        return Standing(DELIVERED, _("week.now.soon"), text % words, (_("week.by.begin"), first_day(week.due_on)))
    if seen.side != WORKER:
        return Standing(DELIVERED, _("week.now.funded.client"), _("week.now.funded.client.text") % words, by)
    return Standing(DELIVERED, _("week.now.funded.worker"), _("week.now.funded.worker.text") % words, by, _("week.open"), _way(week))


def _asked(seen: Seen) -> Standing:
    if seen.side != WORKER:
        return Standing(DELIVERED, _("week.now.asked.client"), _("week.now.asked.client.text") % {"worker": seen.worker})
    return Standing(DELIVERED, _("week.now.asked.worker"), _("week.now.asked.worker.text") % {"client": seen.client}, None,
                    _("week.answer.go"), _way(seen.milestone))


def _handed_over(seen: Seen) -> Standing:
    week = seen.milestone
    words, by = {"worker": seen.worker, "client": seen.client, "date": moment(week.accept_by)}, (_("week.by.confirm"), week.accept_by)
    if seen.side == WORKER:
        return Standing(ACCEPTED, _("week.now.delivered.worker"), _("week.now.delivered.worker.text") % words, by)
    if Power.APPROVER not in seen.powers:
        return Standing(ACCEPTED, _("week.now.delivered.colleague"), _("week.now.delivered.colleague.text") % words, by)
    return Standing(ACCEPTED, _("week.now.delivered.client"), _("week.now.delivered.client.text") % words, by, _("week.read"), _way(week))
