"""The lines of the town's own account: booked when they are read, and placed by their number or by somebody of the finance desk.

A line is booked into suspense (不明入金), in or out. Placing it moves its yen from there to where they belong, once: the books say at every
moment what the bank says. Lock order: a deposit that is waited for, then the line.
"""
import datetime
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.activity import actions as activity
from machi.banking import actions as banking
from machi.banking.actions import Brought
from machi.banking.models import BankRow, Import
from machi.banking.profiles import Layout
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments import facts, policies
from machi.payments.actions.arriving import AT_ONCE, arrive_together, left
from machi.payments.actions.booking import actor, post, post_many
from machi.payments.actions.payouts import come_back_later
from machi.payments.actions.placing import match_together, owe_together, place, place_together
from machi.payments.actions.refunding import refund_comes_back, refund_left
from machi.payments.actions.stopping import guard
from machi.payments.lifecycle import DEPOSIT_LIFECYCLE, LINE_LIFECYCLE, PayoutState, RefundState
from machi.payments.models import BankLine, ExpectedDeposit, Payout, PayoutBatch, Refund, StatementLine
from machi.payments.queries import (
    asked_with_its_number,
    by_their_numbers,
    fee_of_a_file,
    is_at_the_card,
    sent_by_name,
)
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen

BACK = "お振込みのお返し"                             # the title of a refund of which nobody knows the work
FORGOTTEN = "―"                                     # what stands there instead of a reason that the years have taken
Use = BankLine.Use


@transaction.atomic
def take_in_statement(*, file: BinaryIO, account: str, layout: Layout, profile: str, by) -> Brought:
    """Read a statement of the bank, book what is new in it, and place what says by itself whose it is (着金確認).

    All of it, or nothing: raises Unreadable, NotJoined or NotAllowed in one sentence. The same file again brings nothing.
    """
    guard()
    brought = banking.import_statement(file=file, account=account, layout=layout, profile=profile, by=by)
    if brought.new_count:
        _open_account(brought.statement, by)
        rows = BankRow.objects.filter(brought_by=brought.statement).select_related("words").order_by("place")
        for start in range(0, brought.new_count, AT_ONCE):
            _book(list(rows[start:start + AT_ONCE]), by)
    return brought


@transaction.atomic
def match_line(*, line: BankLine, deposit: ExpectedDeposit, by, reason: str) -> BankLine:
    """This line is that deposit: its sum is right to the yen, and it is waited for. Then its piece of work begins by itself."""
    deposit, line = _locked_deposit(deposit.pk), _held(line, by, "match", reason)
    if not line.is_in or line.amount_yen != deposit.amount_yen:
        raise DomainError(_("line.other_sum"))
    _not_ones_own(by, party=deposit.party_id)
    DEPOSIT_LIFECYCLE.next(deposit.state, "match")
    match_together([(line, deposit)], by, reason)
    return line


@transaction.atomic
def book_line(*, line: BankLine, use: str, by, reason: str) -> BankLine:
    """What the bank took or gave (手数料・利息), what the operator put in or took out, or what the payment service brought of cards: no
    single client's, and no worker's.
    """
    line = _held(line, by, "book", reason)
    other = {Use.FEE: Kind.EXPENSE, Use.OWN: Kind.OWN, Use.SERVICE: Kind.GATEWAY}[Use(use)].of()
    debit, credit = (Kind.SUSPENSE.of(), other) if line.is_in else (other, Kind.SUSPENSE.of())
    post(Entry(f"use:{line.key}", actor(by), f"bank_{line.key}", [Transfer(debit, credit, line.amount)]))
    return place(line, "book", use, use, by, reason)


@transaction.atomic
def give_line_back(*, line: BankLine, by, reason: str, party: Party | None = None) -> BankLine:
    """Nobody here needs this money. Is it known whose it is, it goes back to them as a refund; else the bank is asked to send it back
    (組戻し), and the line waits until that stands on the statement.
    """
    line = _held(line, by, "give_back", reason)
    if not line.is_in:
        raise DomainError(_("line.is_out"))
    if party is None:
        return place(line, "send_back", Use.BACK, line.key, by, reason)
    _not_ones_own(by, party=party.pk)
    known = asked_with_its_number(line)
    title, about = (known.title, known.about) if known and known.party_id == party.pk else (BACK, f"party:{party.pk}")
    owe_together([(line, party, about, title)], by, reason)
    return line


