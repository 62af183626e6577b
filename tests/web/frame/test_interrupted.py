"""Somebody writes for a long time, their sign-in runs out, and they send: nothing that was typed is lost."""
import contextlib
import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse

from machi.web.frame.interrupted import IN_PLACE
from tests.people import a_person

TEXT = "サッカーを10年続けています。\n試合の流れを、自分の言葉で書けます。<b>𠮷</b>"
PASSWORD = "machi-no-hitobito"


@pytest.fixture
def person(db):
    person = a_person()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def come_back(browser, person, location):
    return browser.post(location, {"login": person.email, "password": PASSWORD}, follow=True)


def test_what_was_sent_waits_behind_the_door(browser, person):
    led = browser.post("/welcome/?from=here", {"call_name": "おい", "message": TEXT, "password": "secret", "csrfmiddlewaretoken": "x"})
    page = come_back(browser, person, led.headers["Location"]).content.decode()
    fields = the_form(page)

    assert led.headers["Location"] == "/account/login/?next=/account/again/"
    assert "書いたものは残っています" in page and "&lt;b&gt;𠮷" in page
    assert fields.pop("csrfmiddlewaretoken") != "x"
    assert fields == {"call_name": "おい", "message": TEXT}
    assert browser.post("/welcome/?from=here", fields).status_code == 302
    person.refresh_from_db()
    assert person.display_name == "おい"


def test_once_it_arrived_it_waits_no_longer(browser, person):
    led = browser.post("/welcome/", {"call_name": "おい"})
    come_back(browser, person, led.headers["Location"])
    assert browser.get("/account/again/").status_code == 200

    browser.post("/welcome/", {"call_name": "おい"})
    assert browser.get("/account/again/").status_code == 302


def test_htmx_is_led_to_the_door_as_a_whole_page(browser, person):
    answer = browser.post("/welcome/", {"call_name": "おい"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200 and answer.headers["HX-Redirect"] == "/account/login/?next=/account/again/"


def test_too_much_to_keep_is_shown_at_once_and_can_be_sent_after_signing_in_elsewhere(browser, person):
    browser.post("/welcome/?from=here", {"call_name": "おい", "message": "older text"})
    answer = browser.post("/welcome/?from=here", {"call_name": "おい", "message": "あ" * 200_000})
    page = answer.content.decode()
    fields = the_form(page)

    assert answer.status_code == 403 and fields["message"] == "あ" * 200_000
    assert 'href="/account/login/" target="_blank"' in page and "文が長く、街で預かれない" in page
    assert "interrupted" not in browser.session     # the older text never stands in for the newer one
    come_back(browser, person, "/account/login/")
    assert browser.post("/welcome/?from=here", fields).status_code == 302
    person.refresh_from_db()
    assert person.display_name == "おい"


def test_too_much_to_keep_stays_in_the_page_where_a_part_of_it_was_sent(browser, person):
    answer = browser.post("/welcome/", {"call_name": "あ" * 200_000}, headers={"HX-Request": "true"})

    assert answer.status_code == 403 and not {"HX-Refresh", "HX-Redirect"} & set(answer.headers)


def test_what_two_windows_sent_waits_until_each_arrived(browser, person):
    browser.post("/me/strength/add/", {"statement": "聞き書きができます"})
    browser.post("/welcome/?from=here", {"call_name": "お", "message": "older text"})
    led = browser.post("/welcome/?from=here", {"call_name": "おい", "message": TEXT})
    page = come_back(browser, person, led.headers["Location"]).content.decode()

    assert page.index("試合の流れ") < page.index("聞き書きができます") and "older text" not in page
    assert page[page.index("<main"):].count('class="btn solid') == 1
    assert browser.post("/welcome/?from=here", the_form(page)).headers["Location"] == "/account/again/", "to what still waits"
    page = browser.get("/account/again/").content.decode()
    assert "聞き書きができます" in page and "試合の流れ" not in page
    assert browser.post("/me/strength/add/", {"statement": "聞き書きができます"}).headers["Location"].startswith("/me/")
    assert browser.get("/account/again/").status_code == 302


def _address(name: str) -> str:
    """Of nothing, of a thing, or of a week of a contract."""
    for place in ([], [1], [1, 1]):
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, args=place)
    raise LookupError(name)


@pytest.mark.parametrize("name", sorted(IN_PLACE))
def test_what_cannot_be_undone_is_pressed_again_where_it_says_what_it_does(browser, person, name):
    page = _address(name)
    led = browser.post(page, {"terms_hash": "0123456789abcdef" * 4, "round": "2", "word": ""})

    assert led.headers["Location"] == f"/account/login/?next={page}" and "interrupted" not in browser.session
    assert come_back(browser, person, led.headers["Location"]).status_code in (200, 404)      # there is a page: it can be looked at


def test_where_the_place_is_gone_by_now_the_text_goes_on_waiting(browser, person):
    led = browser.post("/jobs/999999/apply/", {"message": TEXT})
    come_back(browser, person, led.headers["Location"])

    assert browser.post("/jobs/999999/apply/", {"message": TEXT}).status_code == 404
    assert "試合の流れ" in browser.get("/account/again/").content.decode()


def test_two_long_texts_are_never_kept_together_beyond_what_a_session_holds(browser, person):
    browser.post("/me/strength/add/", {"statement": "あ" * 60_000})
    answer = browser.post("/welcome/", {"call_name": "い" * 60_000})

    assert answer.status_code == 403 and "い" * 60_000 in answer.content.decode()
    assert [one["path"] for one in browser.session["interrupted"]] == ["/me/strength/add/"]


def test_of_very_many_windows_the_oldest_goes(browser, person):
    for number in range(8):
        browser.post(f"/welcome/?from={number}", {"call_name": "おい"})

    assert [one["path"] for one in browser.session["interrupted"]] == [f"/welcome/?from={number}" for number in range(3, 8)]


def test_nothing_is_kept_of_whom_nobody_asked_to_sign_in(browser, db):
    browser.post("/look/", {"theme": "dark"})
    browser.post("/account/login/", {"login": "x@example.jp", "password": "x"})
    assert "interrupted" not in browser.session


# ---- two tabs ----------------------------------------------------------------------------------------------------------

HERE = {"Origin": "http://testserver"}


def token_in(answer) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode()).group(1)


