"""A file of items that a client brings: CSV, a spreadsheet (XLSX) or lines of JSON; from bytes to rows of text, however long it is.

A file is walked through and never held as a whole. What is wrong with one row is told with its line, and the walk goes on, so that somebody
mends everything at once; what spoils the file ends the walk with one sentence (Refused). Nothing is ever calculated: a cell that begins
with = is text. Where rows go out again they are defused for spreadsheets.
"""
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.shared.tables import Cause, Spoilt, csv_rows, encoding_of, text_lines
from machi.tasks.cells import text_of
from machi.tasks.sheets import sheet_rows

MOST_BYTES = 500_000_000
MOST_ROWS, MOST_COLUMNS = 1_000_000, 60
MOST_OF_A_CELL, MOST_OF_A_NAME = 10_000, 60         # letters
FAULTS_SHOWN, ROWS_SHOWN = 100, 5
_DELIMITERS = ",\t;"


class Refused(DomainError):
    """This file holds no items, or cannot be read to its end."""


class Row(NamedTuple):
    """One item: the line where it began (1 for the first of the file), and its cells in the order of the columns."""

    line: int
    cells: tuple[str, ...]


class Fault(NamedTuple):
    """One row that cannot become an item, and why."""

    line: int
    said: str


class Table(NamedTuple):
    """The names of the columns, and the rows after them; the rows can be walked through once."""

    columns: tuple[str, ...]
    rows: Iterator[Row | Fault]


@dataclass(slots=True)
class Found:
    """What a whole file holds, before anything of it is kept."""

    columns: tuple[str, ...]
    count: int = 0                                  # rows that can become items
    faults_count: int = 0
    faults: list[Fault] = field(default_factory=list)       # the first of them
    first: list[Row] = field(default_factory=list)


class Start(NamedTuple):
    """What a file begins with: what it is ("xlsx", "json", "csv"), in which letters ("" for a spreadsheet), its columns, its first rows."""

    kind: str
    letters: str
    columns: tuple[str, ...]
    first: list[Row]


def look_at_start(file: BinaryIO) -> Start:
    """For whoever has just chosen it. Raises Refused where it holds no columns."""
    table = read(file)
    with _in_words():
        first = [row for row in islice(table.rows, ROWS_SHOWN) if isinstance(row, Row)]
        if zipfile.is_zipfile(file):
            return Start("xlsx", "", table.columns, first)
        letters = encoding_of(file, most_bytes=MOST_BYTES)
        line = next((line for line in text_lines(file, letters) if line.strip()), "").lstrip("\ufeff").lstrip()
    return Start("json" if line.startswith("{") else "csv", letters, table.columns, first)


def look_through(file: BinaryIO) -> Found:
    """Walk through the whole file. Raises Refused."""
    table = read(file)
    found = Found(table.columns)
    for row in table.rows:
        if isinstance(row, Fault):
            found.faults_count += 1
            if found.faults_count <= FAULTS_SHOWN:
                found.faults.append(row)
        else:
            found.count += 1
            if found.count <= ROWS_SHOWN:
                found.first.append(row)
    if not found.count and not found.faults_count:
        raise Refused(_("tasks.file.empty"))
    return found


def read(file: BinaryIO) -> Table:
    """The columns, and the rows one after the other. Raises Refused, here or on the way."""
    with _in_words():
        file.seek(0)
        if zipfile.is_zipfile(file):
            return _under_names(sheet_rows(file, most_columns=MOST_COLUMNS + 1))
        encoding = encoding_of(file, most_bytes=MOST_BYTES)
        start = next((line for line in text_lines(file, encoding) if line.strip()), "")
        if start.lstrip("\ufeff").lstrip().startswith("{"):
            return _of_objects(text_lines(file, encoding))
        delimiter = max(_DELIMITERS, key=start.count)
        return _under_names(csv_rows(file, delimiter=delimiter, most_bytes=MOST_BYTES))


