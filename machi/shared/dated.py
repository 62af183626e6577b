"""Figures that a law, a bank or an operator may change: rows in a file, each in force from its day on, each with its source.

    FIGURES = Table("money", Path(__file__).parent / "data/money.json", check)
    FIGURES.on(clock.today())["days_to_pay_in"]

An operator's own file MACHI_HOME/<name>.json takes the place of ours; an upgrade leaves it. `machi doctor` names one that cannot be used.
"""
import datetime
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Table:
    """A file of dated rows. `check` raises ValueError, KeyError or TypeError for a row that cannot be used."""

    name: str
    ours: Path | None
    check: Callable[[Mapping], object]

    def on(self, day: datetime.date) -> Mapping:
        """The row in force on a day. Raises LookupError when there is none, ValueError when the file cannot be used."""
        rows = [row for row in self.rows() if row["from"] <= day.isoformat()]
        if not rows:
            raise LookupError(f"no row of {self.name} for {day}")
        return max(rows, key=lambda row: row["from"])

    def rows(self) -> tuple[Mapping, ...]:
        """All rows. Raises ValueError in plain words when the file cannot be used; no row where there is no file."""
        own = Path(settings.MACHI_HOME) / f"{self.name}.json"
        place = own if own.exists() else self.ours
        return _read(self, place, place.stat().st_mtime_ns) if place else ()


@functools.lru_cache(64)
def _read(table: Table, place: Path, _written_at: int) -> tuple[Mapping, ...]:
    try:
        rows = json.loads(place.read_text())
        for row in rows:
            datetime.date.fromisoformat(row["from"])
            if not row["source"].strip():
                raise ValueError(f"the row from {row['from']} has no source")
            table.check(row)
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as fault:
        raise ValueError(f"the table {place} cannot be used: {fault!r}") from None
    return tuple(rows)
