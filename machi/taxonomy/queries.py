"""Questions about categories and topics."""
from functools import lru_cache
from time import monotonic

from django.db.models import F, QuerySet
from django.utils.translation import get_language

from machi.shared.question import Question
from machi.shared.romaji import looked_for
from machi.taxonomy.finding import found, found_among, near
from machi.taxonomy.marks import inside, marks_of
from machi.taxonomy.models import Category, Skill, Topic


def categories() -> QuerySet[Category]:
    """All kinds of work, in the order of the operator."""
    return Category.objects.order_by("position", "code")


_categories = Question(categories)


def category_names() -> dict[str, str]:
    """The kinds of work by their codes, in the language that is spoken now. What the operator changes is seen within a minute."""
    return dict(_in_minute(_minute(), get_language()))


def _minute() -> int:
    return int(monotonic()) // 60


@lru_cache(maxsize=8)
def _in_minute(_number: int, _language: str | None) -> dict[str, str]:
    return {category.code: category.name for category in _categories()}


AT_MOST = 8


def topics_like(words: str, *, at_most: int = AT_MOST) -> list[Topic]:
    """Topics by what was typed of their name, reading, English or another word for them: kanji, kana or Latin letters."""
    return found(words, at_most)


def categories_like(words: str, *, at_most: int = AT_MOST) -> list[Category]:
    """Kinds of work, in the same ways."""
    return found_among(_marked_categories(_minute()), words, at_most)


def skills_like(words: str, *, at_most: int = AT_MOST) -> list[Skill]:
    """Skills, in the same ways."""
    return found_among(_marked_skills(_minute()), words, at_most)


@lru_cache(maxsize=1)
def _marked_categories(_minute: int) -> list[tuple[Category, frozenset[str]]]:
    return [(one, frozenset(marks_of((one.name_ja, one.name_simple, one.name_en, one.reading), one.synonyms))) for one in _categories()]


@lru_cache(maxsize=1)
def _marked_skills(_minute: int) -> list[tuple[Skill, frozenset[str]]]:
    return [(one, frozenset(one.marks)) for one in Skill.objects.select_related("category")]


def topic_called(words: str) -> Topic | None:
    """The topic of which this is the whole name, reading, English name or another word for it. None where it may be one of several.

    As it is written, not as it sounds: サッカ may be 作家. A single kana or letter says nothing: C++ and C# would be C.
    """
    form = looked_for(words)
    if not form or not inside(form):
        return None
    found = Topic.objects.standing().filter(marks__overlap=[f"={form}", f"~={form}"]).order_by("pk")[:2]
    return found[0] if len(found) == 1 else None


def topics_beside(topics: list[Topic], *, at_most: int = 3) -> dict[int, list[Topic]]:
    """For each of these topics, by its number, others that may be the same."""
    return near(topics, at_most)


def topics_named_most(*, at_most: int = 60) -> list[Topic]:
    """What people and posts name most."""
    return list(Topic.objects.standing().for_everybody().order_by(-(F("people_count") + F("posts_count")), "pk")[:at_most])


def standing_of(topics: list[int]) -> dict[int, int]:
    """Each of these topics -> the one it stands for now: itself, or the one it was merged into."""
    return {topic: into or topic for topic, into in Topic.objects.filter(pk__in=topics).order_by("pk").values_list("pk", "merged_into")}
