"""Whose money is due and stays all the same, and why."""
import datetime
from dataclasses import dataclass

from django.db.models import Min, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import User
from machi.payments.models import Earning
from machi.payments.queries.batches import pays_out_on
from machi.shared.money import Yen


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Somebody to whom money is due, how much, since when, and what keeps it here."""

    worker: User
    amount: Yen
    pay_on: datetime.date
    why: Promise


def held_back(*, at_most: int) -> list[HeldBack]:
    """To whom something is due on the day that is paid now, and nothing can be sent; who waits longest comes first."""
    due = _due().filter(worker__bank_account=None).order_by("worker").values("worker").annotate(
        sum=Sum("amount_yen"), first=Min("pay_on")).order_by("first", "worker")[:at_most]
    people = User.objects.in_bulk([one["worker"] for one in due])
    return [HeldBack(people[one["worker"]], Yen(int(one["sum"])), one["first"], _("hold.no_account")) for one in due]


def _due() -> QuerySet[Earning]:
    return Earning.objects.filter(payout=None, pay_on__lte=pays_out_on(), amount_yen__gt=0)
