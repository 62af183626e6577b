"""What each bank wants, as dated rows: how it hands out a statement, and how it takes a file of transfers.

A file, not code: machi/banking/data/profiles.json, and beside it the town's own in MACHI_HOME/banks.json, whose rows win. A row holds from
its day on. Its `source` says where the figures come from; `is_verified` is true only when somebody has tried them at the bank itself.
"""
import datetime
import json
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from machi.banking.kana import USUAL
from machi.shared import clock

_OURS = Path(__file__).parent / "data/profiles.json"
_LINE_ENDS = {"crlf": b"\r\n", "none": b""}         # CR or LF alone is rejected by banks
NEEDED = {"out", "in"}, {"signed"}                  # the columns of sums: two, or one with a sign
DAY = {"day"}, {"year", "month", "day_of_month"}
COLUMNS = {"balance", "kana", "memo"}.union(*NEEDED, *DAY)


@dataclass(frozen=True, slots=True)
class Transfers:
    """How a bank takes a file of transfers (総合振込)."""

    line_end: bytes
    lead_days: int                                  # bank days before the day of arrival on which the file must be there
    cut_off: datetime.time                          # until this hour in Japan
    most_items: int                                 # transfers in one file
    most_yen: int                                   # of one transfer
    name_bytes: int                                 # of a holder's name, half-width
    letters: frozenset[str]                         # what may stand in a text, half-width
    is_small_kept: bool                             # may ｬ ｭ ｮ ｯ stay small
    instead: dict[str, str]                         # half-width letters that this bank wants written otherwise
    has_edi: bool                                   # with Y in column 113 the customer codes become 20 bytes of text for the payee


@dataclass(frozen=True, slots=True)
class Layout:
    """How a bank hands out the lines of an account (入出金明細) as CSV.

    A column is found by any of its names, or by its place (1 for the first) in a file without a line of names.
    """

    columns: dict[str, tuple[str, ...] | int]
    delimiter: str = ","
    is_newest_first: bool = False                   # asked only where the days and the balances do not tell
    skipped: int = 0                                # lines before the first one with money, in a file without names

    @property
    def has_names(self) -> bool:
        return not all(isinstance(column, int) for column in self.columns.values())


@dataclass(frozen=True, slots=True)
class Profile:
    """One bank, from a day on."""

    key: str
    name: str
    since: datetime.date
    is_verified: bool
    source: str
    bank_code: str = ""
    layout: Layout | None = None
    transfers: Transfers | None = field(default=None)


def profiles(on: datetime.date | None = None) -> dict[str, Profile]:
    """Key -> the profile in force on a day (today). Raises ValueError in plain words when a file cannot be used."""
    on, found = on or clock.today(), {}
    own = Path(settings.BANKS_FILE)
    rows = [row for place in (_OURS, own) if place == _OURS or place.exists() for row in _read(place)]
    for profile in sorted(rows, key=lambda profile: profile.since):         # stable: on one day the town's own comes last, and wins
        if profile.since <= on:
            found[profile.key] = profile
    return found


def transfers_of(key: str, on: datetime.date | None = None) -> Transfers:
    """How a bank takes a file, on a day (today); one that nobody has described takes it as most do."""
    known = profiles(on)
    found = known[key].transfers if key in known else None
    return found or known["generic"].transfers


def generic(columns: dict[str, str | int], *, delimiter: str = ",", skipped: int = 0) -> Layout:
    """The layout of a bank that nobody has described: an operator names its columns. Raises ValueError when one that is needed is missing.

    `columns`: of day (or year, month, day_of_month), in and out (or signed), balance, kana, memo -> the name over the column, or its place.
    """
    return _layout({"columns": columns, "delimiter": delimiter, "skipped": skipped})


def _read(place: Path) -> list[Profile]:
    try:
        data = json.loads(place.read_text())
        return [_profile(row) for row in data]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as fault:
        raise ValueError(f"the profiles of banks in {place} cannot be used: {fault!r}") from None


def _profile(row: dict) -> Profile:
    if not row["source"].strip():
        raise ValueError(f"{row['key']} has no source")
    layout, transfers = row.get("statement"), row.get("transfers")
    return Profile(row["key"], row["name"], datetime.date.fromisoformat(row["from"]), row["is_verified"] is True, row["source"],
                   row.get("bank_code", ""), layout and _layout(layout), transfers and _transfers(transfers))


def _layout(row: dict) -> Layout:
    columns = {what: named if isinstance(named, int) else (named,) if isinstance(named, str) else tuple(named)
               for what, named in row["columns"].items()}
    if unknown := set(columns) - COLUMNS:
        raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
    for ways in (DAY, NEEDED):
        if not any(way <= set(columns) for way in ways):
            raise ValueError(f"a column is missing: {' or '.join('+'.join(sorted(way)) for way in ways)}")
    if len({isinstance(column, int) for column in columns.values()}) > 1 or any(column in ((), ("",), 0) for column in columns.values()):
        raise ValueError("columns are named all by their names, or all by their places from 1 on")
    return Layout(columns, row.get("delimiter", ","), row.get("order") == "newest", row.get("skipped", 0))


def _transfers(row: dict) -> Transfers:
    return Transfers(
        line_end=_LINE_ENDS[row["line_end"]], lead_days=row["lead_days"], cut_off=datetime.time.fromisoformat(row["cut_off"]),
        most_items=row["most_items"], most_yen=row["most_yen"], name_bytes=row["name_bytes"], letters=frozenset(row["letters"]),
        is_small_kept=row["small_kana"] == "kept", instead=USUAL | row.get("instead", {}), has_edi=row.get("has_edi", False))
