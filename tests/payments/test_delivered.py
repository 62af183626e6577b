"""The town's number (届いた報酬): the sum of all payouts, counted by days so that it is quick however long the town counts."""
import datetime
from contextlib import contextmanager

import pytest
from django.db.models import Sum

from machi.payments.actions import COUNTED_AFTER, count_delivered
from machi.payments.invariants import broken
from machi.payments.models import DeliveredUntil, Payout
from machi.payments.queries import reward_delivered
from machi.shared import clock
from tests.people import a_contract, a_person, payday, with_bank_account

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def delivered(worker=None, *, yen: int = 10_000):
    """Somebody works and is paid; the clock goes on to that day."""
    contract = a_contract(accepted=True, worker=worker or with_bank_account(a_person()), reward_yen=yen)
    return contract.worker, contract.milestones.get().pay_on


@contextmanager
def at(day: datetime.date, hour: int = 10):
    with clock.moved(to=datetime.datetime.combine(day, datetime.time(hour), clock.JAPAN)):
        yield


def the_plain_sum() -> tuple[int, int]:
    """As the page about the number prints it."""
    paid = Payout.objects.filter(state="paid")
    return int(paid.aggregate(sum=Sum("amount_yen"))["sum"] or 0), paid.values("worker").distinct().count()


def the_number() -> tuple[int, int]:
    number = reward_delivered()
    return int(number.amount), number.people_count


def test_the_number_is_the_plain_sum_before_and_after_it_is_counted():
    assert the_number() == (0, 0) and not count_delivered()
    worker, pay_on = delivered()
    other, _same = delivered(yen=5_000)
    with at(pay_on):
        payday()
        assert the_number() == the_plain_sum() == (8_580 + 4_290, 2)
        assert not count_delivered(), "the day is not over"
    with at(pay_on + COUNTED_AFTER - DAY, 23):
        assert not count_delivered(), "somebody may still be writing"
    with at(pay_on + COUNTED_AFTER, 0):
        assert count_delivered() and not count_delivered()
        assert the_number() == the_plain_sum() and DeliveredUntil.objects.get().people_count == 2
        _worker, second = delivered(worker)
        delivered(yen=1_000)
    with at(second):
        payday()
        assert the_number() == the_plain_sum() == (2 * 8_580 + 4_290 + 858, 3), "who was paid before is no new person"
    with at(second + COUNTED_AFTER):
        assert count_delivered() and the_number() == the_plain_sum()
        assert [until.people_count for until in DeliveredUntil.objects.order_by("day")] == [2, 3]
        assert broken() == {}


def test_the_longer_the_town_counts_the_number_asks_no_more(django_assert_num_queries):
    _worker, pay_on = delivered()
    with at(pay_on):
        payday()
    for later in (0, 40):
        with at(pay_on + COUNTED_AFTER + later * DAY), django_assert_num_queries(2):
            reward_delivered()
        with at(pay_on + COUNTED_AFTER):
            count_delivered()


def test_a_day_that_was_counted_wrongly_is_found():
    _worker, pay_on = delivered()
    with at(pay_on):
        payday()
    with at(pay_on + COUNTED_AFTER):
        count_delivered()
        assert broken() == {}
        DeliveredUntil.objects.update(amount_yen=1)
        assert list(broken()) == ["what is counted as delivered until a day is the sum of the payouts that had ended"]
