"""Whose money is due and stays all the same, and why: the same conditions for the clock that sends and for the desk that looks."""
import datetime
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.notifications.words import day, moment
from machi.payments.figures import has_own_account, payout_figure
from machi.payments.models import BankAccount, Earning, PayoutPause
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


def hold() -> datetime.timedelta:
    """So long an account rests after it was named, where real money leaves: whoever owns the page hears of the change first."""
    return datetime.timedelta(hours=payout_figure("hold_hours")) if has_own_account() else datetime.timedelta(0)


def free_accounts() -> QuerySet[BankAccount]:
    """Accounts to which money may be sent now: nobody lets them rest, and where real money leaves they are no news, of a known holder."""
    free = BankAccount.objects.filter(~Exists(PayoutPause.objects.holding().filter(worker=OuterRef("worker"))))
    return free.filter(changed_at__lte=clock.now() - hold(), holder_checked_at__isnull=False) if has_own_account() else free


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
    return [HeldBack(known[one["worker"]], Yen(int(one["sum"])), one["first"],
                     why_held(accounts.get(one["worker"]), pauses.get(one["worker"]))) for one in due]


def why_held(account: BankAccount | None, pause: PayoutPause | None) -> str:
    """One reason in words; nothing when money may be sent."""
    if pause is not None:
        return _("hold.paused") % {"code": pause.get_code_display(), "day": day(pause.until_on)}
    if account is None:
        return _("hold.no_account")
    if has_own_account() and account.holder_checked_at is None:
        return _("hold.holder")
    return _("hold.new_account") % {"moment": moment(account.changed_at + hold())} if clock.now() < account.changed_at + hold() else ""


def pause_of(worker) -> PayoutPause | None:
    """Why nothing is sent to this person now."""
    return PayoutPause.objects.holding().filter(worker=worker).first()
