"""Reward delivered (届いた報酬): the town's number."""
import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from machi.payments.lifecycle import PayoutState
from machi.payments.models import DeliveredUntil, Payout
from machi.shared import clock
from machi.shared.money import Yen
from machi.shared.question import Question

_DAWN, _FOR_EVER = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (1, 9999))


@dataclass(frozen=True, slots=True)
class Delivered:
    """Reward delivered (届いた報酬): what reached people's bank accounts, and how many people."""

    amount: Yen
    people_count: int


def reward_delivered(*, of=None, since: datetime.date | None = None) -> Delivered:
    """The town's number: the sum of all payouts that stand on the bank's statement. Nothing else counts.

    `of`: one worker, or everybody. `since`: from this value date on.
    Money that was promised, held, accepted or sent is not in it; what the bank sent back is not either.
    """
    if of is None and since is None:
        return delivered_in_all()
    since = since or datetime.date.min
    return _as_delivered(_delivered(since) if of is None else _delivered_to(of.pk, since))


def delivered_in_all(*, before: datetime.datetime = _FOR_EVER) -> Delivered:
    """Everything that was delivered: what is counted through the last day, and the payouts that ended after it, before this moment."""
    day, amount, people = next(iter(_counted()), (None, 0, 0))
    since = _as_delivered(_ended(clock.start_of(day + datetime.timedelta(days=1)) if day else _DAWN, before))
    return Delivered(Yen(int(amount)) + since.amount, people + since.people_count)


def _as_delivered(sums: list) -> Delivered:
    amount, people = sums[0] if sums else (0, 0)
    return Delivered(Yen(int(amount)), people)


def _summed(payouts: QuerySet[Payout]) -> QuerySet:
    """One row: the sum, and how many people. No row when there is no payout."""
    return (payouts.filter(state=PayoutState.PAID).order_by("state").values("state")
            .annotate(amount=Sum("amount_yen"), people=Count("worker", distinct=True)).values_list("amount", "people"))


_earlier = Q(ended_at__lt=OuterRef("ended_at")) | Q(ended_at=OuterRef("ended_at"), pk__lt=OuterRef("pk"))
_before = Payout.objects.filter(_earlier, worker=OuterRef("worker"), state=PayoutState.PAID)
_counted = Question(lambda: DeliveredUntil.objects.order_by("-day").values_list("day", "amount_yen", "people_count")[:1])
_ended = Question(lambda since, until: Payout.objects.filter(state=PayoutState.PAID, ended_at__gte=since, ended_at__lt=until)
                  .order_by("state").values("state")
                  .annotate(amount=Sum("amount_yen"), people=Count("pk", filter=~Exists(_before))).values_list("amount", "people"))
_delivered = Question(lambda since: _summed(Payout.objects.filter(paid_on__gte=since)))
_delivered_to = Question(lambda worker, since: _summed(Payout.objects.filter(worker=worker, paid_on__gte=since)))


def delivered_since() -> datetime.date | None:
    """The day on which the first reward was delivered: from then on the town counts."""
    return Payout.objects.filter(state=PayoutState.PAID).order_by("paid_on").values_list("paid_on", flat=True).first()
