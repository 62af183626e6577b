"""Forms of small work in a real browser: axe on whatever can be built, every block by its names and the keyboard, and without a script.

No town is started: what the browser asks for is answered by Django itself, in this process.
"""
import contextlib
import itertools
import os
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings as town
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from playwright.sync_api import expect

from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.doing import Standing
from machi.tasks.forms import clean, parse
from machi.tasks.models import Answer, Batch, BatchForm, Bundle
from machi.web.frame.furigana import ruby_page
from machi.web.frame.media import Shown
from machi.web.pages.tasks.answering import FlagForm
from machi.web.pages.tasks.drawing import drawn
from tests.looking import a_browser, a_context, at_other_widths, dress, listen, problems, resize, shot
from tests.stories.words import say
from tests.tasks.forms.given import COLUMNS, forms, items

URL = "http://localhost"
PAGE = """{% extends "base.html" %}{% block title %}a{% endblock %}{% block head %}{{ ui.answering_head() }}{% endblock %}{% block main %}
<div class="wrap section middle"><h1>a</h1><form class="card stack" method="post" novalidate>
{{ ui.answering_summary(form) }}{{ ui.answering(form) }}</form></div>{% endblock %}"""
EXAMPLES = 200 if "MACHI_LONG" in os.environ else 12
VARIANTS = ((390, "dark", ("ja-simple", "on")), (1280, "light", ("ja", "off")), (320, "light", ("en", "off")))


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


@contextlib.contextmanager
def a_window(chromium, made=None, **look):
    """A page whose every question is answered here; `made`: pages that no address of the town has."""
    client, context = Client(), a_context(chromium, URL, **look)

    def answer(route):
        request, path = route.request, urlsplit(route.request.url).path
        if path.startswith("/static/"):
            return route.fulfill(path=finders.find(path.removeprefix("/static/")))
        if made and path in made:
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": town.CONTENT_SECURITY_POLICY}
            return route.fulfill(body=made[path], headers=headers)
        headers = {name: value for name, value in request.headers.items() if name.startswith("hx-")}
        headers["Cookie"] = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
        response = client.generic(request.method, path, request.post_data_buffer or b"", request.headers.get("content-type", "text/plain"),
                                  headers=headers)
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)

    context.route("**/*", answer)
    page = context.new_page()
    page.complaints = listen(page)
    try:
        yield page
    finally:
        context.close()


def block(page, label: str):
    return page.get_by_role("group", name=label)


@pytest.mark.parametrize(("width", "theme", "voice"), VARIANTS)
def test_every_part_and_the_builder_are_right_in_each_look(db, chromium, width, theme, voice):
    with a_window(chromium, width=width, theme=theme, voice=voice) as page:
        for path in ("/gallery/tasks/", "/gallery/tasks/builder/"):
            resize(page, width)
            page.goto(URL + path)
            shot(page, f"{path}{width}-{theme}-{voice[0]}")
            found = problems(page, width=width) + at_other_widths(page, width)
            assert found == [], path
        assert page.complaints == []


def test_what_is_not_answered_yet_is_read_first_and_led_to(db, chromium):
    with a_window(chromium, theme="dark", voice=("ja-simple", "on")) as page:
        page.goto(f"{URL}/gallery/tasks/")
        page.locator("[data-more]").click()
        page.locator("main .btn.solid").click()

        expect(page.locator(".summary")).to_be_focused()
        shot(page, "tasks-wrong-390-dark-ja-simple")
        assert problems(page, width=390) == []
        page.locator(".summary a").last.click()
        expect(page.locator(".wrong").last).to_be_in_viewport()
        assert page.complaints == []


