"""How the client's pages of micro-tasks look: axe, small letters, small targets, nothing sideways; in each of three windows."""
import os

import pytest

from machi.tasks.actions import flag_item, give_answer, put_together, refuse_answers, take_bundle, take_in_files
from machi.tasks.models import Answer, Batch
from tests.looking import a_browser, problems, shot
from tests.people import a_client, a_person
from tests.tasks.making import a_batch, a_draft, an_upload, held_answers
from tests.tasks.showing import a_draft_with, a_png
from tests.tasks.showing import given as given_files
from tests.web.contracts.walking import signed_in
from tests.web.tasks.client.test_making import ROWS, begun, brought
from tests.web.tasks.client.test_results import KINDS, WHY, a_disagreement, answered_by, feeling
from tests.web.tasks.test_in_a_browser import URL, a_window

WINDOWS = ({"width": 1280}, {"width": 390, "theme": "dark", "voice": ("ja-simple", "on")}, {"width": 320, "voice": ("en", "off")})
EVERY = os.environ.get("MACHI_FACES") == "all"


@pytest.fixture(scope="module")
def chromium():
    with a_browser() as browser:
        yield browser


def begun_by():
    client = a_client()
    browser, batch, place = begun(client)
    batch.by = client
    return browser, batch, place


def new():
    batch = a_draft()
    return batch.by, "/tasks/new/"


def of_a_draft(step: str, **values):
    def made():
        batch = a_draft(golds=3, **values)
        return batch.by, f"/tasks/{batch.pk}/{step}/"
    made.__name__ = step
    return made


def reading():
    browser, batch, place = begun_by()
    brought(browser, place, ROWS.encode())
    return batch.by, f"{place}items/"


def faulty():
    browser, batch, place = begun_by()
    brought(browser, place, "番号,文,答え,理由\n1,よい店,,\n1,また来ます,,\n3,おいしい,,,余り\n".encode())
    take_in_files()
    return batch.by, f"{place}items/"


def empty_items():
    _browser, batch, place = begun_by()
    return batch.by, f"{place}items/"


def answered() -> Batch:
    batch = a_batch(rows=24, golds=2, answers_each=2, most_each=2, extra_percent=0)
    for name, word in (("すずき", "よい"), ("たなか", "わるい")):
        answered_by(batch, lambda item, word=word: feeling(word if item.number % 4 == 0 else "よい")(item), name=name)
    put_together()
    refuse_answers(batch=batch, by=batch.by, answers=[Answer.objects.order_by("pk").first().pk], reason=WHY, paid_percent=50)
    return batch


def of_what_is_out(step: str):
    def made():
        batch = answered()
        return batch.by, f"/tasks/{batch.pk}/{step}"
    made.__name__ = step
    return made


def run():
    batch = answered()
    worker = a_person("さとう")
    other = a_batch(batch.by, rows=40, golds=2)
    bundle = take_bundle(batch=other, by=worker, minutes=15)
    for number, answer in enumerate(held_answers(bundle)[:9]):
        if number == 3:
            flag_item(answer=answer, by=worker, words="文がありません", seconds=3)
        else:
            give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    return batch.by, f"/tasks/{other.pk}/run/"


def spread():
    batch = a_batch(answers_each=1, most_each=1, extra_percent=0, form=KINDS, rows=12)
    answered_by(batch, lambda item: {
        "a.feeling": ["よい" if item.number < 8 else "わるい"], "a.about": ["味", "人"] if item.number % 3 else ["値段"],
        "a.stars": [str(item.number * 7 % 60)], "a.order.option": ["い", "ろ"], "a.order.place": ["2", "1"], "a.why": ["うまい"]})
    put_together()
    return batch.by, f"/tasks/{batch.pk}/results/"


def item():
    batch = a_disagreement()
    return batch.by, f"/tasks/{batch.pk}/results/3/"


def refuse():
    batch = answered()
    first, second = Answer.objects.filter(state="given").order_by("pk").values_list("pk", flat=True)[:2]
    return batch.by, f"/tasks/{batch.pk}/judge/refuse/?answer={first}&answer={second}"


def pictures_lack():
    batch = given_files(a_draft_with("001.png", "002.png", f"https://localhost/{'a' * 60}.png"), {
        "001.png": a_png(), "002.png": b"<html>", "ほかの看板.png": a_png()})
    return batch.by, f"/tasks/{batch.pk}/media/"


def pictures_are_here():
    batch = given_files(a_draft_with("001.png"), {"001.png": a_png()})
    return batch.by, f"/tasks/{batch.pk}/media/"


PAGES = (new, of_a_draft("about"), empty_items, reading, faulty, of_a_draft("items"), of_a_draft("form"), of_a_draft("trial"),
         of_a_draft("price"), of_a_draft("client"), of_a_draft("pay"), run, of_what_is_out("stop/"), of_what_is_out("more/?count=12"),
         of_what_is_out("raise/?price=9"), spread, of_what_is_out("results/"), item, of_what_is_out("judge/"),
         of_what_is_out("judge/?show=refused"), refuse, of_what_is_out("form/"),
         pictures_lack, pictures_are_here)


def given():
    client = answered().by
    a_draft(client, price_yen=None)
    return client, "/tasks/given/"


CASES = [pytest.param(made, window, id=f"{made.__name__}-{window['width']}") for number, made in enumerate((*PAGES, given))
         for window in (WINDOWS if EVERY else [WINDOWS[number % len(WINDOWS)]])]


def seen_by(person, place: str, window: dict):
    """The page as this person gets it, in the language of the window."""
    browser, voice = signed_in(person), window.get("voice", ("ja", "off"))
    browser.cookies["django_language"], browser.cookies["furigana"] = voice
    return browser.get(place)


@pytest.mark.parametrize(("made", "window"), CASES)
def test_a_page_can_be_seen_heard_and_touched_by_everybody(chromium, db, made, window):
    person, place = made()
    answer = seen_by(person, place, window)
    assert answer.status_code == 200

    again = place.partition("?")[0]                     # what a page asks for by itself, a part of it
    with a_window(chromium, {"/seen/": answer.text, again: answer.text}, **window) as page:
        page.goto(f"{URL}/seen/")
        shot(page, f"tasks-client-{made.__name__}-{window['width']}")
        assert problems(page, width=window["width"]) == [] and page.complaints == []


@pytest.mark.parametrize("window", WINDOWS[1:])
def test_a_file_that_was_looked_at_is_shown_with_its_columns(chromium, db, window):
    browser, batch, place = begun_by()
    browser.cookies["django_language"], browser.cookies["furigana"] = window["voice"]
    looked = browser.post(f"{place}items/", {"file": an_upload(ROWS.encode("cp932"))})

    with a_window(chromium, {"/seen/": looked.text}, **window) as page:
        page.goto(f"{URL}/seen/")
        shot(page, f"tasks-client-columns-{window['width']}")
        assert problems(page, width=window["width"]) == [] and page.complaints == []
