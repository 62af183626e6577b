"""Coming in with a second key (T31): the six digits of an app, or one of the codes kept for the day on which the app is gone."""
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from tests.people import a_person
from tests.web.contracts.walking import said, text_of

pytestmark = pytest.mark.django_db
PASSWORD, SECOND = "machi-no-hitobito", "/account/mfa/authenticate/"
SECRET = generate_totp_secret()


@pytest.fixture
def person():
    person = a_person()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    TOTP.activate(person, SECRET)
    return person


@pytest.fixture
def spare(person) -> str:
    """One of the codes on the paper."""
    return RecoveryCodes.activate(person).get_unused_codes()[0]


def in_the_app(*, ago: int = 0) -> str:
    """The six digits that the app shows now, or showed so many half minutes ago."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 - ago))


def at_the_second_door(person) -> Client:
    browser = Client()
    assert browser.post("/account/login/", {"login": person.email, "password": PASSWORD}).headers["Location"].startswith(SECOND)
    assert "_auth_user_id" not in browser.session
    return browser


def test_the_digits_of_the_app_open_the_door_once(person):
    first, second, now = at_the_second_door(person), at_the_second_door(person), in_the_app()

    assert first.post(SECOND, {"code": now}).headers["Location"] == "/home/" and "_auth_user_id" in first.session
    assert said("account.error.app_code") in text_of(second.post(SECOND, {"code": now})), "seen over a shoulder, it opens nothing"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "あ", "𠮷" * 50, "1" * 5000, "\0", "an hour ago"])
def test_other_digits_are_no_verdict_and_the_right_ones_open_after_them(person, typed):
    browser = at_the_second_door(person)

    answer = browser.post(SECOND, {"code": in_the_app(ago=120) if typed == "an hour ago" else typed})

    assert answer.status_code == 200 and "_auth_user_id" not in browser.session
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page and (said("account.error.app_code") in text_of(answer) or typed in ("", "\0"))
    assert browser.post(SECOND, {"code": in_the_app()}).headers["Location"] == "/home/"


def test_a_code_from_the_paper_opens_the_door_and_is_spent(person, spare):
    assert at_the_second_door(person).post(SECOND, {"code": spare}).headers["Location"] == "/home/"
    again = at_the_second_door(person)

    assert said("account.error.app_code") in text_of(again.post(SECOND, {"code": spare})) and "_auth_user_id" not in again.session
    another = RecoveryCodes(Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)).get_unused_codes()[0]
    assert another != spare and again.post(SECOND, {"code": another}).headers["Location"] == "/home/"


def test_the_second_door_is_closed_to_whoever_did_not_open_the_first(db):
    browser = Client()

    assert browser.post(SECOND, {"code": in_the_app()}).headers["Location"].startswith("/account/login/")
    assert "_auth_user_id" not in browser.session
