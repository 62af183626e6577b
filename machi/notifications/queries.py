"""Questions about notices."""
import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from machi.accounts.models import User
from machi.notifications.kinds import KINDS
from machi.notifications.models import Notice, Silence
from machi.shared.question import Lines, Question, as_read


def notices_of(user) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(user=user).order_by("-id")


COUNTED = 100                               # so that the bell costs nothing
_unread = Question(lambda user: Notice.objects.filter(user=user, read_at=None).order_by("-id").values_list("about")[:COUNTED])
AT_HOME = 3
_new = Notice.objects.filter(user=OuterRef("pk"), read_at=None).order_by("-id")
UNREAD = ArraySubquery(_new.values("about")[:COUNTED])      # what `unread` says, of somebody who is asked about more besides
_at_home = Question(lambda user: User.objects.filter(pk=user).order_by("pk").values_list(
    UNREAD,
    Lines(_new.values_list(JSONObject(**{name: name for name in ("id", "kind", "words", "about", "created_at")}))[:AT_HOME])))


def unread(user) -> list[str]:
    """What the new notices are about, the newest first: COUNTED of them at most."""
    return [about for (about,) in _unread(user.pk)]


def unread_count(user) -> int:
    """How many are new, COUNTED at most."""
    return len(_unread(user.pk))


def news_at_home(user) -> tuple[list[str], list[Notice]]:
    """What `unread` says, and the AT_HOME newest of them: one question."""
    (abouts, told), = _at_home(user.pk)
    for notice in told:                             # JSON writes a moment as text
        notice |= {"created_at": datetime.datetime.fromisoformat(notice["created_at"]), "read_at": None}
    return abouts, [as_read(Notice, notice.items()) for notice in told]


def mail_choices(user) -> dict[str, bool]:
    """Every kind of mail, and whether this person wants it."""
    silent = set(Silence.objects.filter(user=user).values_list("kind", flat=True))
    return {kind: kind not in silent for kind, words in KINDS.items() if words.is_mailed and not words.is_safety}
