"""A new device is told by mail, and devices are signed out one by one or all at once (T29, T31)."""
import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from machi.accounts.actions import forget_devices
from machi.activity.queries import history_of
from machi.notifications.actions import send_waiting
from machi.shared import clock
from tests.people import a_person
from tests.web.contracts.walking import said, text_of
from tests.web.frame.passkeys import Passkey

pytestmark = pytest.mark.django_db
PASSWORD = "machi-no-hitobito"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"


def somebody(name="あおい"):
    person = a_person(name)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def person():
    return somebody()


def test_whoever_is_gone_leaves_no_words_on_the_device(browser, person):
    """What waits unsent in a browser goes at a sign-out, and when somebody left the town (drafts.js)."""
    sign_in(person, browser)

    assert "data-signs-out" in browser.get("/account/logout/").content.decode()
    devices = browser.get(reverse("usersessions_list")).content.decode()
    assert re.search(f'action="{reverse("end_all_sessions")}"[^>]*data-signs-out', devices)
    assert "data-signed-out" not in browser.get("/account/left/?way=erase").content.decode(), "whoever is here keeps what waits"
    assert "data-signed-out" in Client().get("/account/left/?way=erase").content.decode()


def sign_in(person, browser=None, agent=WINDOWS) -> Client:
    browser = browser or Client(HTTP_USER_AGENT=agent)
    answer = browser.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/home/"
    browser.get("/home/")
    return browser


def told(person):
    return list(person.notices.filter(kind="account.new_device").order_by("pk"))


def test_the_very_first_sign_in_is_no_news_and_the_next_device_is(person, mailoutbox, clock_at):
    clock_at("2026-12-15 10:00")
    sign_in(person)
    assert told(person) == []

    sign_in(person, agent=IPHONE)

    (notice,) = told(person)
    assert notice.words["device"] == "Safari（iPhone）"
    send_waiting()
    (mail,) = mailoutbox
    assert mail.to == [person.email] and mail.subject == said("notice.new_device.subject")
    assert "12月15日（火）" in mail.body and "Safari（iPhone）" in mail.body and "127.0.0.1" not in mail.body + mail.subject
    assert [fact.data["device"] for fact in history_of(f"user:{person.pk}") if fact.name == "account.new_device"] == ["Safari（iPhone）"]


def by_code(person, browser, mailoutbox):
    browser.post("/account/login/code/", {"email": person.email})
    return browser.post("/account/login/code/confirm/", {"code": re.search(r"\d{4}-\d{4}", mailoutbox[-1].body).group()})


def by_passkey(person, browser, _mailoutbox):
    return Passkey(person).opens(browser)


@pytest.mark.parametrize("come_in", [by_code, by_passkey])
def test_whichever_way_somebody_comes_in_on_a_new_device_they_are_told(person, mailoutbox, come_in):
    sign_in(person)
    phone = Client(HTTP_USER_AGENT=IPHONE)

    for _time in range(2):
        assert come_in(person, phone, mailoutbox).headers["Location"] == "/home/"
        phone.post("/account/logout/")

    (notice,) = told(person)
    assert notice.words["device"] == "Safari（iPhone）"
    send_waiting()
    assert [mail.to for mail in mailoutbox if mail.subject == said("notice.new_device.subject")] == [[person.email]]


def test_a_browser_that_is_known_is_no_news_a_year_later(person, clock_at):
    first = sign_in(person)
    second = sign_in(person, agent=IPHONE)
    for browser in (first, second):
        browser.post("/account/logout/")
        clock_at(clock.now() + datetime.timedelta(days=365))
        sign_in(person, browser)

    assert len(told(person)) == 1


def test_a_browser_that_two_share_is_known_for_both(person):
    other = somebody("ほか")
    sign_in(other)
    shared = sign_in(person)
    shared.post("/account/logout/")
    sign_in(other, shared)
    for who in (person, other):
        shared.post("/account/logout/")
        sign_in(who, shared)

    assert told(person) == [] and len(told(other)) == 1


