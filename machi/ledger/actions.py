"""The verbs of the ledger (台帳). Only `payments` may call them."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from machi.shared.errors import DomainError
from machi.shared.money import Yen


class NotEnoughMoney(DomainError):
    """An account would fall below its floor (残高不足)."""


class KeyTaken(DomainError):
    """This event was already posted, with another content (二重処理の拒否)."""


class Malformed(DomainError):
    """An amount that is not positive, a transfer to itself, or an account of no known kind."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """So many yen from the debit account to the credit account."""

    debit: int
    credit: int
    amount: Yen


@dataclass(frozen=True, slots=True)
class Entry:
    """One business event (仕訳). The key makes it happen once; who repeats it is not part of its content."""

    key: str
    actor: str
    reference: str
    transfers: Sequence[Transfer]


def post(entry: Entry) -> int:
    """Write one entry in one round trip, whatever the number of transfers; return its id.

    Posting the same entry again returns the same id and moves nothing. Joins the transaction of the caller.
    Raises NotEnoughMoney, KeyTaken or Malformed: then the caller's transaction is lost, as it should be.
    It locks its accounts in ascending number. Whoever posts several entries in one transaction calls `hold` with the accounts of all
    of them first: one after the other they would lock in an order nobody planned, and two such transactions wait in a circle.
    """
    moves = entry.transfers
    return _call(
        "SELECT ledger_post_entry(%s, %s, %s, %s::bigint[], %s::bigint[], %s::bigint[])",
        (entry.key, entry.actor, entry.reference,
         [t.debit for t in moves], [t.credit for t in moves], [int(t.amount) for t in moves]))


def hold(accounts: Iterable[int]) -> None:
    """Hold these accounts until the caller's transaction ends, in ascending number; who posts to one of them meanwhile waits."""
    _call("SELECT ledger_hold(%s::bigint[])", (_array(accounts),))


def post_batch(entries: Sequence[Entry], *, actor: str) -> int:
    """Write many entries of one transfer each, all or none, in one statement; return how many are new."""
    if any(len(entry.transfers) != 1 for entry in entries):
        raise ValueError("a batch holds entries of exactly one transfer")
    single = [entry.transfers[0] for entry in entries]
    return _call(
        "SELECT ledger_post_entries(%s, %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])",
        (actor, [e.key for e in entries], [e.reference for e in entries],
         _array(t.debit for t in single), _array(t.credit for t in single), _array(t.amount for t in single)))


def _array(numbers: Iterable[int]) -> str:
    """A PostgreSQL array written in one go: for 100,000 numbers ten times faster than adapting each of them."""
    return f"{{{','.join(map(int.__repr__, numbers))}}}"


def _call(statement: str, values: tuple) -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]
    except DatabaseError as error:
        raise (_refusal(error) or error) from error


def _refusal(error: DatabaseError) -> DomainError | None:
    """The sentence for what PostgreSQL refused; None when it is not a refusal but a failure."""
    cause = getattr(error, "__cause__", None)
    rule = getattr(getattr(cause, "diag", None), "constraint_name", None)
    if rule == "ledger_balance_floor":
        return NotEnoughMoney(_("ledger.not_enough_money"))
    if rule in ("ledger_transfer_amount", "ledger_account_kind") or getattr(cause, "sqlstate", None) == "ML002":
        return Malformed(_("ledger.malformed"))
    if getattr(cause, "sqlstate", None) == "ML001" or rule == "ledger_transfer_pkey":       # twice in one batch
        return KeyTaken(_("ledger.key_taken"))
    return None
