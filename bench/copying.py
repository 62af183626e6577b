"""What a deed writes, against COPY of the very rows into tables alike, by turns in one run: both write the same rows under the same checks
and indexes, so the ratio says what the deed costs beside writing.
"""
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import BinaryIO

import psycopg
from django.db import connection

PART = 1 << 18                                      # bytes

_KEYS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"


class Twin:
    """Tables alike, empty, and where the rows of a deed begin in the tables of the town."""

    def __init__(self, root: psycopg.Connection, new: Mapping[str, str], also: tuple[str, ...] = (), *, has_keys: bool = False):
        """`new`: table -> by which column its new rows are known; `also`: tables of which a deed writes new versions of rows; `has_keys`:
        the tables alike ask, too, whether what their rows point at is there, as the town's do.
        """
        self.root, self.new, self.tables, self.last = root, new, (*new, *also), {}
        for table in self.tables:
            root.execute(f"CREATE SCHEMA IF NOT EXISTS twin; DROP TABLE IF EXISTS twin.{table}; "
                         f"CREATE TABLE twin.{table} (LIKE public.{table} INCLUDING ALL)")
            for name, said in root.execute(_KEYS, (table,)).fetchall() if has_keys else ():
                root.execute(f"ALTER TABLE twin.{table} ADD CONSTRAINT {name} {said}")

    def ready(self) -> None:
        """From now on rows are new; the database has nothing else to do."""
        self.root.execute("VACUUM ANALYZE")
        self.root.execute("CHECKPOINT")
        for table in self.tables:
            self.root.execute(f"TRUNCATE twin.{table}")
        self.last = {table: self.root.execute(f"SELECT coalesce(max({column}), 0) FROM {table}").fetchone()[0]
                     for table, column in self.new.items()}

    def copied(self, **also: str) -> float:
        """Milliseconds of COPY of the rows that are new, and of those that `also` names: table=condition."""
        which = {table: f"{self.new[table]} > {last}" for table, last in self.last.items()} | also
        rows = {table: _read(self.root, f"COPY (SELECT * FROM {table} WHERE {condition}) TO STDOUT") for table, condition in which.items()}
        self.root.execute("CHECKPOINT")

        def copy() -> None:
            with self.root.transaction(), self.root.cursor() as cursor:
                for table, file in rows.items():
                    with file, cursor.copy(f"COPY twin.{table} FROM STDIN") as into:
                        while part := file.read(PART):
                            into.write(part)
        return timed(copy)[1]


def timed(act: Callable) -> tuple[float, float, object]:
    """Milliseconds in the database, milliseconds in all, and the answer. Where Django asks, what it asks is counted, and each commit."""
    asked = 0.0

    def ask(execute, *question):
        nonlocal asked
        begin = time.perf_counter()
        try:
            return execute(*question)
        finally:
            asked += time.perf_counter() - begin
    commit = connection._commit
    connection._commit = lambda: ask(commit)
    try:
        with connection.execute_wrapper(ask):
            begin = time.perf_counter()
            answer = act()
            whole = time.perf_counter() - begin
    finally:
        connection._commit = commit
    return asked * 1000, whole * 1000, answer


def ask(question: str, **named: object) -> list[tuple]:
    """One question of the town's own role, with those of the named values that stand in it."""
    with connection.cursor() as cursor:
        cursor.execute(question, {name: value for name, value in named.items() if f"%({name})s" in question} or None)
        return cursor.fetchall() if cursor.description else []


def _read(root: psycopg.Connection, question: str) -> BinaryIO:
    """What COPY sends, in a file: a million rows are more than should be held."""
    file = tempfile.TemporaryFile()
    with root.cursor() as cursor, cursor.copy(question) as rows:
        for part in rows:
            file.write(part)
    file.seek(0)
    return file
