"""The money of each step comes in before its work begins (仮払い), step by step; what never comes ends what waits for it."""
import logging

from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.activity.actions import read_on
from machi.contracts import facts, policies, weeks
from machi.contracts.actions.locking import locked, locked_contract, steps_of
from machi.contracts.actions.wishes import lapse_change, lapse_date, lapse_stand_in
from machi.contracts.lifecycle import CONTRACT_LIFECYCLE, MILESTONE_LIFECYCLE, PAID_STATES, ContractState, MilestoneState
from machi.contracts.models import Contract, Milestone
from machi.contracts.titles import titled
from machi.notifications import actions as notifications
from machi.notifications.words import moment as moment_words
from machi.payments import actions as payments
from machi.payments.facts import FUNDING_CONFIRMED
from machi.payments.queries import has_own_account, heard_until, is_paid_in, may_have_come, pay_in_until
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

log = logging.getLogger(__name__)


@deed
def fund(*, contract: Contract, by, number: int | None = None) -> Contract:
    """The client puts the money of the next step in escrow (仮払い): deposit, ledger and contract move together, once.

    `number` is the step whose sum stood on the screen. Raises DomainError when another one comes next now.
    """
    contract = locked_contract(contract.pk)
    steps = steps_of(contract)
    waiting = [step for step in steps if step.state == MilestoneState.AGREED]
    is_under_way = any(step.is_running for step in steps) and not contract.is_hourly      # a week may wait for its confirmation
    is_too_late = contract.is_hourly and contract.fund_by is not None and contract.fund_by < heard_until()
    if not waiting or not policies.can_fund(by, waiting[0]) or is_under_way or is_too_late:
        raise NotAllowed(_("contract.fund.refused"))
    if has_own_account() and contract.fund_by is not None and contract.fund_by < clock.now():     # nobody is asked for it until yesterday
        raise DomainError(_("contract.fund.over") % {"until": moment_words(contract.fund_by)})
    if number not in (None, waiting[0].number):
        raise DomainError(_("contract.fund.other_step"))
    if has_own_account():
        return _ask_for(contract, waiting[0], by)
    return _hold(contract, waiting[0], by)


def take_up_fundings() -> int:
    """Deposits that payments found on the bank's statement make their steps begin; of a step that ended they go back.

    Reads the facts in the order of their commits; a deposit whose step has begun already changes nothing.
    """
    return read_on(reader="contracts.fundings", act=_take_up)


def void_unfunded() -> int:
    """Steps whose money never came end without harm to the worker, and with them what comes after; return in how many contracts.
    Money that lies at the bank has come: its contract waits until it is taken up.
    """
    unfunded = Contract.objects.filter(state__in=CONTRACT_LIFECYCLE.states_for("fund"), fund_by__lt=heard_until()).order_by("pk")
    return each(unfunded[:500], _void_rest)


def wait_for_next(contract: Contract, steps: list[Milestone]) -> None:
    """A step is over: the next one, if there is one and none is under way, waits for its money. `contract` is locked."""
    if contract.is_hourly:
        wait_for_week(contract, steps)
        return
    waiting = [step for step in steps if step.state == MilestoneState.AGREED]
    if not waiting or any(step.is_running for step in steps):
        return
    contract.fund_by = pay_in_until()
    contract.save(update_fields=["fund_by"])
    for person in contract.client.people(Power.PAYER):
        notifications.queue(to=person, kind="contract.step_to_fund", about=contract.reference, job=titled(waiting[0]),
                            gross_yen=waiting[0].held_yen, until_at=contract.fund_by)


def wait_for_week(contract: Contract, steps: list[Milestone]) -> None:
    """Of work by the hour the next week that is not funded waits for its money until it is over, whatever the weeks before it do.
    `contract` is locked.
    """
    waiting = [step for step in steps if step.state == MilestoneState.AGREED]
    contract.fund_by = clock.end_of(weeks.last_day(waiting[0].due_on)) if waiting else None
    contract.save(update_fields=["fund_by"])


def close_contract(contract: Contract, steps: list[Milestone]) -> None:
    """When its last step is over, so is the contract. `contract` is locked."""
    if not all(step.is_closed for step in steps):
        return
    was_paid = any(step.state in PAID_STATES for step in steps)
    was_held = any(step.funded_at for step in steps)
    part = "_part" if contract.state == ContractState.PASSED_ON else ""
    contract.state = CONTRACT_LIFECYCLE.next(contract.state, f"complete{part}" if was_paid else f"end{part}" if was_held else "void")
    contract.fund_by, contract.ended_at = None, clock.now()
    contract.save(update_fields=["state", "fund_by", "ended_at"])
    lapse_change(contract)
    lapse_stand_in(contract)
    activity.record(actor=None, fact=facts.ENDINGS[contract.state], about=contract.reference)
    for person in [*contract.client.people(Power.APPROVER), contract.worker] if was_paid else ():
        notifications.queue(to=person, kind="review.due", about=contract.reference, job=contract.title)


