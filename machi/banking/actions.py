"""Taking in a statement of the bank, and letting names go when their years are over."""
import datetime
import hashlib
import itertools
import time
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.banking import facts, policies, queries
from machi.banking.models import BankRow, BankWords, Import
from machi.banking.profiles import Layout
from machi.banking.reading import Line, Statement, read
from machi.shared import clock
from machi.shared.errors import NotAllowed

_ACCOUNTS = 0x62616E6B                              # the lock of one account: two files at once wait for each other
_AT_ONCE = 1_000
PENDING, _KEPT_SECONDS = "statement-", 86_400       # a file of the bank between its preview and the yes (web/desk/money/kept.py)


class Brought(NamedTuple):
    """What became of a file. The same file again is its first import, and brings nothing."""

    statement: Import
    new_count: int


@transaction.atomic
def import_statement(*, file: BinaryIO, account: str, layout: Layout, profile: str, by) -> Brought:
    """Take in the lines of a bank's file that are not known yet: all of them, or none.

    file: opened for bytes, and can be read again from its start. account: the town's own, as a text that stays the same.
    Raises Unreadable or NotJoined in one sentence; nothing is written then.
    """
    if not policies.can_import_statement(by):
        raise NotAllowed(_("banking.import.refused"))
    with read(file, layout, today=clock.today()) as statement:
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        _lock(account)
        if before := Import.objects.filter(account=account, file_sha256=sha256).first():
            return Brought(before, 0)
        return _take_in(statement, account=account, profile=profile, sha256=sha256, by=by)


def forget_words(*, booked_before: datetime.date) -> int:
    """Delete who paid, of lines from before a day; return of how many. The sums and days stay."""
    deleted, _by_table = BankWords.objects.filter(row__booked_on__lt=booked_before).delete()
    return deleted


def forget_unread() -> int:
    """Delete statements that somebody looked at and did not take in within a day; return how many. Names stand in them."""
    old = [place for place in Path(settings.BANK_FOLDER).glob(f"{PENDING}*") if place.stat().st_mtime < time.time() - _KEPT_SECONDS]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _take_in(statement: Statement, *, account: str, profile: str, sha256: str, by) -> Brought:
    new = array("I", (line.line for line in queries.lines_not_known(statement,
        account)))       # before the first of them stands among the known
    last = queries.last_row(account)
    brought = Import.objects.create(
        account=account, profile=profile, file_sha256=sha256, line_count=len(statement), new_count=len(new),
        first_on=statement.first.day, last_on=statement.last.day, opening_yen=statement.opening_yen, closing_yen=statement.last.balance,
        imported_by=by, imported_at=clock.now())
    places = itertools.count(last.place + 1 if last else 1)
    lines = _picked(statement, new)
    while some := list(itertools.islice(lines, _AT_ONCE)):
        rows = BankRow.objects.bulk_create([
            BankRow(brought_by=brought, account=account, place=next(places), line=line.line, booked_on=line.day, amount_yen=line.amount,
                    balance_yen=line.balance) for line in some])
        BankWords.objects.bulk_create([BankWords(row=row, kana=line.kana, memo=line.memo) for row, line in zip(rows, some, strict=True)])
    activity.record(actor=by, fact=facts.STATEMENT_IMPORTED, about=f"import:{brought.pk}", new=len(new))
    return Brought(brought, len(new))


def _picked(statement: Statement, numbers: Iterable[int]) -> Iterator[Line]:
    wanted = iter(numbers)
    number = next(wanted, None)
    for line in statement:
        if line.line == number:
            yield line
            number = next(wanted, None)


def _lock(account: str) -> None:
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_ACCOUNTS, account))
