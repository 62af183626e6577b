"""Somebody of the town's own people at a browser, with or without their second key."""
import time

from django.test import Client

from machi.accounts.models import User
from tests.people import a_staff_member
from tests.web.contracts.walking import signed_in


def with_second_key(browser: Client, user: User, *, ago: int = 0) -> Client:
    """This session has used a second key, some seconds ago: what allauth writes down then."""
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "code", "at": time.time() - ago, "email": user.email},
        {"method": "mfa", "at": time.time() - ago, "type": "totp", "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def at_work(*duties: str) -> tuple[Client, User]:
    """The browser of somebody with these duties, whose second key was used just now."""
    person = a_staff_member(*duties)
    return with_second_key(signed_in(person), person), person
