"""One browser for all stories; a town of its own for each."""
import pytest
from playwright.sync_api import sync_playwright

from tests.looking import CHROMIUM


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as play:
        browser = play.chromium.launch(**CHROMIUM)
        yield browser
        browser.close()
