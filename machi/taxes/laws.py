"""What the laws ask of a contract with whoever works alone (フリーランス法、取適法): each duty, from which day on, whose it is, from how
many months of a contract on, and within how many days. Read from a file, never written in code.
"""
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from machi.shared import clock, dated
from machi.shared.dated import Row

OURS = Path(__file__).parent / "data/laws.json"
DUTIES = ("writing", "pay_date", "acts", "care", "notice", "price_talk", "answer")
LAWS = ("freelance", "subcontract", "town")


class Duty(NamedTuple):
    """One duty as it holds on a day. `days` is None where none are counted; `months`: shorter contracts are outside."""

    law: str
    article: str
    needs_employees: bool               # only of clients who employ somebody
    months: int
    days: int | None
    source: str
    is_in_force: bool = True


def duty(name: str, on: datetime.date) -> Duty:
    """A duty on a day; before its first day as it will be, and not in force."""
    found = [row for row in rows() if row.says["duty"] == name]
    row = next((row for row in reversed(found) if row.holds_on(on)), None)
    said = (row or found[0]).says
    return Duty(said["law"], said["article"], said["needs_employees"], said["months"], said.get("days"), said["source"], row is not None)


def days_of(name: str, on: datetime.date | None = None) -> datetime.timedelta:
    """How many days a duty leaves, today or on another day."""
    return datetime.timedelta(days=duty(name, on or clock.today()).days or 0)


def rows(own: Path | None = None) -> tuple[Row, ...]:
    """All rows, the oldest first, with those of a town's own file. Raises ValueError in plain words when a file cannot be used."""
    return dated.tables(OURS, own or Path(settings.LAWS_FILE), {"duties": _check})["duties"]


def _check(said: Mapping) -> None:
    if said["duty"] not in DUTIES or said["law"] not in LAWS or not isinstance(said["article"], str):
        raise ValueError(f"a duty is one of {', '.join(DUTIES)}, of one of {', '.join(LAWS)}, unlike {dict(said)}")
    if not isinstance(said["needs_employees"], bool):
        raise ValueError(f"needs_employees is true or false, not {said['needs_employees']!r}")
    needs_days = said["duty"] in ("pay_date", "notice", "answer")
    for name in ("months", *(("days",) if needs_days or "days" in said else ())):
        if type(said[name]) is not int or not 0 <= said[name] <= 999:
            raise ValueError(f"{name} is a whole number from 0 to 999, not {said[name]!r}")
