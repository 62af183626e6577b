"""Questions about conversations."""
import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from machi.messaging.models import Member, Message, Thread
from machi.shared.question import Question

NEWEST = 50                                 # letters that stand on a page before somebody asks for all
_place = Question(lambda about, user: Thread.objects.visible_to(user).filter(about=about).annotate(
    read_up_to=Subquery(Member.objects.filter(thread=OuterRef("pk"), user=user).values("read_up_to")),
    takes_part=Exists(Member.objects.filter(thread=OuterRef("pk"), user=user, is_for_party=False))).order_by("pk"))
_newest = Question(lambda thread: Message.objects.filter(thread=thread).select_related("sender")
                   .only("body", "sent_at", "sender__display_name").order_by("-pk")[:NEWEST + 1])


def about_conversation(about: str, user: int) -> list:
    """What `conversation` asks, for `asked_together`."""
    return [_place.about(about, user)]


def conversation(about: str, user) -> Thread | None:
    """The conversation about a thing for somebody who may read it: `read_up_to` says how far they have, if at all, and `takes_part`
    whether they do so in person.
    """
    return next(iter(_place(about, user.pk)), None)


def about_letters(thread: int) -> list:
    """What `newest_letters` asks, for `asked_together`."""
    return [_newest.about(thread)]


def newest_letters(thread: Thread) -> list[Message]:
    """The last letters, oldest first; one more than NEWEST when there are older ones."""
    return _newest(thread.pk)[::-1]


def thread_about(about: str, user) -> Thread | None:
    """The conversation about a thing, if this person takes part in it."""
    return Thread.objects.visible_to(user).filter(about=about).first()


def letters(thread: Thread) -> QuerySet[Message]:
    """Everything written, oldest first."""
    return Message.objects.filter(thread=thread).select_related("sender").order_by("pk")


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
