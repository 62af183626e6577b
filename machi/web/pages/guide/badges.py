"""The badges in words: what each is called, its rule in the numbers that really count, and what it says of somebody."""
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from machi.reviews.badges import (
    ANSWERS_AT_LEAST,
    NEWEST_ANSWERS,
    NEWEST_WORKS,
    OF_CLIENTS,
    OF_WORKERS,
    PEOPLE_AT_LEAST,
    THANKS_AT_LEAST,
    WORKS_AT_LEAST,
    Badge,
)

BADGE_ICONS = {"on_time": "calendar-check", "asked_again": "repeat", "thanked": "heart-handshake", "answers_everybody": "mail-check",
               "accepts_in_time": "circle-check-big", "comes_back": "repeat", "says_thanks": "heart-handshake"}


class Told(NamedTuple):
    """A badge as it is read. `said` is its evidence; empty where only the rule is told."""

    code: str
    icon: str
    title: str
    rule: str
    said: str = ""


def rules(codes: tuple[str, ...]) -> list[Told]:
    """The rules of these badges, in their order."""
    table = _table(get_language())
    return [_told(code, *table[code]) for code in codes]


def rules_of_workers() -> list[Told]:
    return rules(OF_WORKERS)


def rules_of_clients() -> list[Told]:
    return rules(OF_CLIENTS)


def told(badges: list[Badge]) -> list[Told]:
    """The badges of somebody, each with its evidence."""
    table = _table(get_language())
    return [_told(badge.code, *table[badge.code], n=badge.count) for badge in badges]


def _told(code: str, title: str, rule: str, count: str, least: int, newest: int = 0, n: int = 0) -> Told:
    return Told(code, BADGE_ICONS[code], title, rule % {"least": least, "newest": newest}, count % {"n": n} if n else "")


@cache
def _table(_language: str | None) -> dict[str, tuple]:
    return {
        "on_time": (_("badge.on_time"), _("badge.on_time.rule"), _("badge.on_time.count"), WORKS_AT_LEAST, NEWEST_WORKS),
        "asked_again": (_("badge.asked_again"), _("badge.asked_again.rule"), _("badge.asked_again.count"), PEOPLE_AT_LEAST),
        "thanked": (_("badge.thanked"), _("badge.thanked.rule"), _("badge.thanked.count"), THANKS_AT_LEAST),
        "answers_everybody": (_("badge.answers_everybody"), _("badge.answers_everybody.rule"), _("badge.answers_everybody.count"),
                              ANSWERS_AT_LEAST, NEWEST_ANSWERS),
        "accepts_in_time": (_("badge.accepts_in_time"), _("badge.accepts_in_time.rule"), _("badge.accepts_in_time.count"),
                            WORKS_AT_LEAST, NEWEST_WORKS),
        "comes_back": (_("badge.comes_back"), _("badge.comes_back.rule"), _("badge.comes_back.count"), PEOPLE_AT_LEAST),
        "says_thanks": (_("badge.says_thanks"), _("badge.says_thanks.rule"), _("badge.says_thanks.count"), THANKS_AT_LEAST),
    }
