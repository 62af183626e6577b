"""Small doors that every page passes through."""
from time import monotonic, sleep

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from machi.web.frame.furigana import ruby_page

PERMISSIONS = ("camera=(), microphone=(), geolocation=(), payment=(), "
               "publickey-credentials-get=(self), publickey-credentials-create=(self)")
# Where an address is typed, or the code that was mailed to it.
EVEN = {"account_login", "account_request_login_code", "account_confirm_login_code", "account_signup", "account_email_verification_sent",
        "account_reset_password", "account_confirm_password_reset_code", "account_email"}
SEEN_EVERY, SEEN_KEPT = 600, 10_000                 # seconds, sessions in one process


def EvenDoors(get_response):
    """Where an address is typed every answer leaves at the end of an even step of time: a watch does not tell whom the town knows (T30).

    The work for both differs by a third of a thousandth of a second, which two hundred tries in the same house would tell.
    """

    def door(request):
        began = monotonic()
        response = get_response(request)
        if request.method == "POST" and settings.EVEN_SECONDS and getattr(request.resolver_match, "view_name", "") in EVEN:
            sleep(settings.EVEN_SECONDS - (monotonic() - began) % settings.EVEN_SECONDS)
        return response

    return door


def Guards(get_response):
    """Pages for one person are never kept by anybody; the rest may be kept for a moment by the browser only."""

    def door(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers:
            user = getattr(request, "user", None)
            if user is not None and user.is_authenticated:
                patch_cache_control(response, no_store=True, private=True)
            else:
                patch_cache_control(response, no_cache=True, private=True)
        return response

    return door


def Furigana(get_response):
    """Readings are added to the finished page, and only for those who switched them on."""

    def door(request):
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        if (
            request.COOKIES.get("furigana") == "on"
            and not response.streaming
            and response.headers.get("Content-Type", "").startswith("text/html")
            and response.headers.get("Content-Language", "").startswith("ja")
        ):
            response.content = ruby_page(response.content.decode())
            if "Content-Length" in response.headers:
                response.headers["Content-Length"] = str(len(response.content))
        return response

    return door


def OwnLanguage(get_response):
    """Order: the person's saved setting, then the cookie, then the browser (LocaleMiddleware did the last two)."""

    def door(request):
        request.user = get_user(request)            # the person: a stand-in would be asked at every word who it is
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return door


def SeenSessions(get_response):
    """allauth writes "last seen" for every page. The same browser in the same session is noted once in ten minutes."""
    note, seen = UserSessionsMiddleware(get_response), {}

    def door(request):
        browser = request.COOKIES.get(settings.SESSION_COOKIE_NAME), request.META.get("REMOTE_ADDR"), request.headers.get("User-Agent")
        if seen.get(browser, 0) > monotonic():
            return get_response(request)
        answer = note(request)
        if len(seen) >= SEEN_KEPT:
            seen.clear()
        seen[browser] = monotonic() + SEEN_EVERY
        return answer

    return door
