"""Public pages are kept for seconds, and never hold anything about a person."""
import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.views.decorators.http import require_GET

from machi.web.frame.jinja import page
from machi.web.frame.public import public
from machi.web.urls import urlpatterns as the_town
from tests.people import a_person

drawn = []


@require_GET
@public(seconds=5)
def street(request):
    drawn.append(request.get_full_path())
    return page(request, "message.html", {"title": f"街 {request.GET.get('page', 1)}", "text": "道"})


urlpatterns = [path("street/", street), path("", include(the_town))]


@pytest.fixture(autouse=True)
def the_street(settings):
    settings.ROOT_URLCONF = __name__
    drawn.clear()


def signed_in(browser):
    person = a_person("あおい")
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def test_a_public_page_asks_the_database_once(db, browser, django_assert_num_queries):
    first = browser.get("/street/")
    with django_assert_num_queries(0):
        second = browser.get("/street/")

    assert second.content == first.content and dict(second.headers) == dict(first.headers) and len(drawn) == 1
    assert not first.cookies and "csrf" not in first.content.decode()
    assert "Content-Security-Policy" in second.headers and second.headers["Cache-Control"] == "no-cache, private"


def test_a_signed_in_page_is_neither_taken_from_the_store_nor_put_into_it(db, browser):
    stranger = browser.get("/street/").content.decode()
    signed_in(browser)
    own = browser.get("/street/").content.decode()
    session = browser.cookies.pop("sessionid")

    assert "/account/logout/" in own and "/account/logout/" not in stranger
    assert browser.get("/street/").content.decode() == stranger
    assert "/account/logout/" not in browser.get("/street/?page=2").content.decode()
    browser.cookies["sessionid"] = session.value
    assert "/account/logout/" in browser.get("/street/?page=2").content.decode()


def test_each_look_language_address_and_compression_has_its_own_page(db, browser):
    pages = [browser.get("/street/"), browser.get("/street/?page=2"), browser.get("/street/", headers={"Accept-Encoding": "gzip"})]
    for name, value in (("theme", "dark"), ("furigana", "on"), ("django_language", "en")):
        browser.cookies[name] = value
        pages.append(browser.get("/street/"))

    assert len({answer.content for answer in pages}) == len(pages)


def test_a_waiting_message_is_nobody_elses(db, browser):
    browser.cookies["messages"] = "x"
    browser.get("/street/")
    del browser.cookies["messages"]
    browser.get("/street/")

    assert len(drawn) == 2


def test_what_is_posted_is_not_kept(db, browser):
    assert browser.post("/street/").status_code == 405 and browser.get("/street/").status_code == 200


def test_a_public_page_that_asks_who_is_there_fails(rf):
    request = rf.get("/")
    request.session = {"_auth_user_id": "1"}
    with pytest.raises(TypeError):
        public(5)(lambda r: r.session["_auth_user_id"])(request)


def test_a_public_page_with_a_form_token_fails(rf):
    request = rf.get("/")
    request.session = {}
    with pytest.raises(RuntimeError, match="form token"):
        public(5)(lambda r: HttpResponse(get_token(r)))(request)


def test_a_public_page_is_open(db, browser):
    assert street.login_required is False and browser.get("/street/").status_code == 200
