"""While somebody is here: their words stand in no log, no address, no figure, and in nobody else's mail but what they gave for it (T40)."""
import logging
import re

import pytest
from django.apps import apps
from django.db import IntegrityError, models
from django.test import Client
from django.urls import reverse

from machi.accounts.models import Party, User
from machi.privacy.actions import erase_account
from machi.web.pages.demo.mailbox import mails
from tests.people import a_person
from tests.privacy.canaries import ADDRESS, BANK, CANARY, KANA, NUMBER, SIGNS, Life, tells
from tests.settings import SERVER
from tests.web.contracts.walking import signed_in

# What others are told of: by which name they are called, how their post is called, a word of thanks.
GIVEN = re.compile(r"kanari-(old-name|name|client|party|display_name|title-\d|title|unwanted|thanks|about-you)\b", re.A)
PAGES = ("home", "profiles:me", "proposals:list", "contracts:list", "payments:earnings", "payments:account", "notices:list",
         "privacy:export", "privacy:seen", "privacy:leave", "usersessions_list", "account_email", "jobs:mine")
SEARCH = f"/jobs/?q={CANARY}-hobby-topic"           # a search for jobs about a topic is an address, as when anybody types it
IN_A_PAGE = re.compile(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"')


class Ear(logging.Handler):
    """Hears everything that any part of the town or of its libraries logs, also what their own settings would keep quiet.

    SQL is among it; Django gives that to a log only with DEBUG, which no town has."""

    def __init__(self):
        super().__init__()
        self.heard = []
        self.loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
        self.levels = [logger.level for logger in self.loggers]

    def emit(self, record):
        self.heard.append((record.name, f"{self.format(record)} {vars(record)}"))

    def __enter__(self):
        for logger in self.loggers:
            logger.setLevel(logging.DEBUG)
            if logger.parent is None or not logger.propagate:
                logger.addHandler(self)
        return self

    def __exit__(self, *trouble):
        for logger, level in zip(self.loggers, self.levels, strict=True):
            logger.setLevel(level)
            logger.removeHandler(self)

    def said(self) -> list:
        return [(name, words) for name, words in self.heard if tells(words)]


@pytest.fixture
def went(monkeypatch):
    """Every address that a browser asks for and that it is sent to, as they come."""
    addresses, ask = [], Client.request

    def request(self, **values):
        answer = ask(self, **values)
        addresses.extend([f"{values['PATH_INFO']}?{values.get('QUERY_STRING', '')}", answer.headers.get("Location", "")])
        return answer
    monkeypatch.setattr(Client, "request", request)
    return addresses


def write(life: Life) -> list[int]:
    """Words go through the doors of the town as well: into forms that are taken, refused, broken off, and sent by nobody."""
    room, gone = reverse("contracts:room", args=[life.contract.pk]), signed_in(life.leaver)
    gone.logout()
    sent = ((life.browser, reverse("profiles:line", args=["about"]), {"about": f"{CANARY}-about"}),
            (life.browser, reverse("profiles:add", args=["strength"]), {"statement": f"{CANARY}-" * 500}),
            (life.browser, reverse("profiles:line", args=["headline"]), {"headline": f"{CANARY}-other", "seen": f"{CANARY}-seal"}),
            (life.browser, f"{room}message/", {"body": f"{CANARY}-letter", "key": f"{CANARY}-key"}),
            (life.browser, reverse("payments:account"), BANK),
            (life.browser, reverse("payments:account"), BANK | {"number": f"{NUMBER}-{NUMBER}"}),
            (gone, reverse("payments:account"), BANK),
            (life.browser, reverse("profiles:line", args=["names"]), {"call_name": "", "call_reading": KANA, "legal_reading": KANA}),
            (life.browser, "/nowhere/", {"about": f"{CANARY}-nowhere"}),
            (Client(enforce_csrf_checks=True), reverse("profiles:add", args=["strength"]), {"statement": f"{CANARY}-strength"}),
            (gone, reverse("profiles:add", args=["strength"]), {"statement": f"{CANARY}-strength"}),
            (Client(), reverse("account_login"), {"login": ADDRESS, "password": f"{CANARY}-password"}),
            (Client(), reverse("account_signup"), {"email": ADDRESS, "password1": f"{CANARY}-password"}),
            (Client(), reverse("account_reset_password"), {"email": ADDRESS}),
            (Client(), reverse("account_request_login_code"), {"email": ADDRESS}))
    return [browser.post(address, words).status_code for browser, address, words in sent]


@pytest.mark.parametrize("of", ["worker", "client"])
def test_their_words_are_in_no_log_no_address_and_nobody_elses_mail(town, settings, went, of):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    with Ear() as ear:
        life = Life(of)
        pages = [life.browser.get(address).content.decode() for address in (
            *map(reverse, PAGES), reverse("contracts:room", args=[life.contract.pk]))]
        answers = write(life)
        assert life.leaver.bank_account.number == NUMBER
        others = [mail for mail in mails() if CANARY not in mail.to]
        erase_account(by=life.leaver)
        said = ear.said()
        for sign in SIGNS:
            logging.getLogger("django.server").info("planted %s", sign)

    assert sum(CANARY in page for page in pages) > 5, "the canaries are on their own pages"
    found = [address for page in pages for address in IN_A_PAGE.findall(page) if tells(address)]
    assert [address for address in found if not address.startswith(("mailto:", f"https://{CANARY}", SEARCH))] == []
    assert {200, 302, 403, 404, 409, 422} <= set(answers) and len(went) > 50 and [address for address in went if tells(address)] == []
    assert others and [mail for mail in others if tells(GIVEN.sub("", f"{mail.subject}{mail.text}"))] == []
    assert said == [] and {"django.request", "django.security.csrf"} <= {name for name, _words in ear.heard}
    assert len(ear.said()) == len(SIGNS), "the ear hears"


def test_the_database_repeats_no_word_in_its_own_log(town):
    """It logs that a deed was refused and by which rule; the row that was refused is full of somebody's words."""
    first, second = a_person(), a_person(f"{CANARY}-name")
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=second.pk).update(email=first.email, display_name=f"{CANARY}-name")
    with pytest.raises(IntegrityError):
        Party.objects.filter(person=second).update(kind="nothing", name=f"{CANARY}-party")

    said = SERVER.log.read_text()
    assert "duplicate key" in said and "violates" in said
    assert [line for line in said.splitlines() if CANARY in line or first.email in line] == []


def test_a_figure_of_the_town_has_no_room_for_a_word():
    """What is counted about many is numbers and days: nobody's word can come into it, nor one person's row be pointed at."""
    fields = [field for model in apps.get_app_config("insights").get_models() for field in model._meta.get_fields()]
    assert fields and [field for field in fields if not isinstance(field, models.IntegerField | models.DateField)] == []
