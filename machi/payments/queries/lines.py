"""The lines of the town's own account: what waits for somebody to say what it is, and what it may be."""
import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from machi.accounts.models import Party, User
from machi.banking import matching
from machi.banking.matching import Fit, Match, Payers, Reason, Waited
from machi.payments.lifecycle import DepositState, LineState, PayoutState
from machi.payments.models import BankLine, ExpectedDeposit, Payout, PayoutBatch, Refund
from machi.payments.queries.cards import refunds_not_by_card, refunds_sent
from machi.shared import clock

MOST = 20                                           # proposals beside a line
MOST_NAMES = 20_000                                 # of one sum: compared with the words of a line
MOST_FEE_OF_AN_ITEM = 880                           # yen; a high price for one transfer in 2026
# By which names a bank may know a client: of the account they named, and as the town does.
OF_A_CLIENT = ("party__refund_account__holder_kana", "party__person__name_reading", "party__name", "party__person__display_name")


@dataclass(frozen=True, slots=True)
class Fits:
    """How a line fits what is waited for."""

    match: Match
    deposits: dict[str, ExpectedDeposit]            # by their number

    def of(self, waited: Waited) -> ExpectedDeposit:
        return self.deposits[waited.code]

    def proposed(self) -> list[tuple[ExpectedDeposit, frozenset[Reason]]]:
        """The best first; then those that only have the same sum."""
        named = [(self.of(waited), reasons) for waited, reasons in self.match.proposals]
        known = {deposit.pk for deposit, _reasons in named}
        return named + [(deposit, frozenset({Reason.AMOUNT})) for deposit in self.deposits.values() if deposit.pk not in known]


class Numbered(NamedTuple):
    """Lines that came in with a number of ours: those that are a deposit that is waited for, and those that came too late for it."""

    found: list[tuple[BankLine, ExpectedDeposit]]
    late: list[tuple[BankLine, ExpectedDeposit]]


def words_of(line: BankLine) -> str:
    """What the bank wrote beside a line; nothing when the years of the law are over."""
    words = getattr(line.row, "words", None)
    return f"{words.kana} {words.memo}".strip() if words else ""


def fitting(line: BankLine) -> Fits:
    """What a line that came in may be, of all deposits that are waited for: by its number, or by its sum."""
    text = words_of(line)
    may_be = Q(code__in=matching.codes_in(text)) | Q(amount_yen=line.amount_yen)
    deposits = {deposit.code: deposit for deposit in _with_payers(ExpectedDeposit.objects.filter(may_be, state=DepositState.WAITING))}
    return Fits(matching.match(amount_yen=line.amount_yen, text=text, waited=map(_as_waited, deposits.values())), deposits)


def by_their_numbers(lines: Sequence[BankLine]) -> Numbered:
    """Of many lines those that came in with a number that somebody was given, one after the other as if each came alone: right number and
    right sum, it is that deposit; the number of one that is waited for no longer, it is theirs again. Two questions however many.
    """
    codes = {line.pk: matching.codes_in(words_of(line)) for line in lines if line.is_in}
    asked = {deposit.code: deposit for deposit in _with_payers(ExpectedDeposit.objects.filter(code__in=set().union(*codes.values())))}
    ours = [line for line in lines if codes.get(line.pk, frozenset()) & asked.keys()]
    waiting = {code: deposit for code, deposit in asked.items() if deposit.is_waiting}
    lapsed = {line.pk: asked[code] for line in ours for code in codes[line.pk]
              if len(codes[line.pk]) == 1 and asked[code].state == DepositState.LAPSED}
    sums = {line.amount_yen for line in ours if line.pk in lapsed}
    of_sum = _with_payers(ExpectedDeposit.objects.filter(state=DepositState.WAITING, amount_yen__in=sums)) if sums else []
    found, late, taken = [], [], set()
    for line in ours:
        named = [waiting[code] for code in codes[line.pk] & waiting.keys()]
        might = [one for one in of_sum if one.amount_yen == line.amount_yen and one not in taken] if line.pk in lapsed else named
        fit = matching.match(amount_yen=line.amount_yen, text=words_of(line), waited=map(_as_waited, might)).fit
        if fit is Fit.BY_ITSELF:
            found.append((line, named[0]))
            taken.add(waiting.pop(named[0].code))
        elif fit is Fit.UNKNOWN and line.pk in lapsed:
            late.append((line, lapsed[line.pk]))
    return Numbered(found, late)


