"""A bundle of six items that somebody lives through in a real browser.

What the browser asks is answered by Django in a thread of this process, out of the database of this test.
"""
import contextlib
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from machi.tasks.actions import take_bundle
from machi.tasks.models import Answer
from tests.looking import a_context
from tests.people import a_person
from tests.tasks.making import a_batch
from tests.web.contracts.walking import signed_in

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


def lived(chromium, way, batch=None, *, form: dict = FORM, **look):
    """A bundle of six items on a desk, or of this batch; `way`: what somebody does at the page of the first one."""
    worker = a_person()
    batch = batch or a_batch(rows=6, answers_each=1, most_each=1, gold_percent=0, price_yen=50, form=form)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    cookies = signed_in(worker).cookies
    with a_server() as url, contextlib.closing(a_context(chromium, url, **{"width": 1280} | look)) as context:
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
