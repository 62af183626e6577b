"""`machi doctor`: each wrong setting in one plain sentence."""
import datetime
import importlib
import ipaddress
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
from django.utils.module_loading import import_string

from machi.banking.profiles import transfers_of
from machi.cards.keys import read_keys, wrong_with
from machi.cli import build, copies, town
from machi.cli.database import Database
from machi.cli.environment import Environment, Refused
from machi.cli.postgres import Server
from machi.cli.postgres_account import DatabaseError
from machi.payments.account import town_account
from machi.payments.fees import plans
from machi.payments.figures import payout_figure
from machi.shared import dated
from machi.taxes import laws
from machi.taxes.rates import all_rows

SWITCHES = ("MACHI_DEBUG", "MACHI_DEMO_TOWN", "MACHI_STRICT")
SMTP = "django.core.mail.backends.smtp.EmailBackend"
OLDEST_BACKUP = datetime.timedelta(hours=26)           # one a day, and a slow night
WEAK = {"unset", "secret", "changeme", "password"}
TABLES = (("machi.banking.profiles", "profiles"), ("machi.payments.figures", "figures"), ("machi.payments.account", "town_account"),
          ("machi.documents.issuer", "town_issuer"), ("machi.privacy.retention", "rules"), ("machi.jobs.wages", "wage"))
FINANCE = """
    SELECT count(*) FROM accounts_duty d JOIN accounts_user u ON u.id = d.person_id
     WHERE d.kind = 'finance' AND d.ended_at IS NULL AND u.is_active"""
RIGHTS = """
    SELECT current_user, has_table_privilege('ledger_transfer', 'INSERT') OR has_table_privilege('ledger_balance', 'UPDATE')
                         OR has_table_privilege('activity_fact', 'UPDATE')
                         OR coalesce(has_table_privilege(to_regclass('documents_document'), 'UPDATE'), false)
                         OR coalesce(has_table_privilege(to_regclass('banking_bankrow'), 'UPDATE'), false)
                         OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
           (SELECT bool_and(has_table_privilege(quote_ident(tablename),
                                                CASE WHEN starts_with(tablename, 'ledger_') THEN 'SELECT' ELSE 'INSERT' END))
            FROM pg_tables WHERE schemaname = current_schema())"""


def doctor() -> int:
    """Print what is wrong; 2 when something is."""
    found = list(problems())
    for sentence in found:
        print(f"- {sentence}")
    if not found:
        print("Everything is in order.")
    return 2 if found else 0


def problems() -> Iterator[str]:
    dated.forget_readings()
    try:
        here = Environment()
        yield from _switches()
        yield from _address(here)
        here.settle()
    except Refused as refusal:
        yield str(refusal)
        return
    yield from _secret(here)
    yield from _mail(here)
    yield from _tables(here)
    yield from _own_account(here)
    if here.money_mode == "provider":
        yield from wrong_with(read_keys(here.home), here.home, is_public=here.is_public)
    yield from _backups(here)
    if build.stale_catalogues():
        yield "The catalogues of words are not compiled: run `.venv/bin/python tools/catalogues.py compile` (`machi up` does it, too)."
    yield from _database(here)


def _switches() -> Iterator[str]:
    for name in SWITCHES:
        if (said := os.environ.get(name, "0")) not in ("", "0", "1"):
            yield f"{name} is {said!r}, which counts as off: it is on with 1, and off with 0 or when it is left out."


def _address(here: Environment) -> Iterator[str]:
    try:
        ipaddress.ip_address("127.0.0.1" if here.address == "localhost" else here.address)
    except ValueError:
        yield f"MACHI_BIND is {here.address!r}: it should be an address of this machine, like 127.0.0.1."
        return
    if not here.is_public:
        return
    if here.is_demo:
        yield "MACHI_DEMO_TOWN=1 signs anybody in with one click, and this town can be reached from outside: leave it out."
    if os.environ.get("MACHI_DEBUG") == "1":
        yield "MACHI_DEBUG=1 shows the inside of the program to visitors, and this town can be reached from outside: leave it out."
    if os.environ.get("MACHI_STRICT") == "1":
        yield "MACHI_STRICT=1 opens the gallery of the builders, and this town can be reached from outside: leave it out."
    if urlsplit(here.site).scheme != "https":
        yield f"{here.site} is not https: passwords and sessions would travel in the open. Put a TLS proxy in front."
    elif not int(here.proxies):                         # https comes from a proxy: the town itself speaks http
        yield ("MACHI_PROXIES does not say how many proxies stand before the town, so all visitors would count as one, and a few who try "
               "too often would shut out everybody: set MACHI_PROXIES=1 (docs/operations/people.md).")


