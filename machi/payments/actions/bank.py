"""Everything that is said to the bank, and read from its statement. What was asked is asked again under the same key, never guessed."""
from functools import partial

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from machi.activity import actions as activity
from machi.ledger.accounts import Kind
from machi.ledger.actions import Entry, Transfer
from machi.payments import facts
from machi.payments.actions.arriving import arrive
from machi.payments.actions.booking import CLOCK, keep, post
from machi.payments.actions.cards import send_card_refunds
from machi.payments.actions.payouts import come_back, move
from machi.payments.actions.refunding import move_refund, refund_arrives
from machi.payments.actions.stopping import guard
from machi.payments.bank import the_bank
from machi.payments.fakebank import FakeBank
from machi.payments.lifecycle import PayoutState, RefundState
from machi.payments.models import Funding, Payout, Refund, StatementLine
from machi.payments.queries import DEPOSIT, is_paid_by_card, unread_deposits, waiting_payouts
from machi.shared.money import Yen
from machi.shared.rows import each


def send_payouts(*, at_most: int = 500) -> int:
    """Tell the bank, then read its statement; return how many ended.

    `sending` is written down before the bank is asked. After a crash in between nobody guesses: the bank is asked again
    under the same key, and answers with what it did.
    """
    guard()
    if not the_bank().moves_at_once:
        return 0
    each(waiting_payouts().values_list("pk", flat=True)[:at_most], partial(move, move="send"))
    told = each(Payout.objects.filter(state=PayoutState.SENDING).order_by("pk")[:at_most], _tell_of_payout, unless=(OSError,))
    return read_statement() if told else 0


def send_refunds(*, at_most: int = 500) -> int:
    """Tell the bank what goes back to clients, then read its statement; return how many refunds ended. As with payouts, nobody guesses."""
    guard()
    if is_paid_by_card():
        return send_card_refunds(at_most=at_most)
    if not the_bank().moves_at_once:
        return 0
    each(Refund.objects.filter(state=RefundState.OWED).order_by("pk").values_list("pk", flat=True)[:at_most],
         partial(move_refund, move="send"))
    own = Funding.objects.filter(reference=OuterRef("reference")).values(key=Coalesce("part_of__bank_key", "bank_key"))
    newest = Funding.objects.filter(party=OuterRef("party"), part_of=None).order_by("-pk").values("bank_key")[:1]
    deposit = Coalesce(Subquery(own), Subquery(newest))     # withheld tax is of many deposits
    waiting = Refund.objects.filter(state=RefundState.SENDING).annotate(deposit=deposit).order_by("pk")
    told = each(waiting[:at_most], _tell_of_refund, unless=(OSError,))
    return _read_refunds(the_bank().statement()) if told else 0


def rewind_play_bank() -> None:
    """After a restore: the play bank knows no more than the books do. A real one has its own past, and its statement brings it."""
    if isinstance(bank := the_bank(), FakeBank):
        bank.go_back_to(set(StatementLine.objects.values_list("key", flat=True)))


def read_statement() -> int:
    """Take up every new line of the bank's statement (着金確認); return how many payouts ended by it."""
    guard()
    if not the_bank().moves_at_once:
        return 0
    each(unread_deposits(), _take_in)
    open_keys = {payout.bank_key: payout for payout in Payout.objects.filter(state=PayoutState.SENDING).order_by("pk")}
    if not open_keys:
        return 0
    lines = the_bank().statement()
    returned = {line.key.removeprefix("return:"): line for line in lines if line.key.startswith("return:")}

    def end(line) -> bool:
        keep(line)
        if back := returned.get(line.key):
            keep(back)
            return come_back(open_keys[line.key], back.reason)
        return arrive(open_keys[line.key], line.value_on)
    return each((line for line in lines if line.key in open_keys), end)


def _tell_of_payout(payout: Payout) -> bool:
    guard()
    the_bank().transfer(key=payout.bank_key, amount_yen=payout.amount_yen, account=payout.bank_account, holder=payout.holder_kana)
    return True


def _tell_of_refund(refund: Refund) -> bool:
    guard()
    the_bank().refund(key=refund.bank_key, amount_yen=refund.amount_yen, deposit=refund.deposit)
    return True


def _take_in(line) -> None:
    """Somebody paid in, and no deed has booked it, perhaps because it died in between: the money waits in suspense (不明入金),
    and the room that knows the piece of work reads the fact. A deed that is under way holds its line: then one waits for the other.
    """
    if keep(line):
        post(Entry(line.key, CLOCK, line.key, [Transfer(Kind.BANK.of(), Kind.SUSPENSE.of(), Yen(line.amount_yen))]))
        activity.record(actor=None, fact=facts.FUNDING_CONFIRMED, about=line.key.removeprefix(DEPOSIT), amount_yen=line.amount_yen)


def _read_refunds(lines) -> int:
    by_key = {line.key: line for line in lines}

    def end(refund: Refund) -> bool:
        line = by_key.get(refund.bank_key)
        if line is None:
            return False
        keep(line)
        return refund_arrives(refund, line.value_on)
    return each(Refund.objects.filter(state=RefundState.SENDING).select_related("party").order_by("pk"), end)
