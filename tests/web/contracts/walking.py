"""Walking through the pages as somebody: signed in, in one language, with the words that stand on the page."""
import html
import re
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HTMX = {"HTTP_HX_REQUEST": "true"}


def signed_in(user, *, ago: int = 0) -> Client:
    """A browser of its own, in which this person has signed in, some seconds ago."""
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    session = browser.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - ago, "email": user.email}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def text_of(response) -> str:
    """What a reader sees: no tags, no places to break, one space between words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<wbr>|<ruby>|<rt>.*?</rt>", "", response.content.decode()))).split())


def said(key: str, **gaps) -> str:
    """A text of the catalogue, in Japanese."""
    with translation.override("ja"):
        return str(gettext(key)) % gaps if gaps else str(gettext(key))


def hidden(response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return html.unescape(found.group(1))


def as_it_stands(response, action: str) -> dict[str, str]:
    """The hidden fields of the form on this page that is sent to this address: what a browser sends when nobody types anything."""
    escaped = re.escape(html.escape(action))
    form = re.search(rf'<form[^>]* method="post"[^>]* action="{escaped}"[^>]*>(.*?)</form>', response.content.decode(), re.S)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group(1))
    return {name: html.unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def queries_of(browser, path: str, counted) -> int:
    """How many questions a page asks the database, once the browser and the process are warm."""
    browser.get(path)
    with counted() as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def upload(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    """A file that somebody chose; its kind is only what their browser says."""
    return SimpleUploadedFile(name, content, kind)


def state_of(contract) -> str:
    """The state of the one milestone."""
    return contract.milestones.get().state
