"""The lines of the town's own account: what waits for somebody to say what it is, and what it may be."""
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from machi.banking import matching
from machi.banking.matching import Match, Reason, Waited
from machi.payments.lifecycle import DepositState, LineState, PayoutState, RefundState
from machi.payments.models import BankLine, ExpectedDeposit, Payout, Refund
from machi.shared import clock

MOST = 20                                           # proposals beside a line


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


def words_of(line: BankLine) -> str:
    """What the bank wrote beside a line; nothing when the years of the law are over."""
    words = getattr(line.row, "words", None)
    return f"{words.kana} {words.memo}".strip() if words else ""


def fitting(line: BankLine) -> Fits:
    """What a line that came in may be, of all deposits that are waited for: by its number, or by its sum."""
    text = words_of(line)
    may_be = Q(code__in=matching.codes_in(text)) | Q(amount_yen=line.amount_yen)
    waiting = ExpectedDeposit.objects.filter(may_be, state=DepositState.WAITING).order_by("pk")
    deposits = {deposit.code: deposit for deposit in waiting.select_related("party", "party__person", "party__refund_account")}
    return Fits(matching.match(amount_yen=line.amount_yen, text=text, waited=map(_as_waited, deposits.values())), deposits)


def with_a_number_of_ours(lines: Sequence[BankLine]) -> list[BankLine]:
    """Of many lines those that came in with a number that somebody was given: one question however many."""
    codes = {line.pk: matching.codes_in(words_of(line)) for line in lines if line.is_in}
    ours = set(ExpectedDeposit.objects.filter(code__in=set().union(*codes.values())).order_by("pk").values_list("code", flat=True))
    return [line for line in lines if codes.get(line.pk, frozenset()) & ours]


def lapsed_with_its_number(line: BankLine) -> ExpectedDeposit | None:
    """The one deposit whose number stands in a line, if it was waited for and is no longer."""
    codes = matching.codes_in(words_of(line))
    found = list(ExpectedDeposit.objects.filter(code__in=codes).select_related("party").order_by("pk")) if codes else []
    return found[0] if len(found) == len(codes) == 1 and found[0].state == DepositState.LAPSED else None


def asked_with_its_number(line: BankLine) -> ExpectedDeposit | None:
    """Whose number stands in a line, whatever became of it: their money can go back to them."""
    codes = matching.codes_in(words_of(line))
    return ExpectedDeposit.objects.filter(code__in=codes).select_related("party").order_by("-pk").first() if codes else None


def lines_in_suspense() -> QuerySet[BankLine]:
    """What nobody has placed yet, the oldest first; then what the bank was asked to send back."""
    waiting = BankLine.objects.filter(state__in=(LineState.OPEN, LineState.RETURNING))
    return waiting.select_related("row", "row__words").order_by("state", "row_id")


def refunds_of_sum(amount_yen: int) -> list[Refund]:
    """What goes back to clients and has not left, of a sum."""
    waiting = Refund.objects.exclude(state=RefundState.PAID).filter(amount_yen=amount_yen)
    return list(waiting.select_related("party", "party__person").order_by("pk")[:MOST])


def payouts_of_sum(amount_yen: int, *, left_on: datetime.date) -> list[Payout]:
    """What was set aside for people by a day and does not stand on the statement yet, of a sum; of a batch once its file was made."""
    may_have_left = Q(state=PayoutState.SENDING) | Q(state=PayoutState.REQUESTED, batch=None)
    waiting = Payout.objects.filter(may_have_left, amount_yen=amount_yen, requested_at__lte=clock.end_of(left_on))
    return list(waiting.select_related("worker").order_by("pk")[:MOST])


def backs_of_sum(amount_yen: int) -> list[BankLine]:
    """What the bank was asked to send back, of a sum."""
    waiting = BankLine.objects.filter(state=LineState.RETURNING, amount_yen=amount_yen)
    return list(waiting.select_related("row", "row__words").order_by("pk")[:MOST])


def _as_waited(deposit: ExpectedDeposit) -> Waited:
    account = getattr(deposit.party, "refund_account", None)
    return Waited(deposit.code, deposit.amount_yen, account.holder_kana if account else "")


def in_suspense(lines: Iterable[BankLine]) -> int:
    """Their sum, in yen: in above zero, out below."""
    return sum(line.amount_yen for line in lines)
