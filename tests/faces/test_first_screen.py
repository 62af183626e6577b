"""The first screen of a phone says what, how much, by when, and has one primary button."""
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import sync_playwright

from machi.web.frame.words import day
from tests.looking import CHROMIUM
from tests.people import a_job, a_person, a_proposal, client_of
from tests.web.contracts.walking import signed_in

PHONE = {"width": 390, "height": 844}


def drawn(answer) -> str:
    """The page with its own sheets inside: nothing has to be fetched."""
    def sheet(link) -> str:
        name = re.sub(r"\.[0-9a-f]{12}(?=\.css$)", "", link[1])
        found = finders.find(name)
        return f"<style>{Path(found).read_text(encoding='utf-8')}</style>" if found else ""
    return re.sub(r'<link rel="stylesheet" href="/static/([^"]+)">', sheet, answer.content.decode())


@pytest.fixture
def pages(db) -> dict[str, str]:
    """Name -> HTML, and the day until which one may apply."""
    job = a_job()
    a_proposal(job)
    worker, client = signed_in(a_person()), signed_in(client_of(job))
    return {name: drawn(browser.get(address)) for name, browser, address in (
        ("post", worker, f"/jobs/{job.pk}/"), ("posts", worker, "/jobs/"), ("my page", worker, "/me/"),
        ("applicants", client, f"/jobs/{job.pk}/applicants/"))} | {"until": day(job.closes_on)}


def test_one_primary_button_and_a_post_says_what_how_much_and_by_when_on_the_first_screen(pages):
    until = pages.pop("until")
    with sync_playwright() as play, play.chromium.launch(**CHROMIUM) as browser:
        page = browser.new_page(viewport=PHONE)
        solid, on_screen = {}, {}
        for name, html in pages.items():
            page.set_content(html)
            solid[name] = [button.inner_text() for button in page.locator(".btn.solid").all() if _is_on_screen(button)]
            if name == "post":
                on_screen = {what: any(_is_on_screen(found) for found in page.locator(where).all()) for what, where in (
                    ("title", "h1"), ("net", "text=8,580円"), ("deadline", f"text={until}"), ("button", ".btn.solid"))}

    assert {name: texts for name, texts in solid.items() if len(texts) > 1} == {}
    assert on_screen == dict.fromkeys(on_screen, True)


def _is_on_screen(found) -> bool:
    box = found.bounding_box()
    return bool(box) and found.is_visible() and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]
