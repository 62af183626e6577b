"""What stands in the cells of a bank's file: days of two calendars, and sums as banks write them."""
import datetime
import functools
import re
import unicodedata

MOST = 10**13                                       # yen: more than any town's account will see
SHOWN = 30                                          # letters of a cell that a sentence repeats

# The calendar of eras (元号): name and letter, first day, last day.
_ERAS = (("令和", "R", datetime.date(2019, 5, 1), datetime.date.max), ("平成", "H", datetime.date(1989, 1, 8), datetime.date(2019, 4, 30)))
_SPLIT = re.compile(r"(令和|平成|[RH])?\.?(\d{1,4}|元)[./\-年](\d{1,2})[./\-月](\d{1,2})日?", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TAIL = re.compile(r"(\([月火水木金土日]\)|\s+\d{1,2}:\d\d(:\d\d)?)+$")     # (火), or the time of the day
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
_SUM = re.compile(r"(?P<open>\()?[¥\\]?(?:(?P<less>[-▲△])|\+)?[¥\\]?(?P<yen>\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?円?(?P<close>\))?", re.ASCII)
_BLANK = {"", "-"}


class Strange(Exception):
    """A cell that does not say what its column promises."""


@functools.lru_cache(1_000)                         # a statement repeats its days
def day_in(cell: str) -> datetime.date:
    """2026/12/15, 2026-12-15, 20261215, 2026年12月15日, R8.12.15 and 令和8年12月15日, in any width. Raises Strange."""
    text = "".join(_TAIL.sub("", unicodedata.normalize("NFKC", cell).strip()).split())
    if found := _PACKED.fullmatch(text):
        era, (year, month, day) = None, found.groups()
    elif found := _SPLIT.fullmatch(text.translate(_DASHES)):
        era, year, month, day = found.groups()
    else:
        raise Strange(cell)
    try:
        return _in_era(era, 1 if year == "元" else int(year), int(month), int(day)) if era else _of_the_west(year, int(month), int(day))
    except ValueError:
        raise Strange(cell) from None


def yen_in(cell: str) -> int | None:
    """12,345 or ¥12,345円 or -12,345 or ▲12,345 or (12,345), in any width; None for an empty cell or a dash. Raises Strange."""
    text = "".join(unicodedata.normalize("NFKC", cell).translate(_DASHES).split())
    if text in _BLANK:
        return None
    found = _SUM.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]) or (amount := int(found["yen"].replace(",", ""))) > MOST:
        raise Strange(cell)
    return -amount if found["less"] or found["open"] else amount


def _of_the_west(year: str, month: int, day: int) -> datetime.date:
    if len(year) != 4:                              # 08/12/15 may be of two calendars
        raise ValueError
    return datetime.date(int(year), month, day)


def _in_era(era: str, year: int, month: int, day: int) -> datetime.date:
    _name, _letter, first, last = next(row for row in _ERAS if era in row[:2])
    found = datetime.date(first.year - 1 + year, month, day)
    if not first <= found <= last:
        raise ValueError
    return found
