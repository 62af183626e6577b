"""What a person chose about looks: language, ふりがな, light or dark. Cookies, so it also works signed out."""
from django.utils.translation import get_language

from machi.notifications import queries

THEMES = ("light", "dark")


def chosen(request) -> dict:
    language = get_language() or "ja"
    cookies = request.COOKIES if hasattr(request, "COOKIES") else {}
    return {
        "language": language,
        "theme": cookies.get("theme") if cookies.get("theme") in THEMES else "",
        "furigana": cookies.get("furigana") == "on" and language.startswith("ja"),
    }


def unread(person) -> int:
    """How many new notices there are, for the bell."""
    return len(news_of(person))


def news_of(person) -> list[str]:
    """What the new notices are about. Asked once while a page is made; a page that marks some as read says so with `forget_news`."""
    if (known := getattr(person, "_news", None)) is None:
        person._news = known = queries.unread(person)
    return known


def forget_news(person) -> None:
    person._news = None
