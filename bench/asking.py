"""Asking the town for a page without a server in between: the WSGI program itself, as granian calls it."""
import gzip
import io
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from machi.accounts.models import User

STORE = "machi.web.frame.public.PublicPages"
_bodies: dict[str, bytes] = {}


def program(*, store: bool, answers: str | None = None) -> WSGIHandler:
    """The town's own program; without the store every page is drawn afresh. `answers`: other addresses instead of the town's."""
    kept = [name for name in settings.MIDDLEWARE if store or name != STORE]
    with override_settings(MIDDLEWARE=kept):
        made = WSGIHandler()
    if answers:
        made.request_class = type("Request", (WSGIRequest,), {"urlconf": answers})
    return made


class Page:
    """One page as one person sees it."""

    def __init__(self, address: str, person: User | None = None):
        self.address = address
        parts = urlsplit(address)
        self._environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": parts.path, "QUERY_STRING": quote(parts.query, safe="=&%+"), "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "SCRIPT_NAME": "", "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_LANGUAGE": "ja", "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux) Chrome/156",
            "HTTP_COOKIE": f"sessionid={_session(person)}" if person else "", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False}

    def ask(self, of: WSGIHandler) -> bytes:
        """The answer as it is sent. Everything but 200 is a mistake of the bench."""
        environ, told = self._environ | {"wsgi.input": io.BytesIO()}, []
        answer = of(environ, lambda status, headers: told.append(status))
        try:
            sent = b"".join(answer)
        finally:
            answer.close()
        if not told[0].startswith("200"):
            raise RuntimeError(f"{self.address} answers {told[0]}")
        return sent

    def text(self, of: WSGIHandler) -> str:
        return gzip.decompress(self.ask(of)).decode()

    def keep_for_bare(self, of: WSGIHandler) -> None:
        """From now on the bare view answers these bytes at this address."""
        _bodies[self._environ["PATH_INFO"]] = self.text(of).encode()


def _session(person: User) -> str:
    browser = Client()
    browser.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return browser.cookies["sessionid"].value


@login_not_required
def bare(request, **_address):
    """The least that any page of this town could cost: bytes that were made before."""
    return HttpResponse(_bodies[request.path])


urlpatterns = [path("<path:any>", bare), path("", bare)]
