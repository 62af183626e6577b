"""The floor of a fair price (報酬の下限): the least wage an hour, dated, times the time a piece of work takes.

The guideline for home-based freelance work names hours times the least wage (最低賃金) as one reference for a price; the town
takes it as the floor under every post. The figure is the mean of the country, weighted by workers; a row a year, with its source.
"""
import datetime
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.db.models import F, Q
from django.utils.translation import gettext as _

from machi.notifications.words import hours, month, yen
from machi.shared import clock
from machi.shared.money import Yen


class Wage(NamedTuple):
    """The least wage of an hour, from a day on."""

    since: datetime.date
    yen: int
    source: str


def wage(on: datetime.date | None = None) -> Wage:
    """The newest row that was in force on a day."""
    day = on or clock.today()
    return max(row for row in _rows() if row.since <= day)


def least_for(minutes: int, on: datetime.date | None = None) -> Yen:
    """The floor for a piece of work that takes so long, rounded up to a whole yen."""
    return Yen(-(-minutes * wage(on).yen // 60))


def an_hour(reward_yen: int, minutes: int) -> Yen:
    """What an hour is worth when a piece of work takes so long, rounded down."""
    return Yen(reward_yen * 60 // minutes)


def is_fair() -> Q:
    """Posts that pay at least the floor of today, as far as they say how long the work takes: only those are recommended."""
    least = wage().yen
    by_the_hour = Q(form="hourly", rate_yen__gte=least)
    return by_the_hour | ~Q(form="hourly") & (Q(minutes_estimate=None) | Q(reward_yen__gte=(F("minutes_estimate") * least + 59) / 60))


def too_little(minutes: int) -> str:
    """Why a post cannot go out like this, in numbers."""
    now = wage()
    return _("job.reward.floor") % {"least": yen(least_for(minutes)), "hours": hours(minutes), "wage": yen(now.yen),
                                    "since": month(now.since)}


@cache
def _rows() -> tuple[Wage, ...]:
    rows = json.loads((Path(__file__).parent / "data" / "wages.json").read_text())
    return tuple(Wage(datetime.date.fromisoformat(row["from"]), row["yen"], row["source"]) for row in rows)
