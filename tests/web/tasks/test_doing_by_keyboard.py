"""A bundle in a real browser: by keyboard alone, with shortcuts that can be turned off, and in a train without a line.

What the browser asks is answered by Django in a thread of this process, out of the database of this test.
"""
import contextlib
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from machi.tasks.actions import take_bundle
from machi.tasks.models import Answer
from tests.looking import a_browser, a_context
from tests.people import a_person
from tests.tasks.making import a_batch
from tests.web.contracts.walking import said, signed_in

FORM = {"version": 1, "parts": [
    {"kind": "cell", "name": "text", "column": "文"},
    {"kind": "choice", "name": "feeling", "label": "気持ち", "options": ["よい", "わるい"]},
    {"kind": "text", "name": "why", "label": "わけ", "most": 100, "is_required": False}]}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words):
        pass


@contextlib.contextmanager
def a_server():
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet)

    def serve():
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


def lived(chromium, way):
    """A bundle of six items on a desk; `way`: what somebody does at the page of the first one."""
    worker = a_person()
    bundle = take_bundle(batch=a_batch(rows=6, answers_each=1, most_each=1, gold_percent=0, price_yen=50, form=FORM), by=worker, minutes=15)
    cookies = signed_in(worker).cookies
    with a_server() as url, contextlib.closing(a_context(chromium, url, width=1280)) as context:
        context.add_cookies([{"name": name, "value": one.value, "url": url} for name, one in cookies.items()])
        page = context.new_page()
        page.goto(f"{url}/bundles/{bundle.pk}/")
        way(page)
    return bundle


def stands(bundle) -> list[str]:
    return list(Answer.objects.filter(bundle=bundle).order_by("position").values_list("state", flat=True))


def arrived(page, number: int) -> None:
    page.wait_for_url(f"**/answers/{number}/")
    assert page.evaluate("document.activeElement.id") == "item-h"              # whoever listens hears at once which item it is


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
    page.get_by_role("button", name=said("tasks.flag.go")).click()
    arrived(page, 4)
    page.locator("[data-shortcuts]").click()
    page.keyboard.press("s")
    page.keyboard.press("1")
    assert page.locator(":checked").count() == 0
    page.fill("[name='a.why']", "半分まで")
    page.locator("#note [data-state=saved]:not([hidden])").wait_for()


def without_a_line(page) -> None:
    page.locator("form[data-ready]").wait_for()
    page.context.set_offline(True)
    for number in (1, 2, 3):
        page.keyboard.press("1")
        page.fill("[name='a.why']", f"電車の中{number}")
        page.keyboard.press("Control+Enter")
        page.locator("#item-h").filter(has_text=said("tasks.item.of", n=number + 1, all=6)).wait_for()
    assert said("tasks.offline.now", n=3) in page.locator("[data-waiting]").inner_text()
    page.context.set_offline(False)


def test_a_bundle_is_done_by_keyboard_alone_and_half_an_answer_is_kept_by_itself(chromium, town):
    bundle = lived(chromium, by_keyboard)

    assert stands(bundle) == ["given", "given_back", "flagged", "held", "held", "held"]
    assert Answer.objects.get(bundle=bundle, position=4).values == {"a.why": ["半分まで"]}


def test_what_was_answered_without_a_line_is_sent_once_there_is_one(chromium, town):
    def way(page):
        without_a_line(page)
        page.wait_for_url("**/answers/4/")

    bundle = lived(chromium, way)

    assert stands(bundle) == ["given", "given", "given", "held", "held", "held"]
    assert [values["why"] for values in Answer.objects.filter(bundle=bundle, state="given").order_by("position").values_list(
        "values", flat=True)] == ["電車の中1", "電車の中2", "電車の中3"]


def test_what_could_not_be_sent_is_shown_with_what_was_typed(chromium, town):
    def way(page):
        page.route("**/answers/2/", lambda route: route.fulfill(status=409) if route.request.method == "POST" else route.continue_())
        without_a_line(page)
        page.get_by_text(said("tasks.offline.stuck", n=1)).wait_for()
        assert "電車の中2" in page.locator("[data-waiting]").inner_text()
        page.locator("[data-waiting] a").click()
        arrived(page, 2)

    bundle = lived(chromium, way)

    assert stands(bundle) == ["given", "held", "given", "held", "held", "held"]
