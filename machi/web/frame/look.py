"""What a person chose about looks: language, ふりがな, light or dark. Cookies, so it also works signed out."""
from django.utils.translation import get_language

from machi.notifications.queries import unread_count

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
    """New notices, for the bell."""
    return unread_count(person)
