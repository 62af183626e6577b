"""A post as a card: only values, so that a drawn card can be kept (templates/components/cards.html)."""
import datetime
from collections.abc import Iterable
from typing import NamedTuple

from machi.matching.queries import JobRow
from machi.payments.fees import Rates, prize_settlement, rates, settlement_by, small_prize
from machi.shared import clock
from machi.shared.money import Yen
from machi.taxonomy.queries import category_names


class JobCard(NamedTuple):
    """What ui.job_card shows."""

    pk: int
    title: str
    category: str
    client: str
    net_yen: int
    price_yen: int
    closes_on: datetime.date
    seats: int
    newcomer_seats: int                     # free ones
    applicants: int
    sync: str
    rate_yen: int | None                    # by the hour; the sums above are then those of a full week
    weekly_hours: int | None
    prizes: int = 0                         # of a contest: how many; the sums above are then those of the first one
    entries: int = 0
    is_pot_held: bool = False               # their money lies in escrow now


def job_cards(rows: Iterable[JobRow], names: dict[str, str] | None = None) -> list[JobCard]:
    """Rows of a list as cards, with what the worker receives. One question, for the names of the categories, if they are not known."""
    today, names = clock.today(), names or category_names()
    by, small = {form: rates(today, form) for form in ("project", "hourly", "contest")}, small_prize(today)
    return [JobCard(row.pk, row.title, names[row.category], row.client_name,
                    _net_yen(row, by, small), row.reward_yen,
                    row.closes_on, row.seats_count, row.newcomer_seats_count - row.newcomer_seats_taken, row.proposals_count, row.sync,
                    row.rate_yen, row.weekly_hours, len(row.prizes_yen), row.entries_count, row.is_pot_held)
            for row in rows]


def _net_yen(row: JobRow, by: dict[str, Rates], small: Yen) -> int:
    if row.prizes_yen:
        money = prize_settlement(by["contest"], row.reward, small=small, is_withheld=row.is_withheld, at_once=row.reward)
    else:
        money = settlement_by(by["hourly" if row.rate_yen else "project"], row.reward, is_withheld=row.is_withheld, listed=row.listed)
    return int(money.worker_receives)
