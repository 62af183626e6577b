"""How the tests of this folder walk: a way stops where a page waits to be looked at, and names the page on which it stands."""
import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.urls import reverse

from tests.faces.walk import name_of
from tests.looking import ALL_VARIANTS, VOICES, a_browser, a_context, at_other_widths, dress, one_of_all, problems, resize
from tests.stories.person import Person

EVERYTHING = os.environ.get("MACHI_FACES") == "all"


def look_on_the_way(town, ways: tuple[Callable[[Person], Iterator[str]], ...]) -> tuple[list[str], set[str]]:
    """What is wrong with the pages on these ways, each in one of the 18 variants, and the names of the pages."""
    wrong, seen = [], []
    with a_browser() as browser:
        person = Person(a_context(browser, town.url), town, "あおい", "aoi-on-the-way@example.jp")
        for way in ways:
            for name in way(person):
                assert name_of(urlsplit(person.page.url).path) == name
                wrong += [f"{name} {problem}" for problem in look_around(person, ALL_VARIANTS if EVERYTHING else [one_of_all(len(seen))])]
                seen.append(name.partition(".")[0])
        wrong += [f"the browser complains: {complaint}" for complaint in person.complaints]
    return wrong, set(seen)


def look_around(person: Person, variants: list) -> list[str]:
    """What is wrong with this page in these variants; after a single one, it is measured at the other widths, too.

    In another language it is asked for once more; what came back with a mistake in it, or answers to a form, is seen in Japanese alone.
    """
    page, wrong = person.page, []
    is_there = (any(voice != VOICES[0] for _width, _theme, voice in variants)       # asking makes a passkey's challenge a new one
                and person.context.request.get(page.url, max_redirects=0).status == 200)
    for width, theme, voice in dict.fromkeys((width, theme, voice if is_there else VOICES[0]) for width, theme, voice in variants):
        turn(person, width, theme, voice)
        wrong += [f"{page.title()} {width} {theme} {voice[0]}: {problem}" for problem in problems(page, width=width)]
    if len(variants) == 1:
        wrong += [f"{page.title()}: {problem}" for problem in at_other_widths(page, width)]
    turn(person, 390, "light", VOICES[0])
    return wrong


def turn(person: Person, width: int, theme: str, voice) -> None:
    """The same page in another window, light and language."""
    page = person.page
    resize(page, width)
    page.emulate_media(color_scheme=theme)
    if page.evaluate("document.documentElement.lang") != voice[0]:
        dress(person.context, person.town.url, voice)
        page.goto(page.url.partition("#")[0])       # with a mark at its end the browser would stay where it is


def go(person: Person, name: str, *args) -> None:
    person.open(f"{person.town.url}{reverse(name, args=args)}")


def send(person: Person) -> None:
    """The form of the page, as it stands, without what a script would do with it."""
    with person.page.expect_navigation():
        person.page.evaluate("document.querySelector('main form').submit()")


def found(person: Person, path: str, pattern: str) -> str:
    """What a page of this person holds, as soon as it does."""
    for _try in range(120):
        if match := re.search(pattern, person.context.request.get(person.town.url + path).text()):
            return match[1]
        person.page.wait_for_timeout(250)
    raise AssertionError(f"{path} never held {pattern}")


def empty_too(person: Person, name: str, *args) -> Iterator[str]:
    """A page as it opens, and as it comes back when nothing was filled in."""
    go(person, name, *args)
    yield name
    send(person)
    yield name


def number_of(person: Person, page: str, title: str) -> str:
    """The number of a contract or a post, from the list in which it stands."""
    go(person, page)
    return re.search(r"/(\d+)/", person.page.get_by_role("link", name=title).first.get_attribute("href"))[1]
