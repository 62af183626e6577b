"""Questions about notices."""
from django.db.models import QuerySet

from machi.notifications.kinds import KINDS
from machi.notifications.models import Notice, Silence


def notices_of(user) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(user=user).order_by("-id")


def unread_count(user) -> int:
    """How many are new; counted to 100 at most, so that the bell costs nothing."""
    return len(Notice.objects.filter(user=user, read_at=None).order_by()[:100].values_list("pk"))


def mail_choices(user) -> dict[str, bool]:
    """Every kind of mail, and whether this person wants it."""
    silent = set(Silence.objects.filter(user=user).values_list("kind", flat=True))
    return {kind: kind not in silent for kind, words in KINDS.items() if words.is_mailed}
