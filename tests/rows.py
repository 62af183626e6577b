"""Everything the town has written down, as one fingerprint for each table: did this deed change anything?"""
from collections.abc import Iterable
from functools import cache

from django.db import connection

# Sessions, the queue of the background and Django's own lists say nothing about people's affairs.
_NOT_OURS = ("django_", "procrastinate_", "auth_", "usersessions_")


# How many rows this transaction has written so far; what was taken back again is counted, too.
_WRITTEN = """
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""


@cache
def _tables() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return frozenset(name for (name,) in cursor if not name.startswith(_NOT_OURS))


def fingerprint(tables: Iterable[str] | None = None) -> dict[str, tuple[int, str]]:
    """Table -> how many rows, and a sum over their contents that changes with any of them."""
    question = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {table} t"
        for table in sorted(_tables() if tables is None else tables))
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {table: (count, digest) for table, count, digest in cursor}


def changed(before: dict, after: dict) -> set[str]:
    """The tables whose rows differ."""
    return {table for table in after if before[table] != after[table]}


class Watch:
    """What a deed changes, for whoever takes everything back afterwards: all of it within one transaction.

    Only the tables are compared into which something was written meanwhile, so looking at a page costs little.
    """

    def __init__(self):
        self._before = fingerprint()
        self.begin()

    def begin(self) -> None:
        """A deed comes now; nothing of the one before is left."""
        self._counts = self._written()

    def changed(self) -> set[str]:
        """The tables whose rows differ since the watch was made."""
        touched = {table for table, count in self._written().items() if count != self._counts.get(table, 0)} & _tables()
        return changed(self._before, fingerprint(touched)) if touched else set()

    @staticmethod
    def _written() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(_WRITTEN)
            return dict(cursor.fetchall())
