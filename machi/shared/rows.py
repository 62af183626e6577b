"""What the clock does to many rows: each in a transaction of its own, and one that fails holds up nobody behind it."""
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from machi.shared.errors import Paused

log = logging.getLogger(__name__)


def each(rows: Iterable, act: Callable[[Any], object], *, unless: tuple[type[Exception], ...] = ()) -> int:
    """Do this for each row; return for how many the answer was yes. A row that fails is logged, nothing of it stays written, and the
    next turn of the clock tries it again. A database that does not answer ends the turn, and so does what the town has paused, and what
    `unless` names (a bank that does not answer): there every row would fail.
    """
    done = 0
    for row in list(rows):
        try:
            with transaction.atomic():
                done += bool(act(row))
        except (OperationalError, InterfaceError, Paused, *unless):
            raise
        except Exception:
            log.exception("%s %s failed, and the others go on", type(row).__name__, getattr(row, "pk", getattr(row, "key", row)))
    return done
