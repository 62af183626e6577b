"""Every page of the town, in a real browser, for everybody (F75, face.md 5).

Each page is seen in one of the 18 variants of {light, dark} x {1280, 390, 320 px} x {日本語, English, やさしい日本語 with ふりがな},
in turn, and measured at every width; the six pages of a person's first day are seen in three, together in all 18, with the menus of the
frame. MACHI_FACES=all sees every page in all.
"""
from dataclasses import dataclass

import pytest
from playwright.sync_api import sync_playwright

from tests import looking
from tests.faces.steps import EVERYTHING
from tests.faces.walk import ADDRESSES, NO_FACE, become, names_of_pages, walk
from tests.looking import ALL_VARIANTS, CHROMIUM, a_context, dress, listen, one_of_all, shot, variants_of

SHARES = 3
FIRST_DAY = ("account_signup", "front", "home", "jobs:detail", "jobs:list", "profiles:me")
# Who walks through the demo town: the people of /demo/ in their order there, so that every state has somebody who sees it.
WALKERS = (("visitor", None), ("client", 0), ("worker", 1), ("newspaper", 4), ("asked", 5), ("revising", 6), ("came back", 7),
           ("funded", 8), ("empty", 9), ("operator", 10), ("finance", 12), ("editor", 11), ("moderator", 16))


@dataclass(frozen=True, slots=True)
class Sight:
    """One page as somebody sees it who is signed in with these cookies (none for a visitor)."""

    number: int
    name: str
    path: str
    cookies: dict

    @property
    def is_of_the_first_day(self) -> bool:
        return self.name in FIRST_DAY

    @property
    def variants(self) -> list:
        if EVERYTHING:
            return ALL_VARIANTS
        return variants_of(FIRST_DAY.index(self.name)) if self.is_of_the_first_day else [one_of_all(self.number)]


@pytest.fixture(scope="module")
def sights(town) -> list[Sight]:
    """Every page that one of the walkers comes to, each seen by the first of them."""
    found: dict[str, tuple[str, dict]] = {}
    with sync_playwright() as play, play.chromium.launch(**CHROMIUM) as browser:
        for role, person in WALKERS:
            context = a_context(browser, town.url)
            if person is not None:
                become(context, town.url, person)
            pages = walk(context.request, town.url, "/" if person is None else "/home/")
            pages |= {name: path for name, (path, who) in ADDRESSES.items() if who == role}
            cookies = context.storage_state()
            for name, path in pages.items():
                found.setdefault(name, (path, cookies))
            context.close()
    return [Sight(number, name, *found[name]) for number, name in enumerate(sorted(found))]


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
                looking.resize(page, width)
                page.emulate_media(color_scheme=theme)
                page.goto(url + sight.path)
                found = looking.problems(page, width=width, menus=EVERYTHING or sight.is_of_the_first_day)
                wrong += [f"{sight.name} {width} {theme} {voice[0]}: {problem}" for problem in found]
                if EVERYTHING or sight.is_of_the_first_day:
                    shot(page, f"face-{sight.name}.{width}.{theme}.{voice[0]}", full=width > 999)
            if len(sight.variants) == 1:
                wrong += [f"{sight.name} {theme} {voice[0]}: {problem}" for problem in looking.at_other_widths(page, width)]
            wrong += [f"{sight.name} on paper: {problem}" for problem in looking.on_paper(page)]
            wrong += [f"{sight.name}: the browser complains: {complaint}" for complaint in complaints]
            context.close()
    return wrong


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_for_everybody(town, sights, share):
    wrong = look_at(sights[share::SHARES], town.url)

    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])


def test_every_page_is_come_to_or_somebody_said_why_not(sights):
    unseen = set(names_of_pages()) - {sight.name.partition(".")[0] for sight in sights} - set(NO_FACE)

    assert not unseen, f"no link leads here, and nobody said why: {sorted(unseen)}"


def test_the_pages_of_the_first_day_are_seen_in_all_variants_together(sights):
    assert {variant for sight in sights if sight.is_of_the_first_day for variant in sight.variants} == set(ALL_VARIANTS)
