"""Questions about conversations."""
import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from machi.accounts.models import name_of
from machi.messaging.models import Member, Message, Thread
from machi.shared import clock
from machi.shared.question import Question

NEWEST = 20                                 # letters that stand on a page before somebody asks for all
_place = Question(lambda about, user: Thread.objects.visible_to(user).filter(about=about).annotate(
    read_up_to=Subquery(Member.objects.filter(thread=OuterRef("pk"), user=user).values("read_up_to")),
    takes_part=Exists(Member.objects.filter(thread=OuterRef("pk"), user=user, is_for_party=False))).order_by("pk"))


class Letter(NamedTuple):
    """What somebody wrote, with the name of whoever it was."""

    pk: int
    sender: int
    name: str
    sent_at: datetime.datetime
    body: str


class LetterDay(NamedTuple):
    """The letters of one day: when the last of them was written, and how many there were."""

    when: datetime.datetime
    count: int


def _in(about) -> QuerySet:
    return Message.objects.filter(thread=Subquery(Thread.objects.filter(about=about).values("pk")))


def _read(found: QuerySet) -> QuerySet:
    return found.values_list(
        "pk", "sender", "sender__display_name", "sender__closed_at", "sender__erased_at", "sent_at", "body")


_newest = Question(lambda about: _read(Message.objects.filter(
    pk__in=_in(about).order_by("-pk").values("pk")[:NEWEST + 1])).order_by("-pk"))      # found first, then by whom they are


def about_conversation(about: str, user: int) -> list:
    """What `conversation` asks, for `asked_together`."""
    return [_place.about(about, user)]


def conversation(about: str, user) -> Thread | None:
    """The conversation about a thing for somebody who may read it: `read_up_to` says how far they have, if at all, and `takes_part`
    whether they do so in person.
    """
    return next(iter(_place(about, user.pk)), None)


def about_letters(about: str) -> list:
    """What `newest_letters` asks, for `asked_together`."""
    return [_newest.about(about)]


def newest_letters(thread: Thread) -> list[Letter]:
    """The last letters, oldest first; one more than NEWEST when there are older ones."""
    return _letters(_newest(thread.about)[::-1])


def letter_days(about: str) -> QuerySet:
    """On which days letters were written about a thing, oldest first, and how many (LetterDay): not their words."""
    return _in(about).values(day=TruncDate("sent_at", tzinfo=clock.JAPAN)).annotate(when=Max("sent_at"), count=Count("pk")).order_by("when")


def thread_about(about: str, user) -> Thread | None:
    """The conversation about a thing, if this person takes part in it."""
    return Thread.objects.visible_to(user).filter(about=about).first()


def letters(thread: Thread) -> list[Letter]:
    """Everything written, oldest first."""
    return _letters(_read(_in(thread.about)).order_by("pk"))


def _letters(rows: Iterable[tuple]) -> list[Letter]:
    return [Letter(pk, sender, name_of(sender, name, bool(closed_at or erased_at)), sent_at, body)
            for pk, sender, name, closed_at, erased_at, sent_at, body in rows]


def unanswered(kind: str, *, since: datetime.datetime, until: datetime.datetime) -> QuerySet[Message]:
    """Letters about a kind of thing ("contract") that were written in this time and to which the other side has written nothing since,
    nor been reminded. `in_person` says whether whoever takes part in person wrote it, or the party. One for each conversation is enough.
    """
    in_person = Exists(Member.objects.filter(thread=OuterRef("thread"), user=OuterRef("sender"), is_for_party=False))
    theirs = Message.objects.annotate(in_person=in_person).filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
    return (Message.objects.filter(sent_at__gt=since, sent_at__lte=until, thread__about__startswith=f"{kind}:",
                                   thread__reminded_of__lt=F("pk"))
            .annotate(in_person=in_person).filter(~Exists(theirs.exclude(in_person=OuterRef("in_person"))))
            .select_related("thread").order_by("pk"))
