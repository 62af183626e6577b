"""Who was erased, by number, in a file outside the database: after a restore of an older backup they are erased once more."""
import fcntl
import os
import re
from pathlib import Path

from django.conf import settings

LINE = re.compile(r"person ([0-9]{1,18})\.")       # the full stop: half a number is nobody's


def numbers() -> list[int]:
    """Everybody who was erased, in the order in which they left. A line that was cut off by a crash is none."""
    try:
        lines = Path(settings.ERASED_FILE).read_text().splitlines()
    except FileNotFoundError:
        return []
    return list(dict.fromkeys(int(found[1]) for line in lines if (found := LINE.fullmatch(line))))


def write_down(people: list[int]) -> int:
    """Add those who are not on the list, safe on the disk when this returns; how many were new."""
    place = Path(settings.ERASED_FILE)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        known = set(numbers())
        new = [number for number in people if number not in known]
        if new:
            os.write(handle, "".join(f"\nperson {number}.\n" for number in new).encode())
            os.fsync(handle)
        return len(new)
    finally:
        os.close(handle)
