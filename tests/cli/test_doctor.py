"""`machi doctor`: every wrong setting is named in one plain sentence, and a right one is not."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

import psycopg
import pytest

from machi.cards.keys import read_keys, wrong_with
from machi.cli import build, doctor
from machi.cli.database import Database
from machi.cli.environment import ROOT, Environment, Refused
from machi.cli.town import OWNER, TOWN
from tests import database
from tests.people import a_contract, a_staff_member
from tests.settings import SERVER
from tests.web.payments.test_transfers import ACCOUNT

PUBLIC = {"MACHI_URL": "https://town.example.jp", "MACHI_PROXIES": "1", "MACHI_MAIL_FROM": "街 <town@example.jp>",
          "MACHI_MAIL": "django.core.mail.backends.smtp.EmailBackend"}


@pytest.fixture
def settings_of(monkeypatch, tmp_path, django_db_setup):
    """The doctor's answer for these settings; everything else is right."""
    def ask(**settings):
        right = {"MACHI_HOME": str(tmp_path / "home"), "DATABASE_URL": SERVER.url(TOWN, database.NAME), "DJANGO_SETTINGS_MODULE": "",
                 "MACHI_SECRET": "kJ8s-dLq02mXz7Pw_4rTb9VnYc6HgEaU"}
        for name in [name for name in os.environ if name.startswith("MACHI_")]:
            monkeypatch.delenv(name)
        for name, value in (right | settings).items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
        return list(doctor.problems())
    with database.as_superuser() as db:                 # the copy for this run carries no mark of its own
        mark = f"COMMENT ON DATABASE {database.NAME} IS '{doctor.town.fingerprint()}'"
        db.execute(mark)
    monkeypatch.setattr(build, "stale_catalogues", lambda: [])
    return ask


def test_a_right_town_has_no_problem(settings_of):
    assert settings_of() == []
    assert settings_of(**PUBLIC) == []
    assert settings_of(MACHI_DEMO_TOWN="1", MACHI_DEBUG="1", MACHI_STRICT="1", MACHI_PROXIES="0") == []     # on this machine only
    assert settings_of(MACHI_CONTACT="hello+town@example.jp") == settings_of(MACHI_CONTACT="https://town.example.jp/write?to=us") == []


