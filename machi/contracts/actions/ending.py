"""A long contract ends a month after the client has said so (予告、フリーランス法16条). Both may still end it at once, together."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.funding import close_contract, void_steps, wait_for_week
from machi.contracts.actions.locking import locked_contract, steps_of
from machi.contracts.actions.telling import both_sides, people_of, tell
from machi.contracts.actions.wishes import lapse_change
from machi.contracts.lifecycle import MilestoneState
from machi.contracts.longterm import first_last_day, is_long
from machi.contracts.models import Contract, EndNotice, Side
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each


@deed
def give_notice(*, contract: Contract, by, last_on: datetime.date) -> EndNotice:
    """The client says on which day a long contract ends; the worker has at least thirty days. Said once, it stays.

    Raises DomainError for a day that is too near, or after which nothing would be left to end.
    """
    contract = locked_contract(contract.pk)
    steps = steps_of(contract)
    if not policies.can_give_notice(by, contract) or not is_long(contract, steps):
        raise NotAllowed(_("ending.refused"))
    if EndNotice.objects.filter(contract=contract).exists():
        raise NotAllowed(_("ending.given_already"))
    if last_on < first_last_day():
        raise DomainError(_("ending.too_near"))
    if last_on >= max(step.due_on for step in steps):
        raise DomainError(_("ending.nothing_left"))
    lapse_change(contract)                          # it was asked before anybody knew of this day
    notice = EndNotice.objects.create(contract=contract, given_by=by, given_at=clock.now(), last_on=last_on)
    activity.record(actor=by, fact=facts.END_NOTICE_GIVEN, about=contract.reference, last_on=last_on.isoformat())
    tell(contract, [contract.worker], "contract.end_notice", last_on=last_on)
    return notice


@transaction.atomic
def ask_end_reason(*, notice: EndNotice, by) -> EndNotice:
    """The worker asks why, until the last day; the law gives them an answer."""
    contract, notice = _locked(notice)
    if not policies.can_ask_end_reason(by, notice):
        raise NotAllowed(_("ending.reason.refused"))
    notice.reason_asked_at = clock.now()
    notice.save(update_fields=["reason_asked_at"])
    activity.record(actor=by, fact=facts.END_REASON_ASKED, about=contract.reference)
    tell(contract, people_of(contract, Side.CLIENT), "contract.end_reason_asked")
    return notice


@deed
def tell_end_reason(*, notice: EndNotice, by, reason: str) -> EndNotice:
    """The client answers. The words are for the worker alone."""
    contract, notice = _locked(notice)
    if not policies.can_tell_end_reason(by, notice):
        raise NotAllowed(_("ending.reason.refused"))
    notice.reason, notice.reason_told_at = reason, clock.now()
    notice.save(update_fields=["reason", "reason_told_at"])
    activity.record(actor=by, fact=facts.END_REASON_TOLD, about=contract.reference)
    tell(contract, [contract.worker], "contract.end_reason_told")
    return notice


def end_after_notice() -> int:
    """By the clock: the last day is over. Steps that are due later and not funded will not be done; return of how many contracts."""
    due = EndNotice.objects.filter(carried_out_at=None, last_on__lt=clock.today()).order_by("pk")
    return each(due[:500], _carry_out)


def _carry_out(notice: EndNotice) -> bool:
    contract, notice = _locked(notice)
    if notice.carried_out_at is not None:
        return False
    notice.carried_out_at = clock.now()
    notice.save(update_fields=["carried_out_at"])
    if contract.is_over:
        return False
    lapse_change(contract)
    steps = steps_of(contract)
    void_steps([step for step in steps if step.due_on > notice.last_on])
    if contract.is_hourly:
        wait_for_week(contract, steps)
    elif not any(step.state == MilestoneState.AGREED for step in steps) and contract.fund_by is not None:
        contract.fund_by = None
        contract.save(update_fields=["fund_by"])
    close_contract(contract, steps)
    activity.record(actor=None, fact=facts.END_NOTICE_OVER, about=contract.reference)
    tell(contract, both_sides(contract), "contract.end_notice_over")
    return True


def _locked(notice: EndNotice) -> tuple[Contract, EndNotice]:
    contract = locked_contract(notice.contract_id)
    notice = EndNotice.objects.select_for_update().get(pk=notice.pk)
    notice.contract = contract
    return contract, notice