@transaction.atomic
def answer_line(*, line: BankLine, by, reason: str, refund: Refund | None = None, payout: Payout | None = None,
                back: BankLine | None = None) -> BankLine:
    """This money that went out is that refund, that payout, or what somebody had paid in and was sent back."""
    if back is not None:
        back = BankLine.objects.select_for_update(of=("self",)).get(pk=back.pk)
    line = _held(line, by, "match", reason)
    if line.is_in or line.amount != (refund or payout or back).amount:
        raise DomainError(_("line.out_other_sum"))
    if refund is not None:
        _not_ones_own(by, party=refund.party_id)
        if not refund_left(refund, value_on=line.row.booked_on):
            raise DomainError(_("state.moved_on"))
        return place(line, "match", Use.REFUND, refund.bank_key, by, reason)
    if payout is not None:
        _not_ones_own(by, worker=payout.worker_id)
        if line.row.booked_on < clock.day_of(payout.requested_at):
            raise DomainError(_("line.before_payout"))
        if not left(payout, value_on=line.row.booked_on):
            raise DomainError(_("state.moved_on"))
        return place(line, "match", Use.PAYOUT, payout.bank_key, by, reason)
    back.state = LINE_LIFECYCLE.next(back.state, "leave")
    back.save(update_fields=["state"])
    return place(line, "match", Use.ANSWER, back.key, by, reason)


@transaction.atomic
def settle_batch(*, line: BankLine, batch: PayoutBatch, by, reason: str, left_out: Payout | None = None) -> BankLine:
    """This money that went out is that whole file: banks that print one sum for it. What they took for it may be in that sum, or one that
    they did not carry be missing. All of its payouts are still on their way; who was left out stays so until the statement is sure.
    """
    batch = PayoutBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    line = _held(line, by, "match", reason)
    payouts = list(batch.payouts.order_by("pk"))
    carried = [one for one in payouts if left_out is None or one.pk != left_out.pk]
    fee = int(line.amount) - sum(one.amount_yen for one in carried)
    is_one_of_them = left_out is None or len(carried) == len(payouts) - 1 and not fee
    if line.is_in or not is_one_of_them or not carried or not 0 <= fee <= fee_of_a_file(batch) or not batch.has_file \
            or {one.state for one in payouts} != {PayoutState.SENDING}:
        raise DomainError(_("line.out_other_sum"))
    if line.row.booked_on < clock.day_of(batch.approved_at):
        raise DomainError(_("line.before_payout"))
    for start in range(0, len(carried), AT_ONCE):
        some = carried[start:start + AT_ONCE]
        if len(arrive_together([(payout, line.row.booked_on) for payout in some], out_of=Kind.SUSPENSE)) < len(some):
            raise DomainError(_("state.moved_on"))
    if fee:
        post(Entry(f"use:{line.key}", actor(by), f"bank_{line.key}", [Transfer(Kind.EXPENSE.of(), Kind.SUSPENSE.of(), Yen(fee))]))
    line.fee_yen, line.left_out = fee, left_out
    return place(line, "match", Use.BATCH, batch.reference, by, reason)


@transaction.atomic
def take_payout_back(*, line: BankLine, payout: Payout, by, reason: str) -> BankLine:
    """This money that came in is a payout that the bank sent back (組戻し・振込返却). It is its worker's again, who reads the reason."""
    line = _held(line, by, "match", reason)
    payout = Payout.objects.select_for_update(of=("self",)).select_related("worker").get(pk=payout.pk)
    if not line.is_in or line.amount != payout.amount:
        raise DomainError(_("line.other_sum"))
    _not_ones_own(by, worker=payout.worker_id)
    if payout.state != PayoutState.PAID or line.row.booked_on < payout.paid_on or not come_back_later(payout, reason.strip()):
        raise DomainError(_("line.not_left_yet"))
    return place(line, "match", Use.RETURN, payout.bank_key, by, reason)


