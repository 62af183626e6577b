"""`machi setup-database-roles`: the three roles and the database of a town on a PostgreSQL server of your own.

It reads three addresses and no argument, so that no password stands in a list of processes or in the memory of a shell:

    MACHI_ADMIN_URL     a superuser of the server, in any database
    MACHI_MIGRATE_URL   machi_migrate in the database of the town, with the password it shall have
    DATABASE_URL        machi_app in the same database, with the password it shall have

Saying it twice changes nothing but the passwords. Tables that were there before the rights get them.
"""
import os

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from machi.cli.environment import ROOT, Refused
from machi.cli.town import HERE, OWNER, TOWN

ADDRESSES = {"MACHI_ADMIN_URL": None, "MACHI_MIGRATE_URL": OWNER, "DATABASE_URL": TOWN}
#: What `rights.sql` says of tables to come, said of those that are there; then what must stay shut is taken back.
LATE = f"""GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {TOWN};
           GRANT SELECT ON ALL TABLES IN SCHEMA public TO machi_ro;
           GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {TOWN};
           GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {TOWN}"""


def setup() -> int:
    """Make what is missing. Raises Refused with what to do where an address is wrong or the server says no."""
    admin, owner, town = (_address(name, role) for name, role in ADDRESSES.items())
    if owner.get("dbname") != town.get("dbname") or not town.get("dbname"):
        raise Refused("MACHI_MIGRATE_URL and DATABASE_URL name different databases, or none: both should end in one name, like /machi.")
    try:
        with psycopg.connect(**admin, autocommit=True) as server:
            _make_roles(server, {OWNER: owner.get("password"), TOWN: town.get("password")})
            _make_database(server, town["dbname"])
        with psycopg.connect(**admin | {"dbname": town["dbname"]}) as database:
            _give_rights(database)
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction):
        raise Refused("The tables here are older than this program: let machi migrate bring them to their newest form, then say this once "
                      "more.") from None
    except psycopg.Error as error:
        raise Refused(f"The server refused: {str(error).strip().splitlines()[0]}\n"
                      "MACHI_ADMIN_URL should name a superuser of it, and the server should be PostgreSQL 15 or newer.") from None
    print(f"roles machi_migrate, machi_app and machi_ro and the database {town['dbname']} are ready: next, machi migrate && machi doctor")
    return 0


def _address(name: str, role: str | None) -> dict:
    value = os.environ.get(name)
    if not value:
        raise Refused(f"{name} is missing: it should look like postgresql://{role or 'postgres'}:password@db.example.jp/"
                      f"{'machi' if role else 'postgres'}, as docs/operations/database.md shows.")
    try:
        address = conninfo_to_dict(value)
    except psycopg.Error:
        raise Refused(f"{name} cannot be read as an address: a password has %40 for @, %2F for / and %25 for %.") from None
    if role and address.get("user") != role:
        raise Refused(f"{name} names the role {address.get('user')!r}: it should be {role}.")
    return address


def _make_roles(server: psycopg.Connection, passwords: dict) -> None:
    """A password leaves this machine only as its SCRAM secret, so that it stands in no log of the server."""
    server.execute((HERE / "roles.sql").read_text())
    for role, password in passwords.items():
        if password:
            secret = server.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
            server.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(secret)))


def _make_database(server: psycopg.Connection, name: str) -> None:
    found = server.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if found and found[0] != "UTF8":
        raise Refused(f"The database {name} counts in {found[0]}: it should be UTF8. Name another one; it will be made.")
    if not found:
        letters = sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'" if server.info.server_version >= 170000
                          else "LOCALE 'C.UTF-8'")
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), letters))


def _give_rights(database: psycopg.Connection) -> None:
    database.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
    database.execute((HERE / "rights.sql").read_text())
    if database.execute("SELECT to_regclass('public.ledger_entry')").fetchone()[0]:
        database.execute(LATE)
        for file in sorted(ROOT.glob("machi/*/sql/*rights.sql")):
            database.execute(file.read_text())
