"""Every page of allauth wears our clothes and speaks with our words, in all three languages."""
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, get_resolver

from machi.web.frame.doors import MAILS, MESSAGES
from machi.web.frame.middleware import SeenSessions
from tests.people import a_person

PASSWORD = "machi-no-hitobito"


@pytest.fixture
def person(db):
    person = a_person("あおい")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def at_home(browser, person):
    """The browser of somebody who has just signed in."""
    browser.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return browser


def code_in(mail) -> str:
    return re.search(r"\d{4}-\d{4}", mail.body).group()


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback
        else:
            yield from patterns(entry, prefix + str(entry.pattern))


def addresses():
    return [path for path, view in patterns(get_resolver()) if path.startswith("account/") and view.__module__.startswith("allauth")]


def template_names():
    views = [view for path, view in patterns(get_resolver()) if path.startswith("account/")]
    names = {getattr(getattr(view, "view_class", None), "template_name", None) for view in views} - {None}
    names |= {"account/signup_closed.html", "account/verified_email_required.html", "account/confirm_email_verification_code.html",
              "429.html", "404.html", "403.html", "400.html", "403_csrf.html", "500.html"}
    return sorted(names - {"account/verification_sent.html"})           # only used where an address is confirmed by a link


@pytest.mark.parametrize("name", template_names())
def test_a_page_of_allauth_is_drawn_by_us(name):
    assert "machi/web/templates" in get_template(name).template.filename


def test_there_are_thirty_addresses():
    assert len(addresses()) >= 27


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_every_address_answers_in_our_frame(at_home, language):
    stranger = Client()
    drawn = 0
    for browser in (at_home, stranger):
        browser.cookies["django_language"] = language
        for path in addresses():
            if "<" in path:
                continue
            answer = browser.get("/" + path)
            assert answer.status_code in {200, 302, 404, 405}, path
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                page = answer.content.decode()
                assert 'class="logo"' in page and f'<html lang="{language}"' in page, path
                assert not re.search(r"\b(account|mail|signup)\.[a-z_.]+<", page), f"{path}: a word without its text"
                drawn += 1
    assert drawn >= 16


def test_all_mails_and_messages_of_allauth_have_our_words():
    theirs = Path(allauth.__file__).parent / "templates"
    mails = {str(path.relative_to(theirs))[:-len("_subject.txt")] for path in theirs.glob("*/email/*_subject.txt")}
    mails = {mail for mail in mails if not mail.startswith(("socialaccount", "idp", "openid"))} - {"account/email/password_reset_key"}
    notes = {str(path.relative_to(theirs)) for path in theirs.glob("*/messages/*.txt") if "phone" not in path.name}
    notes = {note for note in notes if not note.startswith("socialaccount")}

    assert mails <= set(MAILS) and notes == set(MESSAGES)


def test_sign_in_by_a_code_from_the_mail(browser, person, mailoutbox):
    browser.post("/account/login/code/", {"email": person.email})
    answer = browser.post("/account/login/code/confirm/", {"code": code_in(mailoutbox[0])})

    assert answer.status_code == 302 and answer.headers["Location"] == "/home/" and "_auth_user_id" in browser.session


def test_asking_for_a_code_never_tells_who_is_here(person, mailoutbox):
    pages = []
    for address in (person.email, "nobody@example.jp"):
        answer = Client().post("/account/login/code/", {"email": address}, follow=True)
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(address, "X"))

    assert pages[0] == pages[1] and mailoutbox[1].to == ["nobody@example.jp"]
    assert mailoutbox[1].subject == "街へのログインについて" and "/account/signup/" in mailoutbox[1].body


def test_a_wrong_password_names_the_way_in_and_not_what_was_wrong(browser, person):
    answers = [browser.post("/account/login/", {"login": login, "password": "x"}).content.decode()
               for login in (person.email, "nobody@example.jp")]

    for answer in answers:
        assert "メールアドレスとパスワードの組が合いませんでした。" in answer and 'name="password"' in answer


def test_sign_in_with_a_password_and_out_again(at_home):
    assert "_auth_user_id" in at_home.session
    assert at_home.post("/account/logout/").status_code == 302 and "_auth_user_id" not in at_home.session


def test_a_password_is_decided_anew_by_code(browser, person, mailoutbox):
    browser.post("/account/password/reset/", {"email": person.email})
    browser.post("/account/password/reset/confirm/", {"code": code_in(mailoutbox[0])})
    browser.post("/account/password/reset/complete/", {"password1": "atarashii-kagi-desu", "password2": "atarashii-kagi-desu"})

    person.refresh_from_db()
    assert person.check_password("atarashii-kagi-desu")
    assert mailoutbox[-1].subject == "アカウントの設定が変わりました"


def test_a_second_key_with_an_app_and_recovery_codes(at_home, person):
    at_home.post("/account/reauthenticate/", {"password": PASSWORD})
    page = at_home.get("/account/mfa/totp/activate/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page).group(1)
    assert "<svg" in page and "data:" not in page

    now = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    codes = at_home.post("/account/mfa/totp/activate/", {"code": now}, follow=True).content.decode()
    assert codes.count("<li><code>") == 10
    assert len(at_home.get("/account/mfa/recovery-codes/download/").content.split()) == 10

    at_home.post("/account/logout/")
    step = at_home.post("/account/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert step.request["PATH_INFO"] == "/account/mfa/authenticate/" and "もう一つのかぎ" in step.content.decode()
    one = re.search(r"<code>([^<]+)</code>", codes).group(1)
    assert at_home.post("/account/mfa/authenticate/", {"code": one}).headers["Location"] == "/home/"


def test_the_list_of_devices_has_friendly_names_and_ends_the_others(at_home, person):
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604")
    other.post("/account/login/", {"login": person.email, "password": PASSWORD})

    assert "Safari（iPhone）" in at_home.get("/account/sessions/").content.decode()
    at_home.post("/account/sessions/")
    assert UserSession.objects.filter(user=person).count() == 1 and "_auth_user_id" not in other.session


def test_a_passkey_is_named_after_its_device(at_home):
    at_home.post("/account/reauthenticate/", {"password": PASSWORD})
    page = at_home.get("/account/mfa/webauthn/add/", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"})

    assert 'value="Chrome（Windows）"' in page.content.decode()


def test_the_same_browser_is_noted_once_in_ten_minutes(at_home, person, monkeypatch):
    noted = []
    monkeypatch.setattr("machi.web.frame.middleware.UserSessionsMiddleware",
                        lambda get_response: lambda request: noted.append(request) or get_response(request))
    door = SeenSessions(lambda request: "page")
    request = at_home.get("/gallery/").wsgi_request

    assert [door(request), door(request)] == ["page", "page"] and len(noted) == 1


def test_too_many_tries_are_asked_to_wait(db, browser, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    browser.post("/account/login/", {"login": "x@example.jp", "password": "x"})
    answer = browser.post("/account/login/", {"login": "x@example.jp", "password": "x"})

    assert answer.status_code == 429 and "少し間をおいています" in answer.content.decode()


def test_an_address_that_is_too_long_is_refused_when_it_is_added(at_home):
    answer = at_home.post("/account/email/", {"email": "a" * 260 + "@example.jp", "action_add": ""})

    assert "name@example.jp" in answer.content.decode() and EmailAddress.objects.count() == 1
