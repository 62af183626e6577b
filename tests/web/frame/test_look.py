"""Language, ふりがな and light: chosen by a plain form, remembered by plain cookies."""
import io
import shutil
import subprocess
import zipfile

import pytest
from django.conf import settings
from django.test import Client

from tests.people import a_person


def voice(browser) -> str:
    return browser.get("/account/login/").content.decode().split('<html lang="')[1].split('"')[0]


def test_language_comes_from_the_person_then_the_cookie_then_the_browser(db):
    browser = Client(HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9")
    assert voice(browser) == "en"
    browser.post("/look/", {"language": "ja-simple", "next": "/account/login/"})
    assert voice(browser) == "ja-simple"
    person = a_person(language="en")
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/gallery/").content.decode().split('<html lang="')[1].startswith("en")


def test_a_signed_in_person_keeps_their_language_in_the_account(db, browser):
    person = a_person()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.post("/look/", {"language": "en"})

    person.refresh_from_db()
    assert person.language == "en"


def test_the_default_is_japanese(db):
    assert voice(Client(HTTP_ACCEPT_LANGUAGE="fr")) == "ja"


@pytest.mark.parametrize(("field", "value", "cookie"), [
    ("theme", "dark", "dark"), ("theme", "light", "light"), ("theme", "<script>", None), ("furigana", "on", "on"),
    ("furigana", "yes", None), ("language", "xx", None)])
def test_only_known_looks_are_remembered(db, browser, field, value, cookie):
    answer = browser.post("/look/", {field: value, "next": "/account/login/"})
    name = {"language": "django_language"}.get(field, field)

    assert answer.status_code == 303 and answer.headers["Location"] == "/account/login/"
    assert (answer.cookies[name].value if name in answer.cookies else None) == cookie
    if cookie:
        assert answer.cookies[name]["httponly"] and answer.cookies[name]["samesite"] == "Lax"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "nowhere", ""])
def test_the_look_form_never_sends_people_elsewhere(db, browser, elsewhere):
    assert browser.post("/look/", {"theme": "dark", "next": elsewhere}).headers["Location"] in ("/", "")


def test_the_look_form_takes_no_orders_from_other_sites(db):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/look/", {"theme": "dark"}).status_code == 303
    assert strict.post("/look/", {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_chosen_look_is_in_the_page_from_the_first_moment(db, browser):
    browser.cookies["theme"], browser.cookies["furigana"] = "dark", "on"
    page = browser.get("/account/login/").content.decode()

    assert 'data-theme="dark"' in page and 'data-furigana="on"' in page and "<ruby>" in page


def test_the_source_of_the_town_is_one_link_away(db, browser):
    assert 'href="/source/"' in browser.get("/account/login/").content.decode()

    names = source_of(browser)

    assert {"machi/web/urls.py", "manage.py", "locale/ja/LC_MESSAGES/django.po", "machi/taxonomy/data/topics.csv"} <= names
    assert not [name for name in names if ".machi/" in name or ".venv" in name or "secret" in name.rsplit("/", 1)[-1]]


# Whoever runs the tests from the ZIP of /source/ has no git to compare with; in a clone, as in CI, it is never left out.
@pytest.mark.skipif(not (settings.BASE / ".git").exists() or not shutil.which("git"), reason="nothing here knows what is kept")
def test_the_source_is_every_file_that_is_kept_and_none_that_is_made(db, browser):
    names = source_of(browser)

    assert kept_by_git("--cached") - names == set()
    assert names - kept_by_git("--cached", "--others", "--exclude-standard") == set()


def source_of(browser) -> set[str]:
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(browser.get("/source/").streaming_content)))
    return {name.removeprefix("machi/") for name in bundle.namelist()}


def kept_by_git(*which: str) -> set[str]:
    asked = ["git", "-c", "safe.directory=*", "ls-files", "-z", *which]
    return set(subprocess.run(asked, cwd=settings.BASE, capture_output=True, text=True, check=True).stdout.split("\0")) - {""}
