"""A file from a bank, before anybody looks for money in it: its rows of cells, or one sentence that says what is wrong."""
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from machi.shared.errors import DomainError
from machi.shared.tables import Cause, Spoilt, csv_rows

MOST_BYTES = 200_000_000                            # about two million lines: years of a busy account


class Unreadable(DomainError):
    """This file is no statement, or a cell of it cannot be understood; nothing of it was taken."""


def rows(file: BinaryIO, *, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The number of a line (1 for the first), and its cells. Raises Unreadable."""
    try:
        yield from csv_rows(file, delimiter=delimiter, most_bytes=MOST_BYTES)
    except Spoilt as fault:
        raise Unreadable(_said(fault)) from None


def _said(fault: Spoilt) -> str:
    match fault.cause:
        case Cause.BIG:
            return _("banking.csv.big") % {"n": f"{MOST_BYTES // 1_000_000:,}"}
        case Cause.EMPTY:
            return _("banking.csv.empty")
        case Cause.KIND:
            return _("banking.csv.kind")
        case Cause.LETTERS:
            return _("banking.csv.letters") % {"line": f"{fault.line:,}"}
    return _("banking.csv.shape") % {"line": f"{fault.line:,}"}