def _under_names(found: Iterator[tuple[int, list[str]]]) -> Table:
    """The first row that is not blank names the columns."""
    cells = next((cells for _line, cells in found if any(cell.strip() for cell in cells)), [])
    columns = [_name(cell) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()                               # what a spreadsheet leaves behind
    return Table(_checked(columns), _bounded(_rows(found, tuple(columns))))


def _rows(found: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row | Fault]:
    width = len(columns)
    for line, cells in found:
        if not "".join(cells).strip():
            continue
        if len(cells) != width:
            if "".join(cells[width:]).strip():
                yield Fault(line, _("tasks.file.too_many_cells") % {"n": width})
                continue
            cells = [*cells[:width], *[""] * (width - len(cells))]
        yield _row(line, cells, columns)


def _of_objects(lines: Iterator[str]) -> Table:
    """Lines of JSON, each an object; the first one names the columns."""
    found = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = next(found)
    names = _object(first[1])
    if names is None:
        raise Refused(_("tasks.file.json") % {"line": f"{first[0]:,}"})
    columns = _checked([_name(name) for name in names])

    return Table(columns, _bounded(_item(line, text, columns) for line, text in chain([first], found)))


def _item(line: int, text: str, columns: tuple[str, ...]) -> Row | Fault:
    values = _object(text)
    if values is None:
        return Fault(line, _("tasks.file.json_line"))
    named = {_name(name): value for name, value in values.items()}
    if unknown := next((name for name in named if name not in columns), ""):
        return Fault(line, _("tasks.file.json_column") % {"column": unknown[:MOST_OF_A_NAME]})
    if deep := next((name for name, value in named.items() if isinstance(value, dict | list)), ""):
        return Fault(line, _("tasks.file.json_deep") % {"column": deep})
    return _row(line, [text_of(named.get(name)) for name in columns], columns)


def _object(line: str) -> dict | None:
    """The object of this line, or nothing where it holds none. NaN and Infinity are no numbers of JSON."""
    try:
        found = json.loads(line.removeprefix("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _no_number(name: str):
    raise ValueError(name)


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row | Fault:
    if len(max(cells, key=len)) > MOST_OF_A_CELL:
        long = next(name for name, cell in zip(columns, cells, strict=True) if len(cell) > MOST_OF_A_CELL)
        return Fault(line, _("tasks.file.long_cell") % {"column": long, "n": f"{MOST_OF_A_CELL:,}"})
    if "".join(cells).isprintable():                # most rows of a long file: as `cleaned` does, all of its cells at once
        return Row(line, tuple([cell.strip(" ") for cell in cells]))
    return Row(line, tuple([cleaned(cell) for cell in cells]))


def _bounded(rows: Iterator[Row | Fault]) -> Iterator[Row | Fault]:
    with _in_words():
        yield from islice(rows, MOST_ROWS)
        if next(rows, None) is not None:
            raise Refused(_("tasks.file.many_rows") % {"n": f"{MOST_ROWS:,}"})


def _name(cell) -> str:
    return " ".join(cleaned(str(cell)).split())


def _checked(columns: list[str]) -> tuple[str, ...]:
    if not columns:
        raise Refused(_("tasks.file.empty"))
    if len(columns) > MOST_COLUMNS:
        raise Refused(_("tasks.file.many_columns") % {"n": MOST_COLUMNS})
    if "" in columns:
        raise Refused(_("tasks.file.no_name") % {"n": columns.index("") + 1})
    if long := next((name for name in columns if len(name) > MOST_OF_A_NAME), ""):
        raise Refused(_("tasks.file.long_name") % {"column": long[:20], "n": MOST_OF_A_NAME})
    if twice := next((name for at, name in enumerate(columns) if name in columns[:at]), ""):
        raise Refused(_("tasks.file.name_twice") % {"column": twice})
    return tuple(columns)


class _in_words:
    """What spoils a file, as one sentence for whoever brought it."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, fault, _trace):
        if isinstance(fault, Spoilt):
            said = {Cause.EMPTY: _("tasks.file.empty"), Cause.KIND: _("tasks.file.kind"), Cause.LETTERS: _("tasks.file.letters"),
                    Cause.BIG: _("tasks.file.big") % {"n": f"{MOST_BYTES // 1_000_000:,}"}, Cause.SHAPE: _("tasks.file.shape")}
            raise Refused(said[fault.cause] % {"line": f"{fault.line:,}"} if fault.line else said[fault.cause]) from None
