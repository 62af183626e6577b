"""Where it is measured: a town of its own in .machi/bench, on the embedded database as a first run gets it.

Importing this module makes Django run in that town, as the role machi_app, on a day that never changes: the same seed
gives the same rows on every machine and on every day. Each size of town is a database of its own, made once and kept.

    small, large = ground.town(jobs=10_000), ground.town(jobs=100_000)
    with small.here(): ...                          # Django asks this town
"""
import contextlib
import datetime
import fcntl
import hashlib
import os
import pathlib
import resource
import sys
import time

import django
import psycopg
from psycopg import sql

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent / ".machi/bench"
DAY = datetime.datetime(2026, 12, 1, 3, 0, tzinfo=datetime.UTC)            # noon in Japan
GIVEN = ("DATABASE_URL", "MACHI_MIGRATE_URL", "MACHI_DEBUG", "MACHI_DEMO_TOWN", "MACHI_STRICT", "MACHI_URL", "MACHI_PORT", "MACHI_MAIL",
         "MACHI_CONTACT")

for name in GIVEN:                                  # what somebody's own town is told must not change what is measured
    os.environ.pop(name, None)
os.environ |= {"MACHI_HOME": str(HOME), "MACHI_MONEY_MODE": "demo", "MACHI_SECRET": "only for measuring, and long enough for a secret"}

from machi.cli import build  # noqa: E402  the folder must be named before
from machi.cli import town as towns  # noqa: E402
from machi.cli.environment import ROOT, Environment  # noqa: E402

Environment().settle()
server = towns.embedded(HOME)
os.environ["DATABASE_URL"] = server.url(towns.TOWN)
build.refresh()
django.setup()

from django.db import connections  # noqa: E402

from machi.payments.actions import count_delivered  # noqa: E402
from machi.payments.fakebank import FakeBank  # noqa: E402
from machi.shared import clock  # noqa: E402
from machi.simulation.crowd import crowd  # noqa: E402

_still = contextlib.ExitStack()
_still.enter_context(clock.moved(to=DAY))


class Town:
    """One database with a crowd of some size."""

    def __init__(self, name: str):
        self.name = name
        self.connection = connections.create_connection("default")
        self.connection.settings_dict = self.connection.settings_dict | {"NAME": name}

    @contextlib.contextmanager
    def here(self):
        before, connections["default"] = connections["default"], self.connection
        try:
            yield self
        finally:
            connections["default"] = before


def town(*, jobs: int, workers: int | None = None, seed: int = 1) -> Town:
    """The town of this size: `jobs` open posts, and a tenth as many workers unless told (10,000 at least)."""
    workers = workers or max(10_000, jobs // 10)
    name = f"town_{jobs}_{workers}_{seed}"
    with open(HOME / "towns.lock", "w") as lock, psycopg.connect(server.url(database="postgres"), autocommit=True) as db:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _mark(db, name) != _fingerprint():
            _make(db, name, jobs=jobs, workers=workers, seed=seed)
    return Town(name)


def _make(db: psycopg.Connection, name: str, **sizes) -> None:
    begin = time.monotonic()
    print(f"[bench] making a town with {sizes['jobs']:,} open posts and {sizes['workers']:,} workers ...", file=sys.stderr, flush=True)
    called = sql.Identifier(name)
    db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(called))
    db.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(called, sql.Identifier(towns.OWNER)))
    towns.give_rights(server, name)
    towns.migrate(server.url(towns.OWNER, name))
    with psycopg.connect(server.url(towns.OWNER, name), autocommit=True) as owner:
        # an index of words is built three times faster than it is fed; only its owner may take it down
        words = owner.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'jobs_job' AND indexdef LIKE '%USING gin%'").fetchall()
        for (definition,) in words:
            owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(definition.split()[2])))
        FakeBank().file.unlink(missing_ok=True)         # it outlives the database, and would know the same deposits with other sums
        with psycopg.connect(server.url(towns.TOWN, name)) as app, Town(name).here():
            crowd.fill(app, now=DAY, **sizes)
            app.commit()
            count_delivered()                       # as the background of a living town did last night
        owner.execute("SET maintenance_work_mem = '1GB'")
        for (definition,) in words:
            owner.execute(definition)
        owner.execute("VACUUM ANALYZE")
    db.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(called, sql.Literal(_fingerprint())))
    print(f"[bench] ... in {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)


def _mark(db: psycopg.Connection, name: str) -> str | None:
    row = db.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (name,)).fetchone()
    return row and row[0]


def _fingerprint() -> str:
    """A town is made anew when its tables, or the way its crowd is made, changed."""
    ours = [ROOT / "machi/jobs/index.py", ROOT / "machi/taxonomy/marks.py", *ROOT.glob("machi/simulation/crowd/*.*"),
            *ROOT.glob("machi/taxonomy/data/*")]
    files = [*ROOT.glob("machi/*/migrations/*.py"), *ROOT.glob("machi/*/sql/*.sql"), *ours]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:32]


@contextlib.contextmanager
def owner():
    """A connection to the town asked now, as the owner of its tables: only they may vacuum."""
    with psycopg.connect(server.url(towns.OWNER, connections["default"].settings_dict["NAME"]), autocommit=True) as db:
        yield db


def memory_mb() -> int:
    """The most this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
