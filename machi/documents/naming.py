"""How the file of a paper is called: YYYYMMDD_取引先_金額.pdf, the form that can be searched without a program (電子取引一問一答)."""
import datetime
import re
import unicodedata

LONGEST = 80                    # letters of a name: with four bytes each it still fits every disk
_UNSAFE = re.compile(r'[\\/:*?"<>|%\s\x00-\x1f\x7f]+')


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
    visible = "".join(letter for letter in unicodedata.normalize("NFC", counterparty) if unicodedata.category(letter)[0] != "C")
    name = _UNSAFE.sub("_", visible).strip("._ ")
    return f"{day}_{name[:LONGEST - len(day) - len(amount) - 2] or '_'}_{amount}"
