"""What a person chose about looks: language, ふりがな, light or dark. Cookies, so it also works signed out."""
from typing import NamedTuple

from django.utils.translation import get_language

from machi.accounts.models import User
from machi.accounts.queries import ROLES, take_roles
from machi.notifications import queries
from machi.shared.question import Question

THEMES = ("light", "dark")
_around = Question(lambda user: User.objects.filter(pk=user).order_by("pk").values_list(ROLES, queries.UNREAD))


class Look(NamedTuple):
    """The language, the theme (empty: as the device has it), and whether readings stand above kanji."""

    language: str
    theme: str
    furigana: bool


def chosen(request) -> Look:
    language = get_language() or "ja"
    cookies = request.COOKIES if hasattr(request, "COOKIES") else {}
    theme = cookies.get("theme")
    return Look(language, theme if theme in THEMES else "", cookies.get("furigana") == "on" and language.startswith("ja"))


def unread(person) -> int:
    """How many new notices there are, for the bell."""
    return len(news_of(person))


def news_of(person) -> list[str]:
    """What the new notices are about. Asked once while a page is made; a page that marks some as read says so with `forget_news`."""
    if (known := getattr(person, "_news", None)) is None:
        person._news = known = queries.unread(person)
    return known


def about_around(person: int) -> list:
    """What `look_around` asks, for `asked_together`."""
    return [_around.about(person)]


def look_around(person) -> None:
    """What every page asks of whoever is signed in, in one question: for whom they act, and what is new."""
    (roles, person._news), = _around(person.pk)
    take_roles(person, roles)


def newest_of(person) -> list:
    """The new notices that stand on a person's home; it answers `news_of` as well."""
    person._news, newest = queries.news_at_home(person)
    return newest


def forget_news(person) -> None:
    person._news = None
