"""Paydays by a bank's file, in which somebody dies at every step; runs inside the town's own Django (`machi manage shell`).

Each deed is done by a child of this process. The child is killed: before its commit, after it, now and then at any moment; the last one
gets to the end and says so. What they said is the log of acknowledgements. The bank stands outside: it reads the 全銀 files that somebody
brings, with a reader of its own, and writes a statement; it knows nothing of our books.
"""
import contextlib
import datetime
import hashlib
import json
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections

from machi.activity import actions as activity
from machi.banking.queries import last_row
from machi.payments import actions
from machi.payments.invariants import broken
from machi.payments.models import BankAccount, BankLine, Earning, Payout, PayoutBatch
from machi.payments.queries import told, waiting_batches, waiting_payouts
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.banking.statements import ACCOUNT, PLAIN, plain
from tests.payments.batches import in_a_town_with_files, morning, set_aside_on, somebody_earned
from tests.people import a_staff_member

OPENING, LONGEST_SECONDS, MONTH = 100_000, 0.25, datetime.timedelta(days=31)
BEFORE, AFTER, ANY = "before the commit", "after the commit", "at any moment"
STAGES = ("set aside", "proposed", "approved", "written", "given", "answered")
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノ"


@dataclass
class Bank:
    """What somebody outside knows: the files that came, each read once, and the lines of the account."""

    place: Path
    seen: dict[str, list[tuple[int, str, int]]] = field(default_factory=dict)      # sha -> (number, holder, yen)
    lines: list[tuple[str, int, str]] = field(default_factory=list)                # day, yen, words

    def take_files(self, day: str) -> None:
        """Every file that lies here. The same bytes again are no second order."""
        for file in sorted(self.place.glob("*.txt")):
            data = file.read_bytes()
            if (sha := hashlib.sha256(data).hexdigest()) not in self.seen:
                self.seen[sha] = payments = _read(data)
                self.lines += [(day, -yen, f"ﾌﾘｺﾐ {holder}") for _number, holder, yen in payments]

    def statement(self, since: int):
        """Its lines from one of them on, as the file that a bank gives its customer."""
        return plain(*self.lines[since:], opening=OPENING + sum(yen for _day, yen, _words in self.lines[:since]))


def _read(data: bytes) -> list[tuple[int, str, int]]:
    """The payments of a 全銀 file, by the banks' own sheet and by nothing of the town's. The sum and the count of its trailer are those."""
    records = data.decode("cp932").split("\r\n")
    assert {len(record) for record in records[:-1]} == {120} and records[-1] == ""
    found = [(int(one[91:101]), one[50:80].rstrip(), int(one[80:90])) for one in records if one[0:1] == "2"]
    (trailer,) = [one for one in records if one[0:1] == "8"]
    assert (int(trailer[1:7]), int(trailer[7:19])) == (len(found), sum(yen for _number, _holder, yen in found)) and records[0][:4] == "1210"
    return found


