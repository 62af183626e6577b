"""Every page of the town, in a real browser, for everybody (F75, face.md 5).

Each page is seen in three of the 18 variants of {light, dark} x {1280, 390, 320 px} x {日本語, English, やさしい日本語 with
ふりがな}, so that every pair occurs; the pages of a person's first day in all 18. MACHI_FACES=all sees every page in all.
"""
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.faces.on_the_way import WAYS
from tests.faces.walk import ADDRESSES, become, name_of, names_of_pages, walk
from tests.living import LivingTown
from tests.looking import ALL_VARIANTS, CHROMIUM, VOICES, a_context, dress, listen, on_paper, problems, shot, variants_of
from tests.stories.person import Person

BROWSERS = os.cpu_count() or 1             # axe keeps a core busy
EVERYTHING = os.environ.get("MACHI_FACES") == "all"

FIRST_DAY = {"front", "account_signup", "home", "profiles:me", "jobs:list", "jobs:detail"}
# Addresses without a face: they only answer to a form, hand out a file, or lead on; or no link leads to them, only a way through
# something (a code that was mailed, a second factor, somebody who left): on_the_way.py walks it.
DEED, FILE, PART, ON_THE_WAY = "only answers to a form", "hands out a file", "a part of a page", "only on the way through something"
IN_A_STORY = "two or three people bring it about, and it is looked at there (tests/stories)"
NO_FACE = {
    **dict.fromkeys(("contracts:offer_accept", "contracts:date_answer", "contracts:check_in", "contracts:check_ins",
                     "contracts:ending_why", "contracts:ending_reason", "contracts:message", "demo:become", "look", "mfa_login_webauthn",
                     "notices:open", "notices:read_all", "profiles:begin", "profiles:evenings", "profiles:move", "profiles:remove",
                     "profiles:unsaved", "journey:forget", "desk:give_duty", "desk:end_duty", "desk:leave_topic", "desk:pass_post",
                     "desk:part_topic",
                     "organisations:acting", "organisations:accept", "organisations:withdraw",
                     "portfolio:back", "portfolio:back_file", "portfolio:move", "portfolio:remove", "portfolio:remove_file",
                     "jobs:keep", "jobs:template", "packages:open", "packages:pause", "privacy:take",
                     "end_session", "end_all_sessions"), DEED),
    **dict.fromkeys(("contracts:week", "contracts:week_ask", "contracts:week_confirm", "contracts:week_entry", "contracts:week_fund",
                     "contracts:week_submit", "contracts:week_part", "contracts:week_dispute"), ON_THE_WAY),
    **dict.fromkeys(("contracts:week_press", "contracts:week_add", "contracts:week_mend", "contracts:week_dispute_back"), DEED),
    **dict.fromkeys(("contracts:wish", "contracts:stand_in_one", "contracts:stand_in_call"), IN_A_STORY),
    "contracts:dispute_back": DEED,
    **dict.fromkeys(("contracts:calendar", "contracts:file", "contracts:hours", "cv:pdf", "cv:resume", "payments:export", "portfolio:file",
                     "portfolio:picture", "source", "mfa_download_recovery_codes", "privacy:copied_file"), FILE),
    **dict.fromkeys(("record:token", "record:envelope", "record:pdf", "record:status", "record:keys", "record:key"), FILE),
    **dict.fromkeys(("record:paper", "record:revoke"), ON_THE_WAY),
    **dict.fromkeys(("contests:open", "contests:call_off", "contests:award", "contests:receipt", "contests:show", "jobs:answer"),
                    ON_THE_WAY),
    **dict.fromkeys(("contests:mark", "contests:remove", "contests:win"), DEED),
    **dict.fromkeys(("contests:file", "contests:preview"), FILE),
    **dict.fromkeys(("payments:names", "profiles:topics", "profiles:skills"), PART),
    **dict.fromkeys(("contracts:ending", "contracts:changes", "contracts:offer_change", "contracts:review", "contracts:thanks",
                     "privacy:copy", "desk:open_sealed", "desk:post"), ON_THE_WAY),
    **dict.fromkeys(("account_request_login_code", "jobs:limit", "jobs:plan", "jobs:preview", "jobs:reopen", "jobs:step",
                     "organisations:letter"), ON_THE_WAY),
    # a code that was mailed, a password or a key that somebody has
    **dict.fromkeys((
        "account_confirm_login_code", "account_confirm_password_reset_code", "account_email_verification_sent", "account_change_password",
        "account_complete_password_reset", "account_password_reset_completed", "interrupted", "mfa_authenticate", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "proof_by_code"), ON_THE_WAY),
}
# Who walks through the demo town: the people of /demo/ in their order there, so that every state has somebody who sees it.
WALKERS = (("visitor", None), ("client", 0), ("worker", 1), ("newspaper", 4), ("asked", 5), ("revising", 6), ("came back", 7),
           ("funded", 8), ("empty", 9), ("operator", 10), ("finance", 12), ("editor", 11), ("moderator", 16))


@pytest.fixture(scope="module")
def town():
    with LivingTown(is_filled=True) as living:
        yield living


