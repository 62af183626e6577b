"""The database of a town: the embedded server of a folder, its three roles, and its tables.

    server = embedded(".machi")                     # running, roles and database made; not yet migrated
    migrate(server.url("machi_migrate"))            # as the owner of the tables
    server.url("machi_app")                         # what web and background connect with
"""
import hashlib
import os
import pathlib
import subprocess
import sys

import psycopg
from psycopg import sql

from machi.cli.environment import ROOT
from machi.cli.postgres import DATABASE, Server
from machi.cli.postgres_account import DatabaseError

HERE = pathlib.Path(__file__).parent
OWNER, TOWN = "machi_migrate", "machi_app"


def embedded(home: str | os.PathLike, *, fast: bool = False, hold: bool = True) -> Server:
    """The running server of this folder, with the roles and the empty database of a town."""
    server = Server(home, fast=fast)
    server.ensure_running(hold=hold)
    with psycopg.connect(server.url(), autocommit=True) as db:
        if owner_of(db, DATABASE) != OWNER:
            db.execute((HERE / "roles.sql").read_text())
            give_rights(server, DATABASE)
            db.execute(f"ALTER DATABASE {DATABASE} OWNER TO {OWNER}")
    return server


def owner_of(db: psycopg.Connection, database: str) -> str | None:
    row = db.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (database,)).fetchone()
    return row and row[0]


def give_rights(server: Server, database: str) -> None:
    """Let machi_migrate make tables in this database, and the other roles use what it makes."""
    with psycopg.connect(server.url(database=database), autocommit=True) as db:
        db.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
        db.execute((HERE / "rights.sql").read_text())


def migrate(url: str) -> None:
    """Bring the tables of this database to the newest form."""
    done = _migrate_command(url)
    if done.returncode:
        raise DatabaseError("The tables could not be brought to their newest form (machi migrate).\n"
                            + "\n".join(done.stderr.strip().splitlines()[-8:]))


def nothing_to_migrate(url: str) -> bool:
    return _migrate_command(url, "--check").returncode == 0


def _migrate_command(url: str, *arguments: str) -> subprocess.CompletedProcess:
    """Django's command in a process of its own, because it needs the owner's role."""
    return subprocess.run([sys.executable, "manage.py", "migrate", "--skip-checks", "-v0", *arguments], cwd=ROOT,
                          env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def fingerprint() -> str:
    """Changes whenever a migration, a list it brings, a role or an installed library may have changed the tables."""
    files = [HERE / "roles.sql", HERE / "rights.sql", ROOT / "requirements.txt", ROOT / "config/settings.py",
             *sorted(ROOT.glob("machi/*/migrations/*.py")), *sorted(ROOT.glob("machi/*/sql/*.sql")),
             *sorted(ROOT.glob("machi/taxonomy/data/*")), ROOT / "machi/taxonomy/marks.py"]
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def is_migrated(url: str) -> bool:
    """Was this database migrated with exactly these files? The mark is a comment on the database: it goes with it."""
    with psycopg.connect(url, autocommit=True) as db:
        found = db.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                           " WHERE datname = current_database()").fetchone()[0]
    return found == fingerprint()


def migrate_once(url: str) -> None:
    """Migrate unless nothing changed since the last time."""
    if not is_migrated(url):
        migrate_and_mark(url)


def migrate_and_mark(url: str) -> None:
    migrate(url)
    with psycopg.connect(url, autocommit=True) as db:
        if owner_of(db, db.info.dbname) == db.info.user:
            mark = sql.SQL("COMMENT ON DATABASE {} IS {}")
            db.execute(mark.format(sql.Identifier(db.info.dbname), fingerprint()))
