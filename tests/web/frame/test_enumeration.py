"""Nobody learns from the town who lives here: not by words, status, length or time (T30).

Each door is tried with an address that is known and with one that is not, of the same length. What they answer may differ in the
tokens of the forms and in the address itself, and in nothing else.

By time there are two measures. The long run (MACHI_LONG=1, on a machine with nothing else to do) is T30 to the letter: 200 pairs, and a
share beyond 0.6 tells. Every other run shares two cores with other tests, which slow a request at any moment; there, of five tries in
a row the quickest counts (whoever has a watch would do the same). In both, the very rule that finds no gap at the doors finds a
planted one of a whole step, and one of five thousandths of a second (fifty where the machine is busy) where no steps are kept.
"""
import itertools
import os
import re
import statistics
import time
from collections.abc import Callable

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import resolve, reverse

from machi.web.frame import papers
from machi.web.frame.middleware import EVEN
from tests.people import a_person
from tests.web.contracts.walking import signed_in

PASSWORD = "machi-no-hitobito"
KNOWN, UNKNOWN = "known-person@example.jp", "nobody-there@example.jp"
LONG = "MACHI_LONG" in os.environ
PAIRS, QUICKEST_OF = (200, 1) if LONG else (60, 5)
FAR = 0.1 if LONG else 0.3      # how far from one half the share may lie in three rounds: chance goes so far once in hundred thousands
STEP = .2 if LONG else .05      # of a living town; shorter where many tests wait
PLANTED = .005 if LONG else .05
_numbers = itertools.count()

AGREED = {"is_adult": "on", "agrees": "on", "papers": papers.shown()}
DOORS: dict[str, Callable] = {
    "the door": lambda browser, address: browser.post("/account/login/", {"login": address}),
    "a password": lambda browser, address: browser.post("/account/login/", {"login": address, "password": "not this one"}),
    "a code": lambda browser, address: browser.post("/account/login/code/", {"email": address}),
    "joining": lambda browser, address: browser.post("/account/signup/", {"email": address} | AGREED),
    "a forgotten password": lambda browser, address: browser.post("/account/password/reset/", {"email": address}),
    "another address": lambda browser, address: browser.post("/account/email/", {"email": address, "action_add": ""}),
}


@pytest.fixture
def known(settings):
    """Somebody with a password and a confirmed address; and no limit stands in the way of trying."""
    settings.ACCOUNT_RATE_LIMITS = False
    person = a_person()
    person.email = KNOWN
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=KNOWN, verified=True, primary=True)
    return person


def a_browser(door: str) -> Client:
    return signed_in(a_person()) if door == "another address" else Client()


def everything_said(browser: Client, answer, address: str) -> list:
    """Status, headers and body, and the same of the page it leads to, without what is different each time."""
    def plain(one) -> tuple:
        body = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", one.content.decode()).replace(address, "X" * len(address))
        return one.status_code, one.headers.get("Location", "").replace(address, "X"), sorted(one.headers), len(one.content), body
    said = [plain(answer)]
    while answer.status_code == 302:
        answer = browser.get(answer.headers["Location"])
        said.append(plain(answer))
    return said


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
def test_a_known_and_an_unknown_address_are_answered_alike(db, known, door, language):
    answers = []
    for address in (KNOWN, UNKNOWN):
        browser = a_browser(door)
        browser.cookies["django_language"] = language
        answers.append(everything_said(browser, DOORS[door](browser, address), address))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("door", ["a code", "joining", "a forgotten password"])
def test_a_wrong_code_after_it_is_answered_alike(db, known, door):
    where = {"a code": "/account/login/code/confirm/", "joining": "/account/confirm-email/",
             "a forgotten password": "/account/password/reset/confirm/"}[door]
    answers = []
    for address in (KNOWN, UNKNOWN):
        browser = Client()
        DOORS[door](browser, address)
        tries = [everything_said(browser, browser.post(where, {"code": "0000-0000"}), address) for _try in range(4)]
        answers.append([*tries, everything_said(browser, browser.post(where, {"action": "resend"}), address)])

    assert answers[0] == answers[1]


# ---- by time -----------------------------------------------------------------------------------------------------------

def share_slower(one: list[float], other: list[float]) -> float:
    """How often a time of the first list is longer than one of the second: one half when nothing can be told (Mann-Whitney)."""
    return statistics.fmean((a > b) + (a == b) / 2 for a in one for b in other)


def tells(door: str) -> bool:
    """Could somebody with a watch tell known from unknown? Tried in turn, so that a busy machine slows both alike."""
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    browser = a_browser(door)
    for number in range(PAIRS):
        fresh = f"nobody-t{next(_numbers):04}@example.jp"           # who joined in an earlier round is known in this one
        for address in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            visitor = browser if door == "another address" else Client()
            typed = address if address == KNOWN else fresh
            began = time.perf_counter()
            DOORS[door](visitor, typed)
            times[address].append(time.perf_counter() - began)
    times = {address: [min(taken[one:one + QUICKEST_OF]) for one in range(0, PAIRS, QUICKEST_OF)] for address, taken in times.items()}
    gap = statistics.median(times[KNOWN]) - statistics.median(times[UNKNOWN])
    share = share_slower(times[KNOWN], times[UNKNOWN])
    print(f"{door}: known {statistics.median(times[KNOWN]) * 1000:.1f} ms, gap {gap * 1000:+.1f} ms, share {share:.2f}")
    return abs(share - .5) > FAR


def never_tells(door: str) -> bool:
    """Chance may speak once; a real difference speaks every time."""
    return not all(tells(door) for _round in range(3))


@pytest.mark.parametrize("door", DOORS)
def test_a_known_and_an_unknown_address_take_equally_long(town, known, settings, door):
    settings.EVEN_SECONDS = STEP
    if door == "a password":                            # the hash that is slow on purpose, as in a real town
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        known.set_password(PASSWORD)
        known.save()

    assert never_tells(door)


@pytest.mark.parametrize(("step", "longer"), [(0, PLANTED), (STEP, STEP)], ids=["without steps", "by a whole step"])
def test_a_door_that_works_longer_for_those_it_knows_is_found(town, known, settings, monkeypatch, step, longer):
    """Planted: whom the town knows, it serves a little later."""
    settings.EVEN_SECONDS = step
    serves_later(monkeypatch, longer)

    assert not never_tells("a code")


def test_even_steps_hide_that_a_door_works_longer(town, known, settings, monkeypatch):
    settings.EVEN_SECONDS = STEP
    serves_later(monkeypatch, STEP / 4)

    assert never_tells("a code")


def serves_later(monkeypatch, seconds: float) -> None:
    send = DefaultAccountAdapter.send_mail

    def send_slowly(self, template, email, context):
        time.sleep(seconds if email == KNOWN else 0)
        return send(self, template, email, context)
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", send_slowly)


@pytest.mark.parametrize("name", sorted(EVEN))
def test_a_door_that_keeps_steps_is_a_door_of_the_town(name):
    assert resolve(reverse(name)).view_name == name