@pytest.mark.parametrize("mark", ["", ".", "a" * 32, "x.y.z", "é", "a." * 5000])
def test_a_mark_that_was_made_up_is_none(person, mark):
    sign_in(person)
    liar = Client(HTTP_USER_AGENT=IPHONE)
    liar.cookies["device"] = mark
    sign_in(person, liar)

    assert len(told(person)) == 1


def test_the_mark_says_nothing_and_is_out_of_reach_for_scripts(person):
    cookie = sign_in(person).cookies["device"]

    assert cookie["httponly"] and cookie["samesite"] == "Lax" and person.email not in cookie.value and len(cookie.value) == 32


def test_one_other_device_is_signed_out_and_the_rest_stay(person):
    here, phone, third = sign_in(person), sign_in(person, agent=IPHONE), sign_in(person, agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    session = UserSession.objects.get(user=person, user_agent=IPHONE)

    answer = here.post(f"/account/sessions/{session.pk}/end/", follow=True)

    assert said("account.sessions.ended", device="Safari（iPhone）") in text_of(answer)
    assert phone.get("/home/").status_code == 302
    assert here.get("/home/").status_code == third.get("/home/").status_code == 200


def test_the_list_offers_the_others_and_not_this_one(person):
    here = sign_in(person)
    sign_in(person, agent=IPHONE)

    page = here.get("/account/sessions/").content.decode()

    mine = UserSession.objects.get(user=person, session_key=here.session.session_key)
    other = UserSession.objects.get(user=person, user_agent=IPHONE)
    assert f"/account/sessions/{other.pk}/end/" in page and f"/account/sessions/{mine.pk}/end/" not in page


def test_somebody_elses_device_is_nobodys(person):
    stranger, owner = sign_in(somebody("ほか")), sign_in(person)
    session = UserSession.objects.get(user=person)

    theirs, missing = (stranger.post(f"/account/sessions/{number}/end/") for number in (session.pk, 999_999_999))
    assert theirs.status_code == missing.status_code == 404 and theirs.content == missing.content
    assert owner.get("/home/").status_code == 200


def test_all_devices_are_signed_out_at_once(person):
    browsers = [sign_in(person), sign_in(person, agent=IPHONE)]

    answer = browsers[0].post("/account/sessions/end/", follow=True)

    assert answer.request["PATH_INFO"] == "/account/login/" and said("account.sessions.ended_all") in text_of(answer)
    assert [browser.get("/home/").status_code for browser in browsers] == [302, 302]
    assert not UserSession.objects.filter(user=person).exists()


def test_a_device_that_signed_out_stands_on_no_list_of_those_that_are_signed_in(person):
    here, phone = sign_in(person), sign_in(person, agent=IPHONE)

    phone.post("/account/logout/")

    words = text_of(here.get("/account/seen/"))
    assert "Chrome（Windows）" in words and "Safari（iPhone）" not in words


def test_where_a_device_was_is_forgotten_after_it_signed_out(person):
    here, phone = sign_in(person), sign_in(person, agent=IPHONE)

    phone.post("/account/logout/")
    forget_devices()

    assert UserSession.objects.get(user=person).session_key == here.session.session_key


def test_a_session_changes_its_key_when_somebody_signs_in_and_an_old_one_ends_with_the_password(person):
    here = Client()
    here.get("/account/login/")
    here.post("/earnings/account/", {"number": "1"})            # what a visitor sent is kept: there is a session before
    before = here.session.session_key
    sign_in(person, here)
    elsewhere = sign_in(person, agent=IPHONE)

    assert before and here.session.session_key != before
    new = dict.fromkeys(("password1", "password2"), "atarashii-kagi-desu")
    here.post("/account/password/change/", {"oldpassword": PASSWORD} | new)
    assert elsewhere.get("/home/").status_code == 302
