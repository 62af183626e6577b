"""A code from a mail ends with its last wrong try (config/limits.py CODE_TRIES), and works until then: at every door that mails one."""
import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from config.limits import CODE_TRIES
from tests.people import a_person
from tests.web.contracts.walking import signed_in
from tests.web.frame.test_join import form

HERE, NEW, LONG_AGO = "here@example.jp", "new@example.jp", 3600


def leads_to(goal: str):
    return lambda answer: answer.headers["Location"].partition("?")[0] == goal


def is_confirmed(_answer) -> bool:
    return EmailAddress.objects.filter(email=NEW, verified=True).exists()


# Who asks for it (signed in how long ago), where and with what; where it is typed; how one sees that it opened.
DOORS = {
    "coming in": (None, "/account/login/code/", {"email": HERE}, "/account/login/code/confirm/", leads_to("/home/")),
    "joining": (None, "/account/signup/", form(NEW), "/account/confirm-email/", is_confirmed),
    "another address": (0, "/account/email/", {"email": NEW, "action_add": ""}, "/account/confirm-email/", is_confirmed),
    "a new password": (None, "/account/password/reset/", {"email": HERE}, "/account/password/reset/confirm/",
                       leads_to("/account/password/reset/complete/")),
    "proof": (LONG_AGO, "/account/again/code/", {"send": "1"}, "/account/again/code/", leads_to("/home/")),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("wrong_tries", "opens"), [(CODE_TRIES - 1, True), (CODE_TRIES, False)], ids=["n", "n+1"])
def test_the_right_code_opens_until_the_last_wrong_try(db, mailoutbox, door, wrong_tries, opens):
    ago, asked, words, typed, opened = DOORS[door]
    person = a_person()
    person.email = HERE
    person.save()
    EmailAddress.objects.create(user=person, email=HERE, verified=True, primary=True)
    browser = Client() if ago is None else signed_in(person, ago=ago)
    browser.post(asked, words)
    code = re.search(r"\d{4}-\d{4}", mailoutbox[-1].body).group()

    for _try in range(wrong_tries):
        browser.post(typed, {"code": "0000-0000"})

    assert opened(browser.post(typed, {"code": code})) == opens
