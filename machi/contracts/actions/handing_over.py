"""Delivering, asking for changes, accepting: the milestone's own moves. Locks: contract, then milestone."""
import datetime
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.activity.models import Fact
from machi.contracts import facts, policies
from machi.contracts.actions.closing import accept_step, after_steps
from machi.contracts.actions.locking import locked
from machi.contracts.actions.wishes import lapse_change, lapse_date
from machi.contracts.lifecycle import MILESTONE_LIFECYCLE, MilestoneState
from machi.contracts.models import Contract, Delivery, DeliveryFile, Milestone, RevisionRequest
from machi.contracts.titles import titled
from machi.files.actions import take_in
from machi.files.storing import StoredFile
from machi.notifications import actions as notifications
from machi.payments.paydays import pay_day_after, received
from machi.payments.queries import taken_back
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each


@transaction.atomic
def deliver(*, milestone: Milestone, by, text: str = "", ai_note: str = "", files: Sequence[StoredFile] = (),
            round: int | None = None, minutes_spent: int | None = None) -> Delivery:
    """The worker hands the work over (納品): the acceptance clock starts, the day of payment is settled by the day of receipt.

    `round` is the round for which the form was opened: an old window never hands over in a later round. `minutes_spent`, if the
    worker says it, becomes one of the figures of this kind of work (contracts.prices).
    """
    contract, milestone = locked(milestone)
    _same_round(milestone, round)
    if not policies.can_deliver(by, milestone):
        raise NotAllowed(_("contract.deliver.refused"))
    if not text.strip() and not files:
        raise DomainError(_("contract.deliver.empty"))
    if contract.terms["ai"] == "declared" and not ai_note.strip():
        raise DomainError(_("contract.deliver.ai_needed"))
    now = clock.now()
    lapse_date(milestone)
    lapse_change(contract, [milestone])
    delivery = Delivery.objects.create(milestone=milestone, round=milestone.revisions_used + 1, text=text, ai_note=ai_note,
                                       delivered_at=now, minutes_spent=minutes_spent)
    DeliveryFile.objects.bulk_create(DeliveryFile(delivery=delivery, file=file) for file in take_in(files, by=by))
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, "deliver")
    milestone.delivered_at = now
    milestone.first_delivered_at = milestone.first_delivered_at or now
    milestone.accept_by = now + datetime.timedelta(days=milestone.acceptance_days)
    milestone.pay_on = pay_day_after(milestone.pay_on, received(now), due_on=milestone.due_on, was_sent_back=milestone.revisions_used > 0,
                                     acceptance_days=milestone.acceptance_days)
    milestone.save()
    activity.record(actor=by, fact=facts.DELIVERED, about=contract.reference, milestone=milestone.pk, round=delivery.round)
    for person in contract.client.people(Power.APPROVER):
        notifications.queue(to=person, kind="contract.delivered", about=contract.reference, job=titled(milestone),
                            worker_person=contract.worker.name, date_at=milestone.accept_by)
    notifications.queue(to=contract.worker, kind="contract.delivered_done", about=contract.reference, job=titled(milestone),
                        date_at=milestone.accept_by, **contract.client.words())
    return delivery


@deed
def ask_changes(*, milestone: Milestone, by, points: str, reason: str = RevisionRequest.Reason.AGREED,
                round: int | None = None) -> RevisionRequest:
    """The client asks for changes (直し), at most as often as the terms say, and why. Whoever wishes for something else than was agreed has
    no reason here: that is a change of the terms, with its pay. `round` is the delivery they looked at.
    """
    contract, milestone = locked(milestone)
    _same_round(milestone, round)
    if not policies.can_ask_changes(by, milestone):
        raise NotAllowed(_("contract.changes.refused"))
    lapse_change(contract, [milestone])
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, "ask_changes")
    milestone.revisions_used += 1
    milestone.accept_by = None
    milestone.save(update_fields=["state", "revisions_used", "accept_by"])
    request = RevisionRequest.objects.create(milestone=milestone, round=milestone.revisions_used, reason=reason, points=points,
                                             asked_at=clock.now())
    activity.record(actor=by, fact=facts.CHANGES_ASKED, about=contract.reference, milestone=milestone.pk, round=request.round)
    notifications.queue(to=contract.worker, kind="contract.changes_asked", about=contract.reference, job=titled(milestone),
                        k=request.points_count, i=request.round, n=milestone.revisions_count)
    return request


@deed
def accept_delivery(*, milestone: Milestone, by, round: int | None = None) -> Milestone:
    """The client accepts the work (検収する); the held money becomes the worker's. `round` is the delivery they looked at."""
    contract, milestone = locked(milestone)
    _same_round(milestone, round)
    if not policies.can_accept_delivery(by, milestone):
        raise NotAllowed(_("contract.accept.refused"))
    return _accept(contract, milestone, by)


def accept_for_silent_clients() -> int:
    """The acceptance clock has run out: the town accepts. Returns how many; each is a transaction of its own."""
    late = Milestone.objects.filter(state=MilestoneState.DELIVERED, accept_by__lte=clock.now()).exclude(taken_back("milestone"))
    return each(late.order_by("accept_by")[:500], _accept_for_silent)


def _accept_for_silent(milestone: Milestone) -> bool:
    contract, milestone = locked(milestone)
    is_late = milestone.state == MilestoneState.DELIVERED and milestone.accept_by <= clock.now()
    if is_late:
        _accept(contract, milestone, None)
    return is_late


def remind_of_acceptance(*, at_most: int = 500) -> int:
    """Half the time is over, or one day is left: the client hears of it, once each. Returns how many reminders went out."""
    now, told = clock.now(), 0
    half = F("delivered_at") + ExpressionWrapper((F("accept_by") - F("delivered_at")) / 2, DurationField())
    waiting = (Milestone.objects.filter(state=MilestoneState.DELIVERED, accept_by__gt=now).annotate(half=half)
               .select_related("contract", "contract__client", "contract__worker").order_by("pk"))
    is_last_day = Q(accept_by__lte=now + datetime.timedelta(days=1))
    for stage, is_due in (("half", Q(half__lte=now) & ~is_last_day), ("last", is_last_day)):
        known = Fact.objects.filter(
            name=facts.ACCEPTANCE_REMINDED, about=Concat(Value("contract:"), Cast(OuterRef("contract"), TextField())),
            data__contains=JSONObject(milestone=OuterRef("pk"), round=OuterRef("revisions_used"),
                                      stage=Cast(Value(stage), TextField())))      # PostgreSQL 15 guesses no type
        told += each(waiting.filter(is_due, ~Exists(known))[:at_most], partial(_remind, stage=stage))
    return told


def _remind(milestone: Milestone, stage: str) -> int:
    contract = milestone.contract
    people = contract.client.people(Power.APPROVER)
    for person in people:
        notifications.queue(to=person, kind="contract.accept_soon", about=contract.reference, job=titled(milestone),
                            worker_person=contract.worker.name, date_at=milestone.accept_by)
    activity.record(actor=None, fact=facts.ACCEPTANCE_REMINDED, about=contract.reference, milestone=milestone.pk,
                    round=milestone.revisions_used, stage=stage)
    return len(people)


def _accept(contract: Contract, milestone: Milestone, by) -> Milestone:
    accept_step(contract, milestone, by)
    after_steps(contract)
    return milestone


def _same_round(milestone: Milestone, round: int | None) -> None:
    """Two tabs: what was on the screen must be the delivery that lies here now."""
    if round is not None and round != milestone.revisions_used + 1:
        raise DomainError(_("contract.other_round"))
