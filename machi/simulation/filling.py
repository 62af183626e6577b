"""Making the demo town: its past is lived once, moment by moment, with the clock moved to each.

Nothing is inserted: every moment is an action of a room, and between them the town's own rounds run as the background
runs them, so that posts close, deadlines pass, and paydays go through the bank. Each moment is one transaction together
with a mark that it was lived. A making that was interrupted is therefore taken up where it stopped, on the calendar of the
day on which it was begun.
"""
import contextlib
import datetime
import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.activity.models import Fact
from machi.background import schedule
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.simulation import facts
from machi.simulation.deeds import Deeds
from machi.simulation.plan import Moment, moments
from machi.simulation.story import story

LETTERS_KEPT = datetime.timedelta(days=3)           # mails of these last days are written into the folder, older ones are not
ALONE = 0x6d616368                                  # the number of the lock that two makers would share
BEGIN_AGAIN = f"Begin again with an empty one: remove the folder {settings.MACHI_HOME}, or name another in MACHI_HOME."


class NotMade(Exception):
    """Why the demo town was not made, in a sentence for the person at the keyboard."""


def fill() -> bool:
    """Live the past of the demo town; False when that was done before. Raises NotMade."""
    if not settings.DEMO_TOWN:
        raise NotMade("Invented people come only into a demo town: set MACHI_DEMO_TOWN=1.")
    with _alone():
        if Fact.objects.filter(name=facts.FILLED).exists():
            return False
        today, lived = _stopped_at()
        plan = moments(story(), today)
        name = _name(today, plan)
        try:
            _live(plan, Deeds(story(), today), name, lived)
        except DomainError as refusal:
            raise NotMade(f"The demo town could not be completed ({refusal}). {BEGIN_AGAIN}") from refusal
        activity.record(actor=None, fact=facts.FILLED, about=name)
        return True


def _stopped_at() -> tuple[datetime.date, int]:
    """The day on which the making was begun, and how many of its moments were lived."""
    last = Fact.objects.filter(name=facts.LIVED).order_by("-pk").first()
    if last is None:
        if User.objects.exists():
            raise NotMade("People live here already, so no invented ones move in: a demo town is made in an empty one. "
                          "Name another folder in MACHI_HOME.")
        return clock.today(), 0
    today = datetime.date.fromisoformat(last.about.split(":")[1])
    if last.about != _name(today, moments(story(), today)):
        raise NotMade(f"This demo town was begun by another version of the program and never completed. {BEGIN_AGAIN}")
    return today, last.data["number"] + 1


def _name(today: datetime.date, plan: list[Moment]) -> str:
    """The day of a making and a fingerprint of everything it will do."""
    return f"demo:{today.isoformat()}:{hashlib.sha256(repr(plan).encode()).hexdigest()[:16]}"


def _live(plan: list[Moment], deeds: Deeds, name: str, lived: int) -> None:
    kept_from = clock.now() - LETTERS_KEPT
    with _commits_not_waited_for():
        for number, moment in enumerate(plan[lived:], lived):
            with clock.moved(to=moment.at), contextlib.nullcontext() if moment.at >= kept_from else _letters_go_nowhere():
                _live_one(deeds, moment, number, name)
        _go_round(slow=True)                        # and once for the hours between the last moment and now


def _live_one(deeds: Deeds, moment: Moment, number: int, name: str) -> None:
    if moment.deed == "go_round":                   # rounds are safe to repeat, and speak with the bank: never inside our transaction
        _go_round()
        return
    with transaction.atomic():
        getattr(deeds, moment.deed)(*moment.about)
        activity.record(actor=None, fact=facts.LIVED, about=name, number=number)


def _go_round(*, slow: bool = False) -> None:
    """What the background does by the clock, `slow`: and by the hour."""
    for run in sorted(schedule.RUNS, key=lambda run: -run.seconds):     # the quick ones last: what became due today leaves today
        if slow or run.seconds < schedule.HOUR:
            run.action()


@contextlib.contextmanager
def _letters_go_nowhere() -> Iterator[None]:
    """Mails of months ago are sent in their own time, to nobody: a thousand files would hide the few worth reading."""
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = usual


@contextlib.contextmanager
def _commits_not_waited_for() -> Iterator[None]:
    """The disk need not confirm each of two thousand commits: a town that was half made is completed in any case."""
    with connection.cursor() as db:
        db.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            db.execute("RESET synchronous_commit")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two makers at once: the second waits, and finds everything done."""
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_lock(%s)", (ALONE,))
        try:
            yield
        finally:
            db.execute("SELECT pg_advisory_unlock(%s)", (ALONE,))
