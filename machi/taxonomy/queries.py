"""Questions about categories and topics."""
from functools import lru_cache
from time import monotonic

from django.db.models import QuerySet

from machi.shared.japanese import folded
from machi.shared.question import Question
from machi.taxonomy.models import Category, Topic


def categories() -> QuerySet[Category]:
    """All kinds of work, in the order of the operator."""
    return Category.objects.order_by("position", "code")


_categories = Question(categories)


def category_names() -> dict[str, str]:
    """The kinds of work by their codes, in the language that is spoken now. What the operator changes is seen within a minute."""
    return {category.code: category.name for category in _in_minute(int(monotonic()) // 60)}


@lru_cache(maxsize=1)
def _in_minute(_number: int) -> list[Category]:
    return _categories()


def topics_like(words: str, *, at_most: int = 8) -> list[Topic]:
    """Topics that begin with what is being typed."""
    return list(Topic.objects.filter(folded__startswith=folded(words)).order_by("folded")[:at_most]) if words.strip() else []