def void_steps(steps: list[Milestone]) -> None:
    """What was agreed and never funded will not be done."""
    for step in steps:
        if step.state == MilestoneState.AGREED:
            step.state = MILESTONE_LIFECYCLE.next(step.state, "void")
            step.save(update_fields=["state"])
            payments.forget_deposit(place=step.reference)
            lapse_date(step)


def _void_rest(contract: Contract) -> bool:
    contract = locked_contract(contract.pk)
    steps = steps_of(contract)
    waiting = [step for step in steps if step.state == MilestoneState.AGREED]
    is_due = contract.fund_by is not None and contract.fund_by < heard_until()
    if not is_due or not waiting or is_paid_in(waiting[0].pk, waiting[0].held) or may_have_come(waiting[0].reference):
        return False
    lapse_change(contract)
    if contract.is_hourly and not _was_void_before(steps, waiting[0]):
        return _void_week(contract, steps, waiting[0])
    void_steps(steps)
    if contract.is_hourly:
        wait_for_week(contract, steps)
    close_contract(contract, steps)
    kind = "contract.rest_void" if any(step.funded_at for step in steps) else "contract.void"
    for person in [contract.worker, *contract.client.people()]:
        notifications.queue(to=person, kind=kind, about=contract.reference, job=titled(waiting[0]))
    return True


def _was_void_before(steps: list[Milestone], week: Milestone) -> bool:
    """Was the week before it not funded either? Then nobody waits any longer."""
    before = [step for step in steps if step.due_on < week.due_on and step.number < week.number]
    return bool(before) and before[-1].state == MilestoneState.VOID


def _void_week(contract: Contract, steps: list[Milestone], week: Milestone) -> bool:
    """A week passed without its money, and without work. The contract goes on with the next one."""
    void_steps([week])
    wait_for_week(contract, steps)
    close_contract(contract, steps)
    for person in [contract.worker, *contract.client.people()]:
        notifications.queue(to=person, kind="week.void", about=contract.reference, job=titled(week))
    return True


def _take_up(fact) -> None:
    if fact.name != FUNDING_CONFIRMED:
        return
    kind, _colon, number = fact.about.partition(":")
    if kind in ("job", "bonus", "again", "repay", "debt", "slots"):
        return                                          # of a contest, of tasks, beside the price, or held again already: not read here
    is_known = kind == "milestone" and number.isdecimal()
    milestone = Milestone.objects.filter(pk=number).first() if is_known else None
    if milestone is None:
        log.warning("%s: money came in for no work that is known here, and waits in suspense", fact.about)
        return
    contract, milestone = locked(milestone)
    if MILESTONE_LIFECYCLE.allows(milestone.state, "fund"):
        if fact.data["amount_yen"] == milestone.held_yen:
            _hold(contract, milestone, None)
        elif has_own_account():                         # another sum was agreed while it was on its way
            payments.give_back(place=milestone.reference, about=contract.reference)
        else:
            log.warning("%s: another sum than agreed came in, and waits in suspense", fact.about)
    elif milestone.state == MilestoneState.VOID:
        amount = payments.give_back(place=milestone.reference, about=contract.reference)
        for person in () if has_own_account() else contract.client.people(Power.PAYER):     # there payments itself tells them
            notifications.queue(to=person, kind="contract.refunded", about=contract.reference, job=titled(milestone),
                                gross_yen=int(amount))


def _ask_for(contract: Contract, milestone: Milestone, by) -> Contract:
    """Money comes by a transfer: its client is told where to, and the step begins when the statement shows it."""
    payments.expect_deposit(party=contract.client, place=milestone.reference, about=contract.reference, title=titled(milestone),
                            amount=milestone.held, until_at=contract.fund_by, by=by)
    return contract


def _hold(contract: Contract, milestone: Milestone, by) -> Contract:
    payments.hold_escrow(party=contract.client, milestone=milestone.pk, contract=contract.pk, amount=milestone.held, by=by)
    lapse_change(contract, None if contract.is_hourly else [milestone])
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, "fund")
    milestone.funded_at = clock.now()
    milestone.save(update_fields=["state", "funded_at"])
    contract.state, contract.fund_by = CONTRACT_LIFECYCLE.next(contract.state, "fund"), None
    contract.save(update_fields=["state", "fund_by"])
    activity.record(actor=by, fact=facts.MILESTONE_FUNDED, about=contract.reference, milestone=milestone.pk,
                    amount_yen=milestone.held_yen)
    kind, day = "contract.escrowed", {"due_on": milestone.due_on}
    if contract.is_hourly:
        wait_for_week(contract, steps_of(contract))
        kind, day = "week.escrowed", {"until_at": weeks.submit_by(milestone.due_on)}
    notifications.queue(to=contract.worker, kind=kind, about=contract.reference, job=titled(milestone), gross_yen=milestone.held_yen, **day)
    return contract