@pytest.fixture
def late(person):
    """Two tabs lie open when the sign-in runs out. In the first somebody signs in anew; now they send what they wrote in the second."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    old = token_in(browser.get("/welcome/"))
    del browser.cookies["sessionid"]
    door = token_in(browser.get("/account/login/"))
    signed_in = browser.post("/account/login/", {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": door})
    assert signed_in.status_code == 302

    def send(headers=HERE, **more):
        return browser.post("/welcome/?from=here", {"call_name": "おい", "message": TEXT, "csrfmiddlewaretoken": old} | more,
                            headers=headers)
    send.browser = browser
    return send


def the_form(page: str) -> dict:
    form = re.search(r'<form method="post" action="/welcome/\?from=here".*?</form>', page, re.S).group()
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


@pytest.mark.parametrize("headers", [HERE, {"Sec-Fetch-Site": "same-origin"}, HERE | {"HX-Request": "true"}])
def test_what_an_old_tab_sends_is_shown_and_goes_on_with_one_press(late, person, headers):
    answer = late(headers)
    if "HX-Request" in headers:
        assert "HX-Refresh" not in answer.headers
        answer = late.browser.get(answer.headers["HX-Redirect"])
    page = answer.content.decode()
    person.refresh_from_db()
    assert "書いたものは残っています" in page and "&lt;b&gt;𠮷" in page and person.display_name != "おい"

    assert late.browser.post("/welcome/?from=here", the_form(page), headers=HERE).status_code == 302
    person.refresh_from_db()
    assert person.display_name == "おい"


def test_an_old_tab_of_somebody_who_is_signed_out_is_led_through_the_door(late):
    del late.browser.cookies["sessionid"]

    assert late(HERE | {"HX-Request": "true"}).headers["HX-Redirect"] == "/account/login/?next=/account/again/"
    assert "試合の流れ" in late().content.decode()


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                                     {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}])
def test_what_another_place_sent_is_neither_shown_nor_kept(late, headers):
    answer = late(headers)

    assert answer.status_code == 403 and "試合の流れ" not in answer.content.decode()
    assert "interrupted" not in late.browser.session


@pytest.mark.parametrize(("language", "words"), [
    ("ja", "読み込み直すと、送れるようになります"), ("ja-simple", "書いた文がありますか"), ("en", "if your text is there, copy it")])
def test_where_nothing_is_shown_the_page_says_how_to_save_the_text(late, person, language, words):
    person.language = language
    person.save()

    assert words in late({}).content.decode()


def test_files_are_not_promised(late):
    page = late(file=SimpleUploadedFile("report.txt", b"work")).content.decode()

    assert "試合の流れ" in page and "ファイルは、残っていません" in page
    assert 'action="/welcome/' not in page and 'href="/welcome/?from=here"' in page


def test_too_much_for_the_session_stays_where_it_was_typed(late):
    answer = late(HERE | {"HX-Request": "true"}, message="あ" * 200_000)

    assert answer.status_code == 403 and not {"HX-Refresh", "HX-Redirect"} & set(answer.headers)
    assert "あ" * 200_000 in late(message="あ" * 200_000).content.decode()


def test_behind_a_proxy_that_speaks_tls_a_form_arrives(settings, person):
    settings.CSRF_TRUSTED_ORIGINS = ["https://testserver"]          # what MACHI_URL=https://testserver makes it
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    fields = {"call_name": "おい", "csrfmiddlewaretoken": token_in(browser.get("/welcome/"))}

    assert browser.post("/welcome/", fields, headers={"Origin": "https://testserver"}).status_code == 302
