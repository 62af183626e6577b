"""The bank of the money mode `demo`: it keeps its own books, in its own file, and knows nothing of ours.

The statement is a file to which lines are only added: key, value date, amount (out: below zero), counterparty, reason.
Asked twice with the same key the bank moves nothing and answers with what it did before, like a real payment interface with
an idempotency key. So its file is an outside record: sums can be compared with ours to the yen, and a payout that was
sent twice under two keys would show here and nowhere else.
"""
import csv
import datetime
import fcntl
import io
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from machi.shared import clock

UNKNOWN_ACCOUNT = "0000000"                         # an account number this bank does not know: the money comes back


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bank's statement."""

    key: str
    value_on: datetime.date
    amount_yen: int                                 # in: above zero, out: below
    counterparty: str
    reason: str = ""                                # why the bank sent it back


class FakeBank:
    """A bank in a folder. Safe for many processes; what it has answered is on the disk."""

    moves_at_once = True

    def __init__(self, folder: Path | None = None):
        self.file = Path(folder or settings.BANK_FOLDER) / "statement.csv"

    def deposit(self, *, key: str, amount_yen: int, payer: str) -> Line:
        """Somebody pays money in."""
        return self._write([Line(key, clock.today(), amount_yen, payer)])

    def shows(self, *, key: str, amount_yen: int) -> bool:
        """Does the money paid in under this key stand on the statement?"""
        return any(line.key == key and line.amount_yen == amount_yen for line in self.statement())

    def keys_of(self, key: str) -> list[str]:
        """Our books know it under the bank's own key."""
        return [key]

    def give_back(self, *, key: str) -> Line:
        """Send what somebody paid in under this key back to them."""
        paid_in = next(line for line in self.statement() if line.key == key)
        return self._write([Line(f"return:{key}", clock.today(), -paid_in.amount_yen, paid_in.counterparty, "契約終了")])

    def refund(self, *, key: str, amount_yen: int, deposit: str) -> Line:
        """Send a part of what was paid in under the key `deposit` back to whoever paid it."""
        paid_in = next(line for line in self.statement() if line.key == deposit)
        return self._write([Line(key, clock.today(), -amount_yen, paid_in.counterparty, "返金")])

    def transfer(self, *, key: str, amount_yen: int, account: str, holder: str) -> Line:
        """Send money out; an account the bank does not know sends it back at once."""
        lines = [Line(key, clock.today(), -amount_yen, holder)]
        if account.endswith(f"-{UNKNOWN_ACCOUNT}"):
            lines.append(Line(f"return:{key}", clock.today(), amount_yen, holder, "該当口座なし"))
        return self._write(lines)

    def statement(self) -> list[Line]:
        """Every line since the account was opened, oldest first."""
        try:
            written = self.file.read_bytes()
        except FileNotFoundError:
            return []
        whole = written[:written.rfind(b"\n") + 1]   # a line the machine died in was never answered
        return [Line(key, datetime.date.fromisoformat(day), int(amount), counterparty, reason)
                for key, day, amount, counterparty, reason in csv.reader(io.StringIO(whole.decode()))]

    def go_back_to(self, keys: Collection[str]) -> None:
        """Forget every other line, as if it had not happened yet: the town of these lines was brought back from a backup."""
        lines = [line for line in self.statement() if line.key in keys]
        self.file.unlink(missing_ok=True)
        if lines:
            self._write(lines)

    def sent_yen(self) -> int:
        """All that left for people's accounts and stayed there."""
        return -sum(line.amount_yen for line in self.statement() if line.key.removeprefix("return:").startswith("payout:"))

    def _write(self, lines: list[Line]) -> Line:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with open(self.file, "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for known in self.statement():
                if known.key == lines[0].key:
                    return known
            file.seek(0)
            torn = file.read()
            file.truncate(torn.rfind(b"\n") + 1)
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(
                (line.key, line.value_on.isoformat(), line.amount_yen, " ".join(line.counterparty.split()), line.reason) for line in lines)
            file.write(text.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())
        return lines[0]
