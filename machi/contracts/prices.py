"""What work of a kind really paid (相場): from contracts that are finished and paid for, never from what posts offer."""
import statistics
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Sum

from machi.contracts.lifecycle import ContractState, MilestoneState
from machi.contracts.models import Contract, Delivery, Milestone
from machi.jobs.models import Job
from machi.shared.money import Yen

FEWEST, NEWEST = 30, 300                    # below so many nothing is shown; the newest so many are counted


class Quarters(NamedTuple):
    """A quarter got at most `low`, half at most `middle`, three quarters at most `high`."""

    low: Yen
    middle: Yen
    high: Yen


class Guide(NamedTuple):
    """The prices of a kind of work, excluding tax, and what an hour was worth where workers said how long it took."""

    count: int
    prices: Quarters | None                 # nothing while there are fewer than FEWEST
    timed_count: int
    an_hour: Quarters | None


def guide_to(category: str) -> Guide:
    """The prices of the newest finished contracts of this kind. One question."""
    whole = _sum(Milestone.objects.filter(contract=OuterRef("pk"), state=MilestoneState.ACCEPTED), "contract", "price_yen")
    minutes = _sum(Delivery.objects.filter(milestone__contract=OuterRef("pk")), "milestone__contract", "minutes_spent")
    done = Contract.objects.filter(category=category, form=Job.Form.PROJECT, state=ContractState.COMPLETED)
    rows = list(done.order_by("-pk").values_list(whole, minutes)[:NEWEST])
    timed = [price * 60 // spent for price, spent in rows if spent]
    return Guide(len(rows), quarters([price for price, _spent in rows]), len(timed), quarters(timed))


def quarters(amounts: list[int]) -> Quarters | None:
    """Rounded down to whole yen."""
    if len(amounts) < FEWEST:
        return None
    return Quarters(*(Yen(int(cut)) for cut in statistics.quantiles(amounts, n=4, method="inclusive")))


def _sum(rows, of: str, column: str) -> Subquery:
    return Subquery(rows.order_by().values(of).annotate(sum=Sum(column)).values("sum"))
