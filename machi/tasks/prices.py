"""What a batch costs and what an answer brings: money by the one function of all settlements, and the hour that stands behind it.

So many answers are settled together: of a price of seven yen the fee is no whole yen, and is counted from the sum, once for each worker and
closing. The rate of the fee of tasks has no steps (fees.py), so that no way of dividing answers costs more than all of them together.
"""
import datetime
from statistics import median

from machi.jobs.wages import an_hour, wage
from machi.payments.fees import Settlement, rates, rates_in, settlement_by
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.models import Batch
from machi.taxes.withholding import proposed

SHORTEST = 15                                       # minutes of a bundle
LEAST_TRIAL = 3                                     # answers that the client's own people try before a price is said
MOST_ANSWERS = 200                                  # in a bundle
MEASURED_FROM = 20                                  # answers of workers: from then on their time counts, and no trial any more


def settlement_of(batch: Batch, price: Yen, *, is_withheld: bool = False) -> Settlement:
    """Both sides' money of answers that cost so much together, without tax: by the rates of the day on which the batch went out."""
    return settlement_by(rates_in(batch.rates) if batch.rates else rates(clock.today(), "task"), price, is_withheld=is_withheld)


def pays_for(batch: Batch, count: int, *, price: Yen | None = None) -> Yen:
    """What a client pays in for so many answers."""
    return settlement_of(batch, Yen((batch.price if price is None else price) * count)).client_pays


def is_withheld(batch: Batch, *, is_company: bool = False) -> bool:
    """Is income tax withheld from what somebody earns with it (所得税法204条)?"""
    is_agent = batch.is_client_withholding_agent if batch.is_out else batch.client.is_withholding_agent
    return proposed(category=batch.category_id or "", is_agent=is_agent, is_company=is_company).is_withheld


def slots_wanted(batch: Batch, *, items: int, golds: int) -> tuple[int, int, int]:
    """How many answers a batch needs: (of its items, kept for disagreements, of gold items). Each share is rounded up.

    Where people begin with a trial there are golds for as many as can each take one of the shortest bundles, and for some who do not
    pass: what a trial has used up would shut the batch. What nobody tried goes back at the end.
    """
    asked = items * batch.answers_each
    extra = -(-asked * batch.extra_percent // 100) if batch.most_each > batch.answers_each else 0
    of_golds = -(-asked * batch.gold_percent // (100 - batch.gold_percent)) if golds else 0
    people = -(-asked // answers_in(SHORTEST, batch.seconds_each)) + batch.most_each if batch.seconds_each else batch.most_each
    return asked, extra, of_golds + (batch.trial_golds * people if golds else 0)


def seconds_of_trial(seconds: list[int]) -> int | None:
    """How long one answer takes, as the client's own people tried it: the middle one of at least LEAST_TRIAL."""
    return max(1, round(median(seconds))) if len(seconds) >= LEAST_TRIAL else None


def least_price(seconds: int, on: datetime.date | None = None) -> Yen:
    """The floor for an answer that takes so long: the least wage of an hour times its time, rounded up to a whole yen."""
    return Yen(max(1, -(-seconds * wage(on).yen // 3600)))


def yen_an_hour(price: Yen, seconds: int) -> Yen:
    """What an hour of answering is worth, rounded down."""
    return an_hour(int(price) * 60, seconds)


def is_below_floor(batch: Batch) -> bool:
    """Measured by those who answer, it pays less than the least wage: nobody is handed a bundle until its client raises the price."""
    return bool(batch.seconds_each and batch.price < least_price(batch.seconds_each))


def answers_in(minutes: int, seconds: int) -> int:
    """About so many answers in so many minutes; one at the least."""
    return max(1, min(MOST_ANSWERS, minutes * 60 // max(1, seconds)))