def _mail(here: Environment) -> Iterator[str]:
    if backend := os.environ.get("MACHI_MAIL"):
        try:
            import_string(backend)
        except Exception as error:                      # whatever a module does while it is loaded
            yield f"MACHI_MAIL is {backend!r}, and no mail can leave by it ({error}): name one like {SMTP}."
    elif here.is_public:
        yield "Mail is written into files here, so nobody outside would receive a sign-in code: name a mail backend in MACHI_MAIL."
    if here.is_public and "@" not in os.environ.get("MACHI_MAIL_FROM", ""):
        yield "MACHI_MAIL_FROM names no address that mails come from, so other servers would refuse them: set it, like town@example.jp."


def _secret(here: Environment) -> Iterator[str]:
    given, file = os.environ.get("MACHI_SECRET"), here.home / "secret"
    secret = given or file.read_text().strip()
    if len(secret) < 32 or len(set(secret)) < 10 or secret.lower() in WEAK:
        place = "MACHI_SECRET" if given else str(file)
        yield f"The secret in {place} is weak (under 32 characters, or too simple): take one from `openssl rand -base64 48`."
    if not given and file.stat().st_mode & 0o077:
        yield f"Other accounts of this machine can read {file}: run `chmod 600 {file}`."


def _tables(here: Environment) -> Iterator[str]:
    """The town's own rows: of taxes and fees, of its bank and its account, of days and years. Money would stop where one cannot be read."""
    for read, name in ((all_rows, "taxes.json"), (plans, "fees.json"), (laws.rows, "laws.json")):
        try:
            read(here.home / name)
        except ValueError as error:
            yield f"{error}: mend it, or take the file away (docs/operations/taxes.md)."
    for module, question in TABLES:
        try:
            getattr(importlib.import_module(module), question)()
        except (ValueError, LookupError, OSError) as fault:
            yield str(fault).replace("\n", " ")


def _own_account(here: Environment) -> Iterator[str]:
    """Where money leaves by an account of the town's own: it is named, and a file can reach its bank in time."""
    if here.money_mode == "demo":
        return
    try:
        account = town_account()
        if account is None:
            yield (f"MACHI_MONEY_MODE is {here.money_mode!r}, and no account of the town is named for today: write "
                   f"{here.home / 'account.json'} (docs/operations/own-account.md).")
            return
        lead, ahead = transfers_of(account.profile).lead_days, payout_figure("bank_days_ahead")
    except (ValueError, LookupError):                   # named above, with its table
        return
    if ahead <= lead:
        yield (f"Payouts are set aside {ahead} bank days ahead, and the bank wants its file {lead} before: write more in "
               f"bank_days_ahead in {here.home / 'money.json'} (docs/operations/payday.ja.md).")


def _backups(here: Environment) -> Iterator[str]:
    """A town with its own database and people of its own has a copy of yesterday."""
    if here.database_url or here.is_demo or Server(here.home).version() is None:
        return
    newest = copies.newest_in(here.backups)
    if newest is None:
        yield f"There is no backup in {here.backups}: run `machi backup` every day (docs/operations/backup.ja.md)."
    elif (age := copies.age_of(newest)) > OLDEST_BACKUP:
        yield f"The newest backup, {newest}, is {_hours(age)} old: run `machi backup` every day (docs/operations/backup.ja.md)."
    else:
        print(f"The newest backup, {newest}, is {_hours(age)} old.")


def _hours(age: datetime.timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def _finance(here: Environment, db: psycopg.Connection) -> Iterator[str]:
    """Who pays people: above a limit two are needed."""
    count = db.execute(FINANCE).fetchone()[0]
    if here.money_mode != "demo" and count < 2:
        yield (f"{'One person' if count else 'Nobody'} here has the duty finance, and above a limit two are needed to send money: "
               "an operator gives it at /desk/people/ (docs/operations/people.md).")


def _database(here: Environment) -> Iterator[str]:
    database = None
    try:
        database = Database(here)
        with psycopg.connect(database.town_url) as db:
            if db.execute("SELECT to_regclass('ledger_transfer')").fetchone()[0] is None:
                if not database.server:
                    yield "The database has no tables yet: run `machi migrate`."
                return
            role, may_change_books, may_use_tables = db.execute(RIGHTS).fetchone()
            if may_use_tables and not may_change_books:
                yield from _finance(here, db)
                if wrong := database.play_money(here.money_mode):
                    yield wrong
            if may_change_books:
                yield (f"The role {role} that the town connects with can change the books: make the roles with "
                       "`psql -f machi/cli/roles.sql`, migrate as machi_migrate, and let DATABASE_URL name machi_app "
                       "(docs/operations/database.md).")
            elif not may_use_tables:
                yield (f"The role {role} that the town connects with may not use the tables: let DATABASE_URL name machi_app, and give it "
                       "its rights (docs/operations/database.md, \"When tables came before rights\").")
        if not town.is_migrated(database.town_url) and not town.nothing_to_migrate(database.town_url):
            yield "The tables are older than this program: run `machi migrate`."
    except (Refused, DatabaseError, psycopg.Error) as error:
        yield str(error).strip().replace("\n", " ")
    finally:
        if database:
            database.leave()
