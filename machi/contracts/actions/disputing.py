"""The two do not agree about a step (食い違い): its money rests. Together they may settle it at any time (signing.py); whoever opened
it may take it back; an other side that stays silent until the day of answer leaves the step to whoever spoke, a worker what was handed
over. Each side tells one about each delivery, and one while it is waited for.

Locks: contract, step, dispute.
"""
import datetime
from collections.abc import Sequence

from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.banking.days import is_bank_day
from machi.contracts import facts, policies
from machi.contracts.actions.closing import after_steps, settle_unanswered
from machi.contracts.actions.locking import locked
from machi.contracts.actions.recording import give_time, rest_clock, wake_clock
from machi.contracts.actions.telling import both_sides, people_of, tell
from machi.contracts.actions.wishes import lapse_change, lapse_date
from machi.contracts.lifecycle import DISPUTE_LIFECYCLE, MILESTONE_LIFECYCLE, DisputeState
from machi.contracts.models import Contract, Dispute, DisputeFile, Milestone, Side
from machi.contracts.terms import other_side
from machi.files.actions import take_in
from machi.files.storing import StoredFile
from machi.payments.queries import taken_back
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

BUSINESS_DAYS = 5                                   # to answer (money.md 1.5)
LAST_DAY = datetime.timedelta(days=1)
NOTICES = 3                                         # so often the other side was told before its silence counts


@deed
def open_dispute(*, milestone: Milestone, by, reason: str, files: Sequence[StoredFile] = ()) -> Dispute:
    """Either side says that something is wrong with a step; its money is frozen and no clock runs."""
    contract, milestone = locked(milestone)
    if not policies.can_dispute(by, milestone, milestone.disputes.all()):
        raise NotAllowed(_("dispute.refused"))
    if not reason.strip():
        raise DomainError(_("dispute.reason_needed"))
    lapse_date(milestone)
    lapse_change(contract, [milestone])
    if contract.is_hourly and rest_clock(milestone):
        tell(contract, [contract.worker], "week.clock_rests", step=milestone)
    round_ = policies.round_of(milestone)
    milestone.state, milestone.accept_by = MILESTONE_LIFECYCLE.next(milestone.state, "dispute"), None
    milestone.save(update_fields=["state", "accept_by"])
    dispute = Dispute.objects.create(
        milestone=milestone, side=policies.side_of(by, contract), round=round_, opened_by=by, reason=reason.strip(),
        opened_at=clock.now(), answer_by=answer_day(clock.today()), reminders_count=1)
    _put_beside(dispute, dispute.side, files, by)
    activity.record(actor=by, fact=facts.DISPUTE_OPENED, about=contract.reference, milestone=milestone.pk)
    tell(contract, people_of(contract, other_side(dispute.side)), "contract.dispute_opened", step=milestone, until_at=dispute.answer_by)
    return dispute


@deed
def answer_dispute(*, dispute: Dispute, by, answer: str, files: Sequence[StoredFile] = ()) -> Dispute:
    """The other side tells how it sees the matter; from now on both together end it, or the town (mediating.py, ruling.py)."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not policies.can_answer_dispute(by, dispute):
        raise NotAllowed(_("dispute.answer_refused"))
    if not answer.strip():
        raise DomainError(_("dispute.reason_needed"))
    dispute.state = DISPUTE_LIFECYCLE.next(dispute.state, "answer")
    dispute.answer, dispute.answered_by, dispute.answered_at = answer.strip(), by, clock.now()
    dispute.save()
    _put_beside(dispute, other_side(dispute.side), files, by)
    activity.record(actor=by, fact=facts.DISPUTE_ANSWERED, about=contract.reference, milestone=milestone.pk)
    tell(contract, people_of(contract, dispute.side), "contract.dispute_answered", step=milestone)
    return dispute


@deed
def withdraw_dispute(*, dispute: Dispute, by) -> Milestone:
    """Whoever opened it takes it back: the work goes on, or what was delivered waits for acceptance again, with the time that was left."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not policies.can_withdraw_dispute(by, dispute):
        raise NotAllowed(_("dispute.answer_refused"))
    _go_on(contract, milestone, dispute, by)
    tell(contract, people_of(contract, other_side(dispute.side)), "contract.dispute_withdrawn", step=milestone)
    return milestone


def remind_of_disputes() -> int:
    """At half time and on the last day the other side is asked once more; return how many were. A town that stood still meanwhile asks
    late, and then the day of answer moves: nobody loses by a letter that was not sent.
    """
    now = clock.now()
    half = ExpressionWrapper(F("opened_at") + (F("answer_by") - F("opened_at")) / 2, DateTimeField())
    is_due = Q(reminders_count=1, half__lte=now) | Q(reminders_count__gt=1, answer_by__lte=now + LAST_DAY)
    due = Dispute.objects.annotate(half=half).filter(is_due, state=DisputeState.OPEN, reminders_count__lt=NOTICES)
    return each(due.order_by("answer_by", "pk")[:500], _remind)