@pytest.mark.parametrize("wrong, words", [
    ({"MACHI_SECRET": "secret"}, "is weak"),
    ({"MACHI_SECRET": "a" * 60}, "is weak"),
    ({"MACHI_PORT": "http"}, "MACHI_PORT is 'http'"),
    ({"MACHI_PORT": "70000"}, "MACHI_PORT is '70000'"),
    ({"MACHI_URL": "town.example.jp"}, "MACHI_URL is 'town.example.jp'"),
    ({"MACHI_URL": "https://[town"}, "MACHI_URL is 'https://[town'"),
    ({"MACHI_URL": "https://town.example.jp:https"}, "MACHI_URL is 'https://town.example.jp:https'"),
    ({"MACHI_URL": "https://town.example.jp/machi"}, "MACHI_URL is 'https://town.example.jp/machi'"),
    ({"MACHI_URL": "https://me@town.example.jp"}, "MACHI_URL is 'https://me@town.example.jp'"),
    (PUBLIC | {"MACHI_BIND": "everywhere"}, "MACHI_BIND is 'everywhere'"),
    ({"MACHI_PROXIES": "x"}, "MACHI_PROXIES is 'x'"),
    ({"MACHI_PROXIES": "-1"}, "MACHI_PROXIES is '-1'"),
    ({"MACHI_DEMO_TOWN": "true"}, "MACHI_DEMO_TOWN is 'true'"),
    ({"MACHI_MAIL": ".smtp"}, "MACHI_MAIL is '.smtp'"),
    ({"MACHI_MAIL": "smtp"}, "MACHI_MAIL is 'smtp'"),
    ({"MACHI_MAIL": "machi.web.mail.Backend"}, "MACHI_MAIL is 'machi.web.mail.Backend'"),
    ({"MACHI_MAIL": "django.core.mail.backends.smtp.Backend"}, "MACHI_MAIL is 'django.core.mail.backends.smtp.Backend'"),
    (PUBLIC | {"MACHI_URL": "http://town.example.jp"}, "is not https"),
    (PUBLIC | {"MACHI_DEBUG": "1"}, "MACHI_DEBUG=1 shows the inside"),
    (PUBLIC | {"MACHI_DEMO_TOWN": "1"}, "signs anybody in with one click"),
    (PUBLIC | {"MACHI_STRICT": "1"}, "MACHI_STRICT=1 opens the gallery"),
    (PUBLIC | {"MACHI_PROXIES": None}, "MACHI_PROXIES does not say"),
    (PUBLIC | {"MACHI_PROXIES": "0"}, "MACHI_PROXIES does not say"),
    (PUBLIC | {"MACHI_MAIL_FROM": None}, "MACHI_MAIL_FROM"),
    (PUBLIC | {"MACHI_BIND": "0.0.0.0", "MACHI_DEMO_TOWN": "1", "MACHI_URL": "https://localhost"}, "with one click"),
    (PUBLIC | {"MACHI_MAIL": None}, "Mail is written into files"),
    ({"DATABASE_URL": SERVER.url(OWNER, database.NAME)}, "role machi_migrate that the town connects with can change the books"),
    ({"DATABASE_URL": SERVER.url(database=database.NAME)}, "role postgres that the town connects with can change the books"),
    ({"DATABASE_URL": SERVER.url(database="postgres")}, "has no tables yet"),
    ({"DATABASE_URL": SERVER.url("machi_ro", database.NAME)}, "role machi_ro that the town connects with may not use the tables"),
    ({"DATABASE_URL": "postgresql://machi_app@localhost:1/machi"}, "Connection refused. Look at DATABASE_URL"),
    *(({"DATABASE_URL": f"postgresql://machi_app{place}/machi"}, "cannot be read: it looks like postgresql://") for place in (
        ":50%off@localhost", "@db..example.jp")),
    ({"MACHI_HOME": "/proc/machi"}, "cannot be written"),
    ({"MACHI_MONEY_MODE": "gold"}, "MACHI_MONEY_MODE is 'gold'"),
    ({"MACHI_MONEY_MODE": "bank"}, "MACHI_MONEY_BASIS does not say by which right"),
    ({"MACHI_MONEY_MODE": "bank", "MACHI_MONEY_BASIS": "licensed", "MACHI_DEMO_TOWN": "1"}, "fills a town with invented people"),
    ({"MACHI_MONEY_MODE": "provider", "MACHI_MONEY_BASIS": "provider"}, "the two secrets of the payment service are missing"),
    ({"MACHI_MONEY_BASIS": "trust me"}, "MACHI_MONEY_BASIS is 'trust me'"),
    *(({"MACHI_CONTACT": contact}, f"MACHI_CONTACT is {contact!r}") for contact in (
        "town", "a@b", "a b@example.jp", "a@example.jp?bcc=b@example.jp", "http://town.example.jp/", "javascript:alert(1)")),
    ({"MACHI_MIGRATE_URL": "postgresql://machi_migrate@localhost:1/machi"}, "Look at MACHI_MIGRATE_URL"),
    ({"MACHI_MIGRATE_URL": "machi_migrate"}, "Look at MACHI_MIGRATE_URL"),
])
def test_one_wrong_setting_is_one_sentence(settings_of, wrong, words):
    found = settings_of(**wrong)

    assert len(found) == 1, found
    assert words in found[0]
    assert "\n" not in found[0] and "Traceback" not in found[0]


@pytest.mark.parametrize(("file", "text", "words"), [
    ("banks.json", "[{}]", "the profiles of banks in"),
    ("money.json", '{"money": [{"from": "2026-01-01", "source": "we"}]}', "money.json cannot be used"),
    ("money.json", '{"money": [{"from": "2026-01-01", "source": " ", "days_to_pay_in": 7, "bank_days_to_pay_in": 5,'
                   ' "bank_days_to_read": 2}]}', "a row has a source"),
    ("money.json", "[]", "money.json cannot be used"), ("money.json", '{"monie": []}', "no such table: monie"),
    ("account.json", '{"account": [{"from": "2026-01-01", "source": "a bank", "bank_code": "5"}]}', "bank_code has 4 digits"),
    ("account.json", "so", "account.json cannot be used"),
    ("wages.json", '{"wage": [{"from": "2026-01-01", "yen": 0}]}', "wages.json cannot be used"),
    ("retention.json", "{", "the table of retention")])
def test_a_table_that_cannot_be_used_is_named(settings_of, settings, tmp_path, file, text, words):
    settings.MACHI_HOME, settings.BANKS_FILE, settings.RETENTION_FILE = tmp_path, tmp_path / "banks.json", tmp_path / "retention.json"
    assert settings_of() == []
    (tmp_path / file).write_text(text)

    found = settings_of()

    assert len(found) == 1 and words in found[0], found


