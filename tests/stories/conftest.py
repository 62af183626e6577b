"""One browser for all stories. Whoever moves the clock lives in a town of their own; the others share one, as strangers do."""
import pytest

from tests.living import LivingTown
from tests.looking import a_browser

# Of the faces and of the stories, which run together.
LONGEST = ("test_faces", "test_the_soccer_story", "test_a_contest", "test_on_the_way_at_work", "test_on_the_way_in", "test_my_page",
           "test_by_keyboard", "test_by_ear")


def pytest_collection_modifyitems(items):
    """Several run at a time: what takes longest begins first, so that nobody waits for it at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def chromium():
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def town():
    """It is today there, and others may have come before."""
    with LivingTown() as living:
        yield living
