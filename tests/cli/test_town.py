"""The tables of a town: made once, made by their owner, taken down again; and on a server with a single role."""
import contextlib
import os
import subprocess
import sys

import psycopg
import pytest
from psycopg import sql

from machi.cli import town
from machi.cli.environment import ROOT
from tests import database
from tests.settings import SERVER

TAKE_ALL_BACK = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
for config in reversed(list(apps.get_app_configs())):
    if config.name.startswith("machi.") and list(config.get_models()):
        call_command("migrate", config.label, "zero", skip_checks=True, verbosity=0)
"""


@pytest.fixture
def empty_database(django_db_setup):
    """A database of its own, with the rights but without tables."""
    name = f"{database.NAME}_empty"
    with database.as_superuser("postgres") as db:
        db.execute(sql.SQL("CREATE DATABASE {} OWNER machi_migrate").format(sql.Identifier(name)))
        town.give_rights(SERVER, name)
        yield name
        db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _tables(url: str) -> set[str]:
    with psycopg.connect(url) as db:
        rows = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        functions = db.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        return {name for (name,) in rows} | {name for (name,) in functions}


def test_every_migration_of_ours_can_be_taken_back(empty_database):
    url = SERVER.url(town.OWNER, empty_database)
    town.migrate(url)
    full = _tables(url)

    done = subprocess.run([sys.executable, "-c", TAKE_ALL_BACK], cwd=ROOT, text=True, capture_output=True,
                          env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"})

    assert done.returncode == 0, done.stderr[-2000:]
    rooms = {path.parent.name for path in ROOT.glob("machi/*/migrations")}
    assert not [name for name in _tables(url) if name.partition("_")[0] in rooms]
    town.migrate(url)
    assert _tables(url) == full


def test_tables_are_brought_up_to_date_once(empty_database, monkeypatch):
    url = SERVER.url(town.OWNER, empty_database)
    assert not town.is_migrated(url)

    town.migrate_once(url)

    assert town.is_migrated(url)
    monkeypatch.setattr(town, "migrate", lambda url: pytest.fail("nothing had changed"))
    town.migrate_once(url)


def test_another_migration_file_is_noticed(monkeypatch, tmp_path):
    before = town.fingerprint()
    folder = tmp_path / "machi/ledger/migrations"
    for file in ("machi/cli/roles.sql", "machi/cli/rights.sql", "requirements.txt", "config/settings.py",
                 "machi/taxonomy/marks.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    folder.mkdir(parents=True)
    (folder / "0003_new.py").write_text("")
    monkeypatch.setattr(town, "ROOT", tmp_path)
    monkeypatch.setattr(town, "HERE", tmp_path / "machi/cli")

    assert town.fingerprint() != before


SEPARATE = (                                            # as docs/operations/database.md tells it
    "REASSIGN OWNED BY {role} TO machi_migrate", "machi/cli/rights.sql",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO machi_app",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO machi_ro",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO machi_app", "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO machi_app",
    "machi/ledger/sql/rights.sql", "machi/activity/sql/rights.sql", "machi/accounts/sql/rights.sql")


@pytest.fixture
def one_role(empty_database):
    """Somebody else's server, where one role owns the database and does everything."""
    role = f"one_role_{os.getpid()}"
    with database.as_superuser(empty_database) as db:
        db.execute(f"CREATE ROLE {role} LOGIN")
        db.execute(f"ALTER DATABASE {empty_database} OWNER TO {role}")
        db.execute(f"ALTER SCHEMA public OWNER TO {role}")
    yield role
    with database.as_superuser(empty_database) as db:
        db.execute(f"REASSIGN OWNED BY {role} TO machi_migrate")
        db.execute(f"DROP OWNED BY {role}")
        db.execute(f"DROP ROLE {role}")


def test_a_server_with_one_role_can_hold_a_town_and_be_separated_later(one_role, empty_database):
    town.migrate(SERVER.url(one_role, empty_database))
    post = "SELECT ledger_post_entry(%s, 'a', 'r', '{50000000000000}', '{13000000000001}', '{7}')"
    with contextlib.closing(psycopg.connect(SERVER.url(one_role, empty_database), autocommit=True)) as db:
        db.execute(post, ("first",))
        with pytest.raises(psycopg.DatabaseError, match="append-only"):
            db.execute("DELETE FROM ledger_entry")

    with database.as_superuser(empty_database) as db:
        for step in SEPARATE:
            db.execute((ROOT / step).read_text() if step.endswith(".sql") else step.format(role=one_role))

    with contextlib.closing(psycopg.connect(SERVER.url(town.TOWN, empty_database), autocommit=True)) as db:
        db.execute(post, ("second",))
        db.execute("UPDATE accounts_user SET display_name = ''")
        for forbidden in ("DELETE FROM ledger_entry", "UPDATE activity_fact SET name = ''", "SELECT ledger_open(1)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(forbidden)
    with contextlib.closing(psycopg.connect(SERVER.url("machi_ro", empty_database))) as db:
        assert db.execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)