def test_a_secret_that_others_can_read_is_named(settings_of, tmp_path):
    assert settings_of(MACHI_SECRET=None) == []         # made by the town itself
    (tmp_path / "home/secret").chmod(0o644)

    found = settings_of(MACHI_SECRET=None)

    assert len(found) == 1 and "chmod 600" in found[0]


def test_a_database_that_is_too_old_is_named_and_no_town_starts_on_it(settings_of, monkeypatch):
    monkeypatch.setattr(psycopg.ConnectionInfo, "server_version", 140012)

    assert settings_of() == ["The database is PostgreSQL 14; Machi needs 15 or newer."]
    with pytest.raises(Refused, match="is PostgreSQL 14"):
        Database(Environment())


def test_a_database_that_counts_bytes_for_letters_is_named_and_no_town_starts_on_it(settings_of):
    """What a server has by itself where no language was set."""
    with database.as_superuser("postgres") as db:
        db.execute("CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
        try:
            found = settings_of(DATABASE_URL=SERVER.url(TOWN, "bytes"))
            with pytest.raises(Refused, match="SQL_ASCII"):
                Database(Environment())
        finally:
            db.execute("DROP DATABASE bytes WITH (FORCE)")

    assert len(found) == 1 and "keeps text as SQL_ASCII" in found[0]


def test_a_password_is_never_said(settings_of):
    for address in ("postgresql://machi_app:50%off@localhost/machi", "mysql://machi_app:50%off@localhost/machi"):
        assert "off" not in settings_of(DATABASE_URL=address)[0]


def test_tables_that_were_made_before_the_rights_are_named(settings_of):
    with database.as_superuser() as db:
        db.execute("REVOKE ALL ON jobs_job FROM machi_app")
        try:
            found = settings_of()
        finally:
            db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON jobs_job TO machi_app")

    assert len(found) == 1 and "role machi_app that the town connects with may not use the tables" in found[0]


@pytest.mark.parametrize("table", ["activity_fact", "documents_document", "banking_bankrow"])
def test_a_role_that_can_change_what_is_only_added_is_named(settings_of, table):
    with database.as_superuser() as db:
        db.execute(f"GRANT UPDATE ON {table} TO machi_app")
        try:
            found = settings_of()
        finally:
            db.execute(f"REVOKE UPDATE ON {table} FROM machi_app")

    assert len(found) == 1 and "role machi_app that the town connects with can change the books" in found[0]


def test_tables_that_are_older_than_the_program_are_named(settings_of):
    with database.as_superuser() as db:
        db.execute(f"COMMENT ON DATABASE {database.NAME} IS 'older'")
    assert settings_of() == []                          # other files, and nothing to do
    with _one_migration_less():
        assert settings_of() == ["The tables are older than this program: run `machi migrate`."]


@contextlib.contextmanager
def _one_migration_less():
    with psycopg.connect(SERVER.url(database=database.NAME), autocommit=True) as db:
        last = db.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations) RETURNING *").fetchone()
        try:
            yield
        finally:
            db.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", last)


def test_words_that_are_not_compiled_are_named(settings_of, monkeypatch):
    monkeypatch.setattr(build, "stale_catalogues", lambda: [pathlib.Path("django.po")])

    found = settings_of()[0]

    assert "catalogues of words" in found and "make run" not in found       # that would fill a real town with invented people


def test_the_command_ends_with_two(tmp_path):
    done = subprocess.run([sys.executable, "-m", "machi.cli.main", "doctor"], cwd=ROOT, text=True, capture_output=True,
                          env=os.environ | {"MACHI_HOME": str(tmp_path), "MACHI_PORT": "x"})

    assert done.returncode == 2
    assert done.stdout == "- MACHI_PORT is 'x': it should be a number like 8000.\n"


@pytest.mark.parametrize(("wrong", "words"), [
    ({"MACHI_MONEY_MODE": "provider", "MACHI_MONEY_BASIS": "provider"}, "MACHI_MONEY_MODE is 'provider'"),
    ({"DATABASE_URL": SERVER.url(TOWN), "MACHI_MIGRATE_URL": "postgresql://machi_migrate@localhost:1/machi"}, "Look at MACHI_MIGRATE_URL")])
def test_a_town_does_not_start_with_it_either_and_says_the_same_sentence(django_db_setup, tmp_path, wrong, words):
    done = subprocess.run([sys.executable, "-m", "machi.cli.main", "migrate"], cwd=ROOT, text=True, capture_output=True,
                          env=os.environ | {"MACHI_HOME": str(tmp_path)} | wrong)

    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["taxes.json", "fees.json", "laws.json"])
