"""A client sees how far a batch is, and pauses it, pays for more, raises the pay, stops it."""
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.actions import approve_answers, close_batches, finish_bundle, give_answer, take_bundle
from machi.tasks.models import Batch, Closing, Slots
from machi.tasks.queries import back_if_stopped, progress_of
from tests.conftest import broken_rules
from tests.people import a_client, a_person
from tests.tasks.making import a_batch, a_draft, held_answers
from tests.web.contracts.walking import HTMX, as_it_stands, hidden, queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db


def counted():
    return CaptureQueriesContext(connection)


def answered(batch, *, count: int = 4):
    worker = a_person("すずき")
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle)[:count]:
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    return bundle


def test_the_page_says_how_far_it_is_and_asks_for_itself_again():
    batch = a_batch()
    answered(batch)
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/run/"

    page, part = browser.get(place), browser.get(place, **HTMX)

    assert f'hx-get="{place}"' in page.text and "<html" not in part.text and 'id="live"' in part.text
    progress = progress_of(batch)
    tally = progress.tally
    assert (tally.given, tally.held, progress.people, tally.settled, tally.items) == (4, 6, 1, 0, 10)
    assert progress.free + tally.held + tally.answered == batch.slots_left


def test_a_draft_leads_to_where_it_is_written_on_and_the_list_names_both():
    client = a_client()
    draft = a_draft(client, price_yen=None)
    batch = a_batch(client, title="写真に名前をつける")
    browser = signed_in(client)

    page = text_of(browser.get("/tasks/given/"))

    assert draft.title in page and batch.title in page and said("tasks.given.done", all="10", done="0") in page
    assert browser.get(f"/tasks/{draft.pk}/run/")["Location"] == f"/tasks/{draft.pk}/price/"
    assert said("tasks.given.none") in text_of(signed_in(a_client("ほかの会")).get("/tasks/given/"))


def test_the_list_asks_as_much_for_many_as_for_one():
    client = a_client()
    a_batch(client)
    a_draft(client, price_yen=None)
    browser = signed_in(client)
    one = queries_of(browser, "/tasks/given/", counted)
    for _number in range(3):
        a_batch(client)
        a_draft(client, price_yen=None)

    assert queries_of(browser, "/tasks/given/", counted) == one


def test_it_rests_and_goes_on():
    batch = a_batch()
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/move/"

    assert browser.post(place, {"move": "pause"}).status_code == 302 and Batch.objects.get().state == "paused"
    assert browser.post(place, {"move": "pause"}).status_code == 409
    assert browser.post(place, {"move": "stop"}).status_code == 409 and Batch.objects.get().state == "paused", "stopping has its own page"
    assert browser.post(place, {"move": "resume"}).status_code == 302 and Batch.objects.get().state == "open"


def test_before_it_stops_the_page_says_what_comes_back_and_at_least_that_does(town):
    batch = a_batch()
    bundle = answered(batch)
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/stop/"
    back = back_if_stopped(batch)

    page = browser.get(place)

    assert f"{int(back):,}円" in text_of(page) and 0 < back < batch.pot_yen
    assert browser.post(place, as_it_stands(page, place)).status_code == 302 and Batch.objects.get().state == "stopped"
    assert browser.post(place, as_it_stands(page, place)).status_code == 409
    assert browser.get(place)["Location"] == f"/tasks/{batch.pk}/run/"
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=bundle.worker, posted={"a.feeling": ["よい"]}, seconds=5)
    finish_bundle(bundle=bundle, by=bundle.worker)
    approve_answers(batch=batch, by=batch.by)
    with clock.moved(by=datetime.timedelta(days=1)):
        close_batches()
    assert Batch.objects.get().state == "ended"
    assert sum(Closing.objects.values_list("back_yen", flat=True)) >= back, "also where everything that was taken is paid whole"
    assert not broken_rules()


def test_when_less_would_come_back_than_the_button_says_it_does_not_stop_and_says_the_new_sum(town):
    batch = a_batch()
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/stop/"
    page = browser.get(place)

    answered(batch)
    refused = browser.post(place, as_it_stands(page, place))

    now = f"{int(back_if_stopped(batch)):,}円"
    assert refused.status_code == 409 and said("tasks.stop.less", back=now) in text_of(refused)
    assert Batch.objects.get().state == "open" and progress_of(batch).free == batch.slots_left - 10, "nothing was given back"
    assert browser.post(place, as_it_stands(refused, place)).status_code == 302 and Batch.objects.get().state == "stopped"
    assert not broken_rules()


@pytest.mark.parametrize("back", ["", "much", "-1", "9" * 30])
def test_without_the_sum_that_was_read_nothing_stops(back):
    batch = a_batch()

    answer = signed_in(batch.by).post(f"/tasks/{batch.pk}/stop/", {"back": back})

    assert answer.status_code == 409 and said("state.moved_on") in text_of(answer) and Batch.objects.get().state == "open"


def test_more_answers_are_paid_for_once_however_often_the_form_is_sent():
    batch = a_batch()
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/more/"
    page = browser.get(place, {"count": "10"})
    typed = {"count": "10", **{name: hidden(page, name) for name in ("amount", "pot", "version")}}

    assert browser.post(place, typed | {"amount": "1"}).status_code == 409
    assert browser.post(place, typed).status_code == 302
    assert browser.post(place, typed).status_code == 409

    after = Batch.objects.get()
    assert after.pot_yen == batch.pot_yen + int(typed["amount"]) and after.extra_left == batch.extra_left + 10
    assert Slots.objects.filter(why="top_up", held_at__isnull=False).count() == 1


@pytest.mark.parametrize("count", ["0", "abc", "-3", "99999999"])
def test_a_number_that_is_none_is_told_beside_its_field(count):
    batch = a_batch()

    answer = signed_in(batch.by).get(f"/tasks/{batch.pk}/more/", {"count": count})

    assert answer.status_code == 422 and 'id="id_count_error"' in answer.text and f'value="{count}"' in answer.text


def test_the_pay_rises_with_the_difference_said_first_and_never_falls():
    batch = a_batch()
    browser, place = signed_in(batch.by), f"/tasks/{batch.pk}/raise/"

    assert browser.get(place, {"price": "5"}).status_code == 422
    page = browser.get(place, {"price": "8"})
    typed = {"price": "8", **{name: hidden(page, name) for name in ("amount", "pot", "version")}}
    assert browser.post(place, typed).status_code == 302

    after = Batch.objects.get()
    assert after.price == Yen(8) and after.pot_yen == batch.pot_yen + int(typed["amount"])
    assert browser.post(place, typed).status_code == 422


def test_where_it_pays_too_little_by_the_time_people_need_the_page_says_so():
    batch = a_batch()
    Batch.objects.filter(pk=batch.pk).update(seconds_each=120)

    page = signed_in(batch.by).get(f"/tasks/{batch.pk}/run/")

    assert said("tasks.run.low") in text_of(page) and f'href="/tasks/{batch.pk}/raise/"' in page.text
