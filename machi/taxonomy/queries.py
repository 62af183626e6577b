"""Questions about categories and topics."""
from django.db.models import QuerySet

from machi.shared.japanese import folded
from machi.shared.question import Question
from machi.taxonomy.models import Category, Topic


def categories() -> QuerySet[Category]:
    """All kinds of work, in the order of the operator."""
    return Category.objects.order_by("position", "code")


_categories = Question(categories)


def category_names() -> dict[str, str]:
    """The kinds of work by their codes, in the language that is spoken now."""
    return {category.code: category.name for category in _categories()}


def topics_like(words: str, *, at_most: int = 8) -> list[Topic]:
    """Topics that begin with what is being typed."""
    return list(Topic.objects.filter(folded__startswith=folded(words)).order_by("folded")[:at_most]) if words.strip() else []