def as_the_runner_draws(shown, voice) -> str:
    """The page of an item, to the last letter, of a bundle that nobody has taken."""
    batch, now = Batch(pk=1, title="海の写真"), clock.now()
    bundle = Bundle(pk=1, batch=batch, until_at=now)
    request = RequestFactory().get("/", headers={"Cookie": f"furigana={voice[1]}"})
    request.user = AnonymousUser()
    html = engines["jinja2"].env.get_template("tasks/runner.html").render(
        request=request, csrf_input="", bundle=bundle, batch=batch, standing=Standing(all=6, held=4, given=2, refused=1), net=Yen(86),
        time="2分", answer=Answer(pk=1, position=3), drawn=shown, form=BatchForm(guide="はじめに\n\n全部を読みます"), flag=FlagForm(),
        ahead=[], now=1, saved_at=now, gone="", last=Answer(position=2, bundle=bundle))
    return ruby_page(html) if voice[1] == "on" else html


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")      # a form that is found is told, however long its texts
def test_axe_finds_nothing_in_whatever_form_can_be_built(chromium):
    made, looks = {}, itertools.cycle(VARIANTS)
    with a_window(chromium, made) as page:

        @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(forms(), items())
        def look(form, cells):
            width, theme, voice = next(looks)
            with translation.override(voice[0]):
                posted = {f"a.{part.name}": ["<b>x"] for part in form.blocks}
                media = {column: Shown("/static/harbour.svg") for column in COLUMNS[3:5]}
                shown = drawn(form, cells, posted=posted, errors=clean(form, posted, cells).errors, media=media)
                made["/form/"] = as_the_runner_draws(shown, voice)
            dress(page.context, URL, voice)
            resize(page, width)
            page.emulate_media(color_scheme=theme)
            page.goto(f"{URL}/form/")
            assert problems(page, width=width) == [], form
        look()
        assert page.complaints == []


def test_a_blind_person_answers_every_block_by_names_and_keyboard(db, chromium):
    with a_window(chromium, width=1280) as page:
        page.goto(f"{URL}/gallery/tasks/")
        keys = page.keyboard

        def come_to(place):
            """By Tab alone, as one who hears each stop."""
            for _stop in range(120):
                if place.evaluate("e => e === document.activeElement"):
                    return
                keys.press("Tab")
            raise AssertionError(f"never reached: {place}")

        come_to(block(page, "この文の気持ち").get_by_role("radio", name="明るい"))
        keys.press("ArrowDown")
        expect(page.get_by_role("radio", name="おだやか")).to_be_checked()
        come_to(block(page, "文に出てくるもの").get_by_role("checkbox", name="船"))
        keys.press("Space")
        come_to(page.get_by_role("combobox", name="何番の港"))
        keys.press("ArrowDown")
        come_to(page.get_by_role("textbox", name="題をつけるなら"))
        keys.type("海の朝")
        come_to(page.get_by_role("textbox", name="港の郵便番号"))
        keys.type("100-0001")
        come_to(page.get_by_role("textbox", name="船は、いくつですか。（そう）"))
        keys.type("2")
        come_to(block(page, "読みやすさ").get_by_role("radio", name="1 読みにくい"))
        for _step in range(4):
            keys.press("ArrowDown")
        expect(page.get_by_role("radio", name="5 読みやすい")).to_be_checked()
        come_to(block(page, "大事だと思う順").get_by_role("button", name=re.compile("上へ.*船")))
        keys.press("Enter")
        expect(page.get_by_role("combobox", name="船 の順番")).to_have_value("1")
        expect(page.locator("[data-said]")).to_have_text("「船」は、1番です。")
        expect(page.locator("[data-order]")).to_have_text("いまの順番： 1. 船 2. 港 3. 朝 4. 風")
        come_to(block(page, "訳として").get_by_role("radio", name="1つ目"))
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        expect(page.get_by_role("radio", name="どちらも同じ")).to_be_checked()

        boxes = block(page, "船と建物")
        expect(boxes.get_by_role("img", name="港に、帆をあげた船が2そう浮かんでいます。")).to_be_visible()
        come_to(boxes.get_by_role("button", name="枠を足す"))
        keys.press("Enter")
        expect(boxes.get_by_role("button", name="枠1 まだ選んでいません、左から25、上から25、幅50、高さ50")).to_be_focused()
        keys.press("ArrowRight")
        keys.press("Shift+ArrowUp")
        expect(page.locator("[data-said]")).to_have_text("枠1 まだ選んでいません、左から26、上から25、幅50、高さ49")
        keys.press("Enter")
        expect(boxes.get_by_role("combobox", name="何の枠ですか")).to_be_focused()
        keys.press("ArrowDown")
        come_to(boxes.get_by_role("group", name="枠1").get_by_role("textbox", name="左から"))
        keys.press("Control+a")
        keys.type("10")
        expect(boxes.get_by_role("button", name="枠1 船、左から10、上から25、幅50、高さ49")).to_be_visible()

        expect(page.get_by_text("文字で読む").first).to_be_visible()
        come_to(page.get_by_role("textbox", name="聞こえた言葉"))
        keys.type("きょうは風が弱い")
        expect(page.get_by_label("似た絵や資料")).to_have_attribute("type", "file")
        come_to(page.get_by_role("button", name=say("tasks.form.answer")))
        keys.press("Enter")

        expect(page.get_by_text("の答えを受け取りました")).to_be_visible()
        assert page.complaints == []


