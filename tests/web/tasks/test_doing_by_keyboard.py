"""A bundle in a real browser by keyboard alone, with shortcuts that can be turned off."""
import pytest

from machi.tasks.models import Answer
from tests.looking import a_browser
from tests.web.tasks.living import arrived, lived, stands


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


def by_keyboard(page) -> None:
    arrived(page, 1)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    arrived(page, 2)
    page.keyboard.press("s")
    arrived(page, 3)
    page.keyboard.press("2")
    page.fill("[name='a.why']", "s z b")                                       # letters in a field are letters
    page.keyboard.press("Control+Enter")
    arrived(page, 4)
    page.keyboard.press("z")
    arrived(page, 3)
    assert page.input_value("[name='a.why']") == "s z b"
    page.keyboard.press("b")
    page.keyboard.type("文がありません")
    page.keyboard.press("Control+Enter")                                       # what is typed there says that the item is broken
    arrived(page, 4)
    page.locator("[data-shortcuts]").click()
    page.keyboard.press("s")
    page.keyboard.press("1")
    assert page.locator(":checked").count() == 0
    page.fill("[name='a.why']", "半分まで")
    page.locator("#note [data-state=saved]:not([hidden])").wait_for()


def test_a_bundle_is_done_by_keyboard_alone_and_half_an_answer_is_kept_by_itself(chromium, town):
    bundle = lived(chromium, by_keyboard)

    assert stands(bundle) == ["given", "given_back", "flagged", "held", "held", "held"]
    assert Answer.objects.get(bundle=bundle, position=4).values == {"a.why": ["半分まで"]}


def test_a_finger_that_rests_on_a_key_presses_it_once(chromium, town):
    def way(page):
        arrived(page, 1)
        page.keyboard.down("s")
        arrived(page, 2)
        for _again in range(3):
            page.keyboard.down("s")
        page.keyboard.up("s")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        arrived(page, 3)

    assert stands(lived(chromium, way)) == ["given_back", "given", "held", "held", "held", "held"]