def test_a_table_of_the_town_that_cannot_be_read_is_named(settings_of, tmp_path, name):
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / name).write_text("{")

    [sentence] = settings_of()

    assert name in sentence and "cannot be used" in sentence


# ---- an account of the town's own ---------------------------------------------------------------------------------------

BY_BANK = {"MACHI_MONEY_MODE": "bank", "MACHI_MONEY_BASIS": "agent_receipt"}


def account_and_figures(settings, folder, *, ahead: int = 3, is_named: bool = True) -> None:
    settings.MONEY_MODE, settings.MACHI_HOME = "bank", folder
    if is_named:
        (folder / "account.json").write_text(json.dumps({"account": [ACCOUNT]}))
    (folder / "money.json").write_text(json.dumps({"payouts": [{
        "from": "2026-01-01", "source": "we", "bank_days_ahead": ahead, "two_people_above_yen": 0, "hold_hours": 72,
        "least_early_yen": 1}]}))


def test_a_town_that_pays_by_a_file_needs_two_of_the_finance_desk(town, settings_of, settings, tmp_path):
    account_and_figures(settings, tmp_path)
    for found in ("Nobody here has the duty finance", "One person here has the duty finance"):
        [sentence] = settings_of(**BY_BANK)
        assert found in sentence
        a_staff_member("finance")

    assert settings_of(**BY_BANK) == []


@pytest.mark.parametrize(("traits", "words"), [
    ({"is_named": False}, "no account of the town is named"), ({"ahead": 2}, "wants its file 2")])
def test_what_a_file_for_the_bank_lacks_is_one_sentence(town, settings_of, settings, tmp_path, traits, words):
    account_and_figures(settings, tmp_path, **traits)
    for _each in range(2):
        a_staff_member("finance")

    [sentence] = settings_of(**BY_BANK)

    assert words in sentence


# ---- cards --------------------------------------------------------------------------------------------------------------

BY_CARD = {"MACHI_MONEY_MODE": "provider", "MACHI_MONEY_BASIS": "provider", "MACHI_STRIPE_KEY": "sk_test_only_for_tests",
           "MACHI_STRIPE_WEBHOOK": "whsec_only_for_tests"}


@pytest.mark.parametrize(("wrong", "words"), [
    ({}, None), ({"MACHI_STRIPE_KEY": "pk_test_only_for_tests"}, "the publishable one"),
    ({"MACHI_STRIPE_KEY": "sk_tes"}, "does not look like"),
    ({"MACHI_STRIPE_KEY": "rk_live_not_a_real_one"}, "moves real money"),
    ({"MACHI_STRIPE_WEBHOOK": "none"}, "does not look like whsec")])
def test_a_wrong_key_of_the_payment_service_is_one_sentence_that_does_not_print_it(town, settings_of, settings, tmp_path, wrong, words):
    account_and_figures(settings, tmp_path)
    for _each in range(2):
        a_staff_member("finance")

    found = settings_of(**BY_CARD | wrong)

    assert [words in one for one in found] == ([True] if words else [])
    assert not any(key in one for one in found for key in wrong.values())


def test_a_public_town_takes_no_key_for_tests_and_a_key_is_for_this_account_alone(tmp_path):
    for name in ("key", "webhook"):
        (tmp_path / "stripe").mkdir(exist_ok=True)
        (tmp_path / "stripe" / name).write_text({"key": "sk_test_only_for_tests\n", "webhook": "whsec_only_for_tests\n"}[name])
        (tmp_path / "stripe" / name).chmod(0o600 if name == "key" else 0o644)

    said = list(wrong_with(read_keys(tmp_path), tmp_path, is_public=True))

    assert len(said) == 2 and "this town is public" in said[0] and "chmod 600" in said[1] and "webhook" in said[1]


def test_a_town_with_play_money_in_its_books_does_not_become_one_of_real_money_and_reads_what_to_do(town, settings_of, settings, tmp_path):
    a_contract(accepted=True)
    for _person in "ab":
        a_staff_member("finance")
    account_and_figures(settings, tmp_path)
    [sentence] = settings_of(**BY_BANK)
    assert "play money" in sentence and "a new folder in MACHI_HOME" in sentence

    done = subprocess.run([sys.executable, "-m", "machi.cli.main", "background"], cwd=ROOT, text=True, capture_output=True, timeout=60)
    assert done.returncode == 1 and sentence in done.stderr and "Traceback" not in done.stderr
    settings.MONEY_MODE = "demo"
    assert settings_of() == []
