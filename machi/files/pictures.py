"""Redrawing, from the safe side: a process of its own reads the picture, and this one only counts its bytes.

Whoever sends a picture that breaks the reader breaks a child with little memory and a few seconds, which can open no file and no
connection (`redrawing.py`). A PDF borrows the fonts of the machine, so its child can open what the town's account may read. The child
gets the file as its standard input and writes both drawings into a file that may not grow.

Drawing takes turns on the whole machine: the web has a process for each core, with one thread, and one of them stays free.
"""
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS_AT_MOST, WAIT_AT_MOST = 40, 1                   # of the clock; for a turn: whoever waits keeps a process of the web
AT_ONCE = max(1, (os.cpu_count() or 1) - 1)             # children on this machine
HEAD_AT_MOST = 200                                      # bytes of the line that says what follows
REDRAWING = Path(__file__).with_name("redrawing.py")
TOO_LARGE = 4                                           # the child's exit: too many pixels, or too little memory for them

class CannotDraw(Exception):
    """Says why in words for the person; `%(name)s` stands for the file."""


class Busy(CannotDraw):
    """It is not about the file: a little later it can be drawn."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Two WebP pictures made by the town: one for lists, one to look at. Width and height are those of the large one."""

    small: bytes
    large: bytes
    width: int
    height: int


def draw(upload, kind: str, mark: str = "") -> Drawn:
    """Draw a picture anew, or the first page of a PDF, in a limited child process; smaller and with a mark of Latin letters across it,
    if one is given. Raises CannotDraw, or Busy.
    """
    try:
        with turn(), tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made:
            upload.seek(0)
            shutil.copyfileobj(upload, given)
            given.seek(0)
            code = _run([kind, mark] if mark else [kind], given, made)
            if code == 0 and (drawn := _read(made)):
                return drawn
    except OSError:                                     # no room for the copy, no process to be had
        raise Busy(_("file.busy")) from None
    raise CannotDraw(_("file.picture_large") if code == TOO_LARGE or code < 0 else _("file.picture_broken"))


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """One of the turns that all processes of the web share; it ends with its process, however that ends. Raises Busy."""
    places = settings.MACHI_HOME / "drawing"
    places.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as opened:
        turns = [opened.enter_context(open(places / str(number), "ab")) for number in range(AT_ONCE)]
        until = time.monotonic() + WAIT_AT_MOST
        while not any(_is_free(place) for place in turns):
            if time.monotonic() > until:
                raise Busy(_("file.busy"))
            time.sleep(0.02)
        yield


def _is_free(place) -> bool:
    """Takes the place if nobody has it."""
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _run(asked: list[str], given, made) -> int:
    """The exit of the child: 0, one of its own, or minus the signal that ended it. It never outlives this call."""
    child = subprocess.Popen([sys.executable, "-I", "-B", REDRAWING, *asked], stdin=given, stdout=made, stderr=subprocess.DEVNULL, cwd="/",
                             env={"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}, start_new_session=True)
    try:
        return child.wait(SECONDS_AT_MOST)
    except subprocess.TimeoutExpired:
        return -9
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        child.wait()


def _read(made) -> Drawn | None:
    """What the child wrote, if it keeps its word: one line that says how large, then the two pictures, and nothing else."""
    made.seek(0)
    try:
        head = json.loads(made.readline(HEAD_AT_MOST))
        width, height, small, large = (int(head[name]) for name in ("width", "height", "small", "large"))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    drawn = Drawn(made.read(max(0, small)), made.read(max(0, large)), width, height)
    is_whole = len(drawn.small) == small and len(drawn.large) == large and not made.read(1)
    is_webp = all(picture[:4] == b"RIFF" and picture[8:12] == b"WEBP" for picture in (drawn.small, drawn.large))
    return drawn if is_whole and is_webp and 0 < width <= 4000 and 0 < height <= 4000 else None
