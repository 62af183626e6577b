"""How long money is waited for: dated rows that an operator may change (data/money.json, or MACHI_HOME/money.json)."""
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from machi.shared import clock, dated

NEEDED = ("days_to_pay_in", "bank_days_to_pay_in", "bank_days_to_read")


def _check(row: Mapping) -> None:
    for name in NEEDED:
        if type(row[name]) is not int or not 0 <= row[name] <= 60:
            raise ValueError(f"{name} is a number of days from 0 to 60, not {row[name]!r}")


OURS, _CHECKS = Path(__file__).parent / "data/money.json", {"money": _check}


def figures() -> Mapping:
    """The row of today. Raises ValueError or LookupError when the file cannot be used."""
    return dated.row(dated.tables(OURS, Path(settings.MACHI_HOME) / "money.json", _CHECKS)["money"], clock.today()).says


def figure(name: str) -> int:
    """A figure of today."""
    return figures()[name]
