"""The books as a journal for another program, asked of the room that alone may touch the ledger."""
from collections.abc import Iterator

from machi.ledger.export import journal


def books_as_journal() -> Iterator[str]:
    """The lines of an hledger journal: every entry, as the books stand at one moment, and the kept balances as assertions."""
    return journal()
