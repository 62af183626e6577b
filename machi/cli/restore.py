"""`machi restore BACKUP [--into HOME] [--keys FOLDER]`: a town comes back, with its money standing still until a person has looked.

It is verified before anything is written, and never written over a town. Whoever was erased after the backup is erased once more: by the
lists in the backup, beside it, and in the folder of the town as it was until now.
"""
import argparse
import importlib
import os
import pathlib
import shutil

import psycopg

from machi.cli import copies
from machi.cli.database import Database
from machi.cli.environment import RESTORING, ROOT, Environment, Refused
from machi.cli.postgres import Server

MAY_LIE_THERE = {"backups"}                             # in the folder that a town comes back to


def main(arguments: list[str]) -> int:
    """0: the town is back and every rule holds. 1: it is back, and something is to be looked at first."""
    parser = argparse.ArgumentParser(prog="machi restore", description="Bring a town back from a backup, its money standing still.")
    parser.add_argument("backup", type=pathlib.Path, help="a folder that machi backup made")
    parser.add_argument("--into", type=pathlib.Path, metavar="HOME", help="an empty folder, instead of MACHI_HOME")
    parser.add_argument("--keys", type=pathlib.Path, metavar="FOLDER", help="where machi backup --keys has put the keys")
    wish = parser.parse_args(arguments)
    backup, before = wish.backup.absolute(), Environment()
    if wish.into:
        os.environ["MACHI_HOME"] = str(wish.into.absolute())
    here = Environment()
    if here.database_url:
        raise Refused("DATABASE_URL names a server of your own, and a backup of machi holds the database that comes with it: leave it out.")
    if wish.keys and not wish.keys.is_dir():
        raise Refused(f"{wish.keys} is no folder with keys.")
    if here.home.exists() and {place.name for place in here.home.iterdir()} - MAY_LIE_THERE:
        raise Refused(f"{here.home} is not empty, and a town is never written over: name an empty folder with --into.")
    manifest = copies.verified(backup)
    _refuse_what_does_not_fit(manifest, here)
    lists = [place / copies.ERASED for place in (backup, backup.parent, before.home, before.backups)]
    _put_back(here, backup, wish.keys, lists)
    return _wake(here, manifest)


def _refuse_what_does_not_fit(manifest: dict, here: Environment) -> None:
    if (manifest["money_mode"], manifest["is_demo"]) != (here.money_mode, here.is_demo):
        raise Refused(f"The backup is of a town with MACHI_MONEY_MODE={manifest['money_mode']} and "
                      f"MACHI_DEMO_TOWN={int(manifest['is_demo'])}: set them so, and its bank stays its bank.")
    known = {f"{file.parent.parent.name}.{file.stem}" for file in ROOT.glob("machi/*/migrations/*.py")}
    rooms = {name.partition(".")[0] for name in known}
    if newer := [name for name in manifest["migrations"] if name.partition(".")[0] in rooms and name not in known]:
        raise Refused(f"The backup is of a newer Machi than this one ({newer[0]}): take that program.")


def _put_back(here: Environment, backup: pathlib.Path, keys: pathlib.Path | None, lists: list[pathlib.Path]) -> None:
    """Every file where it was, the database last. Whatever breaks off leaves the folder as empty as it was."""
    try:
        here.settle()
        (here.home / RESTORING).touch()                 # until all is done no town opens here
        with copies.private():
            for name in copies.files_of(backup):
                if name != copies.MANIFEST:
                    copies.copy(backup / name, here.home / name)
            copies.add_erased(here.home / copies.ERASED, *lists)
            if keys:
                copies.mirror_keys(keys, here.home / copies.KEYS)
            _put_database(Server(here.home), backup / copies.DATABASE)
    except BaseException as error:
        for place in here.home.iterdir() if here.home.exists() else ():
            if place.name not in MAY_LIE_THERE:
                shutil.rmtree(place) if place.is_dir() else place.unlink()
        if isinstance(error, OSError):
            raise Refused(f"Nothing was restored: {error.filename or here.home} ({error.strerror}).") from None
        raise


def _put_database(server: Server, source: pathlib.Path) -> None:
    with server.locked():
        account, new = server.account, server.base / "data.new"
        copies.copy(source, new)
        account.own(new, *new.rglob("*"))
        os.sync()
        new.rename(server.data)


def _wake(here: Environment, manifest: dict) -> int:
    """Start the database, let no money move, erase once more, and ask every rule."""
    database = Database(here)
    try:
        database.migrate_once()
        _refuse_other_books(database, manifest["seal"])
        status = importlib.import_module("machi.cli.once").main("wake_restored")
        (here.home / RESTORING).unlink()
    finally:
        database.leave()
    print(f"The town is back in {here.home} as it was at {manifest['made_at'][:16]} UTC; whatever happened since is not in it.\n"
          "Money stands still. Look at it first (machi up; docs/operations/backup.ja.md), then: machi resume-money")
    return status


def _refuse_other_books(database: Database, seal: dict | None) -> None:
    with psycopg.connect(database.town_url) as db:
        if seal and not db.execute("SELECT EXISTS (SELECT FROM ledger_seal WHERE until_at = %s AND encode(digest, 'hex') = %s)",
                                   (seal["until"], seal["digest"])).fetchone()[0]:
            raise Refused(f"The books do not have the seal of {seal['until']} that the backup was made with: open nothing here.")
