"""Questions about notices."""
from django.db.models import QuerySet

from machi.notifications.kinds import KINDS
from machi.notifications.models import Notice, Silence
from machi.shared.question import Question


def notices_of(user) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(user=user).order_by("-id")


COUNTED = 100                               # so that the bell costs nothing
_unread = Question(lambda user: Notice.objects.filter(user=user, read_at=None).order_by("-id").values_list("about")[:COUNTED])
_newest_unread = Question(lambda user: Notice.objects.filter(user=user, read_at=None).order_by("-id")[:3])


def unread(user) -> list[str]:
    """What the new notices are about, the newest first: COUNTED of them at most."""
    return [about for (about,) in _unread(user.pk)]


def unread_count(user) -> int:
    """How many are new, COUNTED at most."""
    return len(_unread(user.pk))


def newest_unread(user) -> list[Notice]:
    """The three that stand on a person's home."""
    return _newest_unread(user.pk)


def mail_choices(user) -> dict[str, bool]:
    """Every kind of mail, and whether this person wants it."""
    silent = set(Silence.objects.filter(user=user).values_list("kind", flat=True))
    return {kind: kind not in silent for kind, words in KINDS.items() if words.is_mailed and not words.is_safety}
