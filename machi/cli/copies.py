"""What a backup is: a folder with the database as pg_basebackup copies it, the town's files, and a manifest that knows every byte of it.

    machi-20261127T163005Z/
        database/           all of PostgreSQL's data and the log of the copying, with its own backup_manifest
        files/ sealed/      what people handed over; what lies under seal, encrypted
        bank/ clock         the play bank and the moved clock of a demo town
        erased *.json       who was erased until then; the town's own tables
        manifest.json       of which town, of when, and the SHA-256 of each file

Nothing else is taken. `keys/` opens what lies under seal, so it never lies in here (mirror_keys); the secret of sessions is made anew by a
restore, so whoever finds a backup signs in nowhere; mails, exports and caches are made again.

What pg_verifybackup asks is asked here: in the wheel that brings PostgreSQL 18 that one program does not load.
"""
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
from collections.abc import Iterator

from machi.cli.environment import Refused
from machi.cli.postgres_account import choose_programs

DATABASE, MANIFEST, ERASED, KEYS = "database", "manifest.json", "erased", "keys"
TAKEN = ("files", "sealed", "bank", "clock", ERASED)
NAME = re.compile(r"machi-[0-9]{8}T[0-9]{6}Z")
STAMP = "machi-%Y%m%dT%H%M%SZ"
KEY = re.compile(r"[0-9a-f]{64}|[0-9]{20}\.json")       # of sealed papers; with which the town signs records
CLEAN = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def backups_in(folder: pathlib.Path) -> list[pathlib.Path]:
    """Oldest first."""
    return sorted(place for place in folder.glob("machi-*") if NAME.fullmatch(place.name) and (place / MANIFEST).exists())


def newest_in(folder: pathlib.Path) -> pathlib.Path | None:
    return (backups_in(folder) or [None])[-1]


def age_of(backup: pathlib.Path) -> datetime.timedelta:
    return datetime.datetime.now(datetime.UTC) - datetime.datetime.strptime(backup.name, STAMP).replace(tzinfo=datetime.UTC)


def files_of(home: pathlib.Path) -> list[str]:
    """What of a town's folder goes into a backup."""
    return [*(name for name in TAKEN if (home / name).exists()), *sorted(table.name for table in home.glob("*.json"))]


def copy(source: pathlib.Path, target: pathlib.Path) -> None:
    """A file, or a folder with all that lies in it. What goes while it is read was deleted by the town, and is not missed."""
    if source.is_dir():
        target.mkdir(mode=0o700)
        for one in sorted(source.iterdir()):
            copy(one, target / one.name)
    else:
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(source, target)             # with the time of now: what no row names stays a day, as after any deed


def digests(backup: pathlib.Path) -> dict[str, str]:
    """The SHA-256 of each file but the manifest itself."""
    found = {}
    for place in sorted(backup.rglob("*")):
        if place.is_file() and place != backup / MANIFEST:
            with place.open("rb") as file:
                found[place.relative_to(backup).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def verified(backup: pathlib.Path) -> dict:
    """Its manifest, once every byte is as it was. Raises Refused with what is not, and DatabaseError for programs that do not fit."""
    try:
        manifest = json.loads((backup / MANIFEST).read_text())
        told, of_postgres = dict(manifest["files"]), json.loads((backup / DATABASE / "backup_manifest").read_text())
        major = int((backup / DATABASE / "PG_VERSION").read_text())
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(f"{backup} is no whole backup: a manifest or the database in it cannot be read.") from None
    found = digests(backup)
    told |= {f"{DATABASE}/{file['Path']}": file["Checksum"] for file in of_postgres["Files"]}       # as the server sent them
    if wrong := sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name)):
        raise Refused(f"{backup} is damaged, its manifest knows something else: {', '.join(wrong[:3])}{' and more' * (len(wrong) > 3)}. "
                      "Take another backup.")
    _ask_for_log(backup / DATABASE, of_postgres["WAL-Ranges"], choose_programs(backup / DATABASE, major)[1])
    return manifest


def _ask_for_log(database: pathlib.Path, ranges: list[dict], programs: pathlib.Path) -> None:
    """Without all of the log that was written meanwhile the copied files are of no one moment."""
    for part in ranges:
        read = subprocess.run([programs / "pg_waldump", "--quiet", "--path", database / "pg_wal", "--timeline", str(part["Timeline"]),
                               "--start", part["Start-LSN"], "--end", part["End-LSN"]], capture_output=True, text=True, env=CLEAN)
        if read.returncode:
            raise Refused(f"{database.parent} lacks a part of the database's log: {_why(read.stderr)}. Take another backup.")


def base_backup(programs: pathlib.Path, socket: pathlib.Path, role: str, target: pathlib.Path) -> None:
    """PostgreSQL's own copy of a running server, with the log that makes it whole. Raises Refused."""
    done = subprocess.run([programs / "pg_basebackup", "-D", target, "-h", socket, "-U", role, "-w", "-X", "stream", "-c", "fast",
                           "--manifest-checksums=SHA256"], capture_output=True, text=True, env=CLEAN)
    if done.returncode:
        raise Refused(f"The database could not be copied to {target.parent.parent}, so no backup was made: {_why(done.stderr)}.")


@contextlib.contextmanager
def private() -> Iterator[None]:
    """What is written within is nobody else's on this machine."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def mirror_keys(keys: pathlib.Path, to: pathlib.Path) -> None:
    """The keys of now and no older ones: a key that was destroyed must be gone from its copy, too."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = {place.name for place in keys.glob("*") if KEY.fullmatch(place.name)}
    for name in sorted(names - {place.name for place in to.iterdir()}):
        new = to / f"{name}.new"
        copy(keys / name, new)
        with contextlib.suppress(FileNotFoundError):    # destroyed in this very moment
            new.rename(to / name)
    for place in to.iterdir():
        if KEY.fullmatch(place.name) and place.name not in names:
            place.unlink()


def add_erased(target: pathlib.Path, *sources: pathlib.Path) -> None:
    """Add to a list of the erased what stands on others and not on it. An older backup beside it may need the newest name."""
    known = set(target.read_text().splitlines()) if target.exists() else set()
    lines = [line for source in sources if source.exists() for line in source.read_text(errors="replace").splitlines()]
    if new := [line for line in dict.fromkeys(lines) if line and line not in known]:
        with target.open("a") as file:
            file.write("".join(f"\n{line}\n" for line in new))
            file.flush()
            os.fsync(file.fileno())


def _why(said: str) -> str:
    lines = said.strip().splitlines() or ["no reason was given"]
    return next((line.partition("error: ")[2] for line in lines if "error: " in line), lines[-1])
