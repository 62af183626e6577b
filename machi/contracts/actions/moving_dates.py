"""Another due date by agreement (納品日の相談): asked without a reason, answered, and then counted as if it had always been so.

Locks: contract, milestone, request. What was agreed is an addition to the terms; the terms themselves never change.
"""
import datetime

from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import READS_WORK
from machi.activity import actions as activity
from machi.contracts import facts, policies
from machi.contracts.actions.locking import locked, steps_of
from machi.contracts.actions.telling import people_of, tell
from machi.contracts.actions.wishes import end_wish, lapse_change, lapse_date, open_date
from machi.contracts.lifecycle import MILESTONE_LIFECYCLE, WISH_LIFECYCLE, WishState
from machi.contracts.models import Contract, DateRequest, Milestone, Side
from machi.contracts.queries import last_addition, moved_alike
from machi.contracts.terms import addition_to, fingerprint, gross_of, other_side
from machi.payments.paydays import pay_day
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each


@deed
def ask_for_date(*, milestone: Milestone, by, wished_on: datetime.date, words: str = "", answers: int | None = None) -> DateRequest:
    """Either side wishes for a later due date. Whoever was asked may name another day instead: `answers` is the wish on their screen.

    Raises DomainError for a day that is not later, has passed or lies more than a year ahead, and while another wish is open.
    """
    contract, milestone = locked(milestone)
    if not policies.can_ask_for_date(by, milestone):
        raise NotAllowed(_("dates.refused"))
    side, before = policies.side_of(by, contract), open_date(milestone)
    if (before.pk if before and before.side != side else None) != answers:
        raise DomainError(_("dates.other_asked"))
    if before and before.side == side:
        raise DomainError(_("dates.asked_already"))
    if not policies.is_later_day(wished_on, milestone.due_on):
        raise DomainError(_("dates.range"))
    if before and before.wished_on == wished_on:
        raise DomainError(_("dates.same_day"))
    if before:
        end_wish(before, "answer", by, contract)
    request = DateRequest.objects.create(milestone=milestone, side=side, asked_by=by, wished_on=wished_on, words=words.strip(),
                                         asked_at=clock.now())
    activity.record(actor=by, fact=facts.DATE_ASKED, about=contract.reference, milestone=milestone.pk,
                    wished_on=wished_on.isoformat())
    _tell_other_side(request, contract, "contract.date_asked", date_on=wished_on,
                     pay_on=pay_day(wished_on, acceptance_days=milestone.acceptance_days))
    return request


@deed
def agree_on_date(*, request: DateRequest, by) -> Milestone:
    """The other side agrees: the due date moves, the day of payment follows from it, and both see the two at once. The days of later
    steps that are not funded move alike, each with an addition of its own: nobody is late by what was agreed.
    """
    contract, milestone, request = _locked_request(request)
    if not policies.can_answer_date(by, request, milestone):
        raise NotAllowed(_("dates.answer_refused"))
    later = moved_alike(contract, steps_of(contract), milestone, request.wished_on)
    lapse_change(contract)
    now = clock.now()                               # one paper tells all that moved together
    _move(contract, milestone, request, by, now)
    for step, due_on in later:
        lapse_date(step)
        _move(contract, step, DateRequest(milestone=step, side=request.side, asked_by=request.asked_by, asked_at=request.asked_at,
                                          wished_on=due_on), by, now)
    tell(contract, [contract.worker, *contract.client.people(*READS_WORK)], "contract.date_agreed", step=milestone,
         date_on=milestone.due_on, pay_on=milestone.pay_on)
    return milestone


def _move(contract: Contract, milestone: Milestone, request: DateRequest, by, now: datetime.datetime) -> None:
    pay_on, before = pay_day(request.wished_on, acceptance_days=milestone.acceptance_days), last_addition(milestone)
    request.agreed_by, request.version = by, before.version + 1 if before else 1
    request.addition = addition_to(contract, milestone, request, pay_on=pay_on, now=now,
                                   after=before.addition_hash if before else contract.offer.terms_hash)
    request.addition_hash = fingerprint(request.addition)
    end_wish(request, "agree", by, contract)
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, "move_date")
    milestone.due_on, milestone.pay_on = request.wished_on, pay_on
    milestone.save(update_fields=["state", "due_on", "pay_on"])
    activity.record(actor=by, fact=facts.DATE_MOVED, about=contract.reference, milestone=milestone.pk,
                    version=request.version, due_on=request.wished_on.isoformat(), gross_yen=int(gross_of(steps_of(contract))))


@deed
def keep_date(*, request: DateRequest, by) -> DateRequest:
    """The other side says no; the day stays, and nothing is counted against anybody."""
    contract, milestone, request = _locked_request(request)
    if not policies.can_answer_date(by, request, milestone):
        raise NotAllowed(_("dates.answer_refused"))
    end_wish(request, "keep", by, contract)
    _tell_asker(request, contract, "contract.date_kept", milestone)
    return request


@deed
def withdraw_date(*, request: DateRequest, by) -> DateRequest:
    """Whoever asked takes it back, as long as it was not answered."""
    contract, milestone, request = _locked_request(request)
    if not policies.can_withdraw_date(by, request, milestone):
        raise NotAllowed(_("dates.answer_refused"))
    end_wish(request, "withdraw", by, contract)
    _tell_other_side(request, contract, "contract.date_withdrawn", date_on=milestone.due_on)
    return request


def lapse_dates() -> int:
    """Wishes whose day has passed without an answer end, and whoever asked hears of it; return how many."""
    return each(DateRequest.objects.filter(state=WishState.ASKED, wished_on__lt=clock.today()).order_by("pk")[:500], _lapse)


def _lapse(request: DateRequest) -> bool:
    contract, milestone, request = _locked_request(request)
    is_late = WISH_LIFECYCLE.allows(request.state, "lapse") and request.wished_on < clock.today()
    if is_late:
        end_wish(request, "lapse", None, contract)
        _tell_asker(request, contract, "contract.date_lapsed", milestone)
    return is_late


def _tell_other_side(request: DateRequest, contract: Contract, kind: str, **days) -> None:
    by_worker = request.side == Side.WORKER
    who = {"who_person": contract.worker.name} if by_worker else contract.client.words("who")
    tell(contract, people_of(contract, other_side(request.side)), kind, step=request.milestone, **who, **days)


def _tell_asker(request: DateRequest, contract: Contract, kind: str, milestone: Milestone) -> None:
    tell(contract, people_of(contract, request.side), kind, step=request.milestone, date_on=milestone.due_on)


def _locked_request(request: DateRequest) -> tuple[Contract, Milestone, DateRequest]:
    contract, milestone = locked(Milestone.objects.get(pk=request.milestone_id))
    request = DateRequest.objects.locked().select_related("asked_by").get(pk=request.pk)
    request.milestone = milestone
    return contract, milestone, request
