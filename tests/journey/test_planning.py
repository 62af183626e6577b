"""A goal for a month beside what arrived (F71): the average of three months, without what is set aside, and for how long it has been
enough."""
import pytest

from machi.journey.models import Target
from machi.journey.planning import outlook
from machi.shared.money import Yen


def seen(months, *, goal=100_000, row=3, aside=0, savings=None):
    return outlook([Yen(one) for one in months], Target(monthly_yen=goal, months_count=row, aside_percent=aside, savings_yen=savings))


@pytest.mark.parametrize("months, average, percent, in_a_row", [
    ([], 0, 0, 0),
    ([0, 0, 0], 0, 0, 0),
    ([90_000], 30_000, 30, 0),                                      # one month is no average: the two before it count as nothing
    ([100_000] * 3, 100_000, 100, 1),
    ([100_000] * 5, 100_000, 100, 3),
    ([99_999, 100_000, 100_000], 99_999, 99, 0),                    # one yen under it is under it
    ([100_000] * 5 + [0], 66_666, 66, 0),                           # a bad month ends the row
    ([300_000, 0, 0], 100_000, 100, 3),                             # one big sum carries three months, and no more
    ([300_000, 0, 0, 0], 0, 0, 0),
])
def test_months_are_counted_by_their_three_month_average(months, average, percent, in_a_row):
    view = seen(months)

    assert (view.average, view.percent, view.months_in_a_row) == (average, percent, in_a_row)


def test_it_is_there_when_it_has_lasted_as_long_as_the_person_said():
    assert [seen([100_000] * n).months_left for n in (2, 3, 4, 5, 9)] == [3, 2, 1, 0, 0]
    assert not seen([100_000] * 4).is_there and seen([100_000] * 5).is_there


def test_what_is_set_aside_for_tax_is_no_living():
    view = seen([120_000] * 3, aside=20)

    assert (view.average, view.usable, view.months_in_a_row) == (120_000, 96_000, 0)
    assert seen([125_000] * 3, aside=20).months_in_a_row == 1


def test_savings_are_told_in_months_of_the_goal():
    assert seen([], savings=450_000).savings_in_tenths == 45
    assert seen([], savings=0).savings_in_tenths == 0 and seen([]).savings_in_tenths is None
