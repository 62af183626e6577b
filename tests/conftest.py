"""What every test may ask for: a database that is rolled back (`db`) or really commits (`town`), races, a clock.

    def test_x(db)          in one transaction, rolled back: the quick choice
    def test_x(town)        real commits, seen by threads and other processes; emptied afterwards
    def test_x(race)        race(lambda: ..., lambda: ...) -> what each returned or raised, in order
    def test_x(clock_at)    clock_at("2026-12-15 10:00"): from here on it is that time in Japan
    def test_x(clock_stands_at)     clock_stands_at(moment): it is that moment, and stays it
"""
import contextlib
import datetime
import importlib
import importlib.util
import ipaddress
import os
import random
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.models import QuerySet
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

from machi.shared import clock
from tests import database
from tests.settings import HOME

# The same examples in every run; MACHI_LONG=1 looks for new ones. A test that found one prints it.
settings.register_profile("town", derandomize="MACHI_LONG" not in os.environ, deadline=None, database=None,
                          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
settings.load_profile("town")


def pytest_unconfigure(config):
    shutil.rmtree(HOME, ignore_errors=True)
    database.forget()


# ---- the database -------------------------------------------------------------------------------

@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Instead of pytest-django's own: the town's role may neither make a database nor empty one."""
    database.make()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop()


@pytest.fixture(scope="session")
def cleaner(django_db_setup):
    made = database.Cleaner()
    yield made
    made.db.close()


@pytest.fixture
def town(request, cleaner, django_db_blocker):
    """Real commits. Afterwards the books must be right, unless the test asked for `breaks_books`."""
    with django_db_blocker.unblock():
        try:
            yield
            if "breaks_books" not in request.fixturenames:
                assert broken_rules() == {}
        finally:
            connections.close_all()
            cleaner.empty()


@pytest.fixture
def breaks_books():
    """This test damages the books on purpose."""


@pytest.fixture
def transactional_db():
    pytest.fail("ask for `town`: the role of the town may not empty tables, so transactional_db cannot work here")


def broken_rules() -> dict[str, list]:
    """Every broken rule of the books, the contracts and the payments, with the rows that break it."""
    broken = {}
    for module, question in (("machi.ledger.invariants", "broken"), ("machi.contracts.invariants", "broken"),
                             ("machi.payments.invariants", "broken"), ("machi.proposals.invariants", "broken"),
                             ("machi.tasks.invariants", "broken"),
                             ("machi.documents.invariants", "broken")):
        if importlib.util.find_spec(module):
            answers = getattr(importlib.import_module(module), question)()
            broken |= {rule: rows for rule, rows in answers.items() if rows}
    return broken


@pytest.fixture
def as_role(django_db_setup):
    """Open a plain connection to this run's database as machi_app, machi_migrate or machi_ro."""
    with contextlib.ExitStack() as opened:
        yield lambda role: opened.enter_context(contextlib.closing(database.as_role(role)))


@pytest.fixture
def race(town):
    """Run the calls at the same moment, one thread and one connection each; return results and refusals in order."""
    def together(*calls):
        start = Barrier(len(calls))

        def one(call):
            try:
                connection.ensure_connection()          # connected before the start: the race is about the call
                start.wait(20)
                return call()
            except Exception as refusal:
                return refusal
            finally:
                connections.close_all()
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))
    return together


# ---- people and time ----------------------------------------------------------------------------

@pytest.fixture
def browser():
    """Django's test browser; a client is a person here."""
    return Client()


@pytest.fixture
def clock_at():
    """Move the clock of this process to a moment in Japan: "2026-12-15" or "2026-12-15 10:00"."""
    with contextlib.ExitStack() as moves:
        def move(moment: str | datetime.datetime):
            if isinstance(moment, str):
                moment = datetime.datetime.fromisoformat(moment).replace(tzinfo=clock.JAPAN)
            moves.enter_context(clock.moved(to=moment))
        yield move


@pytest.fixture
def clock_stands_at(monkeypatch):
    """Stop the clock at one very moment, to the microsecond: what happens at t, and not a blink later."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


# ---- the same start for every test --------------------------------------------------------------

@pytest.fixture(autouse=True)
def fresh_start():
    """No test finds files, mails, a moved clock, remembered rate limits or the language of another."""
    yield
    cache.clear()
    translation.deactivate()
    for entry in HOME.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


@pytest.fixture(autouse=True, scope="session")
def closed_sockets():
    """Nothing leaves this machine."""
    real = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise RuntimeError(f"a test tried to reach {address[0]}")
        return real(self, address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


def _is_here(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(autouse=True)
def shuffled_rows(request, monkeypatch):
    """A query that names no order gets its rows in none: whoever relies on an order must ask for it."""
    dice, fetch = random.Random(request.node.nodeid), QuerySet._fetch_all

    def fetch_all(self):
        fresh = self._result_cache is None
        fetch(self)
        if fresh and not self.ordered:
            dice.shuffle(self._result_cache)
    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_all)
