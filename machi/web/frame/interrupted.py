"""When a sign-in has run out while somebody was writing, or they have to show once more who they are, or their page had grown too old
to be sent, what they sent is shown to them again, and one press sends it on. Where they must go elsewhere first, their session keeps it:
the newest of each page, because several windows may have lain open. What is too long to keep is shown at once.

Only texts are kept, never files, passwords or tokens, and only for the session of that browser.
"""
import re
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import resolve, reverse

from machi.web.frame.jinja import page

KEY, MOST, PAGES = "interrupted", 100_000, 5        # characters that are kept, all together; beyond so many pages the oldest goes
TEXT = re.compile(r"\s|[^\x00-\x7f]|^(?![0-9a-f]{64}$).{60}")       # what a person wrote, and no number, name of a choice or seal
#: What cannot be undone is pressed on its own page, which says what it does: never by a button that only speaks of what was written.
IN_PLACE = {"privacy:keep", "privacy:erase", "contracts:offer_accept", "contracts:offer_refuse", "contracts:fund", "contracts:accept",
            "contracts:week_fund", "contracts:week_confirm", "contracts:week_dispute_back", "contracts:week_dispute_split",
            "contracts:dispute_split",
            "contracts:wish", "contracts:dispute_back", "contracts:ending", "proposals:withdraw", "jobs:close", "jobs:end",
            "contests:open", "contests:award", "contests:call_off", "contests:take_back", "tasks:leave", "tasks:finish", "tasks:agree",
            "tasks:pay", "tasks:stop", "tasks:top_up", "tasks:raise"}
NEVER = re.compile(r"(.*(password|token|credential).*|code)", re.S)         # a code from a mail; the code of a bank is none


@dataclass(frozen=True)
class Kept:
    """A form that did not arrive."""

    path: str
    fields: list
    has_files: bool = False                         # files came with it: they are gone, so it cannot go on as it was

    @property
    def texts(self) -> list[str]:
        return [value for _name, value in self.fields if TEXT.search(value.strip())]

    @property
    def goes_on(self) -> bool:
        """May it be sent on from where it is shown?"""
        return not self.has_files and resolve(urlsplit(self.path).path).view_name not in IN_PLACE


def kept(request) -> list[Kept]:
    """What waits, the newest first."""
    return [Kept(**found) for found in reversed(request.session.get(KEY, []))]


def typed_here(request) -> dict[str, str]:
    """What waits of this very page, for its form to start with."""
    return {name: value for one in kept(request) if one.path == request.get_full_path() for name, value in one.fields}


def sent(request) -> Kept:
    """What this very request brought."""
    return Kept(request.get_full_path(), [(name, value) for name, values in request.POST.lists() for value in values
                                          if not NEVER.fullmatch(name)], bool(request.FILES))


def is_from_here(request) -> bool:
    """Was it sent by a page of this town? Only what the browser itself says counts, and without a word it was not."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") in (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)


def Interrupted(get_response):
    """A stranger who posts to a closed door is led to sign in (LoginRequiredMiddleware); what they posted waits for them."""

    def door(request):
        if request.method != "POST":
            return get_response(request)
        is_known = request.user.is_authenticated    # before: the deed may be to sign out
        response = get_response(request)
        if is_known:
            if KEY in request.session and not getattr(request, "was_led_aside", False):
                return _arrived(request, response)
        elif response.status_code == 302 and is_closed(request):
            return led_aside(request, resolve_url(settings.LOGIN_URL))
        return response

    return door


def is_closed(request) -> bool:
    return request.resolver_match is not None and getattr(request.resolver_match.func, "login_required", True)


def led_aside(request, address: str = "") -> HttpResponse:
    """To this address first, and then back to where they were. The whole page goes there, also when only a part of it was sent.
    What was sent waits meanwhile, and is shown before it goes on. Where nothing was typed and it cannot be undone, they come back to the
    page they pressed on, which says once more what the button does.
    Too much to keep stays where it is: in the page it was typed in, with the sentence for what did not arrive, or shown at once.
    """
    request.was_led_aside, back = True, request.get_full_path()
    is_swap = request.headers.get("HX-Request") == "true"
    if request.method == "POST" and ((what := sent(request)).texts or what.goes_on):
        if not keep(request):
            return HttpResponse(status=403) if is_swap else page(
                request, "account/interrupted.html", {"kept": [sent(request)], "said": "long", "first": address}, status=403)
        back = reverse("interrupted")
    address = f"{address}?next={quote(back)}" if address else back
    return HttpResponse(headers={"HX-Redirect": address}) if is_swap else redirect(address)


def _arrived(request, response) -> HttpResponse:
    """What was sent waits no longer, unless nobody took it: the place is gone, or it was too often. What else waits is shown next."""
    if response.status_code >= 400 and response.status_code not in (409, 422):      # those two show it in their form
        return response
    waited, waits = request.session[KEY], _others(request)
    _put(request, waits)
    is_next = waits and len(waits) < len(waited) and response.status_code == 302 and request.headers.get("HX-Request") != "true"
    return redirect("interrupted") if is_next else response


def keep(request) -> bool:
    """Into the session, in the place of what this page sent before; False when it is too much."""
    waits, what = _others(request), sent(request)
    is_little = sum(len(value) for one in (*waits, asdict(what)) for _name, value in one["fields"]) <= MOST
    _put(request, [*waits, asdict(what)][-PAGES:] if is_little else waits)
    return is_little


def _others(request) -> list[dict]:
    return [one for one in request.session.get(KEY, []) if one["path"] != request.get_full_path()]


def _put(request, waits: list[dict]) -> None:
    if waits:
        request.session[KEY] = waits
    else:
        request.session.pop(KEY, None)
