"""What every verb of money needs to write into the books: the door, who did it, and which lines of the statement are known."""
from collections.abc import Sequence

from machi.ledger import actions as ledger
from machi.ledger.actions import Entry
from machi.payments.actions.stopping import guard
from machi.payments.models import StatementLine
from machi.shared import clock

CLOCK = "system:clock"


def post(entry: Entry) -> int:
    """Write one entry into the ledger, unless money is stopped. Nothing else in this room calls the ledger."""
    guard()
    return ledger.post(entry)


def post_many(entries: Sequence[Entry], *, by) -> int:
    """The same for many entries of one transfer each: all, or none. Returns how many are new."""
    guard()
    return ledger.post_batch(entries, actor=actor(by)) if entries else 0


def actor(by) -> str:
    """Who stands in the entry; nobody means the clock."""
    return CLOCK if by is None else f"user:{by.pk}"


def keep(line) -> bool:
    """Our copy of a line of the bank's statement; False when it was read before."""
    return StatementLine.objects.get_or_create(key=line.key, defaults={
        "value_on": line.value_on, "amount_yen": line.amount_yen, "read_at": clock.now()})[1]
