"""`machi doctor`: each wrong setting in one plain sentence."""
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg

from machi.cli import build, town
from machi.cli.database import Database
from machi.cli.environment import Environment, Refused
from machi.cli.postgres_account import DatabaseError

WEAK = {"unset", "secret", "changeme", "password"}
MAY_CHANGE_BOOKS = """
    SELECT current_user, has_table_privilege('ledger_transfer', 'INSERT') OR has_table_privilege('ledger_balance', 'UPDATE')
                         OR has_table_privilege('activity_fact', 'UPDATE')
                         OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"""


def doctor() -> int:
    """Print what is wrong; 2 when something is."""
    found = list(problems())
    for sentence in found:
        print(f"- {sentence}")
    if not found:
        print("Everything is in order.")
    return 2 if found else 0


def problems() -> Iterator[str]:
    try:
        here = Environment()
        yield from _address(here)
        here.settle()
    except Refused as refusal:
        yield str(refusal)
        return
    yield from _secret(here)
    if build.stale_catalogues():
        yield "The catalogues of words are not compiled: run `make run` once, or `python tools/catalogues.py compile`."
    yield from _database(here)


def _address(here: Environment) -> Iterator[str]:
    site = urlsplit(here.site)
    if site.scheme not in ("http", "https") or not site.hostname:
        yield f"MACHI_URL is {here.site!r}: it should look like https://town.example.jp"
        return
    if not here.is_public:
        return
    if here.is_demo:
        yield "MACHI_DEMO_TOWN=1 signs anybody in with one click, and this town can be reached from outside: leave it out."
    if os.environ.get("MACHI_DEBUG") == "1":
        yield "MACHI_DEBUG=1 shows the inside of the program to visitors, and this town can be reached from outside: leave it out."
    if site.scheme != "https":
        yield f"{here.site} is not https: passwords and sessions would travel in the open. Put a TLS proxy in front."
    if not os.environ.get("MACHI_MAIL"):
        yield "Mail is written into files here, so nobody outside would receive a sign-in code: name a mail backend in MACHI_MAIL."


def _secret(here: Environment) -> Iterator[str]:
    given, file = os.environ.get("MACHI_SECRET"), here.home / "secret"
    secret = given or file.read_text().strip()
    if len(secret) < 32 or len(set(secret)) < 10 or secret.lower() in WEAK:
        place = "MACHI_SECRET" if given else str(file)
        yield f"The secret in {place} is weak (under 32 characters, or too simple): take one from `openssl rand -base64 48`."
    if not given and file.stat().st_mode & 0o077:
        yield f"Other accounts of this machine can read {file}: run `chmod 600 {file}`."


def _database(here: Environment) -> Iterator[str]:
    database = None
    try:
        database = Database(here)
        with psycopg.connect(database.town_url) as db:
            if db.info.server_version < 150000:
                yield f"The database is PostgreSQL {db.info.server_version // 10000}; Machi needs 15 or newer."
            if db.execute("SELECT to_regclass('ledger_transfer')").fetchone()[0] is None:
                if not database.server:
                    yield "The database has no tables yet: run `machi migrate`."
                return
            role, may_change = db.execute(MAY_CHANGE_BOOKS).fetchone()
            if may_change:
                yield (f"The role {role} that the town connects with can change the books: make the roles with "
                       "`psql -f machi/cli/roles.sql`, migrate as machi_migrate, and let DATABASE_URL name machi_app "
                       "(docs/operations/database.md).")
        if not town.is_migrated(database.town_url) and not town.nothing_to_migrate(database.town_url):
            yield "The tables are older than this program: run `machi migrate`."
    except (Refused, DatabaseError, psycopg.Error) as error:
        yield str(error).strip().replace("\n", " ")
    finally:
        if database:
            database.leave()
