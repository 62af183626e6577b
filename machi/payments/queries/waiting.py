"""Money that comes by a transfer: how long it is waited for, and what was asked for."""
import datetime
from collections.abc import Iterable

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.banking.days import bank_days_after, bank_days_before
from machi.banking.queries import read_through
from machi.payments.figures import figure
from machi.payments.figures import has_own_account as has_own_account
from machi.payments.figures import is_paid_by_card as is_paid_by_card
from machi.payments.lifecycle import DepositState, LineState
from machi.payments.models import BankLine, ExpectedDeposit, Funding, RefundAccount
from machi.shared import clock
from machi.shared.question import Question

AGAIN = "again:"                                    # how the place of a deposit begins that is paid anew; then the number of a chargeback
REPAY = "repay:"                                    # and of one with which a client repays something of what they owe
DEBT = "debt:"                                      # the same of an older version, all at once: then the number of the debt
OWED = (AGAIN, REPAY, DEBT)                         # for what was begun already, not for new work
UNREAD = datetime.timedelta(days=14)                 # after these nobody waits for a statement any longer
CARD_IS_HEARD = datetime.timedelta(hours=1)         # a payment by card that was begun in time is known by then


def heard_until() -> datetime.datetime:
    """What should have come before this moment stands on the statement by now, or did not come: at once where the bank answers at once;
    where its statement is read by hand, when so many bank days after it are over.
    """
    if is_paid_by_card():
        return clock.now() - CARD_IS_HEARD
    return _read_by_hand_until() if has_own_account() else clock.now()


def _read_by_hand_until() -> datetime.datetime:
    return min(read_until(), _statement_reaches())


def _statement_reaches() -> datetime.datetime:
    """Before this moment every line of the account was brought: where it is quiet for long, or nobody brings it, after some days more."""
    at_latest = clock.today() - UNREAD
    return clock.start_of(max(read_through() or at_latest, at_latest))


def may_have_come(place: str) -> bool:
    """Does a line wait whose sum is that which is waited for, and of which nobody has said yet whose it is?"""
    asked = ExpectedDeposit.objects.filter(place=place, state=DepositState.WAITING)
    return asked.filter(_line_of_its_sum()).exists()


def late_deposits() -> QuerySet[ExpectedDeposit]:
    """What did not come in time, and can be in no line that waits to be placed."""
    is_owed = Q(place__startswith=AGAIN) | Q(place__startswith=REPAY) | Q(place__startswith=DEBT)
    by_transfer = is_owed & Q(until_at__gte=_read_by_hand_until())      # also where cards pay for all else
    waiting = ExpectedDeposit.objects.filter(state=DepositState.WAITING, until_at__lt=heard_until())
    return waiting.exclude(by_transfer).exclude(_line_of_its_sum()).order_by("pk")


def _line_of_its_sum() -> Exists:
    return Exists(BankLine.objects.filter(state=LineState.OPEN, amount_yen=OuterRef("amount_yen")))


def read_until() -> datetime.datetime:
    """What the bank of the town's own account did before this moment, somebody has read by now."""
    return clock.start_of(bank_days_before(clock.today(), figure("bank_days_to_read")))


def pay_in_until() -> datetime.datetime:
    """The last moment for money that is asked for now: some days, and where banks carry it not before so many of theirs are over."""
    end = clock.now() + datetime.timedelta(days=figure("days_to_pay_in"))
    if not has_own_account() or is_paid_by_card():
        return end
    return clock.end_of(max(clock.day_of(end), bank_days_after(clock.today(), figure("bank_days_to_pay_in"))))


def deposit_of(place: str) -> ExpectedDeposit | None:
    """What was asked for, for this piece of work, unless it is waited for no longer."""
    return next(iter(_deposit(place)), None)


_deposit = Question(lambda place: ExpectedDeposit.objects.exclude(state="lapsed").filter(place=place).order_by("pk"))


def deposits_of(places: Iterable[str]) -> dict[str, ExpectedDeposit]:
    """The same of several pieces of work, by what they are called: one question, none where money does not come by a transfer."""
    found = ExpectedDeposit.objects.exclude(state="lapsed").filter(place__in=list(places)) if has_own_account() else ()
    return {one.place: one for one in found}


def deposits_under_way(person) -> QuerySet[ExpectedDeposit]:
    """What somebody was asked for themselves and has not sent, or has sent and no piece of work has taken up yet."""
    taken_up = [Exists(Funding.objects.filter(bank_key=Concat(Value(kind), Cast(OuterRef(column), CharField()))))
                for kind, column in (("row:", "line__row_id"), ("card:", "card_id"))]
    asked = ExpectedDeposit.objects.exclude(state="lapsed").filter(~taken_up[0], ~taken_up[1], party__person=person)
    return asked.order_by("pk")


def refund_account_of(party: Party) -> RefundAccount | None:
    """Where money of this client comes back to, if somebody has said so."""
    return RefundAccount.objects.filter(party=party).first()


def refund_accounts_of(user) -> list[tuple[Party, RefundAccount | None]]:
    """For every party for which this person looks after money."""
    parties = Party.objects.acting_for(user, Power.PAYER).select_related("person", "refund_account").order_by("pk")
    return [(party, getattr(party, "refund_account", None)) for party in parties]
