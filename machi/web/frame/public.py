"""Public pages, kept in this process for a few seconds: mark the view with `@public(seconds=5)`.

A request that carries a session or a waiting message never reads or fills the store. Whatever fills it is drawn for
nobody: the person is a stranger, there is no session, and a form token is refused. So a page in the store cannot know
who was looking.
"""
from collections import OrderedDict
from functools import wraps
from time import monotonic

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils import translation

from machi.web.frame.jinja import HTMX_HEADERS

LOOKS = ("theme", "furigana")
KEPT = 500                                          # pages in one process; the oldest leaves first


def public(seconds: int):
    """The page is for everybody, and the same for everybody who is not signed in."""
    def decorate(view):
        @wraps(view)
        def door(request, *args, **kwargs):
            if not _for_anybody(request):
                return view(request, *args, **kwargs)
            session, request.session, request.user = request.session, None, AnonymousUser()
            response = view(request, *args, **kwargs)
            request.session = session
            if "CSRF_COOKIE_NEEDS_UPDATE" in request.META:
                raise RuntimeError("a public page has no form token: it is for everybody")
            response.public_seconds = seconds if response.status_code == 200 and not response.cookies else 0
            return response
        return login_not_required(door)
    return decorate


def PublicPages(get_response):
    """Stands outside compression and ふりがな: what is kept is what was sent."""
    pages = OrderedDict()

    def door(request):
        translation.activate(translation.get_language_from_request(request))    # a refusal before LocaleMiddleware speaks it too
        if not _for_anybody(request):
            return get_response(request)
        key = _key(request)
        until, body, headers = pages.get(key, (0, b"", {}))
        if until > monotonic():
            return HttpResponse(body, headers=headers)
        response = get_response(request)
        if seconds := getattr(response, "public_seconds", 0):
            pages[key] = monotonic() + seconds, response.content, dict(response.headers)
            while len(pages) > KEPT:
                pages.popitem(last=False)
        return response

    return door


def _for_anybody(request) -> bool:
    carries = request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, "messages"}
    return request.method == "GET" and not carries and "Authorization" not in request.headers


def _key(request) -> tuple:
    return (request.get_host(), request.get_full_path(), translation.get_language_from_request(request),
            "gzip" in request.headers.get("Accept-Encoding", ""),
            *(request.COOKIES.get(name) for name in LOOKS), *(request.headers.get(name) for name in HTMX_HEADERS))