def test_boxes_are_drawn_moved_and_sized_with_a_pointer(db, chromium):
    with a_window(chromium, width=1280) as page:
        page.goto(f"{URL}/gallery/tasks/")
        boxes = block(page, "船と建物")
        boxes.scroll_into_view_if_needed()
        frame = boxes.locator("[data-stage]").bounding_box()

        def drag(x1, y1, x2, y2):
            page.mouse.move(frame["x"] + frame["width"] * x1 / 100, frame["y"] + frame["height"] * y1 / 100)
            page.mouse.down()
            page.mouse.move(frame["x"] + frame["width"] * x2 / 100, frame["y"] + frame["height"] * y2 / 100, steps=4)
            page.mouse.up()

        def sides():
            return [round(float(boxes.locator(f"[data-box]:not([hidden]) [data-side={side}]").first.input_value())) for side in "xywh"]

        drag(10, 20, 30, 60)
        assert sides() == [10, 20, 20, 40]
        drag(20, 40, 40, 50)
        assert sides() == [30, 30, 20, 40]
        drag(50, 70, 60, 80)
        assert sides() == [30, 30, 30, 50]
        drag(40, 50, 140, 50)                               # never out of the picture
        assert sides() == [70, 30, 30, 50]
        drag(2, 2, 2.1, 2.1)                                # a slip of the hand is no box
        expect(boxes.locator("[data-box]:not([hidden])")).to_have_count(1)
        page.keyboard.press("Tab")
        boxes.locator(".box").focus()
        page.keyboard.press("Delete")
        expect(boxes.locator("[data-box]:not([hidden])")).to_have_count(0)
        expect(boxes.get_by_role("button", name="枠を足す")).to_be_focused()
        assert page.complaints == []


def test_a_finger_scrolls_until_it_is_told_to_draw(db, chromium):
    with a_window(chromium, width=390) as page:
        page.goto(f"{URL}/gallery/tasks/")
        stage = block(page, "船と建物").locator("[data-stage]")
        finger = page.get_by_role("button", name="指で描く")
        if finger.is_hidden():
            page.evaluate("document.querySelector('[data-by-finger]').hidden = false")     # a machine without a touch screen

        expect(stage).to_have_css("touch-action", "auto")
        finger.click()
        expect(stage).to_have_css("touch-action", "none")
        expect(finger).to_have_attribute("aria-pressed", "true")


def test_numbers_choose_until_they_are_turned_off_for_this_device(db, chromium):
    with a_window(chromium, width=1280) as page:
        page.goto(f"{URL}/gallery/tasks/")
        switch = page.get_by_role("button", name="数字のキーで選ぶ")
        expect(switch).to_have_attribute("aria-pressed", "true")

        page.keyboard.press("2")
        expect(page.get_by_role("radio", name="おだやか")).to_be_checked()
        page.get_by_role("textbox", name="題をつけるなら").focus()
        page.keyboard.type("3")
        expect(page.get_by_role("radio", name="おだやか")).to_be_checked()
        page.get_by_role("radio", name="おだやか").focus()
        page.keyboard.press("Control+1")
        expect(page.get_by_role("radio", name="おだやか")).to_be_checked()

        switch.click()
        page.get_by_role("radio", name="おだやか").focus()
        page.keyboard.press("1")
        expect(page.get_by_role("radio", name="おだやか")).to_be_checked()
        page.reload()
        expect(page.get_by_role("button", name="数字のキーで選ぶ")).to_have_attribute("aria-pressed", "false")


