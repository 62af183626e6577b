"""Going round: do the runs of one rhythm, each alone in the whole town, whatever happened to the one before."""
import contextlib
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator

from django.db import InterfaceError, OperationalError, connection
from procrastinate import App

from machi.background.schedule import Run, rhythms
from machi.shared.errors import Paused

log = logging.getLogger(__name__)


def register(app: App, plan: dict[int, list[Run]] | None = None) -> None:
    """Tell procrastinate the rhythms. Several background processes may register the same: one round waits at a time."""
    for seconds, runs in (rhythms() if plan is None else plan).items():
        name = f"every {seconds} seconds"
        app.periodic(cron=cron(seconds), periodic_id=name)(app.task(name=name, queueing_lock=name)(_round_of(runs)))


def cron(seconds: int) -> str:
    """The rhythm as cron writes it, seconds in the sixth place."""
    if seconds < 60 and 60 % seconds == 0:
        return f"* * * * * */{seconds}"
    if seconds == 60:
        return "* * * * *"
    if seconds == 3600:
        return "0 * * * *"
    raise ValueError(f"no rhythm of {seconds} seconds: take a divisor of 60, 60 or 3600")


def _round_of(runs: Iterable[Run]) -> Callable[[int], None]:
    def go_round(timestamp: int) -> None:
        for run in runs:
            perform(run)
    return go_round


def perform(run: Run) -> bool:
    """Do one run unless another process is at it; True when it was done."""
    try:
        with alone(run.name) as is_alone:
            if is_alone:
                run.action()
            return is_alone
    except (OperationalError, InterfaceError) as error:         # the database went away: the next turn finds it again
        log.warning("%s: the database did not answer (%s)", run.name, str(error).partition("\n")[0])
        connection.close()
    except Paused:                                              # it does everything that is due once that is over
        log.info("%s: waits until money moves again", run.name)
    except Exception:
        log.exception("the run '%s' failed", run.name)
    return False


@contextlib.contextmanager
def alone(name: str) -> Iterator[bool]:
    """Hold this name in the whole database; False if somebody holds it. The lock goes with its connection, however that ends."""
    key = int.from_bytes(hashlib.sha256(f"machi.background {name}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (key,))
        is_alone = cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone:
            with contextlib.suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (key,))
