"""Questions about what happened."""
import datetime

from django.db.models import QuerySet

from machi.activity.models import Fact


def history_of(about: str) -> QuerySet[Fact]:
    """Everything that happened to one thing, oldest first."""
    return Fact.objects.filter(about=about).select_related("actor").order_by("id")


def how_often(*, actor, fact: str, since: datetime.datetime) -> int:
    """How often somebody did one thing since then."""
    return Fact.objects.filter(actor=actor, name=fact, happened_at__gt=since).count()
