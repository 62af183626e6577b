"""The figures of the page about money. None is typed: the rates, the clocks and the settlements are those the town works with."""
import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from machi.contracts.actions.agreeing import TIME_TO_ANSWER
from machi.jobs.models import Job
from machi.payments.fees import Settlement, fee_steps, settlement
from machi.payments.figures import figure
from machi.payments.paydays import LAST_DAY, pay_day
from machi.reviews.actions import CLOSED_FOR
from machi.shared.dated import Steps
from machi.shared.money import Yen

PRICES = (1_000, 10_000, 100_000, 200_000, 500_000)
WITHHELD_PRICES = (10_000, 200_000)


def examples(today: datetime.date) -> list[Settlement]:
    """Both sides' money for some prices, by the rates of today."""
    return [settlement(Yen(price), on=today) for price in PRICES]


def withheld_examples(today: datetime.date) -> list[Settlement]:
    """The same where income tax is withheld."""
    return [settlement(Yen(price), on=today, is_withheld=True) for price in WITHHELD_PRICES]


@dataclass(frozen=True, slots=True)
class FeeStep:
    """A part of the amount with tax, from here to there (none: without an end), and its rate in percent as it is written."""

    start: int
    end: int | None
    percent: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The fees of some forms of work, from both sides. `forms`: which; empty where all are alike."""

    forms: list[str]
    worker: list[FeeStep]
    client: list[FeeStep]


def plans_of(today: datetime.date) -> list[Plan]:
    """The fees in force today: one plan where every form of work has the same, else each with the forms that it is for."""
    found: dict[tuple, list[str]] = {}
    for form, label in ((Job.Form.PROJECT, Job.Form.PROJECT.label), (Job.Form.HOURLY, Job.Form.HOURLY.label),
                        (Job.Form.CONTEST, Job.Form.CONTEST.label), ("package", _("package.list"))):
        found.setdefault((fee_steps(today, form=form), fee_steps(today, form=form, side="client")), []).append(str(label))
    return [Plan(forms if len(found) > 1 else [], _written(worker), _written(client)) for (worker, client), forms in found.items()]


def _written(steps: Steps) -> list[FeeStep]:
    """The steps of one side; none where it pays nothing."""
    if not any(rate for _start, rate in steps):
        return []
    ends = [start for start, _rate in steps[1:]] + [None]
    return [FeeStep(start, end, f"{rate / 100:g}") for (start, rate), end in zip(steps, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class Days:
    """The clocks of a contract, and one example on the calendar."""

    to_answer: int
    to_fund: int
    to_accept: int
    at_most: int                            # days until payment, counting the day of receipt as day 1
    reviews_closed: int
    delivered_on: datetime.date
    pay_on: datetime.date


def example_days(today: datetime.date) -> Days:
    """Work handed over today, with the usual time to check it."""
    to_accept = Job._meta.get_field("acceptance_days").default
    return Days(TIME_TO_ANSWER.days, figure("days_to_pay_in"), to_accept, LAST_DAY + 1, CLOSED_FOR.days, today,
                pay_day(today, acceptance_days=to_accept))
