"""Databases for tests: one template, migrated once for all runs, and a copy of it for each run.

A test may commit, and afterwards the copy is emptied through a superuser, for whom the triggers sleep: the role of the
town may not empty the books, which is the point of it.
"""
import fcntl
import os
import re

import psycopg
from psycopg import sql

from machi.cli import town
from tests.settings import DATABASES, SERVER

NAME = DATABASES["default"]["NAME"]


def make() -> None:
    """Start the server if needed, bring the template to the newest form, and copy it."""
    town.embedded(SERVER.home, fast=True)
    template = f"template_{town.fingerprint()[:12]}"
    with open(SERVER.home / "template.lock", "w") as lock, as_superuser("postgres") as db:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear_away(db, keep=template)
        if not _exists(db, template):
            _make_template(db, template)
        db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER machi_migrate STRATEGY file_copy")
                   .format(sql.Identifier(NAME), sql.Identifier(template)))


def drop() -> None:
    with as_superuser("postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def as_superuser(database: str = NAME) -> psycopg.Connection:
    return psycopg.connect(SERVER.url(database=database), autocommit=True)


def as_role(role: str) -> psycopg.Connection:
    return psycopg.connect(SERVER.url(role, NAME), autocommit=True)


def _make_template(db: psycopg.Connection, template: str) -> None:
    """Under another name until it is complete: a run that was killed leaves no half template."""
    half = sql.Identifier("template_half")
    db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(half))
    db.execute(sql.SQL("CREATE DATABASE {} OWNER machi_migrate").format(half))
    town.give_rights(SERVER, "template_half")
    town.migrate(SERVER.url(town.OWNER, "template_half"))
    db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(half, sql.Identifier(template)))


def _clear_away(db: psycopg.Connection, *, keep: str) -> None:
    """Databases of runs that were killed, and templates of older migrations."""
    for (name,) in db.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^(run|template)_[0-9a-f]{1,12}$'"):
        process = re.fullmatch(r"run_(\d+)", name)
        is_old = not os.path.exists(f"/proc/{process[1]}") if process else name != keep
        if is_old:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _exists(db: psycopg.Connection, name: str) -> bool:
    return db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


class Cleaner:
    """Empties the database after a test that committed, except for the rows that the migrations brought."""

    def __init__(self):
        self.db = as_superuser()
        self.db.execute("SET session_replication_role = replica")       # triggers and foreign keys sleep
        tables = [name for (name,) in self.db.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'")]
        given = self._with_rows(tables)
        self.emptied = [name for name in tables if name not in given]
        self.kept = {name: self._last(name) for name in given}

    def empty(self) -> None:
        for name in self._with_rows(self.emptied):
            self.db.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name, last in self.kept.items():
            if last is not None:
                self.db.execute(sql.SQL("DELETE FROM {} WHERE id > %s").format(sql.Identifier(name)), (last,))

    def _with_rows(self, tables: list[str]) -> list[str]:
        question = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name)) for name in tables)
        return [name for (name,) in self.db.execute(question)]

    def _last(self, table: str) -> int | None:
        numbered = self.db.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND column_name = 'id' AND data_type IN ('integer', 'bigint')", (table,)).fetchone()
        return numbered and self.db.execute(sql.SQL("SELECT max(id) FROM {}").format(sql.Identifier(table))).fetchone()[0]
