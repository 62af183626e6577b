"""Pictures in a real browser: they are seen, boxes are drawn on them by keyboard, and a bundle has them at hand without a line."""
import pytest
from playwright.sync_api import expect

from machi.tasks.actions import publish_batch
from tests.looking import a_browser, problems
from tests.tasks.making import price_of
from tests.tasks.showing import HEARD, SIGNS, a_draft_with, a_png, a_sound, given
from tests.web.contracts.walking import said
from tests.web.tasks.living import arrived, lived

BOXED = {"parts": [SIGNS["parts"][0], {"kind": "boxes", "name": "where", "label": "看板を囲む", "of": "sign", "labels": ["看板"]}]}
SEEN = "(one) => one.complete && one.naturalWidth"


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


def out(form: dict, **files: bytes):
    names = [f"{number}.png" for number in range(1, 4)]
    batch = given(a_draft_with(*names, form=form, answers_each=1, most_each=1, extra_percent=0, gold_percent=0, price_yen=50),
                  {name: a_png((300 + 10 * number, 200)) for number, name in enumerate(names)} | files)
    publish_batch(batch=batch, by=batch.client.person, amount=price_of(batch))
    batch.refresh_from_db()
    return batch


def test_the_pictures_of_a_bundle_are_at_hand_when_the_line_breaks(chromium, town):
    def way(page):
        picture = page.locator(".item-image")
        expect(picture).to_have_attribute("alt", "店の看板1")
        assert picture.evaluate(SEEN) == 300 and problems(page, width=1280) == []
        page.locator("form[data-ready]").wait_for()
        page.context.set_offline(True)
        page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        page.locator("#item-h").filter(has_text=said("tasks.item.of", n=2, all=3)).wait_for()
        expect(page.locator(".item-image")).to_have_attribute("alt", "店の看板2")
        page.wait_for_function("document.querySelector('.item-image').naturalWidth === 310")
        expect(page.locator("[data-lost]")).to_be_hidden()

    lived(chromium, way, out(SIGNS))


@pytest.mark.parametrize(("form", "where"), [(SIGNS, ".item-image"), (BOXED, "[data-stage] img")], ids=["shown", "drawn on"])
def test_a_wide_picture_keeps_its_shape_on_a_telephone(chromium, town, form, where):
    def way(page):
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.locator(where).evaluate(SEEN) == 1600                   # as the town has drawn it
        width, height = page.locator(where).evaluate("(one) => [one.clientWidth, one.clientHeight]")
        assert 250 < width < 390 and height == pytest.approx(width / 4, abs=1.5)

    lived(chromium, way, out(form, **{"1.png": a_png((2000, 500))}))


def test_a_picture_that_does_not_come_says_so(chromium, town):
    def way(page):
        page.route("**/media/*/", lambda route: route.abort())
        page.reload()
        expect(page.get_by_text(said("tasks.block.media.lost"))).to_be_visible()

    lived(chromium, way, out(SIGNS))


def test_boxes_are_drawn_on_the_picture_by_keyboard_alone(chromium, town):
    def way(page):
        assert page.locator("[data-stage] img").evaluate(SEEN) == 300
        page.locator("[data-more]").focus()
        page.keyboard.press("Enter")
        box = page.locator("[data-stage] .box")
        expect(box).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
        place, picture = box.bounding_box(), page.locator("[data-stage] img").bounding_box()
        left, high = (place["x"] - picture["x"]) / picture["width"], place["height"] / picture["height"]
        assert (round(100 * left), round(100 * high)) == (26, 51)
        assert problems(page, width=1280) == []
        page.keyboard.press("Control+Enter")
        arrived(page, 2)

    bundle = lived(chromium, way, out(BOXED))
    assert bundle.answers.get(position=1).values["where"] == [{"label": "看板", "x": 26, "y": 25, "w": 50, "h": 51}]


def test_a_sound_has_its_words_beside_it_and_does_not_begin_by_itself(chromium, town):
    batch = given(a_draft_with("1.wav", form=HEARD, answers_each=1, most_each=1, extra_percent=0, gold_percent=0, price_yen=50),
                  {"1.wav": a_sound(2)})
    publish_batch(batch=batch, by=batch.client.person, amount=price_of(batch))

    def way(page):
        sound = page.locator("audio")
        assert sound.evaluate("one => one.paused && !one.autoplay")
        page.locator(".transcript summary").click()
        expect(page.get_by_text("店の看板1")).to_be_visible()
        assert sound.evaluate("async one => { one.load(); await new Promise((yes, no) => { one.oncanplay = yes; one.onerror = no; "
                              "one.preload = 'auto'; }); return Math.round(one.duration); }") == 2
        assert problems(page, width=1280) == []

    batch.refresh_from_db()
    lived(chromium, way, batch)