def asked_with_its_number(line: BankLine) -> ExpectedDeposit | None:
    """Whose number stands in a line, whatever became of it: their money can go back to them."""
    codes = matching.codes_in(words_of(line))
    return ExpectedDeposit.objects.filter(code__in=codes).select_related("party").order_by("-pk").first() if codes else None


def lines_in_suspense() -> QuerySet[BankLine]:
    """What nobody has placed yet, the oldest first; then what the bank was asked to send back."""
    waiting = BankLine.objects.filter(state__in=(LineState.OPEN, LineState.RETURNING))
    return waiting.select_related("row", "row__words").order_by("state", "row_id")


def refunds_of_sum(amount_yen: int, words: str = "") -> list[Refund]:
    """What goes back to clients by a transfer and has not left, of a sum; never what is at a card. Whose name stands in the words of the
    bank comes first.
    """
    return _named_first(refunds_not_by_card().filter(amount_yen=amount_yen), words, *OF_A_CLIENT)


def payouts_of_sum(amount_yen: int, *, left_on: datetime.date, words: str = "") -> list[Payout]:
    """What was set aside for people by a day and does not stand on the statement yet, of a sum; of a batch once its file was made. Whose
    holder stands in the words of the bank comes first.
    """
    may_have_left = Q(state=PayoutState.SENDING) | Q(state=PayoutState.REQUESTED, batch=None)
    waiting = Payout.objects.filter(may_have_left, amount_yen=amount_yen, requested_at__lte=clock.end_of(left_on))
    return _named_first(waiting.select_related("worker").order_by("pk"), words, "holder_kana")


def fee_of_a_file(batch: PayoutBatch) -> int:
    """The most that a bank may have taken in one sum with a file, in yen."""
    return MOST_FEE_OF_AN_ITEM * batch.count


def batches_that_left(amount_yen: int) -> list[tuple[PayoutBatch, Payout | None]]:
    """Files that are at the bank and may have left in one sum: as they are, with a fee of the bank, or without one it did not carry."""
    on_their_way = Payout.objects.filter(batch=OuterRef("pk"), state=PayoutState.SENDING)
    waiting = PayoutBatch.objects.exclude(file_sha256="").filter(Exists(on_their_way))
    found: list[tuple[PayoutBatch, Payout | None]] = []
    for batch in waiting.order_by("pk")[:MOST]:
        if 0 <= amount_yen - batch.total_yen <= fee_of_a_file(batch):
            found.append((batch, None))
        elif amount_yen < batch.total_yen:
            lacking = batch.payouts.filter(amount_yen=batch.total_yen - amount_yen).select_related("worker").order_by("pk")
            found.extend((batch, payout) for payout in lacking[:MOST])
    return found


def payouts_that_left(amount_yen: int, words: str = "") -> list[Payout]:
    """What stands on the statement as paid, of a sum: money that comes in may be one of them. Whose holder stands in the words of the bank
    comes first, then the newest.
    """
    left = Payout.objects.filter(state=PayoutState.PAID, amount_yen=amount_yen)
    return _named_first(left.select_related("worker").order_by("-paid_on", "-pk"), words, "holder_kana")


def refunds_that_left(amount_yen: int, words: str = "") -> list[Refund]:
    """What a transfer brought back to clients, of a sum: money that comes in may be one of them. Whose name stands in the words of the bank
    comes first, then the newest.
    """
    return _named_first(refunds_sent().filter(amount_yen=amount_yen).order_by("-paid_on", "-pk"), words, *OF_A_CLIENT)


