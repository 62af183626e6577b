"""Pages about what went wrong: drawn before anybody is known, and never worse than the problem."""
import logging
import re

import pytest
from django.conf import settings as the_settings
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import include, path

from machi.web.frame.problems import server_error
from machi.web.urls import urlpatterns as the_town


def breaks(request):
    raise ZeroDivisionError


def refuses(request):
    raise PermissionDenied


def as_written(records) -> str:
    """What these records are in the log of a town: by its formatter, not by what hangs on them."""
    line = logging.Formatter(the_settings.LOGGING["formatters"]["line"]["format"])
    return "\n".join(map(line.format, records))


breaks.login_required = refuses.login_required = False
urlpatterns = [path("breaks/", breaks), path("refuses/", refuses), path("", include(the_town))]
handler500 = "machi.web.frame.problems.server_error"


def test_a_missing_page_says_so_in_three_languages(db, browser):
    for language, words in (("ja", "この番地では、ページをお見せできません。"), ("ja-simple", "このページを見せることができません。"),
                            ("en", "There is no page we can show")):
        browser.cookies["django_language"] = language
        answer = browser.get("/nowhere/")
        assert answer.status_code == 404 and words in answer.content.decode()


def test_a_strange_host_is_answered_before_anybody_is_known(db, browser):
    answer = browser.get("/account/login/", HTTP_HOST="evil.example", HTTP_ACCEPT_LANGUAGE="ja")
    assert answer.status_code == 400 and "読み取れませんでした" in answer.content.decode()


def test_what_is_refused_looks_like_what_is_missing(db, browser, settings):
    settings.ROOT_URLCONF = __name__
    answer = browser.get("/refuses/")
    assert answer.status_code == 403 and "この番地では、ページをお見せできません。" in answer.content.decode()


def test_the_towns_own_fault_is_owned_and_its_number_is_found_in_the_log(db, settings, caplog):
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get("/breaks/")

    page = answer.content.decode()
    reference = re.search(r"受付番号：(\w+)", page).group(1)
    assert answer.status_code == 500 and "あなたのせいではありません。" in page
    assert f"ERROR machi.web.frame.problems: {reference}: the page /breaks/ could not be drawn" in as_written(caplog.records)


def test_the_page_of_a_fault_needs_no_database_and_no_person():
    assert server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.parametrize("htmx", [False, True])
def test_a_form_that_was_too_old_is_explained_and_a_swap_loads_the_page_anew(db, htmx):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/gallery/", {"name": "街"}, headers={"HX-Request": "true"} if htmx else {})

    assert answer.status_code == 403
    if htmx:
        assert answer.headers["HX-Refresh"] == "true" and not answer.content
    else:
        assert "受け取れませんでした" in answer.content.decode()
