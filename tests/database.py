"""A database server for each run of the tests: a copy of one template, which was migrated once for all of them.

A server and not only a database of its own: numbers of transactions belong to the whole server, so an open transaction
of another run would hold back the readers of facts in this one.

A test may commit, and afterwards the database is emptied through a superuser, for whom the triggers sleep: the role of
the town may not empty the books, which is the point of it.
"""
import contextlib
import fcntl
import os
import pathlib
import shutil
import subprocess

import psycopg
from psycopg import sql

from machi.cli import town
from machi.cli.postgres import Server
from tests.settings import DATABASES, SERVER

NAME = DATABASES["default"]["NAME"]
PLACE = SERVER.home.parent


def make() -> None:
    """Start a copy of the template."""
    copy_template("data", "TEST-ONLY", to=SERVER)
    SERVER.ensure_running()


def copy_template(*names: str, to: Server) -> None:
    """Put the migrated database into the folder of this server. The template is made anew when a migration changed."""
    template = PLACE / f"template-{town.fingerprint()[:12]}"
    PLACE.mkdir(parents=True, exist_ok=True)
    with open(PLACE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear_away(keep=template)
        if not template.exists():
            _make_template(template)
        to.check_home()
        subprocess.run(["cp", "-a", *(template / "postgres" / name for name in names), to.base], check=True)


def drop() -> None:
    SERVER.release()
    SERVER.stop()
    shutil.rmtree(SERVER.home)


def as_superuser(database: str = NAME) -> psycopg.Connection:
    return psycopg.connect(SERVER.url(database=database), autocommit=True)


def as_role(role: str) -> psycopg.Connection:
    return psycopg.connect(SERVER.url(role, NAME), autocommit=True)


def _make_template(place: pathlib.Path) -> None:
    """Under another name until it is complete: a run that was killed leaves no half template."""
    half = PLACE / "template-half"
    if half.exists():
        Server(half, fast=True).stop()
        shutil.rmtree(half)
    server = town.embedded(half, fast=True)
    town.migrate_and_mark(server.url(town.OWNER))
    server.release()
    server.stop()
    half.rename(place)


def _clear_away(*, keep: pathlib.Path) -> None:
    """Folders of runs that were killed (their servers left with them), and templates of older migrations."""
    for folder in PLACE.iterdir():
        kind, _dash, number = folder.name.partition("-")
        is_over = kind == "run" and not os.path.exists(f"/proc/{number}")
        if is_over or (kind == "template" and number != "half" and folder != keep):
            shutil.rmtree(folder)


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


def forget() -> None:
    """What this process put into the folder, if it never came to a database."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(SERVER.home)
