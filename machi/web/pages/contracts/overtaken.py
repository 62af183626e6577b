"""What overtakes the standing of a contract and is told in its place: a wish of the other side, a difference and its mediation, a transfer
on its way, money that was taken back, pay that rests. Each is given the standing so far, and hands it on as it is or told anew.
"""
from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.accounts.powers import Power
from machi.contracts.lifecycle import DisputeState, MilestoneState
from machi.contracts.models import DateRequest, Dispute, Milestone
from machi.notifications.words import called, moment, yen
from machi.payments.models import ExpectedDeposit, Taken
from machi.payments.queries import again_place, deposit_of, has_own_account, is_gone, is_paid_by_card, lost_of, taken_back
from machi.web.pages.contracts.standing import CLIENT, WORKER, Seen, Standing


def with_date(now: Standing, seen: Seen, asked: DateRequest | None) -> Standing:
    """In the list: a wish of the other side for another due date waits for this person's answer."""
    if asked is None or asked.side == seen.side or seen.side == CLIENT and Power.APPROVER not in seen.powers:
        return now
    return replace(now, title=_("dates.waits"), deed=_("dates.answer.go"), way=seen.way("room") + "#date")


def with_difference(now: Standing, seen: Seen, told: Dispute | None) -> Standing:
    """In the list: what the other side says of any step, also of one that is not the current one, waits for this person's words; and so
    does what the town proposes about it.
    """
    if told is None or seen.side == CLIENT and Power.APPROVER not in seen.powers:
        return now
    if told.state == DisputeState.PROPOSED:
        return now if told.proposal.agreed_at(seen.side) else replace(
            now, title=_("mediation.split"), by=(_("offer.answer_by"), told.decide_by), deed=_("mediation.answer.go"),
            way=seen.way("room") + "#dispute")
    if told.side == seen.side:
        return now
    return replace(now, title=_("standing.disputed"), by=(_("offer.answer_by"), told.answer_by), deed=_("standing.disputed.go"),
                   way=seen.way("room") + "#dispute")


def transfer_of(seen: Seen) -> ExpectedDeposit | None:
    """What this client was asked to transfer for the step that counts now."""
    return deposit_of(seen.milestone.reference) if _may_transfer(seen) and has_own_account() else None


def _may_transfer(seen: Seen) -> bool:
    return seen.side == CLIENT and Power.PAYER in seen.powers and seen.milestone.state == MilestoneState.AGREED


def with_transfer(now: Standing, seen: Seen, asked: ExpectedDeposit | None) -> Standing:
    """The client was told where to transfer, and the statement of the bank shows when it has come: then it is nobody's turn."""
    if asked is None or not _may_transfer(seen):
        return now
    words = {"gross": yen(asked.amount_yen), "until": moment(asked.until_at), "code": asked.code}
    title, text, deed = _("standing.transfer"), _("standing.transfer.text"), _("standing.transfer.go")
    if is_paid_by_card():
        title, text, deed = _("standing.card"), _("standing.card.text"), _("standing.card.go")
    return replace(now, title=title, text=_("standing.transfer.here") if asked.is_here else text % words, deed=deed,
                   way=reverse("payments:deposit", args=[asked.pk]), is_elsewhere=asked.is_here)


def with_taken_back(now: Standing, seen: Seen) -> Standing:
    """The client's bank took back what was held: both read so, and that nothing goes on with it until it is known how it ends. Is it lost,
    the client may pay it anew until a day, and the worker reads what becomes of their work.
    """
    if is_paid_by_card() and seen.milestone.state == MilestoneState.REFUNDED and is_gone(seen.milestone.reference):
        return replace(now, text=_("standing.gone.text"))
    if not is_paid_by_card() or not Milestone.objects.filter(taken_back("milestone"), pk=seen.milestone.pk).exists():
        return now
    lost = lost_of(seen.milestone.reference)
    if lost is not None:
        return _lost(now, seen, lost)
    text = _("standing.taken_back.client") if seen.side == CLIENT else _("standing.taken_back.worker")
    return replace(now, title=_("standing.taken_back"), text=text, deed="", way="", is_elsewhere=True)


def _lost(now: Standing, seen: Seen, lost: Taken) -> Standing:
    now = replace(now, title=_("standing.lost"), by=(_("standing.lost.by"), lost.until_at), deed="", way="", is_elsewhere=True)
    words = {"until": moment(lost.until_at), "gross": yen(lost.amount_yen)}
    if seen.side == WORKER:
        is_handed_over = seen.milestone.first_delivered_at is not None
        return replace(now, text=(_("standing.lost.worker.work") if is_handed_over else _("standing.lost.worker")) % words)
    asked = deposit_of(again_place(lost.chargeback_id)) if Power.PAYER in seen.powers else None
    now = replace(now, text=_("standing.lost.client") % words)
    return now if asked is None else replace(
        now, deed=_("standing.lost.go"), way=reverse("payments:deposit", args=[asked.pk]), is_elsewhere=False)


def with_mediation(now: Standing, seen: Seen, told: Iterable[Dispute]) -> Standing:
    """In the room: how far the difference about this step has come, where somebody of the town has stepped in."""
    one = next((one for one in told if one.milestone_id == seen.milestone.pk and one.state != DisputeState.CLOSED), None)
    if one is None or seen.milestone.state != MilestoneState.DISPUTED:
        return now
    if one.state in (DisputeState.ESCALATED, DisputeState.DRAFTED):
        return replace(now, text=_("standing.ruling.text") % {"gross": yen(seen.milestone.held_yen)})
    if one.state != DisputeState.PROPOSED or one.proposal.agreed_at(seen.side):
        return now
    is_mine = seen.side != CLIENT or Power.APPROVER in seen.powers
    text = _("mediation.proposed") % {"name": called(one.mediator.name), "until": moment(one.decide_by)}
    return replace(now, title=_("mediation.split"), text=text, by=(_("offer.answer_by"), one.decide_by),
                   deed=_("mediation.answer.go") if is_mine else "", way=seen.way("room") + "#dispute" if is_mine else "")


def with_pay(now: Standing, seen: Seen, why: str) -> Standing:
    """In the room: what was earned stays here for now, so no day is promised. `why`: what keeps it; empty where nothing does. Without an
    account the worker is asked for one (`_accepted`).
    """
    is_asked_for_one = seen.side == WORKER and not seen.has_account
    if not why or is_asked_for_one or seen.milestone.state not in (MilestoneState.ACCEPTED, MilestoneState.SETTLED):
        return now
    if seen.side == WORKER:
        return replace(now, text=_("standing.rests.worker.text") % {"net": seen.net, "why": why}, by=None)
    return replace(now, text=_("standing.rests.client.text") % {"worker": seen.worker, "net": seen.net}, by=None)