class Paydays:
    """One driver, its children, and what they said."""

    def __init__(self, seed: int, folder: Path):
        self.die, self.folder, self.kills, self.acknowledged = random.Random(seed), folder, dict.fromkeys(STAGES, 0), []
        self.bank = Bank(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.one, self.other = a_staff_member("finance"), a_staff_member("finance")
        self.expected: dict[str, int] = {}              # holder -> yen that have to reach them, by all paydays

    def payday(self, number: int, people: int) -> None:
        """From money that was earned to the bank's answer, month by month."""
        with clock.moved(by=number * MONTH):
            earned = [somebody_earned() for _each in range(people)]
        for earning in earned:
            at = len(self.expected)
            holder = f"マチ {KANA[at // 25 % 25]}{KANA[at % 25]}{KANA[at // 625]}"
            BankAccount.objects.filter(worker=earning.worker_id).update(holder_kana=holder)
            self.expected[holder] = earning.amount_yen
        (pay_on,) = {earning.pay_on for earning in earned}
        with clock.moved(to=set_aside_on(pay_on)):
            self.until_done("set aside", actions.pay_due, lambda _made: Payout.objects.filter(value_on=pay_on).count())
            self.until_done("proposed", self._propose, lambda batch: batch.pk)
            batch = PayoutBatch.objects.latest("pk")
            self.until_done("approved", lambda: actions.approve_batch(batch=batch, by=self.other), lambda batch: batch.pk)
            self.until_done("written", lambda: self._hand_over(actions.take_file(batch=batch, by=self.one)), str)
            self.until_done("given", lambda: actions.give_batch(batch=batch, by=self.one), lambda batch: batch.pk)
        self.bank.take_files(f"{pay_on:%Y/%m/%d}")
        with clock.moved(to=morning(pay_on)):
            self.until_done("answered", self._bring_statement, lambda brought: brought.statement.pk)

    def _propose(self) -> PayoutBatch:
        first = waiting_batches(waiting_payouts(), told().rules)[0]
        return actions.propose_batch(value_on=first.value_on, count=first.count, total_yen=first.total_yen, by=self.one)

    def _hand_over(self, data: bytes) -> str:
        """Somebody brings it to the bank, whole or not at all."""
        half = self.folder / f"half-{os.getpid()}"
        half.write_bytes(data)
        half.rename(self.folder / f"{os.getpid()}.txt")
        return hashlib.sha256(data).hexdigest()

    def _bring_statement(self):
        """What the bank has written since our last line, or all of it: a file may overlap."""
        last, balance = last_row(ACCOUNT), OPENING
        since = 0
        while last and balance != last.balance_yen:
            balance, since = balance + self.bank.lines[since][1], since + 1
        since = self.die.choice([since, 0]) if since == len(self.bank.lines) else since
        return actions.take_in_statement(file=self.bank.statement(since), account=ACCOUNT, layout=PLAIN, profile="plain", by=self.one)

    def told(self) -> dict:
        """What is written in the town and at the bank, when all is over."""
        paid = dict(Payout.objects.filter(state="paid").order_by("pk").values_list("holder_kana", "amount_yen"))
        sent = [payment for payments in self.bank.seen.values() for payment in payments]
        with clock.moved(by=12 * MONTH):
            return {"kills": self.kills, "acknowledged": self.acknowledged, "broken": {rule: str(rows) for rule, rows in broken().items()},
                    "expected": self.expected, "paid": paid, "sent": sent, "files": [*self.bank.seen],
                    "payouts": [*Payout.objects.order_by("pk").values_list("pk", flat=True)],
                    "batches": [*PayoutBatch.objects.order_by("pk").values_list("pk", "state", "file_sha256")],
                    "earned_twice": Earning.objects.filter(payout=None).count(), "statement": len(self.bank.lines),
                    "lines": [*BankLine.objects.order_by("pk").values_list("state", flat=True)]}

    # ---- dying -------------------------------------------------------------------------------------------------------

    def until_done(self, stage: str, deed: Callable, told_as: Callable) -> None:
        """Killed before its commit, after it, at any moment; what was done by one who died is asked for again, and not done again."""
        for moment in (BEFORE, AFTER, *[ANY] * self.die.randint(0, 1)):
            said = self._child(deed, told_as, moment)
            if said is None:
                self.kills[stage] += 1
            else:
                self.acknowledged.append((stage, said))
        said = self._child(deed, told_as, "")
        self.acknowledged.append((stage, said))

    def _child(self, deed: Callable, told_as: Callable, moment: str) -> str | None:
        """What it said before it ended; None when it was killed first. A deed that was done by one who died refuses: that is an answer."""
        connections.close_all()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._live_and_die(deed, told_as, moment, writing)
        os.close(writing)
        if moment == ANY:
            time.sleep(self.die.uniform(0, LONGEST_SECONDS))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        assert said or moment, "a child that nobody killed said nothing"
        assert not said.startswith("broke"), said
        return said or None

    def _live_and_die(self, deed: Callable, told_as: Callable, moment: str, writing: int) -> None:
        """The whole life of a child; it never returns."""
        try:
            if moment == BEFORE:
                _die_in(activity, "record", at=self.die.randint(1, 3))
            try:
                said = told_as(deed())
            except (DomainError, IndexError) as refusal:           # done already, by one who could not say so any more
                said = f"refused: {type(refusal).__name__}"
            if moment in (BEFORE, AFTER):
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(writing, str(said).encode())
        except BaseException as fault:
            os.write(writing, f"broke: {fault!r}".encode())
        finally:
            os._exit(0)


def run(paydays: int, people: int, seed: int) -> None:
    """So many paydays of so many people. Prints what the test needs, as JSON."""
    with in_a_town_with_files():
        driver = Paydays(seed, Path(settings.BANK_FOLDER) / "handed-over")
        for number in range(paydays):
            driver.payday(number, people)
        print(json.dumps(driver.told()))


def _die_in(module, name: str, *, at: int) -> None:
    """In the middle of what is being written down, when this function is called so many times."""
    real, calls = getattr(module, name), iter(range(1, at))

    def die(*said, **named):
        if next(calls, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*said, **named)
    setattr(module, name, die)
