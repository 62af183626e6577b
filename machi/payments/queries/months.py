"""Months: what a client paid and has to remit, what reached a worker on average."""
import datetime
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from machi.payments.lifecycle import PayoutState, RefundState
from machi.payments.models import Earning, Payout
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxes.rates import remit_by


class Month(NamedTuple):
    """What a client paid in a month, as it reached people, and what was withheld from it."""

    first: datetime.date
    paid_yen: int                           # all the client paid for it, with tax and fees
    withheld_yen: int
    given_back_yen: int                     # of it, what is at the client's bank already

    @property
    def is_running(self) -> bool:
        """Its days are not over: what is withheld in it is not yet all."""
        return self.first >= clock.today().replace(day=1)

    @property
    def remit_by(self) -> datetime.date:
        """The day by which the withheld tax is at the tax office."""
        return remit_by(self.first)


class Average(NamedTuple):
    """What reached a worker in a month, on average, and the days it is taken over."""

    amount: Yen
    since: datetime.date
    until: datetime.date


def withheld_and_paid(until: datetime.date) -> QuerySet[Earning]:
    """Whose payment reached the worker before a day, and whose withheld tax the town still has."""
    return Earning.objects.filter(withheld_yen__gt=0, given_back=None, payout__state=PayoutState.PAID, payout__paid_on__lt=until)


def months_of(party, *, at_most: int = 12) -> list[Month]:
    """The newest months in which money of this client reached people."""
    pays = F("price_yen") + F("tax_yen") + F("client_fee_yen") + F("client_fee_tax_yen")
    of_the_client = Earning.objects.filter(party=party, payout__state=PayoutState.PAID).order_by()
    found = of_the_client.annotate(month=TruncMonth("payout__paid_on")).values("month").annotate(
        paid=Sum(pays), withheld=Sum("withheld_yen"), back=Sum("withheld_yen", filter=Q(given_back__state=RefundState.PAID)))
    return [Month(row["month"], row["paid"], row["withheld"], row["back"] or 0) for row in found.order_by("-month")[:at_most]]


def reached_by_month(worker, *, months: int) -> list[tuple[datetime.date, Yen]]:
    """What reached a worker in each of the last months that are over, the oldest first; (first day of the month, sum)."""
    until = clock.today().replace(day=1)
    paid = Payout.objects.filter(worker=worker, state=PayoutState.PAID, paid_on__gte=clock.months_away(until, -months),
                                 paid_on__lt=until).order_by()
    found = dict(paid.annotate(month=TruncMonth("paid_on")).values_list("month").annotate(Sum("amount_yen")))
    firsts = (clock.months_away(until, -ago) for ago in range(months, 0, -1))
    return [(first, Yen(found.get(first, 0))) for first in firsts]


def monthly_average(worker) -> Average | None:
    """Over the last three months that are over; None where nothing came in them."""
    until = clock.today().replace(day=1)
    since = clock.months_away(until, -3)
    paid = Payout.objects.filter(worker=worker, state=PayoutState.PAID, paid_on__gte=since, paid_on__lt=until)
    amount = paid.aggregate(yen=Sum("amount_yen"))["yen"]
    return Average(Yen(amount // 3), since, until - datetime.timedelta(days=1)) if amount else None
