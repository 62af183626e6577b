"""What both must sign after the contract was made (条件の相談): other terms, a part of a step's money, the end. One wish at a time.

Locks: contract, its steps, the wish. What was agreed is an addition to the terms; the terms themselves never change.
"""
import datetime
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.closing import after_steps, hold_money, settle_step
from machi.contracts.actions.funding import void_steps
from machi.contracts.actions.locking import locked_contract, steps_of
from machi.contracts.actions.recording import write_weeks
from machi.contracts.actions.telling import both_sides, people_of, tell
from machi.contracts.actions.wishes import end_wish, lapse_date, open_change
from machi.contracts.lifecycle import MILESTONE_LIFECYCLE, MilestoneState, WishState
from machi.contracts.models import ChangeOrder, Contract, EndNotice, Milestone, Side
from machi.contracts.policies import LEAST
from machi.contracts.queries import last_change
from machi.contracts.terms import change_addition, fingerprint, gross_of, other_side, step_of, wished_terms
from machi.contracts.weeks import MOST_HOURS, MOST_WEEKS, WEEK, hours_in
from machi.jobs.plans import Step
from machi.notifications.words import day as day_words
from machi.payments import actions as payments
from machi.payments.queries import pay_in_until
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each

TIME_TO_ANSWER = datetime.timedelta(days=7)
MOST_STEPS = MOST_WEEKS                             # a contract by the hour has no more


@deed
def ask_for_terms(*, contract: Contract, by, steps: Sequence[Step], words: str = "", answers: int | None = None) -> ChangeOrder:
    """Either side wishes for other terms: the steps that are not funded yet as they should be (changed, added, left out), and in words
    what changes in the work. What is funded already stays as it is. It may be signed until the first of these steps is due.

    Raises DomainError when nothing would change, for a step below the least sum or a day that is past, too far, or out of order.
    """
    return ask_for_steps(contract, by, steps, words, answers)


def ask_for_steps(contract: Contract, by, steps: Sequence[Step], words: str, answers: int | None, *,
                  months_count: int | None = None) -> ChangeOrder:
    """The steps that are not funded yet as they should be; with `months_count`, so many months beside them (going_on.py)."""
    contract, before = _may_ask(contract, by, answers)
    waiting = [Step(one.title, Yen(one.price_yen), one.due_on) for one in steps_of(contract) if one.is_unfunded] if months_count else []
    _check(contract, [*waiting, *steps], words)
    until = min([clock.now() + TIME_TO_ANSWER, *(clock.end_of(step.due_on) for step in steps[:1])])
    return _ask(contract, by, before, until=until, kind=ChangeOrder.Kind.TERMS, words=words.strip(), months_count=months_count, steps=[
        {"title": step.title, "price_yen": int(step.price_yen), "due_on": step.due_on.isoformat()} for step in steps])


@deed
def ask_for_part(*, milestone: Milestone, by, price: Yen, words: str = "", answers: int | None = None) -> ChangeOrder:
    """Either side wishes that of a step whose money is held the worker gets so much, without tax, and the rest goes back (一部検収).
    Nothing at all gives the whole back (取り消し).
    """
    contract, before = _may_ask(milestone.contract, by, answers)
    return _ask(contract, by, before, kind=ChangeOrder.Kind.PART, words=words.strip(),
                parts=_parts_of(contract, {milestone.number: price}))


@deed
def ask_to_end(*, contract: Contract, by, prices: Mapping[int, Yen], words: str = "", answers: int | None = None) -> ChangeOrder:
    """Either side wishes to end the contract: of each step whose money is held the worker gets so much; the others will not be done.
    `prices`: number of the step -> yen without tax, for exactly the steps whose money is held.
    """
    contract, before = _may_ask(contract, by, answers)
    running = {step.number for step in steps_of(contract) if step.is_running}
    if prices.keys() != running:
        raise DomainError(_("change.other_steps"))
    return _ask(contract, by, before, kind=ChangeOrder.Kind.END, words=words.strip(), parts=_parts_of(contract, prices))


