"""What the clock does for one client and that fails for a reason nobody thought of: it holds up nobody, and is not tried for ever."""
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError

from machi.shared.errors import Paused

log = logging.getLogger(__name__)


def twice(act: Callable[[], int], otherwise: Callable[[], int], *, unless: tuple[type[Exception], ...] = ()) -> int:
    """Do this, and once more where it fails; where it fails again, do the other thing, which tells whoever waits for it. What would fail
    for everybody (`shared.rows.each`) is raised.
    """
    for _time in range(2):
        try:
            return act()
        except (OperationalError, InterfaceError, Paused, *unless):
            raise
        except Exception:
            log.exception("it failed, and the others go on")
    return otherwise()
