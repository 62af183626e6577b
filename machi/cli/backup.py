"""`machi backup [--to FOLDER] [--keys FOLDER]`: a copy of the whole town, while it lives or stands, looked at before it counts.

Money goes on meanwhile: the database is as it was when pg_basebackup ended, and files are copied after it, so every row has its file.
"""
import argparse
import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import shutil
from collections.abc import Iterator

import psycopg

from machi.cli import copies
from machi.cli.database import Database
from machi.cli.environment import Environment, Refused
from machi.cli.postgres import SUPERUSER, Server
from machi.cli.postgres_account import choose_programs

OUTSIDE = ("DATABASE_URL names a server of your own, and its operator copies it with pg_basebackup or pg_dump: copy {home} after it, "
           "and the keys apart (docs/operations/backup.ja.md).")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="machi backup", description="A copy of the whole town, verified before it counts.")
    parser.add_argument("--to", type=pathlib.Path, metavar="FOLDER", help="where backups lie, instead of MACHI_BACKUPS")
    parser.add_argument("--keys", type=pathlib.Path, metavar="FOLDER", help="where the newest keys lie, apart from every backup")
    wish = parser.parse_args(arguments)
    here = Environment()
    if here.database_url:
        raise Refused(OUTSIDE.format(home=here.home))
    if Server(here.home).version() is None:
        raise Refused(f"There is no town in {here.home}: MACHI_HOME names its folder.")
    folder, keys = (wish.to or here.backups).absolute(), wish.keys and wish.keys.absolute()
    if keys and (keys.is_relative_to(folder) or folder.is_relative_to(keys)):
        raise Refused(f"Keys in {keys} would lie in one copy with what they open: name a folder of its own.")
    here.settle()
    database = Database(here)
    try:
        place = make(here, database.server, folder, keys)
    except OSError as error:
        raise Refused(f"No backup was made: {error.filename or folder} ({error.strerror}).") from None
    finally:
        database.leave()
    print(f"{place}: the town as it is now, verified")
    if not keys:
        print(f"Not in it: {here.home / copies.KEYS}, which opens what lies under seal. Keep it apart: machi backup --keys FOLDER")
    for old in _forget_old(folder, here.backup_days):
        print(f"{old.name} is older than {here.backup_days} days, and is deleted")
    return 0


def make(here: Environment, server: Server, folder: pathlib.Path, keys: pathlib.Path | None) -> pathlib.Path:
    """Under another name until it is whole and verified: whatever breaks off leaves no backup. Raises Refused or OSError."""
    with copies.private(), _alone(folder):
        now = datetime.datetime.now(datetime.UTC)
        place = folder / now.strftime(copies.STAMP)
        half = place.with_suffix(".half")
        try:
            half.mkdir(mode=0o700)
            told = _told(here, server)
            copies.base_backup(choose_programs(server.data, server.version())[1], server.socket_folder(), SUPERUSER, half / copies.DATABASE)
            for name in copies.files_of(here.home):
                copies.copy(here.home / name, half / name)
            copies.add_erased(folder / copies.ERASED, here.home / copies.ERASED)
            (half / copies.MANIFEST).write_text(json.dumps(told | {"made_at": now.isoformat(), "files": copies.digests(half)}, indent=1))
            copies.verified(half)
            if keys:
                copies.mirror_keys(here.home / copies.KEYS, keys)
            os.sync()
            return half.rename(place)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise


@contextlib.contextmanager
def _alone(folder: pathlib.Path) -> Iterator[None]:
    """One backup at a time; what one that was killed has left is cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"Another backup is being made in {folder}: wait for it.") from None
        for half in folder.glob("machi-*.half"):
            shutil.rmtree(half)
        yield
    finally:
        os.close(lock)


def _told(here: Environment, server: Server) -> dict:
    """Of which town it is: how its money moves, what its tables look like, and the newest seal of its books."""
    with psycopg.connect(server.url()) as db:
        migrations = [f"{app}.{name}" for app, name in db.execute("SELECT app, name FROM django_migrations ORDER BY id")]
        seal = db.execute("SELECT until_at, encode(digest, 'hex') FROM ledger_seal ORDER BY until_at DESC LIMIT 1").fetchone()
        version = db.info.parameter_status("server_version")
    return {"money_mode": here.money_mode, "is_demo": here.is_demo, "postgresql": version, "migrations": migrations,
            "seal": seal and {"until": seal[0].isoformat(), "digest": seal[1]}}


def _forget_old(folder: pathlib.Path, days: int) -> list[pathlib.Path]:
    """Whoever was erased leaves the backups, too, once the oldest with them is over. The newest is never deleted."""
    old = [place for place in copies.backups_in(folder)[:-1] if copies.age_of(place).days >= days]
    for place in old:
        shutil.rmtree(place)
    return old
