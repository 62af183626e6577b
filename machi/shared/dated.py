"""Figures that a law, a bank or an operator may change: dated tables in files, ours beside the program, and a town's own in its home,
whose rows win from their day on.

A file holds tables by name; a row has `from`, perhaps `until`, and a `source`. A changed file counts at once, an upgrade leaves a town's
own, and `machi doctor` names one that cannot be used.
"""
import datetime
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

log = logging.getLogger(__name__)
Steps: TypeAlias = tuple[tuple[int, int], ...]      # (from this amount on, rate in 1/10,000), the first from 0


class Row(NamedTuple):
    """One row: what it says, from which day on, until when, and who says so."""

    since: datetime.date
    until: datetime.date | None
    source: str
    says: Mapping

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


Check: TypeAlias = Callable[[Mapping], object]      # raises when what a row says cannot be


def tables(ours: Path | None, own: Path, checks: Mapping[str, Check]) -> dict[str, tuple[Row, ...]]:
    """Every table by its name, the oldest row first; of two rows of one day the town's own comes last, and wins. What only a town can know
    has no file of ours.

    Raises ValueError in plain words when a file cannot be used and no earlier reading of it could.
    """
    return _tables(ours, own, changed_at(own), tuple(checks.items()))


def changed_at(own: Path) -> int:
    """When a town's own file was written last; 0 where there is none. What was worked out from the tables is known by it."""
    try:
        return os.stat(own).st_mtime_ns
    except FileNotFoundError:
        return 0


def row(rows: Iterable[Row], on: datetime.date, **wanted) -> Row:
    """The row in force on a day, of those that say what is wanted. Raises LookupError where nothing is said."""
    found = [one for one in rows if one.holds_on(on) and all(one.says.get(name) == value for name, value in wanted.items())]
    if not found:
        raise LookupError(f"no row for {on} {wanted or ''}")
    return found[-1]


def steps(said: Iterable) -> Steps:
    """Checked steps of a rate. Raises ValueError when they do not begin at 0, do not rise, or a rate is no part of the whole."""
    found = tuple((_whole(start), _whole(rate)) for start, rate in said)
    starts = [start for start, _rate in found]
    if starts[:1] != [0] or starts != sorted(set(starts)) or any(rate > 10_000 for _start, rate in found):
        raise ValueError(f"steps begin at 0, rise, and have rates of at most 10000, not {list(found)}")
    return found


def _whole(number) -> int:
    if type(number) is not int or number < 0:
        raise ValueError(f"{number!r} is no whole number from 0 on")
    return number


_good: dict[Path, dict[str, tuple[Row, ...]]] = {}       # the last reading of a town's file that could be used


def forget_readings() -> None:
    """Whoever names faults reads every file anew."""
    _good.clear()
    _tables.cache_clear()


@lru_cache(maxsize=64)
def _tables(ours: Path | None, own: Path, changed: int, checks: tuple[tuple[str, Check], ...]) -> dict[str, tuple[Row, ...]]:
    """A file that is being written, or badly, changes nothing in a process that has read a good one: nobody meets a broken page."""
    try:
        _good[own] = _read(ours, own, changed, checks)
    except ValueError as fault:
        if own not in _good:
            raise
        log.error("%s; what was read before counts on", fault)
    return _good[own]


def _read(ours: Path | None, own: Path, changed: int, checks: tuple[tuple[str, Check], ...]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {name: [] for name, _check in checks}
    for place in filter(None, (ours, own if changed else None)):
        try:
            said = json.loads(place.read_text())
            if unknown := set(said) - set(found):
                raise ValueError(f"no such table: {', '.join(sorted(unknown))}")
            for name, check in checks:
                found[name] += [_row(one, check) for one in said.get(name, ())]
        except (ArithmeticError, AttributeError, KeyError, OSError, TypeError, ValueError) as fault:
            raise ValueError(f"the tables in {place} cannot be used: {fault!r}") from None
    return {name: tuple(sorted(rows, key=lambda one: one.since)) for name, rows in found.items()}


def _row(said: Mapping, check: Check) -> Row:
    check(said)
    since, until = datetime.date.fromisoformat(said["from"]), said.get("until")
    until = datetime.date.fromisoformat(until) if until else None
    if not said["source"].strip() or until and until < since:
        raise ValueError(f"a row has a source, and ends after it begins, unlike {dict(said)}")
    return Row(since, until, said["source"], said)
