"""How long money is waited for, and how it leaves: dated rows that an operator may change (data/money.json, or MACHI_HOME/money.json)."""
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings

from machi.shared import clock, dated

NEEDED = ("days_to_pay_in", "bank_days_to_pay_in", "bank_days_to_read")
MOST_YEN = 10**12 - 1                               # the width of a column in a bank's file


def _check(row: Mapping) -> None:
    for name in NEEDED:
        _whole(row, name, 0, 60)


def _check_payouts(row: Mapping) -> None:
    _whole(row, "bank_days_ahead", 1, 10)
    _whole(row, "two_people_above_yen", 0, MOST_YEN)
    _whole(row, "hold_hours", 0, 720)
    _whole(row, "least_early_yen", 1, MOST_YEN)


def _check_cards(row: Mapping) -> None:
    if row["chargeback_fee"] not in ("town", "client"):
        raise ValueError(f"chargeback_fee is town or client, not {row['chargeback_fee']!r}")


def _whole(row: Mapping, name: str, least: int, most: int) -> None:
    if type(row[name]) is not int or not least <= row[name] <= most:
        raise ValueError(f"{name} is a whole number from {least} to {most}, not {row[name]!r}")


OURS = Path(__file__).parent / "data/money.json"
_CHECKS: dict[str, Callable[[Mapping], None]] = {"money": _check, "payouts": _check_payouts, "cards": _check_cards}


def has_own_account() -> bool:
    """Has the town an account of its own, whose statement somebody reads, and does money leave by its bank's files?"""
    return settings.MONEY_MODE in ("bank", "provider")


def is_paid_by_card() -> bool:
    """Do clients pay by card, at a payment service, which brings it to the town's own account? Else, where there is one, by transfers."""
    return settings.MONEY_MODE == "provider"


def bank_days_ahead() -> int:
    """So many days of the bank before money arrives it is set aside; none where the bank answers at once."""
    return payout_figure("bank_days_ahead") if has_own_account() else 0


def figures(table: str = "money") -> Mapping:
    """The row of today. Raises ValueError or LookupError when the file cannot be used."""
    return dated.row(dated.tables(OURS, Path(settings.MACHI_HOME) / "money.json", _CHECKS)[table], clock.today()).says


def figure(name: str) -> int:
    """A figure of today: how long money is waited for."""
    return figures()[name]


def is_fee_theirs() -> bool:
    """Whoever pays by card from today on: is what the payment service takes for a chargeback theirs, once that is lost and somebody was
    paid for the work? Else it is the town's. They read it before they pay.
    """
    return figures("cards")["chargeback_fee"] == "client"


def payout_figure(name: str) -> int:
    """A figure of today: how money leaves."""
    return figures("payouts")[name]