def _named_first(found: QuerySet[Any], words: str, *columns: str) -> list[Any]:
    """As many as stand beside a line; those first one of whose names stands in its words. On a payday a hundred people may have the same
    sum: their names are compared before they are read.
    """
    names = found.values_list("pk", *columns)[:MOST_NAMES] if words else ()
    named = [pk for pk, *said in names if any(matching.is_same_payer(words, name) for name in said if name)][:MOST]
    return [*(found.filter(pk__in=named) if named else ()), *found.exclude(pk__in=named)[:MOST - len(named)]]


def sent_by_name(lines: Sequence[BankLine]) -> list[tuple[BankLine, Payout]]:
    """Of lines that went out those that are certainly a payout: its sum, and its holder's name, and no other line or payout has both. On a
    payday ten thousand people may have the same sum: their names are compared before they are read.
    """
    gone = [line for line in lines if not line.is_in]
    waiting = Payout.objects.filter(state=PayoutState.SENDING, amount_yen__in={-line.amount_yen for line in gone}).exclude(batch=None)
    of_sum: dict[int, list] = {}
    for pk, yen, holder, at in waiting.order_by("pk").values_list("pk", "amount_yen", "holder_kana", "requested_at") if gone else ():
        of_sum.setdefault(-yen, []).append((holder, (pk, clock.day_of(at))))
    payers = {yen: Payers(named) for yen, named in of_sum.items()}
    pairs = [(line, pk) for line in gone if line.amount_yen in payers for pk, day in payers[line.amount_yen].within(words_of(line))
             if line.row.booked_on >= day]
    lines_of, payouts_of = Counter(line.pk for line, _pk in pairs), Counter(pk for _line, pk in pairs)
    sure = [(line, pk) for line, pk in pairs if lines_of[line.pk] == payouts_of[pk] == 1]
    found = Payout.objects.in_bulk([pk for _line, pk in sure])
    return [(line, found[pk]) for line, pk in sure]


def of_whom(line: BankLine) -> User | Party | None:
    """Whose money a line that was placed turned out to be: one worker's, or one client's."""
    kind, _colon, number = line.reference.partition(":")
    if line.use == BankLine.Use.DEPOSIT:
        return line.deposit.party
    if kind == "payout":
        return Payout.objects.select_related("worker").get(pk=number).worker
    if line.use in (BankLine.Use.BACK, BankLine.Use.REFUND, BankLine.Use.RETURN):
        # the key of one that came back ends with how often
        said = [line.reference, line.reference.removeprefix("refund:"), line.reference.removeprefix("refund:").rpartition(":")[0]]
        refunds = Refund.objects.filter(reference__in=said, amount_yen=abs(line.amount_yen)).select_related("party__person")
        found = next((one for one in sorted(refunds, key=lambda one: -len(one.reference))), None)
        return found.party if found else None
    return None


def backs_of_sum(amount_yen: int) -> list[BankLine]:
    """What the bank was asked to send back, of a sum."""
    waiting = BankLine.objects.filter(state=LineState.RETURNING, amount_yen=amount_yen)
    return list(waiting.select_related("row", "row__words").order_by("pk")[:MOST])


def _with_payers(deposits: QuerySet[ExpectedDeposit]) -> list[ExpectedDeposit]:
    return list(deposits.select_related("party", "party__person", "party__refund_account").order_by("pk"))


def _as_waited(deposit: ExpectedDeposit) -> Waited:
    account = getattr(deposit.party, "refund_account", None)
    return Waited(deposit.code, deposit.amount_yen, account.holder_kana if account else "")


def in_suspense() -> tuple[int, int]:
    """How many lines wait, and their sum in yen: in above zero, out below."""
    found = lines_in_suspense().order_by().aggregate(count=Count("pk"), yen=Coalesce(Sum("amount_yen"), 0))
    return found["count"], int(found["yen"])
