"""The floor of a fair price (報酬の下限): the least wage an hour, dated, times the time a piece of work takes.

The guideline for home-based freelance work names hours times the least wage (最低賃金) as one reference for a price; the town
takes it as the floor under every post. The figure is the mean of the country, weighted by workers; a row a year, with its source
(data/wages.json). Rows in MACHI_HOME/wages.json win over ours from their day on: a town may know the wage of its place.
"""
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _

from machi.notifications.words import hours, month, yen
from machi.shared import clock, dated
from machi.shared.dated import Row
from machi.shared.money import Yen

OURS = Path(__file__).parent / "data/wages.json"
MOST = 100_000                                      # yen an hour: what is more was meant for a day or a month


class Wage(NamedTuple):
    """The least wage of an hour, from a day on."""

    since: datetime.date
    yen: int
    source: str


def wage(on: datetime.date | None = None) -> Wage:
    """The newest row that was in force on a day. Raises LookupError where none was."""
    row = dated.row(rows(), on or clock.today())
    return Wage(row.since, row.says["yen"], row.source)


def rows() -> tuple[Row, ...]:
    """All rows, the oldest first, with those of a town's own file. Raises ValueError in plain words when a file cannot be used."""
    return dated.tables(OURS, Path(settings.MACHI_HOME) / "wages.json", {"wage": _check})["wage"]


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


def _check(said: Mapping) -> None:
    if type(said["yen"]) is not int or not 1 <= said["yen"] <= MOST or said.get("until"):
        raise ValueError(f"yen is a whole number from 1 to {MOST}, and a wage holds until the next one, unlike {dict(said)}")
