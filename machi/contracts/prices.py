"""What work of a kind really paid (相場): from contracts that are finished and paid for, never from what posts offer or estimate."""
import statistics
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Subquery, Sum

from machi.contracts.lifecycle import PAID_STATES, ContractState, MilestoneState
from machi.contracts.models import Contract, Delivery, Milestone, Timesheet
from machi.jobs.models import Job
from machi.shared.money import Yen
from machi.shared.question import Question

FEWEST, NEWEST = 30, 300                    # below so many nothing is shown; the newest so many are counted


class Quarters(NamedTuple):
    """A quarter got at most `low`, half at most `middle`, three quarters at most `high`."""

    low: Yen
    middle: Yen
    high: Yen


class Guide(NamedTuple):
    """The prices of a kind of work, excluding tax, and what an hour was worth where its time is known: recorded minute by minute in work
    by the hour, or as workers said when they delivered. What a client once estimated is no time.
    """

    count: int
    prices: Quarters | None                 # of work with one price; nothing while there are fewer than FEWEST
    timed_count: int
    an_hour: Quarters | None
    recorded_count: int                     # of those that are timed: how many were recorded


def guide_to(category: str) -> Guide:
    """The prices of the newest finished contracts of this kind. One question."""
    prices, said, recorded = [], [], []
    for form, price, timed_price, spent, earned, minutes in _finished(category):
        if form == Job.Form.HOURLY:
            recorded += [int(earned) // int(minutes)] if minutes else []
            continue
        prices += [int(price)] if price else []             # both may have agreed on a part of a step: that is no price
        said += [int(timed_price) * 60 // int(spent)] if spent else []
    timed = said + recorded
    return Guide(len(prices), quarters(prices), len(timed), quarters(timed), len(recorded))


def quarters(amounts: list[int]) -> Quarters | None:
    """Rounded down to whole yen."""
    if len(amounts) < FEWEST:
        return None
    return Quarters(*(Yen(int(cut)) for cut in statistics.quantiles(amounts, n=4, method="inclusive")))


def _sum(rows, of: str, column) -> Subquery:
    return Subquery(rows.order_by().values(of).annotate(sum=Sum(column)).values("sum"))


# Of a contract in steps only those count whose time is known. Of a week that was handed over twice its record counts once.
_accepted = Milestone.objects.filter(contract=OuterRef("pk"), state=MilestoneState.ACCEPTED)
_whole = _accepted.filter(~Exists(Milestone.objects.filter(contract=OuterRef("contract"), state=MilestoneState.SETTLED)))
_with_time = Exists(Delivery.objects.filter(milestone=OuterRef("pk"), minutes_spent__gt=0))
_said = Delivery.objects.filter(milestone__contract=OuterRef("pk"), milestone__state=MilestoneState.ACCEPTED)
_billed = Timesheet.objects.filter(contract=OuterRef("pk"), milestone__state__in=PAID_STATES, billed_minutes__gt=0)
# What was passed on is two contracts for one piece of work: neither of the two has its price.
_finished = Question(lambda category: Contract.objects.filter(
    category=category, state=ContractState.COMPLETED, takes_over=None, taken_over_by=None).order_by("-pk").values_list(
    "form", _sum(_whole, "contract", "price_yen"), _sum(_accepted.filter(_with_time), "contract", "price_yen"),
    _sum(_said, "milestone__contract", "minutes_spent"), _sum(_billed, "contract", F("billed_minutes") * F("rate_yen")),
    _sum(_billed, "contract", "billed_minutes"))[:NEWEST])
