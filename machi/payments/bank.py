"""Where the money of this town really lies: the bank that stands behind its money mode. Everything else asks here."""
from typing import Protocol

from django.conf import settings

from machi.payments.fakebank import FakeBank, Line


class Bank(Protocol):
    """What the verbs of money ask of a bank. What was asked is asked again under the same key, and moves once."""

    def deposit(self, *, key: str, amount_yen: int, payer: str) -> Line:
        """The line that shows the money paid in under this key."""

    def give_back(self, *, key: str) -> Line:
        """Send what was paid in under this key back to whoever paid it."""

    def refund(self, *, key: str, amount_yen: int, deposit: str) -> Line:
        """Send a part of what was paid in under the key `deposit` back."""

    def transfer(self, *, key: str, amount_yen: int, account: str, holder: str) -> Line:
        """Send money out."""

    def statement(self) -> list[Line]:
        """Every line since the account was opened, oldest first."""

    def sent_yen(self) -> int:
        """All that left for people's accounts and stayed there."""


_BANKS = {"demo": FakeBank}


def the_bank() -> Bank:
    """The bank of this town. Raises LookupError in a money mode that has none."""
    return _BANKS[settings.MONEY_MODE]()
