"""Questions about what happened."""
from django.db.models import QuerySet

from machi.activity.models import Fact


def history_of(about: str) -> QuerySet[Fact]:
    """Everything that happened to one thing, oldest first."""
    return Fact.objects.filter(about=about).select_related("actor").order_by("id")
