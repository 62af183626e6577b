"""Reward delivered, month by month: the same one query of payments, asked from different days on."""
import datetime

from machi.notifications.words import short_month
from machi.payments.queries import Delivered, reward_delivered
from machi.shared import clock

MONTHS = 6


def this_month() -> Delivered:
    """What reached people's accounts since the first day of this month."""
    return reward_delivered(since=clock.today().replace(day=1))


def by_month() -> list[tuple[str, int]]:
    """Each of the last months by its short name, and the yen that were delivered in it, the oldest first."""
    firsts = [_months_ago(number) for number in range(MONTHS)]
    since = [int(reward_delivered(since=first).amount) for first in firsts]
    in_month = [total - later for total, later in zip(since, [0, *since], strict=False)]
    return [(short_month(first), amount) for first, amount in zip(reversed(firsts), reversed(in_month), strict=True)]


def _months_ago(number: int) -> datetime.date:
    first = clock.today().replace(day=1)
    for _month in range(number):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return first
