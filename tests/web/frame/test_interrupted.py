"""Somebody writes for a long time, their sign-in runs out, and they send: nothing that was typed is lost."""
import html
import re

import pytest
from allauth.account.models import EmailAddress

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
    form = re.search(r'<form method="post" action="/welcome/\?from=here".*?</form>', page, re.S).group()
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}

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


def test_too_much_is_not_kept(browser, person):
    browser.post("/welcome/", {"call_name": "あ" * 200_000})
    assert "interrupted" not in browser.session


def test_nothing_is_kept_of_whom_nobody_asked_to_sign_in(browser, db):
    browser.post("/look/", {"theme": "dark"})
    browser.post("/account/login/", {"login": "x@example.jp", "password": "x"})
    assert "interrupted" not in browser.session
