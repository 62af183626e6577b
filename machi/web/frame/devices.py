"""Browsers the town has seen somebody sign in with. The browser itself keeps the mark; nothing about it is kept here."""
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE, SECONDS, PEOPLE = "device", 400 * 24 * 3600, 8          # a browser is remembered for so long, by so many people


def is_known(request, user) -> bool:
    """Has this person signed in with this browser before?"""
    return any(constant_time_compare(mark, _mark(user)) for mark in _marks(request))


def remember(request, response, user) -> None:
    """From now on it is no new one for this person; others who share it stay known."""
    marks = [_mark(user), *(mark for mark in _marks(request) if mark != _mark(user))][:PEOPLE]
    response.set_cookie(COOKIE, ".".join(marks), max_age=SECONDS, secure=settings.TLS, httponly=True, samesite="Lax")


def _marks(request) -> list[str]:
    return [mark for mark in request.COOKIES.get(COOKIE, "").split(".")[:PEOPLE] if mark]


def _mark(user) -> str:
    """Nobody without the secret of the town can make it, and nobody can read in it whose it is."""
    return salted_hmac("machi.web.frame.devices", str(user.pk), algorithm="sha256").hexdigest()[:32]
