"""Everything the town has written down, as one fingerprint for each table: did this deed change anything?"""
from functools import cache

from django.db import connection

# Sessions, the queue of the background and Django's own lists say nothing about people's affairs.
_NOT_OURS = ("django_", "procrastinate_", "auth_", "usersessions_")


@cache
def _question() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor if not name.startswith(_NOT_OURS)]
    return " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {table} t" for table in tables)


def fingerprint() -> dict[str, tuple[int, str]]:
    """Table -> how many rows, and a sum over their contents that changes with any of them."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return {table: (count, digest) for table, count, digest in cursor}


def changed(before: dict, after: dict) -> set[str]:
    """The tables whose rows differ."""
    return {table for table in before if before[table] != after[table]}
