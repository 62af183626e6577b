"""Migrations say what the models say, and each of them can be taken back."""
import os
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation
from psycopg import sql

from machi.cli import town
from tests import database
from tests.architecture.reading import ROOT, heights
from tests.settings import SERVER


def our_migrations():
    disk = MigrationLoader(None).disk_migrations
    return {f"{room}.{name}": one for (room, name), one in disk.items() if room in heights()}


# ---- models and migrations agree ------------------------------------------------------------------------------------

def rooms_to_migrate(wanted: ProjectState) -> set[str]:
    """Rooms whose migrations do not lead to these models."""
    loader = MigrationLoader(None)
    with translation.override(None):                # the words of a choice are ids in a migration, whatever language is spoken
        return set(MigrationAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)) & set(heights())


def test_no_model_changed_without_a_migration():
    assert rooms_to_migrate(ProjectState.from_apps(apps)) == set()


def test_a_model_that_changed_without_a_migration_is_found():
    planted = ProjectState.from_apps(apps)
    planted.models["jobs", "job"].fields["colour"] = models.CharField(max_length=3, default="red")

    assert rooms_to_migrate(planted) == {"jobs"}


# ---- every step has a step back -------------------------------------------------------------------------------------

def one_way(migration) -> list[str]:
    """The operations of a migration that cannot be undone."""
    return [operation.describe() for operation in migration.operations if not operation.reversible]


def test_every_migration_can_be_taken_back():
    assert len(our_migrations()) > 10
    assert {name: found for name, one in our_migrations().items() if (found := one_way(one))} == {}


@pytest.mark.parametrize("planted", [
    migrations.RunSQL("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'"), migrations.RunPython(lambda apps, editor: None)])
def test_a_one_way_migration_is_found(planted):
    assert len(one_way(migrations.Migration.__class__("Planted", (migrations.Migration,), {"operations": [planted]}))) == 1


BACK = """
import django
from django.core.management import call_command
django.setup()
for room in {rooms}:
    call_command("migrate", room, "zero", verbosity=0, skip_checks=True)
"""


@pytest.fixture
def scratch(django_db_setup):
    """An empty database of its own, with the rights of a town."""
    name = f"run_{os.getpid()}_back"
    with database.as_superuser("postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {0} WITH (FORCE)").format(sql.Identifier(name)))
        db.execute(sql.SQL("CREATE DATABASE {} OWNER machi_migrate").format(sql.Identifier(name)))
        town.give_rights(SERVER, name)
        yield name
        db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_every_room_can_be_pulled_down_and_built_again(scratch):
    url = SERVER.url(town.OWNER, scratch)
    town.migrate(url)
    built = plan_of(scratch)
    with_migrations = {name.partition(".")[0] for name in our_migrations()}
    from_the_top = sorted(with_migrations, key=lambda room: -heights()[room])

    done = subprocess.run([sys.executable, "-c", BACK.format(rooms=from_the_top)], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"})
    assert done.returncode == 0, done.stderr
    of_ours = re.compile(rf"\b({'|'.join(with_migrations)})_")
    assert [line for line in plan_of(scratch) if of_ours.search(line)] == []

    town.migrate(url)
    assert plan_of(scratch) == built


def plan_of(name: str) -> list[str]:
    """Every column, constraint, index, trigger and function of a database, with the rights to its tables, one a line."""
    with database.as_superuser(name) as db:
        return sorted(line for (line,) in db.execute("""
            SELECT format('%s.%s %s %s', table_name, column_name, data_type, column_default) FROM information_schema.columns
             WHERE table_schema = 'public'
            UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
             WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT format('%s %s', relname, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT format('%s %s %s', proname, md5(prosrc), proacl) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""))
