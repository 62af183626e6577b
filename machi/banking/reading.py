"""A statement as a bank hands it out (入出金明細): from rows of cells to lines of money, the oldest first, however long the file is.

Either the whole file is understood, or nothing of it: the first cell that does not fit ends the reading with one sentence that names its
line and its column. Where the bank prints a balance, each line must continue the one before to the yen.
"""
import datetime
import itertools
import json
import tempfile
import unicodedata
from array import array
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from machi.banking.arriving import Unreadable, rows
from machi.banking.cells import SHOWN, Strange, day_in, yen_in
from machi.banking.profiles import Layout
from machi.shared.japanese import cleaned

BEFORE_NAMES = 30                                   # lines in which the names of the columns must have come
WORDS = 300                                         # letters of a text that are kept
IN_MEMORY = 1 << 20                                 # bytes; more goes to a file without a name
MAY_LACK = {"memo"}
EARLIEST = datetime.date(2000, 1, 1)


class Line(NamedTuple):
    """One line of the account: in is above zero, out below."""

    line: int                                       # of the file
    day: datetime.date
    amount: int
    balance: int | None                             # after it
    kana: str
    memo: str


class Statement:
    """All lines of one file, the oldest first. It may be walked through again and again; a line costs eight bytes of memory."""

    def __init__(self):
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)
        self._starts = array("Q")
        self.is_newest_first = False

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Line]:
        return map(self._at, reversed(self._starts) if self.is_newest_first else self._starts)

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        self._file.close()

    @property
    def first(self) -> Line:
        return self._at(self._starts[-1 if self.is_newest_first else 0])

    @property
    def last(self) -> Line:
        return self._at(self._starts[0 if self.is_newest_first else -1])

    @property
    def has_balances(self) -> bool:
        return self.first.balance is not None

    @property
    def opening_yen(self) -> int | None:
        """What lay on the account before the first line."""
        return self.first.balance - self.first.amount if self.has_balances else None

    def keep(self, line: Line) -> None:
        """Put a line at the end, in the order of the file."""
        self._starts.append(self._file.seek(0, 2))
        self._file.write(json.dumps([line.line, line.day.toordinal(), *line[2:]], ensure_ascii=False).encode() + b"\n")

    def _at(self, start: int) -> Line:
        self._file.seek(start)
        line, day, *others = json.loads(self._file.readline())
        return Line(line, datetime.date.fromordinal(day), *others)


def read(file: BinaryIO, layout: Layout, *, today: datetime.date) -> Statement:
    """Read a whole file. Raises Unreadable in one sentence; nothing is kept then."""
    statement, course = Statement(), _Course()
    try:
        for line in _money(rows(file, delimiter=layout.delimiter), layout, today):
            course.meet(line)
            if line.amount:                         # a line about nothing says nothing; the balances around it were compared all the same
                statement.keep(line)
        if not statement:
            raise Unreadable(_("banking.csv.empty"))
        statement.is_newest_first = course.is_newest_first(layout.is_newest_first)
    except BaseException:
        statement._file.close()
        raise
    return statement


class _Course:
    """In which direction a file goes: both are followed at once, and each has its first stumble or none."""

    def __init__(self):
        self.before: Line | None = None
        self.stumbles: dict[bool, str | None] = {False: None, True: None}       # newest first? -> what does not fit
        self.gaps: dict[bool, bool] = {False: False, True: False}

    def meet(self, line: Line) -> None:
        before, self.before = self.before, line
        if before is None:
            return
        for is_newest_first, (older, newer) in ((False, (before, line)), (True, (line, before))):
            if self.stumbles[is_newest_first]:
                continue
            if newer.day < older.day:
                self.stumbles[is_newest_first] = _("banking.csv.order") % _two(before, line)
            elif newer.balance is not None and newer.balance != older.balance + newer.amount:
                self.stumbles[is_newest_first], self.gaps[is_newest_first] = _("banking.csv.gap") % _two(before, line), True

    def is_newest_first(self, is_expected: bool) -> bool:
        ways = (is_expected, not is_expected)
        for way in ways:
            if not self.stumbles[way]:
                return way
        raise Unreadable(self.stumbles[next((way for way in ways if self.gaps[way]), is_expected)])


