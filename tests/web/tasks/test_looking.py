"""The worker's pages of micro-tasks as people see them: axe, targets, nothing sideways, in three widths, two lights and two languages."""
from functools import partial

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.urls import reverse

from machi.tasks.actions import appeal, finish_bundle, flag_item, give_answer, refuse_answers, take_bundle
from machi.tasks.models import Answer
from tests.looking import a_browser, a_context, listen, problems
from tests.people import a_client, a_person
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import signed_in

URL = "http://localhost"
VARIANTS = {"phone": (390, "dark", ("ja-simple", "on")), "desk": (1280, "light", ("ja", "off")), "narrow": (320, "light", ("en", "off"))}


def a_worker_in_the_middle():
    """With a bundle under way, one that is done, refused and appealed, and every page that leads there."""
    worker, client = a_person(), a_client()
    open_, over = a_batch(client, rows=6, golds=2), a_batch(client, rows=4, answers_each=1, most_each=1, gold_percent=0, price_yen=100)
    bundle, done = (take_bundle(batch=batch, by=worker, minutes=15) for batch in (open_, over))
    give_answer(answer=held_answers(bundle)[0], by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    for answer in held_answers(done)[:3]:
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    flag_item(answer=held_answers(done)[0], by=worker, words="文がありません", seconds=5)
    finish_bundle(bundle=done, by=worker)
    first, second = Answer.objects.filter(bundle=done).order_by("position")[:2]
    refuse_answers(batch=over, by=client, answers=[first.pk, second.pk], reason="手引きの2番とちがいます", paid_percent=50)
    appeal(answer=second, by=worker, words="手引きのとおりです。")
    ended = take_bundle(batch=a_batch(client, rows=1, answers_each=1, most_each=1, gold_percent=0), by=worker, minutes=15)
    give_answer(answer=held_answers(ended)[0], by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    at = {name: reverse(f"tasks:{name}", args=[bundle.pk]) for name in ("leave",)}
    return worker, {
        "finder": reverse("tasks:finder"), "nothing": reverse("tasks:finder") + "?topic=9&minutes=15",
        "batch": reverse("tasks:batch", args=[a_batch(client, title="べつの仕事").pk]), "bundles": reverse("tasks:bundles"),
        "runner": reverse("tasks:answer", args=[bundle.pk, 2]), "wrong": reverse("tasks:answer", args=[bundle.pk, 2]),
        "leave": at["leave"], "finish": reverse("tasks:bundle", args=[ended.pk]), "done": reverse("tasks:done", args=[done.pk]),
        "appeal": reverse("tasks:appeal", args=[done.pk, 1]), "over": reverse("tasks:answer", args=[bundle.pk, 1])}


def drawn(browser, name: str, address: str):
    """As it answers to a look; `wrong` and `over` to a form that cannot be taken."""
    return browser.post(address, {"do": "flag", "flag": ""} | {"a.feeling": "よい"}) if name in ("wrong", "over") else browser.get(address)


def answered(route, response) -> None:
    route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker):
    """(where each page lies, how it answered in each look). Asked before a browser is started, which has a loop of its own."""
    made = {}
    with django_db_blocker.unblock(), transaction.atomic():
        worker, places = a_worker_in_the_middle()
        browser = signed_in(worker)
        for look, (_width, _theme, (language, furigana)) in VARIANTS.items():
            browser.cookies["django_language"], browser.cookies["furigana"] = language, furigana
            made |= {(name, look): drawn(browser, name, address) for name, address in places.items()}
        transaction.set_rollback(True)
    return places, made


def test_every_page_of_a_worker_can_be_used_by_everybody(seen):
    (places, made), found = seen, {}

    with a_browser() as chromium:
        for look, (width, theme, voice) in VARIANTS.items():
            context = a_context(chromium, URL, width=width, theme=theme, voice=voice)
            page = context.new_page()
            context.route(f"{URL}/bundles/**", lambda route: route.fulfill(status=404))            # items that it would keep ready
            context.route("**/static/**", lambda route: route.fulfill(path=finders.find(route.request.url.split("/static/")[1])))
            for name, address in places.items():
                response = made[name, look]
                context.route(URL + address, partial(answered, response=response))
                complaints = listen(page)
                page.goto(URL + address)
                if wrong := problems(page, width=width) + [one for one in complaints if "status of 4" not in one]:
                    found[name, look] = wrong
            context.close()

    assert found == {}
    assert {made[name, "desk"].status_code for name in places} == {200, 409, 422}
