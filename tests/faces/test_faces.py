"""Every page of the town, in a real browser, for everybody (F75, face.md 5).

Each page is seen in one of the 18 variants of {light, dark} x {1280, 390, 320 px} x {日本語, English, やさしい日本語 with ふりがな},
in turn, so that every page and every variant is seen, and it is measured at every width. On the six pages of a person's first day the
menus of the frame are unfolded, too. MACHI_FACES=all sees every page in all 18, with the menus, and keeps a picture of each.
"""
from dataclasses import dataclass

import pytest

from tests import looking
from tests.faces.steps import EVERYTHING
from tests.faces.walk import ADDRESSES, NO_FACE, become, names_of_pages, walk
from tests.looking import ALL_VARIANTS, a_browser, a_context, dress, listen, one_of_all, shot

FIRST_DAY = ("account_signup", "front", "home", "jobs:detail", "jobs:list", "profiles:me")
# Who walks through the demo town: the people of /demo/ in their order there, so that every state has somebody who sees it.
WALKERS = (("visitor", None), ("client", 0), ("worker", 1), ("newspaper", 4), ("asked", 5), ("revising", 6), ("came back", 7),
           ("funded", 8), ("empty", 9), ("operator", 10), ("finance", 12), ("editor", 11), ("moderator", 16), ("gives tasks", 20))


@dataclass(frozen=True, slots=True)
class Sight:
    """One page as somebody sees it who is signed in with these cookies (none for a visitor)."""

    number: int
    name: str
    path: str
    who: str
    cookies: dict

    @property
    def has_menus(self) -> bool:
        return EVERYTHING or self.name in FIRST_DAY

    @property
    def variants(self) -> list:
        return ALL_VARIANTS if EVERYTHING else [one_of_all(self.number)]


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def sights(town, chromium) -> list[Sight]:
    """Every page that one of the walkers comes to, each seen by the first of them."""
    found: dict[str, tuple[str, str, dict]] = {}
    for role, person in WALKERS:
        context = a_context(chromium, town.url)
        if person is not None:
            become(context, town.url, person)
        pages = walk(context.request, town.url, "/" if person is None else "/home/")
        pages |= {name: path for name, (path, who) in ADDRESSES.items() if who == role}
        cookies = context.storage_state()
        for name, path in pages.items():
            found.setdefault(name, (path, role, cookies))
        context.close()
    return [Sight(number, name, *found[name]) for number, name in enumerate(sorted(found))]


def look_at(seen: list[Sight], url: str, chromium) -> list[str]:
    """What is wrong with these pages of one person, in one window: a new one is slow to open."""
    context = a_context(chromium, url, storage_state=seen[0].cookies)
    page, wrong = context.new_page(), []
    complaints = listen(page)
    for sight in seen:
        wrong += look_at_one(sight, context, page, url)
        wrong += [f"{sight.name}: the browser complains: {complaint}" for complaint in complaints]
        complaints.clear()
    context.close()
    return wrong


def look_at_one(sight: Sight, context, page, url: str) -> list[str]:
    wrong = []
    for width, theme, voice in sight.variants:
        dress(context, url, voice)
        looking.resize(page, width)
        page.emulate_media(media="screen", color_scheme=theme)
        page.goto(url + sight.path)
        found = looking.problems(page, width=width, menus=sight.has_menus)
        wrong += [f"{sight.name} {width} {theme} {voice[0]}: {problem}" for problem in found]
        if EVERYTHING:
            shot(page, f"face-{sight.name}.{width}.{theme}.{voice[0]}", full=width > 999)
    if len(sight.variants) == 1:
        wrong += [f"{sight.name} {theme} {voice[0]}: {problem}" for problem in looking.at_other_widths(page, width)]
    return wrong + [f"{sight.name} on paper: {problem}" for problem in looking.on_paper(page)]


@pytest.mark.parametrize("who", [role for role, _person in WALKERS])
def test_every_page_is_for_everybody(town, chromium, sights, who):
    theirs = [sight for sight in sights if sight.who == who]
    wrong = look_at(theirs, town.url, chromium) if theirs else []

    assert not wrong, f"{len(wrong)} problems:\n" + "\n".join(wrong[:40])


def test_every_page_is_come_to_or_somebody_said_why_not(sights):
    unseen = set(names_of_pages()) - {sight.name.partition(".")[0] for sight in sights} - set(NO_FACE)

    assert not unseen, f"no link leads here, and nobody said why: {sorted(unseen)}"


def test_every_variant_and_every_page_of_the_first_day_is_seen(sights):
    assert {variant for sight in sights for variant in sight.variants} == set(ALL_VARIANTS)
    assert set(FIRST_DAY) <= {sight.name for sight in sights}
