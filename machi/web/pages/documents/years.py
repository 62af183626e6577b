"""A year of a worker and of a client: what came in and what was taken, what was withheld and for whom; for their own books."""
import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.accounts.queries import chosen_role
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning
from machi.payments.queries import settlement_of
from machi.shared import clock
from machi.web.frame.jinja import page
from machi.web.pages.documents.reading import headers
from machi.web.pages.payments.exports import lines

FIRST_YEAR = 2020
PARTS = ("gross", "fee", "withheld", "net")


class Month(NamedTuple):
    """What was earned in a month, by the day of acceptance."""

    first: datetime.date
    gross: int
    fee: int
    withheld: int
    net: int


class Withheld(NamedTuple):
    """What a client withheld from one person in a year, by the day of payment: what a 支払調書 is made of."""

    name: str
    count: int
    price: int
    withheld: int


@require_GET
def year(request, year: int):
    """Both sides of a year on one page: whoever is only one of them sees only that."""
    first = _checked(year)
    months = months_of(request.user, first)
    return page(request, "documents/year.html", {
        "year": year, "this_year": clock.today().year, "first_year": FIRST_YEAR, "months": months,
        "withheld": withheld_by(request.user, first),
        "total": {part: sum(getattr(one, part) for one in months) for part in PARTS}})


@require_GET
def earned(request, year: int):
    """Every piece of work of the year, for a program of books."""
    first = _checked(year)
    heads = ["検収か精算の日", "件名", "発注者", "報酬（税抜）", "消費税", "利用料", "利用料の消費税", "源泉徴収税額", "手取り", "支払日",
             "登録番号"]
    return _csv(heads, _earned(_of_worker(request.user, first)), f"machi-income-{year}.csv")


@require_GET
def withheld(request, year: int):
    """What was withheld from whom, payment by payment, by the day on which each was paid."""
    first = _checked(year)
    found = _of_client(request.user, first).select_related("payout", "worker").order_by("payout__paid_on", "pk")
    rows = ([one.payout.paid_on.isoformat(), one.worker.name, one.title, one.price_yen, one.tax_yen, one.withheld_yen]
            for one in found.iterator(chunk_size=500))
    return _csv(["支払日", "働く人", "件名", "報酬（税抜）", "消費税", "源泉徴収税額"], rows, f"machi-withheld-{year}.csv")


def months_of(worker, first: datetime.date) -> list[Month]:
    """Income belongs to the year in which work was accepted, not to the one in which the money came (所得税法36条)."""
    found = _of_worker(worker, first).order_by().annotate(month=TruncMonth("earned_at", tzinfo=clock.JAPAN)).values("month").annotate(
        gross=Sum(F("price_yen") + F("tax_yen")), fee=Sum(F("fee_yen") + F("fee_tax_yen")), withheld=Sum("withheld_yen"),
        net=Sum("amount_yen")).order_by("month")
    return [Month(clock.day_of(row["month"]), *(row[part] for part in PARTS)) for row in found]


def withheld_by(user, first: datetime.date) -> list[Withheld]:
    """By person; withholding belongs to the day of payment (所得税法204条)."""
    found = _of_client(user, first).order_by().values("worker").annotate(
        price=Sum("price_yen"), withheld=Sum("withheld_yen"), count=Sum(1)).order_by("-withheld", "worker")
    one_of_each = _of_client(user, first).select_related("worker").order_by("worker").distinct("worker")
    people = {one.worker_id: one.worker.name for one in one_of_each}
    return [Withheld(people[row["worker"]], row["count"], row["price"], row["withheld"]) for row in found]


def _of_worker(worker, first: datetime.date):
    return Earning.objects.filter(worker=worker, earned_at__gte=clock.start_of(first), earned_at__lt=clock.start_of(_after(first)))


def _paying(user):
    """For whom this person pays now. Somebody who pays for themselves and for an organisation has two payers' papers to fill in."""
    return Party.objects.acting_for(user, Power.PAYER).filter(pk=chosen_role(user).party)


def _of_client(user, first: datetime.date):
    return Earning.objects.filter(party__in=_paying(user), withheld_yen__gt=0, payout__state=PayoutState.PAID,
                                  payout__paid_on__gte=first, payout__paid_on__lt=_after(first))


def _earned(found) -> Iterator[list]:
    for one in found.select_related("party", "party__person").order_by("earned_at", "pk").iterator(chunk_size=500):
        money = settlement_of(one)
        payer = str(one.party) if one.party else _("adjust.by_town")
        yield [clock.day_of(one.earned_at).isoformat(), one.title, payer, *(int(part) for part in (
            money.price, money.tax, money.fee, money.fee_tax, money.withheld, money.worker_receives)), one.pay_on.isoformat(),
            one.registered_number]


def _checked(year: int) -> datetime.date:
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    return datetime.date(year, 1, 1)


def _after(first: datetime.date) -> datetime.date:
    return first.replace(year=first.year + 1)


def _csv(heads: list, rows: Iterator[list], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(lines(heads, rows), content_type="text/csv; charset=utf-8", headers=headers(name))
