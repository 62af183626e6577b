"""While somebody is here: their words stand in no log, no address, no figure, and in nobody else's mail but what they gave for it (T40)."""
import logging
import re

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from machi.privacy.actions import ask_for_export, erase_account, make_exports
from machi.web.pages.demo.mailbox import mails
from tests.privacy.canaries import CANARY, Life
from tests.web.contracts.walking import signed_in

# What others are told of: by which name they are called, how their post is called, a word of thanks.
GIVEN = re.compile(r"kanari-(old-name|name|client|party|display_name|title-\d|title|thanks|about-you)\b", re.A)
PAGES = ("home", "profiles:me", "proposals:list", "contracts:list", "payments:earnings", "payments:account", "notices:list",
         "privacy:export", "privacy:seen", "privacy:leave", "usersessions_list", "account_email", "jobs:mine")
SEARCH = f"/jobs/?q={CANARY}-hobby-topic"           # a search for jobs about a topic is an address, as when anybody types it
ADDRESS = re.compile(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"')


@pytest.fixture(params=["worker", "client"])
def life(request, town, settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return Life(request.param)


def test_their_words_are_in_no_log_no_address_and_nobody_elses_mail(life, caplog):
    browser = signed_in(life.leaver)
    ask_for_export(by=life.leaver)
    make_exports()
    pages = [browser.get(reverse(name)).content.decode() for name in PAGES]
    pages.append(browser.get(reverse("contracts:room", args=[life.contract.pk])).content.decode())

    assert sum(CANARY in page for page in pages) > 5, "the canaries are on their own pages"
    found = [address for page in pages for address in ADDRESS.findall(page) if CANARY in address]
    assert [address for address in found if not address.startswith(("mailto:", f"https://{CANARY}", SEARCH))] == []
    others = [mail for mail in mails() if CANARY not in mail.to]
    assert others and [mail for mail in others if CANARY in GIVEN.sub("", f"{mail.subject}{mail.text}")] == []
    erase_account(by=life.leaver)
    said = [record for record in caplog.records if record.name.startswith(("machi", "django.request", "allauth"))]
    assert [record for record in said if CANARY in record.getMessage() or CANARY in str(vars(record))] == []


def test_a_figure_of_the_town_has_no_room_for_a_word():
    """What is counted about many is numbers and days: nobody's word can come into it, nor one person's row be pointed at."""
    fields = [field for model in apps.get_app_config("insights").get_models() for field in model._meta.get_fields()]
    assert fields and [field for field in fields if not isinstance(field, models.IntegerField | models.DateField)] == []