def test_without_a_script_boxes_are_numbers_and_places_are_lists(db, chromium):
    with a_window(chromium, script=False) as page:
        page.goto(f"{URL}/gallery/tasks/")
        page.get_by_role("textbox", name="題をつけるなら").fill("海の朝")
        page.get_by_role("button", name="枠を足す").click()
        boxes = block(page, "船と建物")
        boxes.get_by_role("combobox", name="何の枠ですか").select_option("船")
        boxes.get_by_role("textbox", name="左から").fill("5")
        page.get_by_role("button", name=re.compile("下へ.*港")).click()

        expect(page.get_by_role("combobox", name="港 の順番")).to_have_value("2")
        expect(boxes.get_by_role("textbox", name="左から")).to_have_value("5")
        expect(page.get_by_role("button", name="数字のキーで選ぶ")).to_be_hidden()
        page.get_by_role("textbox", name="題をつけるなら").press("Enter")                  # sends, and removes no box
        expect(page.locator(".summary")).to_contain_text("この文の気持ち")
        expect(page.get_by_role("textbox", name="題をつけるなら")).to_have_value("海の朝")
        expect(boxes.get_by_role("textbox", name="左から")).to_have_value("5")


def test_a_half_answer_that_could_not_be_sent_waits_on_this_device(chromium):
    """Somebody is called away where there is no line: boxes, places and words are there when the page opens again."""
    parts = [{"kind": "image", "name": "p1", "column": "画像"}, {"kind": "boxes", "label": "枠", "of": "p1", "labels": ["船", "港"]},
             {"kind": "ranking", "label": "順", "options": ["朝", "昼"]}, {"kind": "text", "label": "題"}]
    shown = drawn(parse({"parts": parts}), {"画像": "1.jpg"}, media={"画像": Shown("/static/harbour.svg")})
    saving = PAGE.replace('method="post"', 'method="post" action="/keep/" hx-post="/keep/" hx-trigger="input changed delay:100ms, again" '
                          'data-autosave="item-1-7"').replace("</form>", "{{ ui.unsent() }}{{ ui.autosave() }}</form>")
    html = engines["jinja2"].env.from_string(saving).render(form=shown, request=RequestFactory().get("/"))
    with a_window(chromium, {"/form/": html}, width=1280) as page:
        page.route("**/keep/", lambda route: route.abort())
        page.goto(f"{URL}/form/")
        page.get_by_role("button", name="枠を足す").click()
        page.keyboard.press("ArrowLeft")
        page.get_by_role("button", name="枠を足す").click()
        block(page, "枠2").get_by_role("combobox").select_option("港")
        page.get_by_role("button", name=re.compile("上へ.*昼")).click()
        page.get_by_role("textbox", name="題").fill("海の朝")
        expect(page.get_by_text(say("autosave.local"))).to_be_visible()

        page.reload()
        expect(page.get_by_role("textbox", name="題")).to_have_value("海の朝")
        expect(page.locator("[data-order]")).to_contain_text("1. 昼 2. 朝")
        expect(page.locator(".stage .box")).to_have_count(2)
        expect(block(page, "枠1").get_by_role("textbox", name="左から")).to_have_value("24")
        expect(block(page, "枠2").get_by_role("combobox")).to_have_value("港")


def test_the_preview_follows_what_is_typed(db, chromium):
    with a_window(chromium, width=1280) as page:
        page.goto(f"{URL}/gallery/tasks/builder/")
        part = page.get_by_role("group", name="2. 1つ選ぶ")
        part.get_by_role("textbox", name="問い", exact=True).fill("新しい問い")

        expect(page.locator("#preview").get_by_role("group", name="新しい問い")).to_be_visible()
        part.get_by_role("button", name="下へ").click()
        expect(page.get_by_role("group", name="3. 1つ選ぶ：新しい問い")).to_be_visible()
        expect(page.locator("#f-2")).to_be_in_viewport()
        assert page.complaints == []
