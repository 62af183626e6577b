"""What reached a person each month beside what they wish for: how near the goal is, and for how long it has been reached.

A month counts when the average of it and the two before, without what is kept for tax and insurance, is at least the goal: one good
month is no living. The months are counted back from the last one that is over. This says what was; whether to change is the person's.
"""
from collections.abc import Sequence
from dataclasses import dataclass

from machi.journey.models import Target
from machi.shared.money import Yen

OVER = 3                            # months of one average


@dataclass(frozen=True, slots=True)
class Outlook:
    """How near a goal is today. Amounts in yen as they reach the account, tax and insurance not yet paid from them."""

    average: Yen                    # of the last three months that are over
    usable: Yen                     # of it, without what is kept aside
    percent: int                    # of the goal, rounded down
    months_in_a_row: int            # that reached the goal, up to the last one that is over
    months_left: int                # until it is as long as the person said
    savings_in_tenths: int | None   # of a month: 45 are four and a half months of the goal

    @property
    def is_there(self) -> bool:
        """Is it as steady as the person wished?"""
        return self.months_left == 0


def outlook(months: Sequence[Yen], target: Target) -> Outlook:
    """`months`: what arrived in each month that is over, the oldest first; what lies before them counts as nothing."""
    averages = [_average(months, end) for end in range(1, len(months) + 1)] or [Yen(0)]
    usable = [_without(average, target.aside_percent) for average in averages]
    in_a_row = next((n for n, sum_ in enumerate(reversed(usable)) if sum_ < target.monthly_yen), len(usable))
    savings = None if target.savings_yen is None else target.savings_yen * 10 // target.monthly_yen
    return Outlook(averages[-1], usable[-1], usable[-1] * 100 // target.monthly_yen, in_a_row,
                   max(0, target.months_count - in_a_row), savings)


def _average(months: Sequence[Yen], end: int) -> Yen:
    return Yen(sum(months[max(0, end - OVER):end]) // OVER)


def _without(amount: Yen, percent: int) -> Yen:
    return Yen(amount * (100 - percent) // 100)
