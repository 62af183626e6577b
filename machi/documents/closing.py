"""What is put together when a month or a year is over: a client's invoices of the month, a worker's payments of the year. Only numbers,
days and sums stand on these papers, nobody's name but the reader's, so that they stay whole when somebody else leaves.
"""
import datetime
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from django.db.models import Max, Sum
from django.db.models.functions import TruncMonth, TruncYear

from machi.accounts.models import Party, User
from machi.documents import making
from machi.documents.gathering import Draft
from machi.documents.issuer import town_issuer
from machi.documents.kinds import TOWN, Kind
from machi.documents.models import Document
from machi.documents.naming import Name
from machi.documents.of_tasks import (
    answers_of_worker,
    invoice_of,
    invoices_of,
    money_of_month,
    money_of_worker,
    statement_of,
    statements_of,
)
from machi.payments.fees import Settlement
from machi.payments.models import Earning
from machi.payments.queries import settlement_of
from machi.shared import clock
from machi.shared.money import Yen

LOOKED_BACK = 3                 # months: a paper that could not be made in time still finds its month
IN_A_MONTH, IN_A_YEAR = (Kind.INVOICE, Kind.FEE, Kind.TASKS), (Kind.PAYMENT, Kind.TASK_PAY)


def open_months_of_tasks() -> Iterator[tuple[int, datetime.date, int]]:
    """(party, month, next version) of months that are over in which a client's batches paid somebody."""
    yield from _open(Kind.TASKS, invoice_of, chain.from_iterable(map(invoices_of, _months_over())))


def open_statements_of_tasks() -> Iterator[tuple[int, datetime.date, int]]:
    """(worker, month, next version), the same for whoever was paid."""
    yield from _open(Kind.TASK_PAY, statement_of, chain.from_iterable(map(statements_of, _months_over())))


def _months_over() -> list[datetime.date]:
    until = clock.today().replace(day=1)
    return [clock.months_away(until, -back) for back in range(LOOKED_BACK, 0, -1)]


def open_months() -> Iterator[tuple[int, datetime.date, int]]:
    """(party, month, next version) of months that are over and whose papers add up to something else than what was put together. Of
    whoever has left nothing new is written.
    """
    until = clock.today().replace(day=1)
    papers = Document.objects.filter(kind__in=IN_A_MONTH, dated_on__gte=clock.months_away(until, -LOOKED_BACK), dated_on__lt=until,
                                     party__person__erased_at=None, superseded_by=None)
    yield from _open(Kind.MONTH, month_of, papers.order_by().annotate(month=TruncMonth("dated_on")).values("party", "month").annotate(
        yen=Sum("amount_yen")).order_by("party", "month").values_list("party", "month", "yen"))


def open_years() -> Iterator[tuple[int, datetime.date, int]]:
    """(worker, year, next version), the same of the year that is over, until its March is."""
    until = clock.today().replace(month=1, day=1)
    if clock.today().month > LOOKED_BACK:
        return
    papers = Document.objects.filter(kind__in=IN_A_YEAR, dated_on__gte=until.replace(year=until.year - 1), dated_on__lt=until,
                                     worker__erased_at=None, superseded_by=None)
    yield from _open(Kind.YEAR, year_of, papers.order_by().annotate(of=TruncYear("dated_on")).values("worker", "of").annotate(
        yen=Sum("amount_yen")).order_by("worker").values_list("worker", "of", "yen"))


def _open(kind: Kind, named: Callable[[int, datetime.date], str], sums: Iterable[tuple]) -> Iterator[tuple[int, datetime.date, int]]:
    """Those whose last version is not the whole, with the number of the next one: two questions, however many there are."""
    found = {named(owner, since): (owner, since, amount) for owner, since, amount in sums}
    last = {about: (version, amount) for about, version, amount in Document.objects.filter(
        kind=kind, about__in=found).order_by("version").values_list("about", "version", "amount_yen")}
    for about, (owner, since, amount) in found.items():
        version, put_together = last.get(about, (0, None))
        if put_together != amount:
            yield owner, since, version + 1


def month_of(party: int, month: datetime.date) -> str:
    return f"party:{party}:{month:%Y-%m}"


def year_of(worker: int, year: datetime.date) -> str:
    return f"worker:{worker}:{year:%Y}"


def month_draft(party: Party, month: datetime.date, version: int) -> Draft:
    """合計請求書: every invoice of the month by its number, with the tax of each as it was rounded there."""
    papers = list(Document.objects.filter(party=party, kind__in=IN_A_MONTH, superseded_by=None, dated_on__gte=month,
                                          dated_on__lt=clock.months_away(month, 1)).order_by("dated_on", "pk"))
    settled = Earning.objects.filter(reference__in=[one.about for one in papers]).order_by("pk")
    earnings = {one.reference: settlement_of(one) for one in settled}
    of_tasks = money_of_month(party, month) if any(one.kind == Kind.TASKS for one in papers) else None
    taxes = [_tax_on(one.kind, of_tasks if one.kind == Kind.TASKS else earnings[one.about]) for one in papers]
    lines = [(making.day(one.dated_on), one.number, making.yen(one.amount_yen - tax), making.yen(tax))
             for one, tax in zip(papers, taxes, strict=True)]
    amount, on = Yen(sum(one.amount_yen for one in papers)), clock.end_of_month(month)
    town = town_issuer(on)
    payload = making.month(town=town.signed, client=Name(str(party), party.address), on=on, amount=amount, tax=sum(taxes), lines=lines,
                           has_tasks=of_tasks is not None)
    return Draft(Kind.MONTH, TOWN, month_of(party.pk, month), party.reference, None, party, town.name, str(party), on, amount, payload,
                 version)


def _tax_on(kind: str, money: Settlement) -> int:
    """Of an invoice that of the price, of the town's own that of its fee; the one for tasks holds both."""
    return sum(int(part) for part, kinds in ((money.tax, (Kind.INVOICE, Kind.TASKS)), (money.client_fee_tax, (Kind.FEE, Kind.TASKS)))
               if kind in kinds)


def year_draft(worker: User, year: datetime.date, version: int) -> Draft:
    """年間支払明細書: what was earned in each month, what was taken from it, what was paid."""
    papers = Document.objects.filter(worker=worker, kind__in=IN_A_YEAR, superseded_by=None, dated_on__year=year.year)
    settled = Earning.objects.filter(worker=worker, reference__in=papers.values("about")).order_by("pk")
    earned = {one.reference: settlement_of(one) for one in settled}
    months, answers, of_tasks = {}, 0, 0
    for kind, on, about, net in papers.order_by("dated_on", "pk").values_list("kind", "dated_on", "about", "amount_yen"):
        if kind == Kind.TASK_PAY:
            earned[about] = money_of_worker(worker, on.replace(day=1))
            answers, of_tasks = answers + answers_of_worker(worker, on.replace(day=1)), of_tasks + net
        months.setdefault(on.month, []).append(earned[about])
    lines = list(months.items())
    amount, on = Yen(papers.aggregate(yen=Sum("amount_yen"), last=Max("dated_on"))["yen"]), year.replace(month=12, day=31)
    town = town_issuer(on)
    payload = making.year(town=town.signed, worker=Name(worker.name), on=on, amount=amount, months=lines, tasks=(answers, of_tasks))
    return Draft(Kind.YEAR, TOWN, year_of(worker.pk, year), f"worker:{worker.pk}", worker, None, worker.name, town.name, on, amount,
                 payload, version)
