"""Questions about categories and topics."""
from django.db.models import QuerySet

from machi.shared.japanese import folded
from machi.taxonomy.models import Category, Topic


def categories() -> QuerySet[Category]:
    """All kinds of work, in the order of the operator."""
    return Category.objects.order_by("position", "code")


def topics_like(words: str, *, at_most: int = 8) -> list[Topic]:
    """Topics that begin with what is being typed."""
    return list(Topic.objects.filter(folded__startswith=folded(words)).order_by("folded")[:at_most]) if words.strip() else []
