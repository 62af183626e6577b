"""The values of a job card: what a list shows of a post, for whoever looks, in the language they read."""
import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from machi.matching.queries import JobRow
from machi.payments.fees import settlement
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxonomy.queries import categories


class JobCard(NamedTuple):
    """Values only, so that a drawn card can be kept (components/cards.html)."""

    pk: int
    title: str
    category: str
    client: str
    net_yen: int
    price_yen: int
    closes_on: datetime.date
    seats: int
    newcomer_seats: int
    applicants: int


def job_cards(rows: Iterable[JobRow]) -> list[JobCard]:
    """The cards of these posts, in their order. What a worker receives is computed by the rates of today."""
    names, today = category_names(), clock.today()
    return [JobCard(row.pk, row.title, names.get(row.category, ""), row.client_name, _net(row.reward_yen, row.is_withheld, today),
                    row.reward_yen, row.closes_on, row.seats_count, row.newcomer_seats_count, row.proposals_count) for row in rows]


def category_names() -> dict[str, str]:
    """Code -> name of every kind of work, in the language that is spoken now."""
    return {category.code: category.name for category in categories()}


@lru_cache(10_000)
def _net(price_yen: int, is_withheld: bool, today: datetime.date) -> int:
    return int(settlement(Yen(price_yen), on=today, is_withheld=is_withheld).worker_receives)
