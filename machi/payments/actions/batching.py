"""Payouts leave with a file of the bank (総合振込): put together by one person of the finance desk, above a limit agreed to by another.

Once its file was made, a batch may be at the bank, whatever people say: from then on its payouts are on their way, and only the statement
says how they ended. Made again, the file is the same to the byte, or it is not made.
"""
import datetime
import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.banking import checker
from machi.banking.zengin import Transfer, faults, transfer_file
from machi.notifications import actions as notifications
from machi.payments import facts, policies
from machi.payments.actions.payouts import was_not_sent
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import BATCH_LIFECYCLE, PAYOUT_LIFECYCLE, PayoutState
from machi.payments.models import Payout, PayoutBatch, PayoutPause
from machi.payments.queries import (
    Told,
    hand_in,
    surely_not_sent,
    to_their_account,
    told,
    transfers_of_batch,
    waiting_batches,
    waiting_payouts,
)
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed


@transaction.atomic
def propose_batch(*, value_on: datetime.date, count: int, total_yen: int, by) -> PayoutBatch:
    """What waits for a day becomes one batch: as many payouts and as many yen as stood on the screen.

    Raises NotAllowed, or DomainError when it is something else by now, or no file can be made of it.
    """
    guard()
    if not policies.can_propose_batch(by):
        raise NotAllowed(_("batch.not_yours"))
    known = told()
    waiting = next((one for one in waiting_batches(waiting_payouts().select_for_update(of=("self",)), known.rules)
                    if one.value_on == value_on), None)
    if waiting is None or (waiting.count, waiting.total_yen) != (count, total_yen):
        raise DomainError(_("batch.changed"))
    for fault in faults(known.payer, transfers_of_batch(waiting.payouts), value_on=value_on, rules=known.rules):
        raise DomainError(fault)
    batch = PayoutBatch.objects.create(value_on=value_on, total_yen=total_yen, count=count, proposed_by=by, proposed_at=clock.now(),
                                       limit_yen=waiting.limit_yen)
    try:
        Payout.objects.filter(pk__in=[payout.pk for payout in waiting.payouts]).update(batch=batch, value_on=value_on)
    except IntegrityError:                              # at this moment somebody was given another payout of that day
        raise DomainError(_("batch.changed")) from None
    for payout in waiting.payouts:
        if payout.value_on != value_on:
            notifications.queue(to=payout.worker, kind="payout.later", about=payout.bank_key, net_yen=payout.amount_yen, date_on=value_on)
    _record(batch, facts.BATCH_PROPOSED, by, count=count, total_yen=total_yen)
    return batch


@transaction.atomic
def approve_batch(*, batch: PayoutBatch, by) -> PayoutBatch:
    """It may leave. Above the limit somebody else says so than whoever put it together."""
    batch = _held(batch, by, "approve")
    _in_time(batch, told())
    return _move(batch, "approve", facts.BATCH_APPROVED, by, approved_by=by, approved_at=clock.now())


@transaction.atomic
def withdraw_batch(*, batch: PayoutBatch, by) -> PayoutBatch:
    """It shall not leave so: its payouts wait for another batch. Not once its file was made."""
    batch = _held(batch, by, "withdraw")
    Payout.objects.filter(batch=batch).update(batch=None)
    return _move(batch, "withdraw", facts.BATCH_WITHDRAWN, by)