@dataclass(frozen=True, slots=True)
class Sight:
    """One page as somebody sees it who is signed in with these cookies (none for a visitor)."""

    number: int
    name: str
    path: str
    cookies: dict

    @property
    def is_everywhere(self) -> bool:
        return EVERYTHING or self.name in FIRST_DAY

    @property
    def variants(self) -> list:
        return ALL_VARIANTS if self.is_everywhere else variants_of(self.number)


def sights(town) -> list[Sight]:
    """Every page that one of the walkers comes to, each seen by the first of them."""
    found: dict[str, Sight] = {}
    with sync_playwright() as play, play.chromium.launch(**CHROMIUM) as browser:
        for role, person in WALKERS:
            context = a_context(browser, town.url)
            if person is not None:
                become(context, town.url, person)
            pages = walk(context.request, town.url, "/" if person is None else "/home/")
            pages |= {name: path for name, (path, who) in ADDRESSES.items() if who == role}
            cookies = context.storage_state()
            for number, (name, path) in enumerate(sorted(pages.items())):
                found.setdefault(name, Sight(number, name, path, cookies))
            context.close()
    return list(found.values())


def look_at(seen: list[Sight], url: str) -> list[str]:
    """What is wrong with these pages, in a browser of their own."""
    wrong = []
    with sync_playwright() as play, play.chromium.launch(**CHROMIUM) as browser:
        for sight in seen:
            context = a_context(browser, url, storage_state=sight.cookies)
            page = context.new_page()
            complaints = listen(page)
            for width, theme, voice in sight.variants:
                dress(context, url, voice)
                page.set_viewport_size({"width": width, "height": 900 if width > 999 else 844})
                page.emulate_media(color_scheme=theme)
                page.goto(url + sight.path)
                found = problems(page, width=width, menus=sight.is_everywhere)
                wrong += [f"{sight.name} {width} {theme} {voice[0]}: {problem}" for problem in found]
                if sight.is_everywhere:
                    shot(page, f"face-{sight.name}.{width}.{theme}.{voice[0]}", full=width > 999)
            wrong += [f"{sight.name} on paper: {problem}" for problem in on_paper(page)]
            wrong += [f"{sight.name}: the browser complains: {complaint}" for complaint in complaints]
            context.close()
    return wrong


def test_every_page_is_for_everybody(town):
    every = sights(town)
    by_effort = sorted(every, key=lambda sight: -len(sight.variants))
    shares = [by_effort[first::BROWSERS] for first in range(BROWSERS)]
    with ThreadPoolExecutor(BROWSERS) as browsers:
        wrong = [problem for found in browsers.map(look_at, shares, [town.url] * BROWSERS) for problem in found]

    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])
    unseen = set(names_of_pages()) - {sight.name.partition(".")[0] for sight in every} - set(NO_FACE)
    assert not unseen, f"no link leads here, and nobody said why: {sorted(unseen)}"


def test_what_one_only_sees_on_the_way_is_for_everybody(town):
    """With the pages that come back: a form with something missing (422), and two texts side by side (409)."""
    wrong, seen = [], []
    with sync_playwright() as play, play.chromium.launch(**CHROMIUM) as browser:
        person = Person(a_context(browser, town.url), town, "あおい", "aoi-on-the-way@example.jp")
        for way in WAYS:
            for name in way(person):
                assert name_of(urlsplit(person.page.url).path) == name
                number = len(seen)
                variants = ALL_VARIANTS if EVERYTHING else [variants_of(number)[number // 6 % 3]]
                wrong += [f"{name} {problem}" for problem in look_around(person, variants)]
                seen.append(name.partition(".")[0])
        wrong += [f"the browser complains: {complaint}" for complaint in person.complaints]

    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])
    assert {name for name, why in NO_FACE.items() if why == ON_THE_WAY} <= set(seen)


def look_around(person: Person, variants) -> list[str]:
    """What is wrong with this page as somebody comes to it on a phone, and in these variants. In another language it is asked for
    once more; what came back with a mistake in it, or answers to a form, is seen in Japanese alone."""
    page = person.page
    is_there = (any(voice != VOICES[0] for _width, _theme, voice in variants)       # asking makes a passkey's challenge a new one
                and person.context.request.get(page.url, max_redirects=0).status == 200)
    wrong = [f"{page.title()}: {problem}" for problem in problems(page, width=390)]
    for width, theme, voice in variants:
        if is_there or voice == VOICES[0]:
            turn(person, width, theme, voice)
            wrong += [f"{width} {theme} {voice[0]}: {problem}" for problem in problems(page, width=width)]
    turn(person, 390, "light", VOICES[0])
    return wrong


def turn(person: Person, width: int, theme: str, voice) -> None:
    """The same page in another window, light and language."""
    page = person.page
    page.set_viewport_size({"width": width, "height": 900 if width > 999 else 844})
    page.emulate_media(color_scheme=theme)
    if page.evaluate("document.documentElement.lang") != voice[0]:
        dress(person.context, person.town.url, voice)
        page.goto(page.url.partition("#")[0])       # with a mark at its end the browser would stay where it is