def _two(one: Line, other: Line) -> dict[str, str]:
    return {"line": f"{one.line:,}", "day": shown_day(one.day), "balance": shown_yen(one.balance),
            "other_line": f"{other.line:,}", "other_day": shown_day(other.day), "other_balance": shown_yen(other.balance)}


def shown_day(day: datetime.date) -> str:
    return f"{day:%Y/%m/%d}"


def shown_yen(amount: int | None) -> str:
    return "-" if amount is None else f"{amount:,}"


def _money(found: Iterator[tuple[int, list[str]]], layout: Layout, today: datetime.date) -> Iterator[Line]:
    places, names = _columns(found, layout)
    for line, cells in found:
        if any(cell.strip() for cell in cells):
            yield _Row(line, cells, places, names).money(today)


def _columns(found: Iterator[tuple[int, list[str]]], layout: Layout) -> tuple[dict[str, int], dict[str, str]]:
    """What -> its place among the cells (0 for the first), and what -> its name for people."""
    if not layout.has_names:
        for _skipped in itertools.islice(found, layout.skipped):
            pass
        return ({what: place - 1 for what, place in layout.columns.items()},
                {what: _("banking.csv.place") % {"n": place} for what, place in layout.columns.items()})
    nearest = {what: names[0] for what, names in layout.columns.items()}
    for _line, cells in itertools.islice(found, BEFORE_NAMES):
        headings = [_folded(cell) for cell in cells]
        places = {what: headings.index(name) for what, names in layout.columns.items()
                  for name in [next((_folded(name) for name in names if _folded(name) in headings), None)] if name is not None}
        missing = {what: names[0] for what, names in layout.columns.items() if what not in places and what not in MAY_LACK}
        if not missing:
            return places, {what: cells[place].strip() for what, place in places.items()}
        nearest = min(nearest, missing, key=len)
    raise Unreadable(_("banking.csv.columns") % {"columns": "、".join(f"「{name}」" for name in nearest.values())})


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class _Row:
    """The cells of one line, by what they are."""

    def __init__(self, line: int, cells: list[str], places: dict[str, int], names: dict[str, str]):
        self.line, self.cells, self.places, self.names = line, cells, places, names

    def money(self, today: datetime.date) -> Line:
        balance = self._yen("balance")
        if "balance" in self.places and balance is None:
            raise self._strange(_("banking.csv.sum"), "balance")
        amount = self._amount()
        if amount is None:
            if balance is None:
                raise Unreadable(_("banking.csv.neither") % {"line": f"{self.line:,}"})
            amount = 0
        return Line(self.line, self._day(today), amount, balance, self._words("kana"), self._words("memo"))

    def _day(self, today: datetime.date) -> datetime.date:
        parts = [what for what in ("day", "year", "month", "day_of_month") if what in self.places]
        try:
            day = day_in("/".join(self._cell(what).strip() for what in parts))
        except Strange:
            raise self._strange(_("banking.csv.day"), parts[0]) from None
        if not EARLIEST <= day <= today:
            raise self._strange(_("banking.csv.never"), parts[0])
        return day

    def _amount(self) -> int | None:
        if "signed" in self.places:
            return self._yen("signed")
        came, went = self._yen("in"), self._yen("out")
        for what, sum_yen in (("in", came), ("out", went)):
            if sum_yen is not None and sum_yen < 0:
                raise self._strange(_("banking.csv.negative"), what)
        if came and went:
            raise Unreadable(_("banking.csv.both") % {"line": f"{self.line:,}"})
        return None if came is None and went is None else (came or 0) - (went or 0)

    def _yen(self, what: str) -> int | None:
        if what not in self.places:
            return None
        try:
            return yen_in(self._cell(what))
        except Strange:
            raise self._strange(_("banking.csv.sum"), what) from None

    def _words(self, what: str) -> str:
        return " ".join(cleaned(self._cell(what)).split())[:WORDS] if what in self.places else ""

    def _cell(self, what: str) -> str:
        place = self.places[what]
        if place >= len(self.cells):
            if what in MAY_LACK:
                return ""
            raise self._strange(_("banking.csv.short"), what)
        return self.cells[place]

    def _strange(self, sentence: str, what: str) -> Unreadable:
        place = self.places[what]
        cell = cleaned(self.cells[place])[:SHOWN] if place < len(self.cells) else ""
        return Unreadable(sentence % {"line": f"{self.line:,}", "column": self.names[what], "cell": cell})