@transaction.atomic
def take_file(*, batch: PayoutBatch, by) -> bytes:
    """The file for the bank, as bytes, read by a second reader before it leaves. The first time its payouts are on their way from now on;
    again, it is the same file. Raises DomainError when it would not be.
    """
    batch = _held(batch, by, "write", unless_written=True)
    is_new = not batch.has_file
    payouts = list(Payout.objects.select_for_update(of=("self",)).filter(batch=batch).order_by("pk"))
    known = told(clock.day_of(batch.approved_at))
    if not is_new and {payout.state for payout in payouts} != {PayoutState.SENDING}:
        raise DomainError(_("batch.was_answered"))      # what came back is on its way anew: given to the bank again it would be paid twice
    data = _written(batch, transfers_of_batch(payouts), known)
    sha = hashlib.sha256(data).hexdigest()
    if is_new:
        _in_time(batch, known)
        if PayoutPause.objects.holding().filter(worker__in=[payout.worker_id for payout in payouts]).exists():
            raise DomainError(_("batch.somebody_rests"))
        if Payout.objects.filter(~to_their_account(), batch=batch).exists():
            raise DomainError(_("batch.other_account"))
        for payout in payouts:
            payout.state = PAYOUT_LIFECYCLE.next(payout.state, "send")
        Payout.objects.bulk_update(payouts, ["state"], batch_size=1_000)
        _move(batch, "write", facts.BATCH_WRITTEN, by, file_sha256=sha)
    elif sha != batch.file_sha256:
        raise DomainError(_("batch.other_file"))
    else:
        _record(batch, facts.BATCH_WRITTEN, by, file_sha256=sha)
    return data


@transaction.atomic
def give_batch(*, batch: PayoutBatch, by) -> PayoutBatch:
    """Somebody has brought the file to the bank, and says so."""
    batch = _held(batch, by, "give")
    return _move(batch, "give", facts.BATCH_GIVEN, by, given_by=by, given_at=clock.now())


@transaction.atomic
def say_not_sent(*, payout: Payout, by, reason: str) -> Payout:
    """The bank took the file not at all, or left this payment out. Nobody guesses: its statement reaches so far that the money would stand
    there, and no line that left could be it. Of a batch for two people it is somebody else's word than of whoever put it together.
    """
    guard()
    payout = Payout.objects.select_for_update(of=("self",)).select_related("worker", "batch").get(pk=payout.pk)
    if not policies.can_propose_batch(by) or by.pk == payout.worker_id:
        raise NotAllowed(_("batch.not_yours"))
    if payout.batch and payout.batch.needs_two and by.pk == payout.batch.proposed_by_id:
        raise NotAllowed(_("batch.two_people"))
    if not reason.strip():
        raise DomainError(_("line.reason.missing"))
    if not surely_not_sent([payout]) or not was_not_sent(payout, reason.strip()):
        raise DomainError(_("batch.not_sure"))
    activity.record(actor=by, fact=facts.PAYOUT_NOT_SENT, about=payout.bank_key)
    return payout


def _held(batch: PayoutBatch, by, move: str, *, unless_written: bool = False) -> PayoutBatch:
    """The batch as it is now, held until the deed is done. Raises IllegalMove or NotAllowed."""
    guard()
    batch = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not policies.can_propose_batch(by):
        raise NotAllowed(_("batch.not_yours"))
    if unless_written and batch.has_file:
        return batch
    BATCH_LIFECYCLE.next(batch.state, move)
    if not policies.can_move_batch(by, batch, move):
        raise NotAllowed(_("batch.two_people"))
    return batch


def _move(batch: PayoutBatch, move: str, fact: str, by, **columns) -> PayoutBatch:
    batch.state = BATCH_LIFECYCLE.next(batch.state, move)
    for name, value in columns.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", *columns])
    _record(batch, fact, by, **{name: value for name, value in columns.items() if name == "file_sha256"})
    return batch


def _record(batch: PayoutBatch, fact: str, by, **data) -> None:
    activity.record(actor=by, fact=fact, about=batch.reference, **data)


def _in_time(batch: PayoutBatch, known: Told) -> None:
    if clock.now() >= hand_in(batch.value_on, known.rules):
        raise DomainError(_("batch.too_late"))


def _written(batch: PayoutBatch, transfers: list[Transfer], known: Told) -> bytes:
    """What the bank will read in it is what the books say: day, sum, count. Raises DomainError."""
    data = transfer_file(known.payer, transfers, value_on=batch.value_on, rules=known.rules)
    try:
        read = checker.check(data)
    except checker.Wrong as fault:
        raise DomainError(_("batch.unreadable") % {"fault": fault}) from None
    if (read.header["value_mmdd"], len(read.items), read.total) != (f"{batch.value_on:%m%d}", batch.count, batch.total_yen):
        raise DomainError(_("batch.unreadable") % {"fault": read.header["value_mmdd"]})
    return data
