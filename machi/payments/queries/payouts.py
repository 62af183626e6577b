"""What leaves for people's banks: when, how much, and where to."""
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import DateField, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext as _

from machi.payments.figures import payout_figure
from machi.payments.lifecycle import LineState, PayoutState
from machi.payments.models import BankAccount, BankLine, Earning, Payout
from machi.payments.paydays import pay_day
from machi.payments.queries.batches import pays_out_on
from machi.payments.queries.holds import Holding, due_now, free_accounts, is_payers_own, pause_of, why_held
from machi.shared.money import Yen
from machi.shared.question import Question


def due_workers(day: datetime.date) -> list[int]:
    """Workers to whom something is due on or before this day, and to whose account it may be sent."""
    due = Earning.objects.filter(payout=None, pay_on__lte=day, worker__in=free_accounts().values("worker"))
    return list(due.order_by("worker").values_list("worker", flat=True).distinct())


def is_payday_now() -> bool:
    """Does something wait that is set aside as soon as somebody asks for it? Whoever is paid that day already waits for the next."""
    open_payouts = Payout.objects.filter(worker=OuterRef("worker"), value_on=pays_out_on(), state__in=("requested", "sending"))
    return due_now().filter(~Exists(open_payouts), worker__in=free_accounts().values("worker")).exists()


def payouts_of(worker) -> QuerySet[Payout]:
    """What left for a worker's bank, newest first."""
    return Payout.objects.visible_to(worker).order_by("-pk")


def bank_account_of(worker) -> BankAccount | None:
    """Where a worker's money goes, if they have said so."""
    return next(iter(_bank_account(worker.pk)), None)


_bank_account = Question(lambda worker: BankAccount.objects.filter(worker=worker).order_by("pk"))


@dataclass(frozen=True, slots=True)
class CameBack:
    """A payout that the bank sent back, and the bank's reason."""

    payout: Payout
    reason: str


def came_back(worker) -> CameBack | None:
    """The last payout, if the bank sent it back and nobody has named another account since."""
    payout = payouts_of(worker).exclude(state=PayoutState.UNDONE).first()
    if payout is None or payout.state != PayoutState.RETURNED or bank_account_of(worker):
        return None
    return CameBack(payout, payout.reason)


@dataclass(frozen=True, slots=True)
class Early:
    """What somebody could have before its pay date, and when; a reason in words where they cannot."""

    amount: Yen
    value_on: datetime.date
    why_not: str = ""


def early_pay(worker) -> Early:
    """All that is earned and has not been set aside, on the first day that can be reached."""
    account, day, least = bank_account_of(worker), pays_out_on(), payout_figure("least_early_yen")
    sums = Earning.objects.filter(worker=worker, payout=None).aggregate(yen=Sum("amount_yen"), first=Min("pay_on"))
    amount = Yen(int(sums["yen"] or 0))
    if not amount or sums["first"] <= day:
        return Early(amount, day, _("early.nothing"))
    if amount < least:
        return Early(amount, day, _("early.too_little") % {"n": f"{least:,}"})
    return Early(amount, day, why_held(account, pause_of(worker)))


def next_pay_day(today: datetime.date) -> datetime.date:
    """The next day on which money leaves for anybody: of what is earned, or else the next payout day of the calendar."""
    coming = Earning.objects.filter(payout=None, pay_on__gt=today).order_by("pay_on").values_list("pay_on", flat=True).first()
    return coming or pay_day(today, acceptance_days=0)


@dataclass(frozen=True, slots=True)
class NextPayment:
    """The next day on which money reaches a worker, and how much; nothing leaves before they have said where to. `why`: what keeps it here
    on that day.
    """

    pay_on: datetime.date | None
    amount: Yen
    has_account: bool = True
    why: str = ""

    @property
    def needs_account(self) -> bool:
        return self.pay_on is not None and not self.has_account


def holding_of(worker) -> Holding:
    """What may keep this person's money here."""
    account = bank_account_of(worker)
    return Holding(account, pause_of(worker), is_payers_own(account))


def reaches_on(earning: Earning) -> datetime.date:
    """The day on which this reaches its worker: what is set aside on the day of its payout, all else on its pay date, or as soon as a bank
    can be reached.
    """
    return earning.payout.value_on if earning.payout else max(earning.pay_on, pays_out_on())


def next_payment(worker) -> NextPayment:
    """What is paused, or rests, has its reason; without an account the day is the pay date, which may have passed."""
    found = _next_payment(worker.pk, pays_out_on())
    if not found:
        return NextPayment(None, Yen(0))
    on, pay_on, has_account, payout, amount = found[0]
    why = holding_of(worker).why(on) if has_account and payout is None else ""
    return NextPayment(on if has_account else pay_on, Yen(int(amount)), has_account, why)


_ON_ITS_WAY = Q(payout=None) | Q(payout__state__in=("requested", "sending"))
_next_payment = Question(lambda worker, first: Earning.objects.filter(_ON_ITS_WAY, worker=worker)
                         .annotate(on=Coalesce("payout__value_on", Greatest("pay_on", Cast(first, DateField()))))
                         .order_by("on", "payout").values("on", "payout", known=Exists(BankAccount.objects.filter(worker=worker)))
                         .annotate(sum=Sum("amount_yen"), printed=Min("pay_on")).values_list("on", "printed", "known", "payout", "sum")[:1])


def sums_in_suspense(sums: Iterable[int]) -> set[int]:
    """Which of these sums came in by a line of the bank that nobody has placed yet."""
    return set(BankLine.objects.filter(state=LineState.OPEN, amount_yen__in=list(sums)).values_list("amount_yen", flat=True))


def untold_arrivals() -> QuerySet[Payout]:
    """Payouts that stand on the statement, whose workers have not heard so yet, and now may: nothing of their sum waits to be placed."""
    may_be_back = Exists(BankLine.objects.filter(state=LineState.OPEN, amount_yen=OuterRef("amount_yen")))
    return Payout.objects.filter(~may_be_back, is_untold=True, state=PayoutState.PAID).order_by("pk")
