"""Whose money is due and stays all the same, and why: the same conditions for the clock that sends and for the desk that looks."""
import datetime
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.banking.days import bank_days_before
from machi.notifications.words import day, moment
from machi.payments.figures import bank_days_ahead, has_own_account, payout_figure
from machi.payments.models import BankAccount, Earning, PayoutPause, RefundAccount
from machi.payments.queries.batches import pays_out_on
from machi.shared import clock
from machi.shared.money import Yen


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Somebody to whom money is due, how much, since when, and what keeps it here."""

    worker: User
    amount: Yen
    pay_on: datetime.date
    why: str


class Holding(NamedTuple):
    """What may keep one person's money here."""

    account: BankAccount | None
    pause: PayoutPause | None
    is_shared: bool

    def why(self, on: datetime.date) -> str:
        """Why nothing reaches them on this day, as it stands now; nothing where it does. It is set aside some bank days before."""
        at = max(clock.now(), clock.start_of(bank_days_before(on, bank_days_ahead()) if has_own_account() else on))
        pause = self.pause if self.pause and self.pause.until_on >= clock.day_of(at) else None
        return _why(self.account, pause, {self.account.pk} if self.account and self.is_shared else (), at)


def hold() -> datetime.timedelta:
    """So long an account rests after it was named, where real money leaves: whoever owns the page hears of the change first."""
    return datetime.timedelta(hours=payout_figure("hold_hours")) if has_own_account() else datetime.timedelta(0)


def free_accounts() -> QuerySet[BankAccount]:
    """Accounts to which money may be sent now: nobody lets them rest, and where real money leaves they are no news, of a known holder."""
    free = BankAccount.objects.filter(~Exists(PayoutPause.objects.holding().filter(worker=OuterRef("worker"))))
    if not has_own_account():
        return free
    looked_at = Q(shared_checked_at__isnull=False) | ~Exists(_from_its_own_holder())
    return free.filter(looked_at, changed_at__lte=clock.now() - hold(), holder_checked_at__isnull=False)


def is_payers_own(account: BankAccount | None) -> bool:
    """Does somebody pay this person from behind the same account, and nobody has looked? (trust.md T13)"""
    return account is not None and account.pk in _payers_own([account])


def _payers_own(accounts: Iterable[BankAccount]) -> set[int]:
    unseen = BankAccount.objects.filter(Exists(_from_its_own_holder()), pk__in=[account.pk for account in accounts], shared_checked_at=None)
    return set(unseen.order_by("pk").values_list("pk", flat=True)) if has_own_account() else set()


def _from_its_own_holder() -> QuerySet[Earning]:
    """In a question about accounts: what waits for one that was paid by somebody else whose money goes to the very same account. Whoever
    buys their own work under a second name is found so, and couples and parents are: a person looks.
    """
    of_party = BankAccount.objects.filter(_same(2), worker__party=OuterRef("party")).exclude(worker=OuterRef("worker"))
    of_members = BankAccount.objects.filter(_same(2), worker__memberships__party=OuterRef("party"), worker__memberships__left_at=None)
    of_members = of_members.exclude(worker=OuterRef("worker"))
    comes_back = RefundAccount.objects.filter(_same(2), party=OuterRef("party"))
    return Earning.objects.filter(Exists(of_party) | Exists(of_members) | Exists(comes_back), worker=OuterRef("worker"), payout=None,
                                  amount_yen__gt=0)


def _same(depth: int) -> Q:
    """The number of an account, and its bank, of the account that is asked about so many questions further out."""
    told = {}
    for name in ("number", "branch_code", "bank_code", "kind"):
        told[name] = OuterRef(name)
        for _further in range(depth - 1):
            told[name] = OuterRef(told[name])
    return Q(**told)


def due_now() -> QuerySet[Earning]:
    """What is due on the day that is paid now and has not been set aside."""
    return Earning.objects.filter(payout=None, pay_on__lte=pays_out_on(), amount_yen__gt=0)


def held_back(*, at_most: int) -> list[HeldBack]:
    """To whom something is due on the day that is paid now, and nothing can be sent; who waits longest comes first."""
    stuck = due_now().filter(~Exists(free_accounts().filter(worker=OuterRef("worker"))))
    due = list(stuck.order_by("worker").values("worker").annotate(sum=Sum("amount_yen"), first=Min("pay_on"))
               .order_by("first", "worker")[:at_most])
    people = [one["worker"] for one in due]
    known = User.objects.in_bulk(people)
    accounts = {account.worker_id: account for account in BankAccount.objects.filter(worker__in=people).order_by("pk")}
    pauses = {pause.worker_id: pause for pause in PayoutPause.objects.holding().filter(worker__in=people).order_by("pk")}
    shared = _payers_own(accounts.values())
    return [HeldBack(known[one["worker"]], Yen(int(one["sum"])), one["first"],
                     _why(accounts.get(one["worker"]), pauses.get(one["worker"]), shared,
                          has_left=known[one["worker"]].erased_at is not None)) for one in due]


def why_held(account: BankAccount | None, pause: PayoutPause | None) -> str:
    """One reason in words; nothing when money may be sent."""
    return _why(account, pause, _payers_own([account]) if account else set())


def _why(account: BankAccount | None, pause: PayoutPause | None, shared: Container[int], at: datetime.datetime | None = None, *,
         has_left: bool = False) -> str:
    if pause is not None:
        return _("hold.paused") % {"code": pause.get_code_display(), "day": day(pause.until_on)}
    if account is None:
        return _("hold.left") if has_left else _("hold.no_account")
    if has_own_account() and account.holder_checked_at is None:
        return _("hold.holder")
    if account.pk in shared:
        return _("hold.shared")
    return _("hold.new_account") % {"moment": moment(account.changed_at + hold())} \
        if (at or clock.now()) < account.changed_at + hold() else ""


def pause_of(worker) -> PayoutPause | None:
    """Why nothing is sent to this person now."""
    return PayoutPause.objects.holding().filter(worker=worker).first()