@transaction.atomic
def take_refund_back(*, line: BankLine, refund: Refund, by, reason: str) -> BankLine:
    """This money that came in is a refund that the bank of its client sent back. It is owed again, and the client reads the reason."""
    line = _held(line, by, "match", reason)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("party", "party__person").get(pk=refund.pk)
    key = refund.bank_key
    if not line.is_in or line.amount != refund.amount:
        raise DomainError(_("line.other_sum"))
    _not_ones_own(by, party=refund.party_id)
    if refund.state != RefundState.PAID or is_at_the_card(refund) or line.row.booked_on < refund.paid_on:
        raise DomainError(_("line.refund_not_left_yet"))
    refund_comes_back(refund, reason.strip())
    return place(line, "match", Use.RETURN, key, by, reason)


def forget_reasons(*, booked_before: datetime.date) -> int:
    """What was said of lines that are older than the law asks to keep: it may name somebody. What was decided stays."""
    old = BankLine.objects.filter(row__booked_on__lt=booked_before).exclude(reason__in=("", FORGOTTEN))
    return old.update(reason=FORGOTTEN)


def owe_line_back(deposit: ExpectedDeposit) -> Yen:
    """The deposit came by a transfer when its work had ended: it is the client's again. `deposit` is held."""
    line = BankLine.objects.select_for_update(of=("self",)).get(pk=deposit.line_id)
    deposit.state, deposit.line = DEPOSIT_LIFECYCLE.next(deposit.state, "give_back"), None
    deposit.save(update_fields=["state", "line"])
    activity.record(actor=None, fact=facts.FUNDING_RETURNED, about=deposit.place, amount_yen=line.amount_yen)
    owe_together([(line, deposit.party, deposit.about, deposit.title)], None, "", move="owe")
    return line.amount


def _open_account(statement: Import, by) -> None:
    """What lay there before the first line is the operator's own. Without it the first fee of the bank would eat into clients' money."""
    key, opening = f"opening:{statement.account}", statement.opening_yen
    if not opening or Import.objects.filter(account=statement.account, pk__lt=statement.pk).exists():
        return
    bank, own = Kind.BANK.of(), Kind.OWN.of()
    post(Entry(key, actor(by), key, [Transfer(bank, own, Yen(opening)) if opening > 0 else Transfer(own, bank, Yen(-opening))]))
    StatementLine.objects.create(key=key, value_on=statement.first_on, amount_yen=opening, read_at=clock.now())


def _book(rows: Sequence[BankRow], by) -> None:
    """Into the books as they stand on the statement; then each by itself."""
    lines = BankLine.objects.bulk_create(BankLine(row=row, amount_yen=row.amount_yen) for row in rows)
    StatementLine.objects.bulk_create(StatementLine(key=line.key, value_on=line.row.booked_on, amount_yen=line.amount_yen,
                                                    read_at=clock.now()) for line in lines)
    bank, suspense = Kind.BANK.of(), Kind.SUSPENSE.of()
    post_many([Entry(line.key, actor(by), f"bank_{line.key}", [
        Transfer(bank, suspense, line.amount) if line.is_in else Transfer(suspense, bank, line.amount)]) for line in lines], by=by)
    activity.record_many(actor=by, fact=facts.LINE_BOOKED, things=((line.key, {"amount_yen": line.amount_yen}) for line in lines))
    numbered = by_their_numbers(lines)
    match_together(numbered.found, None, "")
    owe_together([(line, late.party, late.about, late.title) for line, late in numbered.late], None, "")
    sent = sent_by_name(lines)
    arrived = arrive_together([(payout, line.row.booked_on) for line, payout in sent], out_of=Kind.SUSPENSE)
    place_together([(line, payout.bank_key) for line, payout in sent if payout.pk in arrived], "match", Use.PAYOUT, None, "")


def _held(line: BankLine, by, move: str, reason: str) -> BankLine:
    """The line as it is now, held until the deed is done. Raises NotAllowed or IllegalMove."""
    guard()
    line = BankLine.objects.select_for_update(of=("self",)).select_related("row").get(pk=line.pk)
    LINE_LIFECYCLE.next(line.state, move)
    if not policies.can_place_line(by, line, move):
        raise NotAllowed(_("line.not_yours"))
    if not reason.strip():
        raise DomainError(_("line.reason.missing"))
    return line


def _not_ones_own(by, **whose: int) -> None:
    if policies.is_own_money(by, **whose):
        raise NotAllowed(_("line.own_money"))


def _locked_deposit(pk: int) -> ExpectedDeposit:
    return ExpectedDeposit.objects.select_for_update(of=("self",)).select_related("party").get(pk=pk)
