"""When a sign-in has run out while somebody was writing, or they have to show once more who they are, what they sent is kept
in their session until they are back.

Only texts are kept, never files, passwords or tokens, and only for the session of that browser.
"""
import re
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

KEY, MOST, LONG = "interrupted", 100_000, 60        # characters that are kept; from here on a text is shown as a text
NEVER = re.compile(r"(.*(password|token|credential).*|code)", re.S)         # a code from a mail; the code of a bank is none


@dataclass(frozen=True)
class Kept:
    """A form that did not arrive."""

    path: str
    fields: list

    @property
    def long_texts(self) -> list[str]:
        return [value for _name, value in self.fields if len(value) >= LONG or "\n" in value]


def kept(request) -> Kept | None:
    found = request.session.get(KEY)
    return Kept(found["path"], found["fields"]) if found else None


def Interrupted(get_response):
    """A stranger who posts to a closed door is led to sign in (LoginRequiredMiddleware); what they posted waits for them."""

    def door(request):
        if request.method != "POST":
            return get_response(request)
        is_known = request.user.is_authenticated    # before: the deed may be to sign out
        response = get_response(request)
        if is_known:
            waits = request.session.get(KEY)
            if waits and waits["path"] == request.get_full_path() and not getattr(request, "was_led_aside", False):
                del request.session[KEY]            # it arrived
        elif response.status_code == 302 and _is_closed(request):
            return led_aside(request, resolve_url(settings.LOGIN_URL))
        return response

    return door


def _is_closed(request) -> bool:
    return request.resolver_match is not None and getattr(request.resolver_match.func, "login_required", True)


def led_aside(request, address: str, *, keeps: bool = True) -> HttpResponse:
    """To this address first, and then back to where they were. The whole page goes there, also when only a part of it was sent.
    `keeps`: what was sent waits meanwhile, and is shown before it goes on; otherwise they come back to the page they pressed on.
    """
    request.was_led_aside, back = True, request.get_full_path()
    if request.method == "POST" and keeps:
        _keep(request)
        back = reverse("interrupted")
    address = f"{address}?next={quote(back)}"
    return HttpResponse(headers={"HX-Redirect": address}) if request.headers.get("HX-Request") == "true" else redirect(address)


def _keep(request) -> None:
    fields = [(name, value) for name, values in request.POST.lists() for value in values
              if not NEVER.fullmatch(name)]
    if sum(len(value) for _name, value in fields) <= MOST:
        request.session[KEY] = {"path": request.get_full_path(), "fields": fields}
