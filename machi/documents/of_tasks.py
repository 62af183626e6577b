"""Papers of micro-tasks (タスク): one invoice for each client and month, one statement of payment for each worker and month.

A batch has many workers and a closing a day: a paper for each of them would be a pile that nobody reads. On the client's stands no worker's
name, on a worker's no client's: neither knows the other, and both papers stay whole when somebody leaves. The town writes them: of workers
with a number it may do so in their place (媒介者交付特例) where it says that it does (issuer.py).
"""
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from machi.accounts.models import Party, User
from machi.documents import making
from machi.documents.gathering import Draft
from machi.documents.issuer import town_issuer
from machi.documents.kinds import TOWN, Kind
from machi.documents.making import Settled
from machi.documents.naming import Name
from machi.payments.fees import PARTS, Settlement, rates_in
from machi.payments.models import Earning
from machi.payments.queries import settlement_of
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.models import Answer, Batch, Closing
from machi.taxes.rates import deduction, deduction_until, withheld_name

DAY = datetime.timedelta(days=1)
_IN_YEN = [f"{part}_yen" for part in PARTS]


class Part(NamedTuple):
    """What stands about one batch: its answers, and the money of all of them together, as it was settled closing by closing."""

    batch: Batch
    answers_count: int
    money: Settlement
    rate: int
    settled: list[Settled]              # each as it was rounded


def invoices_of(month: datetime.date) -> Iterator[tuple[int, datetime.date, int]]:
    """(party, month, yen) of clients who are here and from whose batches somebody was paid in this month."""
    sums = closings_in(month).filter(gross_yen__gt=0, batch__client__person__erased_at=None).order_by().values("batch__client").annotate(
        yen=Sum("gross_yen")).order_by("batch__client")
    yield from ((row["batch__client"], month, row["yen"]) for row in sums)


def statements_of(month: datetime.date) -> Iterator[tuple[int, datetime.date, int]]:
    """(worker, month, yen), the same of workers."""
    closings = closings_in(month).order_by().values_list(Concat(Value("closing:"), Cast("pk", TextField()), output_field=TextField()))
    sums = Earning.objects.filter(reference__in=closings, worker__erased_at=None).order_by().values("worker").annotate(
        yen=Sum("amount_yen")).order_by("worker")
    yield from ((row["worker"], month, row["yen"]) for row in sums)


def invoice_of(party: int, month: datetime.date) -> str:
    return f"party:{party}:tasks:{month:%Y-%m}"


def statement_of(worker: int, month: datetime.date) -> str:
    return f"worker:{worker}:tasks:{month:%Y-%m}"


def closings_in(month: datetime.date) -> QuerySet[Closing]:
    return Closing.objects.filter(made_at__gte=clock.start_of(month), made_at__lt=clock.start_of(clock.months_away(month, 1)))


def earned_from(party: Party, month: datetime.date) -> QuerySet[Earning]:
    """What the closings of a client's month brought; its references are asked for first, because they are the index."""
    of_party = closings_in(month).filter(batch__client=party).order_by("pk")
    return Earning.objects.filter(reference__in=[f"closing:{pk}" for pk in of_party.values_list("pk", flat=True)]).order_by("pk")


def earned_by(worker: User, month: datetime.date) -> list[Earning]:
    """The same of a worker. Their own earnings are asked for first: a town has thousands of closings in a month. The closing says which
    month it is; what it brought was written a moment later.
    """
    found = {one.reference: one for one in Earning.objects.filter(
        worker=worker, reference__startswith="closing:", earned_at__gte=clock.start_of(month) - DAY,
        earned_at__lt=clock.start_of(clock.months_away(month, 1)) + DAY).order_by("pk")}
    numbers = [reference.removeprefix("closing:") for reference in found]
    return [found[f"closing:{pk}"] for pk in closings_in(month).filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True)]