@deed
def agree_to_change(*, order: ChangeOrder, by) -> ChangeOrder:
    """The other side signs: it is so from now on, money and steps move at once."""
    contract, order = _locked_order(order)
    if not policies.can_answer_change(by, order):
        raise NotAllowed(_("change.answer_refused"))
    steps = wished_terms(contract, steps_of(contract), order) if order.kind == ChangeOrder.Kind.TERMS else []
    before, now = last_change(contract), clock.now()
    order.agreed_by, order.version = by, before.version + 1 if before else 1
    after = before.addition_hash if before else contract.offer.terms_hash
    order.addition = change_addition(order, contract, now=now, steps=steps, after=after)
    order.addition_hash = fingerprint(order.addition)
    end_wish(order, "agree", by, contract)
    activity.record(actor=by, fact=facts.CHANGE_AGREED, about=contract.reference, kind=order.kind, version=order.version,
                    gross_yen=int(gross_of(steps_of(contract), order, steps)))
    if order.kind == ChangeOrder.Kind.TERMS:
        _write_steps(contract, steps)
    else:
        _settle(contract, order, by)
    tell(contract, both_sides(contract), "contract.change_agreed")
    return order


@deed
def keep_terms(*, order: ChangeOrder, by) -> ChangeOrder:
    """The other side says no; everything stays as it is, and nothing is counted against anybody."""
    contract, order = _locked_order(order)
    if not policies.can_answer_change(by, order):
        raise NotAllowed(_("change.answer_refused"))
    end_wish(order, "keep", by, contract)
    tell(contract, people_of(contract, order.side), "contract.change_kept")
    return order


@deed
def withdraw_change(*, order: ChangeOrder, by) -> ChangeOrder:
    """Whoever asked takes it back, as long as it was not answered."""
    contract, order = _locked_order(order)
    if not policies.can_withdraw_change(by, order):
        raise NotAllowed(_("change.answer_refused"))
    end_wish(order, "withdraw", by, contract)
    return order


def lapse_changes() -> int:
    """Wishes that nobody answered in time end, everything stays as it is, and whoever asked hears of it; return how many."""
    return each(ChangeOrder.objects.filter(state=WishState.ASKED, answer_by__lt=clock.now()).order_by("pk")[:500], _lapse)


def _lapse(order: ChangeOrder) -> bool:
    contract, order = _locked_order(order)
    is_late = order.state == WishState.ASKED and order.answer_by < clock.now()
    if is_late:
        end_wish(order, "lapse", None, contract)
        tell(contract, people_of(contract, order.side), "contract.change_lapsed")
    return is_late


def _may_ask(contract: Contract, by, answers: int | None) -> tuple[Contract, ChangeOrder | None]:
    """Whoever was asked may ask for something else instead: `answers` is the wish on their screen."""
    contract = locked_contract(contract.pk)
    if not policies.can_ask_for_change(by, contract):
        raise NotAllowed(_("change.refused"))
    before, side = open_change(contract), policies.side_of(by, contract)
    if (before.pk if before and before.side != side else None) != answers:
        raise DomainError(_("change.other_asked"))
    if before and before.side == side:
        raise DomainError(_("change.asked_already"))
    return contract, before


def _ask(contract: Contract, by, before: ChangeOrder | None, *, until: datetime.datetime | None = None, **values) -> ChangeOrder:
    if before:
        end_wish(before, "answer", by, contract)
    side = policies.side_of(by, contract)
    order = ChangeOrder.objects.create(contract=contract, side=side, asked_by=by, asked_at=clock.now(),
                                       answer_by=until or clock.now() + TIME_TO_ANSWER, **values)
    activity.record(actor=by, fact=facts.CHANGE_ASKED, about=contract.reference, kind=order.kind)
    who = {"who_person": contract.worker.name} if side == Side.WORKER else contract.client.words("who")
    tell(contract, people_of(contract, other_side(side)), "contract.change_asked",
          until_at=order.answer_by, **who)
    return order


