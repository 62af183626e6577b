"""The roles and the database on a server of one's own: made once, changed by nothing the second time."""
import psycopg
import pytest

from machi.cli.environment import Refused
from machi.cli.postgres import Server
from machi.cli.roles import setup
from machi.cli.town import migrate
from tests.cli.servers import cared_for
from tests.cli.towns import a_folder

RIGHTS = """SELECT grantee || ' ' || privilege_type || ' ' || table_name FROM information_schema.role_table_grants
             WHERE grantee LIKE 'machi%'
            UNION SELECT grantee || ' ' || routine_name || ' ' || specific_name FROM information_schema.role_routine_grants
             WHERE (grantee LIKE 'machi%' OR grantee = 'PUBLIC') AND specific_schema = 'public' ORDER BY 1"""

OF_AN_OWNER = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture(scope="module")
def server():
    with a_folder() as folder:
        for home in cared_for(folder / "own"):
            one = Server(home)
            one.ensure_running()
            yield one


@pytest.fixture
def addresses(server, monkeypatch):
    """What the operator has set, for a server that runs already."""
    def name(role: str, password: str) -> str:
        return server.url(role, database="ours").replace(f"{role}@", f"{role}:{password}@")
    given = {"MACHI_ADMIN_URL": server.url(), "MACHI_MIGRATE_URL": name("machi_migrate", "m%40-first"),
             "DATABASE_URL": name("machi_app", "a-first")}
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    return given


def asked(server, query: str, database: str = "ours") -> list:
    with psycopg.connect(server.url(database=database)) as db:
        return [row[0] for row in db.execute(query)]


def test_the_town_gets_its_roles_and_its_database_and_the_second_time_changes_nothing(server, addresses, capsys):
    for _time in range(2):
        assert setup() == 0
    assert "ours are ready" in capsys.readouterr().out
    secrets = asked(server, "SELECT rolpassword FROM pg_authid WHERE rolname IN ('machi_app', 'machi_migrate')")
    assert len(secrets) == 2 and all(secret.startswith("SCRAM-SHA-256$") for secret in secrets)
    assert asked(server, "SELECT pg_encoding_to_char(encoding) || lower('ＡÉ') FROM pg_database WHERE datname = 'ours'") == ["UTF8ａé"]

    migrate(addresses["MACHI_MIGRATE_URL"])
    before = asked(server, RIGHTS)
    assert "machi_app SELECT ledger_entry" in before and "machi_app UPDATE ledger_entry" not in before
    added = {"activity_fact": (), "banking_import": (), "banking_bankrow": (), "banking_bankwords": ("DELETE",),
             "documents_document": (), "documents_documenttext": ("DELETE",)}
    for table, more in added.items():                   # what is added and never changed, and the words that may go
        given = {one.removesuffix(f" {table}") for one in before if one.endswith(f" {table}")}
        assert given - {f"machi_migrate {right}" for right in OF_AN_OWNER} == {
            "machi_ro SELECT", *(f"machi_app {right}" for right in ("SELECT", "INSERT", *more))}, table
    with psycopg.connect(server.url(database="ours")) as db:
        db.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM machi_app, machi_ro")
        db.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM machi_app, machi_ro")
    setup()
    assert asked(server, RIGHTS) == before, "tables that came before the rights have exactly the same ones"


@pytest.mark.parametrize("key, value, words", [
    ("MACHI_ADMIN_URL", "", "MACHI_ADMIN_URL is missing"),
    ("DATABASE_URL", "postgresql://machi_app:a%zz@db/machi", "cannot be read"),
    ("DATABASE_URL", "postgresql://root@db/machi", "it should be machi_app"),
    ("DATABASE_URL", "postgresql://machi_app@db/other", "different databases"),
    ("MACHI_ADMIN_URL", "postgresql:///postgres?host=/nowhere", "The server refused")])
def test_a_wrong_address_is_named_in_a_sentence_without_its_password(addresses, monkeypatch, key, value, words):
    monkeypatch.setenv(key, value)
    with pytest.raises(Refused, match=words) as refusal:
        setup()
    assert "first" not in str(refusal.value)