def invoice_draft(party: Party, month: datetime.date, version: int) -> Draft:
    """合計請求書 兼 領収書 of a client's month of tasks."""
    on, town = clock.end_of_month(month), town_issuer(clock.end_of_month(month))
    counts = dict(closings_in(month).filter(batch__client=party).order_by().values_list("batch").annotate(n=Sum("answers_count")))
    parts = _parts(earned_from(party, month), counts)
    amount = total(part.money for part in parts).client_pays
    payload = making.tasks_invoice(
        town=town.signed, client=Name(str(party), party.address), on=on, parts=parts, is_for_workers=town.issues_for_workers,
        withheld=withheld_name(on), deduction=making.deduction_said(deduction(on), deduction_until(on)))
    return Draft(Kind.TASKS, TOWN, invoice_of(party.pk, month), f"party_tasks:{party.pk}", None, party, town.name, str(party), on, amount,
                 payload, version)


def statement_draft(worker: User, month: datetime.date, version: int) -> Draft:
    """支払明細書 of a worker's month of tasks."""
    on, town = clock.end_of_month(month), town_issuer(clock.end_of_month(month))
    earned = earned_by(worker, month)
    answers = _answers(worker, month)
    parts = _parts(earned, dict(answers.values_list("batch").annotate(n=Count("pk"))))
    amount = total(part.money for part in parts).worker_receives
    days = sorted({one.pay_on for one in earned})
    payload = making.tasks_payment(town=town.signed, worker=Name(worker.name), on=on, parts=parts, pay_on=days, withheld=withheld_name(on))
    return Draft(Kind.TASK_PAY, TOWN, statement_of(worker.pk, month), f"worker_tasks:{worker.pk}", worker, None, worker.name, town.name, on,
                 amount, payload, version)


def total(settled: Iterable[Settlement]) -> Settlement:
    """Part by part. What was rounded stays as it was rounded."""
    every = list(settled)
    return Settlement(*(Yen(sum(int(getattr(one, part)) for one in every)) for part in PARTS))


def money_of_month(party: Party, month: datetime.date) -> Settlement:
    """What a client's month of tasks cost, for the paper that puts the invoices of a month together."""
    return _settled(earned_from(party, month).aggregate(**{f"all_{name}": Sum(name) for name in _IN_YEN}))


def money_of_worker(worker: User, month: datetime.date) -> Settlement:
    return total(settlement_of(one) for one in earned_by(worker, month))


def answers_of_worker(worker: User, month: datetime.date) -> int:
    """How many of their answers were settled in a month."""
    return _answers(worker, month).count()


def _answers(worker: User, month: datetime.date) -> QuerySet[Answer]:
    return Answer.objects.filter(worker=worker, closing__in=closings_in(month).values("pk")).order_by()


def _settled(row: dict) -> Settlement:
    return Settlement(*(Yen(int(row[f"all_{name}"] or 0)) for name in _IN_YEN))


def _parts(earned: Iterable[Earning], counts: dict[int, int]) -> list[Part]:
    """One question, however many people were paid. A batch of which nothing was paid stands on no paper of money."""
    found: dict[int, list[Earning]] = defaultdict(list)
    for one in earned:
        found[int(one.about.removeprefix("batch:"))].append(one)
    return [_part(batch, counts.get(batch.pk, 0), found[batch.pk]) for batch in Batch.objects.filter(pk__in=found).order_by("pk")]


def _part(batch: Batch, answers_count: int, earned: list[Earning]) -> Part:
    rate = rates_in(batch.rates).tax
    settled = [Settled(settled_number(one.pk), batch.pk, one.reference, clock.day_of(one.earned_at), bool(one.registered_number), rate,
                       settlement_of(one)) for one in earned]
    return Part(batch, answers_count, total(one.money for one in settled), rate, settled)


def settled_number(earning: int) -> str:
    """S123: what one closing paid one worker, as both sides' papers call it."""
    return f"S{earning}"