def _check(contract: Contract, steps: Sequence[Step], words: str) -> None:
    waiting = [step for step in steps_of(contract) if step.state == MilestoneState.AGREED]
    is_same = [(step.title, step.price_yen, step.due_on) for step in waiting] == [tuple(step) for step in steps]
    if is_same and not words.strip():
        raise DomainError(_("change.empty"))
    if len(steps) > MOST_STEPS or any(step.price_yen < LEAST for step in steps):
        raise DomainError(_("change.sums") % {"least": LEAST, "most": MOST_STEPS})
    if contract.is_hourly:
        _check_weeks(contract, steps)
    days = [step.due_on for step in steps]
    if days != sorted(days) or not all(policies.is_due_day(day) for day in days):
        raise DomainError(_("change.days"))
    notice = EndNotice.objects.filter(contract=contract, carried_out_at=None).first()
    agreed = {(step.price_yen, step.due_on) for step in waiting}
    if notice and any(step.due_on > notice.last_on and (step.price_yen, step.due_on) not in agreed for step in steps):
        raise DomainError(_("change.after_notice") % {"day": day_words(notice.last_on)})


def _check_weeks(contract: Contract, steps: Sequence[Step]) -> None:
    """The weeks that come are those after the last one that is funded or over, one after the other, in whole hours."""
    rate = hours_in(contract.terms).rate_yen
    known = [step for step in steps_of(contract) if step.state != MilestoneState.VOID]
    waiting = [step.due_on for step in known if step.is_unfunded]
    first = waiting[0] if waiting else steps[0].due_on if steps else None
    if steps and not waiting and any(first <= step.due_on for step in known):       # a week is agreed once, and paid once
        raise DomainError(_("change.weeks.days"))
    if any(step.due_on != first + WEEK * number for number, step in enumerate(steps)) or steps and first.weekday():
        raise DomainError(_("change.weeks.days"))
    if any(step.price_yen % rate or not rate <= step.price_yen <= rate * MOST_HOURS for step in steps):
        raise DomainError(_("change.weeks.hours") % {"hours": MOST_HOURS})


def _parts_of(contract: Contract, prices: Mapping[int, Yen]) -> list[dict]:
    running = {step.number: step for step in steps_of(contract) if step.is_running}
    for number, price in prices.items():
        if number not in running:
            raise DomainError(_("change.other_steps"))
        if not policies.is_part(running[number], price):
            raise DomainError(_("change.part.range") % {"least": LEAST, "most": f"{running[number].price_yen:,}"})
    return [{"number": number, "price_yen": int(price)} for number, price in sorted(prices.items())]


def _write_steps(contract: Contract, steps: list[dict]) -> None:
    """The steps that were not funded become those that were signed; those that are left out will not be done."""
    old = {step.number: step for step in steps_of(contract) if step.state == MilestoneState.AGREED}
    for paper in steps:
        new = step_of(contract, paper)
        if known := old.pop(new.number, None):
            lapse_date(known)
            if new.held_yen != known.held_yen:
                payments.forget_deposit(place=known.reference)
            new.pk, new.state = known.pk, MILESTONE_LIFECYCLE.next(known.state, "change")
        new.save()
    void_steps(list(old.values()))
    if steps:                                       # beside others, the step that was the whole work has a name
        contract.milestones.filter(title="").update(title=contract.title)
    if contract.is_hourly:
        write_weeks(contract)
    after_steps(contract)
    if contract.is_hourly:
        return
    if steps and contract.fund_by is None and not any(step.is_running for step in steps_of(contract)):
        contract.fund_by = pay_in_until()
        contract.save(update_fields=["fund_by"])


def _settle(contract: Contract, order: ChangeOrder, by) -> None:
    running = {step.number: step for step in steps_of(contract)}
    if len(order.parts) > 1:
        hold_money(contract)
    for part in order.parts:
        settle_step(contract, running[part["number"]], price=Yen(part["price_yen"]), by=by)
    after_steps(contract, is_end=order.kind == ChangeOrder.Kind.END)


def _locked_order(order: ChangeOrder) -> tuple[Contract, ChangeOrder]:
    contract = locked_contract(order.contract_id)
    order = ChangeOrder.objects.locked().get(pk=order.pk)
    order.contract = contract
    return contract, order
