"""When a sign-in has run out while somebody was writing, what they sent is kept in their session until they are back.

Only texts are kept, never files, passwords or tokens, and only for the session of that browser.
"""
from dataclasses import dataclass

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode

KEY, MOST, LONG = "interrupted", 100_000, 60        # characters that are kept; from here on a text is shown as a text
NEVER = ("password", "code", "csrfmiddlewaretoken", "token", "credential")


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
        response = get_response(request)
        if request.method != "POST" or request.user.is_authenticated:
            if request.method == "POST" and KEY in request.session and request.path == request.session[KEY]["path"]:
                del request.session[KEY]            # it arrived
            return response
        if response.status_code == 302 and response.headers["Location"].startswith(resolve_url(settings.LOGIN_URL)):
            _keep(request)
            response.headers["Location"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': reverse('interrupted')})}"
            if request.headers.get("HX-Request") == "true":
                response.status_code, response.headers["HX-Redirect"] = 200, response.headers.pop("Location")
        return response

    return door


def _keep(request) -> None:
    fields = [(name, value) for name, values in request.POST.lists() for value in values
              if not any(part in name for part in NEVER)]
    if sum(len(value) for _name, value in fields) <= MOST:
        request.session[KEY] = {"path": request.get_full_path(), "fields": fields}
