"""Names on papers: how somebody is named there, and how its file is called.

A file is YYYYMMDD_取引先_金額.pdf, the form that can be searched without a program (電子取引一問一答).
"""
import datetime
from typing import NamedTuple

from machi.shared.filenames import LONGEST, in_a_name


class Name(NamedTuple):
    """Somebody as a paper names them: the lines of name and address, and the number of a registered issuer."""

    name: str
    address: str = ""
    number: str = ""


class Names:
    """The names within one archive: of two papers with the same day, name and sum the second is called _2."""

    def __init__(self):
        self._taken: dict[str, int] = {}

    def of(self, dated_on: datetime.date, counterparty: str, amount_yen: int, ending: str = "pdf") -> str:
        stem = file_stem(dated_on, counterparty, amount_yen)
        known = stem.casefold()                     # Windows and macOS take both spellings for one file
        self._taken[known] = again = self._taken.get(known, 0) + 1
        return f"{stem}.{ending}" if again == 1 else f"{stem}_{again}.{ending}"


def file_stem(dated_on: datetime.date, counterparty: str, amount_yen: int) -> str:
    """Letters that a disk or a spreadsheet could stumble over become _; the name gives way where it is too long, never day or sum."""
    day, amount = f"{dated_on:%Y%m%d}", str(amount_yen)
    return f"{day}_{in_a_name(counterparty, longest=LONGEST - len(day) - len(amount) - 2)}_{amount}"