def _remind(dispute: Dispute) -> bool:
    contract, milestone, dispute = locked_dispute(dispute)
    if dispute.state != DisputeState.OPEN or clock.now() < _reminder_at(dispute):
        return False
    dispute.reminders_count += 1
    if dispute.answer_by < clock.now():
        dispute.answer_by = answer_day(clock.today())
    dispute.save(update_fields=["reminders_count", "answer_by"])
    activity.record(actor=None, fact=facts.DISPUTE_REMINDED, about=contract.reference, milestone=milestone.pk)
    tell(contract, people_of(contract, other_side(dispute.side)), "contract.dispute_reminded", step=milestone, until_at=dispute.answer_by)
    return True


def settle_for_silent() -> int:
    """The day of answer has passed without a word, and the other side was told three times. Return how many.

    The client who spoke gets all of it back; the worker who spoke gets what they handed over. Who has handed nothing over yet gets
    nothing by silence: the difference is closed, and the work goes on. While a bank has the money nothing is settled.
    """
    moves_money = Q(side=Side.CLIENT) | Q(milestone__first_delivered_at__isnull=False)
    late = Dispute.objects.filter(state=DisputeState.OPEN, answer_by__lt=clock.now(), reminders_count__gte=NOTICES).exclude(
        moves_money, taken_back("milestone", "milestone_id")).order_by("pk")
    return each(late[:500], _settle)


def _settle(dispute: Dispute) -> bool:
    contract, milestone, dispute = locked_dispute(dispute)
    is_late = dispute.state == DisputeState.OPEN and dispute.answer_by < clock.now()
    if is_late and dispute.side == Side.WORKER and milestone.first_delivered_at is None:
        _go_on(contract, milestone, dispute, None)
        tell(contract, both_sides(contract), "contract.dispute_over", step=milestone)
    elif is_late:
        settle_unanswered(contract, milestone, for_worker=dispute.side == Side.WORKER)
        after_steps(contract)
    return is_late


def _go_on(contract: Contract, milestone: Milestone, dispute: Dispute, by) -> None:
    """The step is again what it was when the difference was opened; while that rested, no time went by."""
    lapse_change(contract, [milestone])
    now, was_delivered = clock.now(), milestone.deliveries.count() > milestone.revisions_used
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, "look_again" if was_delivered else "go_on")
    milestone.accept_by = _accept_by(milestone, now) if was_delivered else None
    milestone.save(update_fields=["state", "accept_by"])
    dispute.state, dispute.closed_at = DISPUTE_LIFECYCLE.next(dispute.state, "close"), now
    dispute.save(update_fields=["state", "closed_at"])
    if contract.is_hourly and not was_delivered:
        give_time(milestone)
        wake_clock(milestone)
    activity.record(actor=by, fact=facts.DISPUTE_CLOSED, about=contract.reference, milestone=milestone.pk)


def _put_beside(dispute: Dispute, side: str, files: Sequence[StoredFile], by) -> None:
    DisputeFile.objects.bulk_create(DisputeFile(dispute=dispute, side=side, file=file) for file in take_in(files, by=by))


def _accept_by(milestone: Milestone, now: datetime.datetime) -> datetime.datetime:
    """The days of acceptance from the delivery on, and as long as differences about it have rested."""
    rested = ((one.closed_at or now) - one.opened_at for one in milestone.disputes.filter(opened_at__gte=milestone.delivered_at))
    return milestone.delivered_at + datetime.timedelta(days=milestone.acceptance_days) + sum(rested, datetime.timedelta())


def answer_day(today: datetime.date) -> datetime.datetime:
    """The end of the fifth business day after this one."""
    day, left = today, BUSINESS_DAYS
    while left:
        day += datetime.timedelta(days=1)
        left -= is_bank_day(day)
    return clock.end_of(day)


def _reminder_at(dispute: Dispute) -> datetime.datetime:
    """The second notice at half time, the third a day before the end."""
    if dispute.reminders_count == 1:
        return dispute.opened_at + (dispute.answer_by - dispute.opened_at) / 2
    return dispute.answer_by - LAST_DAY


def locked_dispute(dispute: Dispute) -> tuple[Contract, Milestone, Dispute]:
    """A difference, its step and its contract as they are now, held until the deed is done."""
    contract, milestone = locked(Milestone.objects.get(pk=dispute.milestone_id))
    dispute = Dispute.objects.locked().get(pk=dispute.pk)
    dispute.milestone = milestone
    return contract, milestone, dispute
