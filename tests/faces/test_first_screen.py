"""The first screen of a phone says what, how much, by when, and has one primary button."""
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from machi.web.frame.words import day
from tests.looking import a_browser
from tests.people import a_contract, a_person, a_proposal, an_offer, client_of
from tests.web.contracts.walking import signed_in

PHONE = {"width": 390, "height": 844}
_IS_SEEN = """e => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return !!e.closest('.bar') || !document.elementFromPoint(x + width / 2, y + height / 2)?.closest('.bar');
}"""


def drawn(answer) -> str:
    """The page with its own sheets inside: nothing has to be fetched."""
    def sheet(link) -> str:
        name = re.sub(r"\.[0-9a-f]{12}(?=\.css$)", "", link[1])
        found = finders.find(name)
        return f"<style>{Path(found).read_text(encoding='utf-8')}</style>" if found else ""
    return re.sub(r'<link rel="stylesheet" href="/static/([^"]+)">', sheet, answer.content.decode())


@pytest.fixture(scope="module")
def chromium():
    """Open before a connection to the database is: what Playwright starts has a loop of its own, and a connection belongs to one."""
    with a_browser() as browser:
        yield browser


@pytest.fixture
def pages(chromium, db) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name -> HTML, and what its first screen says: what, how much and by when."""
    proposal = a_proposal()
    job, contract, offer = proposal.job, a_contract(funded=True), an_offer()
    reader, client, working, asked = map(signed_in, (a_person(), client_of(job), contract.worker, offer.worker))
    due, net, until = day(contract.milestones.get().due_on), "8,580円", day(job.closes_on)
    return {name: (drawn(browser.get(address)), words) for name, browser, address, words in (
        ("home", asked, "/home/", (offer.terms["title"], net)),
        ("posts", reader, "/jobs/", (job.title, net, until)),
        ("post", reader, f"/jobs/{job.pk}/", (job.title, net, until)),
        ("compare", client, f"/jobs/{job.pk}/applicants/", (job.title, "10,000円", until)),
        ("room", working, f"/contracts/{contract.pk}/", (contract.title, net, due)),
        ("my page", reader, "/me/", ()))}


def test_the_first_screen_says_what_how_much_and_by_when_and_has_one_primary_button(chromium, pages):
    page = chromium.new_page(viewport=PHONE)
    buttons, unsaid = {}, {}
    for name, (html, words) in pages.items():
        page.set_content(html)
        buttons[name] = [button.inner_text() for button in page.locator(".btn.solid").all() if _is_on_screen(button)]
        unsaid[name] = [word for word in words if not any(map(_is_on_screen, page.get_by_text(word).all()))]

    assert {name: texts for name, texts in buttons.items() if len(texts) != 1} == {}
    assert unsaid == dict.fromkeys(pages, [])


def _is_on_screen(found) -> bool:
    """Whole, and its middle not covered by the bar at the bottom."""
    box = found.bounding_box()
    return bool(box) and found.is_visible() and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"] and found.evaluate(_IS_SEEN)
