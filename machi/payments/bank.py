"""Where the money of this town really lies: the bank that stands behind its money mode. Everything else asks here."""
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from machi.payments.fakebank import FakeBank, Line
from machi.payments.lifecycle import DepositState
from machi.payments.models import ExpectedDeposit
from machi.shared import clock
from machi.shared.errors import DomainError

DEPOSIT = "deposit:"                        # how the bank's key of money paid in begins; then follows what it is for: milestone:12


class Bank(Protocol):
    """What the verbs of money ask of a bank."""

    moves_at_once: bool                     # else somebody carries its files to and fro, and nothing below but the first three is asked

    def deposit(self, *, key: str, amount_yen: int, payer: str) -> Line:
        """The line that shows the money paid in under this key. Raises DomainError when it has not come."""

    def shows(self, *, key: str, amount_yen: int) -> bool:
        """Does the money paid in under this key stand on the statement?"""

    def keys_of(self, key: str) -> list[str]:
        """Under which keys our books have what was paid in under this one."""

    def give_back(self, *, key: str) -> Line:
        """Send what was paid in under this key back to whoever paid it."""

    def refund(self, *, key: str, amount_yen: int, deposit: str) -> Line:
        """Send a part of what was paid in under the key `deposit` back."""

    def transfer(self, *, key: str, amount_yen: int, account: str, holder: str) -> Line:
        """Send money out. Asked again under the same key, it moves once."""

    def statement(self) -> list[Line]:
        """Every line since the account was opened, oldest first."""

    def sent_yen(self) -> int:
        """All that left for people's accounts and stayed there."""


class OwnAccount:
    """The town's own account at a real bank. Its lines come with the statement that somebody brings; each says what it is (BankLine).
    What clients pay by card is known by the payment service's word (cards.Intent), and comes to the account in sums of many.
    """

    moves_at_once = False

    def deposit(self, *, key: str, amount_yen: int, payer: str) -> Line:
        deposit = _matched(key)
        if deposit is None:
            raise DomainError(_("fund.not_here"))
        return Line(deposit.key, clock.day_of(deposit.ended_at), deposit.amount_yen, payer)

    def shows(self, *, key: str, amount_yen: int) -> bool:
        deposit = _matched(key)
        return deposit is not None and deposit.amount_yen == amount_yen

    def keys_of(self, key: str) -> list[str]:
        deposit = _matched(key)
        return [deposit.key] if deposit else []

    def statement(self) -> list[Line]:
        return []


def _matched(key: str) -> ExpectedDeposit | None:
    place = key.removeprefix(DEPOSIT)
    return ExpectedDeposit.objects.filter(place=place, state=DepositState.MATCHED).select_related("line").order_by("pk").first()


_BANKS = {"demo": FakeBank, "bank": OwnAccount, "provider": OwnAccount}


def the_bank() -> Bank:
    """The bank of this town."""
    return _BANKS[settings.MONEY_MODE]()
