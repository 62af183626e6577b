"""Who was erased, in a file outside the database: after a restore of an older backup they are erased once more.

Known by their number and the moment they joined: a database that was put back gives the same number to a newcomer.
"""
import datetime
import fcntl
import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

log = logging.getLogger(__name__)
LINE = re.compile(r"person ([0-9]{1,18}) joined ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}\+00:00)\.")   # half a line is nobody's


class Erased(NamedTuple):
    """One person of the list."""

    number: int
    joined_at: datetime.datetime


def people() -> list[Erased]:
    """Everybody who was erased, in the order in which they left. A line that was cut off by a crash is none."""
    return _read(Path(settings.ERASED_FILE))


def _read(place: Path) -> list[Erased]:
    try:
        lines = place.read_text().splitlines()
    except FileNotFoundError:
        return []
    found = (match.groups() for line in lines if (match := LINE.fullmatch(line)))
    return list(dict.fromkeys(Erased(int(number), datetime.datetime.fromisoformat(joined)) for number, joined in found))


def write_down(erased: Iterable[tuple[int, datetime.datetime]]) -> int:
    """Add those who are not on the list, safe on the disk when this returns; how many were new. Where backups lie is a second one."""
    erased = list(erased)
    if Path(settings.BACKUP_FOLDER).is_dir():
        try:
            _add(Path(settings.BACKUP_FOLDER) / "erased", erased)
        except OSError:                                 # another disk; the next look tries again
            log.exception("the list of the erased beside the backups cannot be written")
    return _add(Path(settings.ERASED_FILE), erased)


def _add(place: Path, erased: list[tuple[int, datetime.datetime]]) -> int:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        known = set(_read(place))
        new = [one for one in erased if one not in known]
        if new:
            lines = (f"\nperson {number} joined {joined_at.astimezone(datetime.UTC).isoformat()}.\n" for number, joined_at in new)
            os.write(handle, "".join(lines).encode())
            os.fsync(handle)
        return len(new)
    finally:
        os.close(handle)
