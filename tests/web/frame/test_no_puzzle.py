"""No puzzle, and nothing in the way of a password manager, of pasting, or of a code that the telephone offers (WCAG 3.3.8, F75)."""
import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from machi.web.frame import papers
from tests.people import a_person
from tests.web.contracts.walking import signed_in

PASSWORD = "machi-no-hitobito"


def field(page: str, name: str) -> str:
    return next(found for found in re.findall(rf'<input[^>]*name="{name}"[^>]*>', page) if 'type="radio"' not in found)


def person_with_password():
    person = a_person()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def a_visitor(_address):
    return Client()


def somebody_with_password(_address):
    return signed_in(person_with_password())


def somebody_without(_address):
    person = person_with_password()
    person.set_unusable_password()
    person.save()
    return signed_in(person)


def after_a_code(where, typed):
    def browser(_address):
        visitor = Client()
        visitor.post(where, typed)
        return visitor
    return browser


def asked_to_show(_address):
    person = person_with_password()
    person.set_unusable_password()
    person.save()
    browser = signed_in(person, ago=3600)
    browser.post("/account/again/code/", {"send": "1"})
    return browser


@pytest.mark.parametrize(("address", "browser", "name", "kind", "says"), [
    ("/account/login/", a_visitor, "login", "email", "email"),
    ("/account/login/", a_visitor, "password", "password", "current-password"),
    ("/account/signup/", a_visitor, "email", "email", "email"),
    ("/account/login/code/", a_visitor, "email", "email", "email"),
    ("/account/password/reset/", a_visitor, "email", "email", "email"),
    ("/account/password/change/", somebody_with_password, "oldpassword", "password", "current-password"),
    ("/account/password/change/", somebody_with_password, "password1", "password", "new-password"),
    ("/account/password/change/", somebody_with_password, "password2", "password", "new-password"),
    ("/account/password/set/", somebody_without, "password1", "password", "new-password"),
    ("/account/email/", somebody_with_password, "email", "email", "email"),
    ("/account/reauthenticate/", somebody_with_password, "password", "password", "current-password"),
    ("/account/mfa/totp/activate/", somebody_with_password, "code", "text", "one-time-code"),
    ("/account/again/code/", asked_to_show, "code", "text", "one-time-code"),
    ("/account/login/code/confirm/", after_a_code("/account/login/code/", {"email": "x@example.jp"}), "code", "text", "one-time-code"),
    ("/account/confirm-email/", after_a_code("/account/signup/", {
        "email": "x@example.jp", "is_adult": "on", "agrees": "on", "papers": papers.shown()}), "code", "text", "one-time-code"),
    ("/account/password/reset/confirm/", after_a_code("/account/password/reset/", {"email": "x@example.jp"}),
     "code", "text", "one-time-code"),
    ("/welcome/", somebody_with_password, "call_name", "text", "nickname"),
])
def test_a_field_says_what_belongs_into_it_and_takes_what_is_pasted(db, address, browser, name, kind, says):
    page = browser(address).get(address).content.decode()
    found = field(page, name)

    assert f'type="{kind}"' in found and f'autocomplete="{says}' in found, found
    assert "onpaste" not in page and "readonly" not in found
    longest = re.search(r'maxlength="(\d+)"', found)
    assert longest is None or int(longest.group(1)) >= (64 if kind == "password" else 12 if says == "one-time-code" else 40)
    assert "captcha" not in page.lower()
