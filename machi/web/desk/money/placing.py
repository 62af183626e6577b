"""What a line of the bank may be: the choices of its form, in words, and the deed behind each."""
from collections.abc import Iterator

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.banking.matching import Reason
from machi.notifications.words import day, yen
from machi.payments import actions
from machi.payments.models import BankLine, ExpectedDeposit, Payout, PayoutBatch, Refund
from machi.payments.queries import (
    asked_with_its_number,
    backs_of_sum,
    batches_that_left,
    fitting,
    is_paid_by_card,
    payouts_of_sum,
    payouts_that_left,
    refunds_of_sum,
    refunds_that_left,
    words_of,
)
from machi.shared.errors import DomainError

Choice = tuple[str, str]


def choices_for(line: BankLine) -> list[Choice]:
    """What fits best comes first; what the bank and the operator do themselves comes last."""
    found = list(_came(line) if line.is_in else _went(line))
    service = [("service", _("desk.line.service"))] if is_paid_by_card() else []
    return [*found, *service, ("fee", _("desk.line.fee")), ("own", _("desk.line.own"))]


def _came(line: BankLine) -> Iterator[Choice]:
    parties = {}
    if known := asked_with_its_number(line):
        parties[known.party_id] = known.party
    for deposit, reasons in fitting(line).proposed():
        parties[deposit.party_id] = deposit.party
        if Reason.AMOUNT in reasons:
            yield f"deposit:{deposit.pk}", _deposit(deposit, reasons)
    for payout in payouts_that_left(line.amount_yen, words_of(line)):
        yield f"return:{payout.pk}", _("desk.line.came_back") % (_worker(payout) | {
            "bank": payout.bank_name, "net": yen(payout.amount_yen), "day": day(payout.paid_on)})
    for refund in refunds_that_left(line.amount_yen, words_of(line)):
        yield f"refund_back:{refund.pk}", _("desk.line.refund_back") % (_client(refund.party) | {
            "job": refund.title, "gross": yen(refund.amount_yen), "day": day(refund.paid_on)})
    for party in parties.values():
        yield f"client:{party.pk}", _("desk.line.client") % _client(party)
    yield "bank", _("desk.line.bank")


def _went(line: BankLine) -> Iterator[Choice]:
    for payout in payouts_of_sum(-line.amount_yen, left_on=line.row.booked_on, words=words_of(line)):
        yield f"payout:{payout.pk}", _("desk.line.payout") % (_worker(payout) | {"bank": payout.bank_name, "net": yen(payout.amount_yen)})
    for batch, lacking in batches_that_left(-line.amount_yen):
        yield _batch(batch, lacking, -line.amount_yen - batch.total_yen)
    for refund in refunds_of_sum(-line.amount_yen, words_of(line)):
        yield f"refund:{refund.pk}", _("desk.line.refund") % (_client(refund.party) | {
            "job": refund.title, "gross": yen(refund.amount_yen)})
    for back in backs_of_sum(-line.amount_yen):
        yield f"back:{back.pk}", _("desk.line.back") % {"words": words_of(back), "gross": yen(back.amount_yen)}


def _batch(batch: PayoutBatch, lacking: Payout | None, fee_yen: int) -> Choice:
    said = {"day": day(batch.value_on), "n": batch.count, "net": yen(batch.total_yen)}
    if lacking:
        return f"batch:{batch.pk}:{lacking.pk}", _("desk.line.batch_without") % (said | _worker(lacking) | {
            "bank": lacking.bank_name, "left_out": yen(lacking.amount_yen)})
    text = _("desk.line.batch_and_fee") if fee_yen else _("desk.line.batch")
    return f"batch:{batch.pk}", text % (said | {"fee": yen(fee_yen)})


def _deposit(deposit: ExpectedDeposit, reasons: frozenset[Reason]) -> str:
    said = {Reason.CODE: _("desk.line.by_code"), Reason.AMOUNT: _("desk.line.by_amount"), Reason.PAYER: _("desk.line.by_payer")}
    return _("desk.line.deposit") % (_client(deposit.party) | {
        "job": deposit.title, "code": deposit.code, "why": "・".join(said[reason] for reason in Reason if reason in reasons)})


def _worker(payout: Payout) -> dict[str, object]:
    """Two people may have one name: their numbers tell them apart."""
    return {"worker": payout.worker.name, "number": payout.worker_id}


def _client(party: Party) -> dict[str, object]:
    return {"client": party, "number": party.pk}


def place(line: BankLine, *, what: str, reason: str, by) -> BankLine:
    """Do what was chosen. Raises DomainError when it is no longer so."""
    kind, number, other = [*what.split(":"), "", ""][:3]
    said = {"line": line, "by": by, "reason": reason}
    try:
        if kind == "deposit":
            return actions.match_line(deposit=ExpectedDeposit.objects.get(pk=number), **said)
        if kind == "refund":
            return actions.answer_line(refund=Refund.objects.select_related("party").get(pk=number), **said)
        if kind == "payout":
            return actions.answer_line(payout=Payout.objects.select_related("worker").get(pk=number), **said)
        if kind == "batch":
            left_out = Payout.objects.get(pk=other) if other else None
            return actions.settle_batch(batch=PayoutBatch.objects.get(pk=number), left_out=left_out, **said)
        if kind == "return":
            return actions.take_payout_back(payout=Payout.objects.get(pk=number), **said)
        if kind == "refund_back":
            return actions.take_refund_back(refund=Refund.objects.get(pk=number), **said)
        if kind == "back":
            return actions.answer_line(back=BankLine.objects.get(pk=number), **said)
        if kind in ("client", "bank"):
            party = Party.objects.select_related("person").get(pk=number) if kind == "client" else None
            return actions.give_line_back(party=party, **said)
    except ObjectDoesNotExist:
        raise DomainError(_("state.moved_on")) from None
    return actions.book_line(use=kind, **said)
