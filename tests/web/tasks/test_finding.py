"""Somebody with a quarter of an hour finds a batch, reads its terms, and takes a bundle."""
import datetime

import pytest
from django.test import Client
from django.urls import reverse

from machi.shared import clock
from machi.tasks.actions import (
    approve_answers,
    close_batches,
    finish_bundle,
    give_answer,
    move_batch,
    put_together,
    refuse_answers,
    take_bundle,
)
from machi.tasks.models import Answer, Batch, Bundle
from tests.people import a_client, a_contract, a_person
from tests.tasks.making import FEELING, a_batch, a_draft, held_answers
from tests.web.contracts.walking import HTMX, queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/tasks/"
WITH_A_PICTURE = {"version": 1, "parts": [{"kind": "image", "name": "picture", "column": "文"}, *FEELING["parts"]]}
WITH_BOXES = {"version": 1, "parts": [WITH_A_PICTURE["parts"][0], {"kind": "boxes", "name": "cats", "label": "猫", "of": "picture",
                                                                   "labels": ["猫"]}]}


def titles(response) -> list[str]:
    """In the order of the list."""
    places = {title: text_of(response).find(title) for title in Batch.objects.order_by("pk").values_list("title", flat=True)}
    return [title for title, place in sorted(places.items(), key=lambda one: one[1]) if place >= 0]


def about(batch) -> str:
    return reverse("tasks:batch", args=[batch.pk])


def take(batch) -> str:
    return reverse("tasks:take", args=[batch.pk])


def with_a_record(person=None):
    person = person or a_person()
    for _number in range(3):
        a_contract(worker=person, accepted=True)
    return person


def test_the_best_paid_hour_comes_first_and_the_newest_on_request():
    a_batch(title="ふつうの仕事", price_yen=5)
    a_batch(title="よく払う仕事", price_yen=9)
    a_batch(title="あたらしい仕事", price_yen=6)
    browser = signed_in(a_person())

    assert titles(browser.get(LIST)) == ["よく払う仕事", "あたらしい仕事", "ふつうの仕事"]
    assert titles(browser.get(LIST, {"order": "new"})) == ["あたらしい仕事", "よく払う仕事", "ふつうの仕事"]


def test_a_visitor_sees_the_list_and_is_led_to_the_door_before_taking():
    batch, visitor = a_batch(title="口コミの気持ち"), Client()

    assert titles(visitor.get(LIST)) == ["口コミの気持ち"]
    page = visitor.get(about(batch))
    assert page.status_code == 200 and said("tasks.take.sign_in") in text_of(page) and "きょうは1回目です" not in text_of(page)
    assert visitor.post(take(batch), {"minutes": "15"}).status_code == 302
    assert not Bundle.objects.exists()


def test_what_is_narrowed_is_told_in_chips_and_each_can_be_taken_away():
    a_batch(title="文字だけの仕事")
    a_batch(title="絵を見る仕事").forms.update(parts=WITH_A_PICTURE)      # as it will be once the town keeps pictures
    a_batch(title="長い問題の仕事", seconds=20 * 60, price_yen=1_000)
    browser = signed_in(a_person())

    assert titles(browser.get(LIST, {"text": "1", "minutes": "15"})) == ["文字だけの仕事"]
    page = browser.get(LIST, {"text": "1", "minutes": "15"}, **HTMX)
    assert 'href="?minutes=15"' in page.content.decode() and 'href="?text=1"' in page.content.decode()
    assert page.headers["HX-Replace-Url"] == "/tasks/?minutes=15&text=1"
    assert set(titles(browser.get(LIST, {"minutes": "30"}))) == {"文字だけの仕事", "絵を見る仕事", "長い問題の仕事"}
    assert titles(browser.get(LIST, {"category": Batch.objects.first().category_id, "topic": "99"})) == []


def test_whoever_has_a_phone_finds_what_is_easily_done_with_a_thumb():
    a_batch(title="えらぶ仕事")
    a_batch(title="枠をかく仕事").forms.update(parts=WITH_BOXES)
    browser = signed_in(a_person())

    found = browser.get(LIST, {"phone": "1"}, **HTMX)
    assert titles(found) == ["えらぶ仕事"] and found.headers["HX-Replace-Url"] == "/tasks/?phone=1"
    assert '<span class="muted" id="n-phone" hx-swap-oob="true">1</span>' in found.content.decode()
    assert set(titles(browser.get(LIST))) == {"えらぶ仕事", "枠をかく仕事"}
    assert 'href="?text=1"' in browser.get(LIST, {"phone": "1", "text": "1"}).content.decode()


@pytest.mark.parametrize("nonsense", [{"minutes": "x"}, {"minutes": "9" * 30}, {"topic": "-1"}, {"topic": "٣"}, {"category": "<b>"},
                                      {"order": "pay' --"}, {"page": "99999999999"}, {"page": "0"}, {"text": "\x00"}, {"phone": "yes"}])
def test_an_address_that_makes_no_sense_still_finds_work(nonsense):
    a_batch(title="口コミの気持ち")

    page = signed_in(a_person()).get(LIST, nonsense)

    assert page.status_code == 200 and titles(page) == ["口コミの気持ち"]


def test_what_cannot_be_taken_is_not_on_the_list():
    a_batch(title="払いが足りない仕事")
    Batch.objects.update(seconds_each=3600)
    resting = a_batch(title="止めている仕事")
    move_batch(batch=resting, by=resting.by, move="pause")
    gone = a_batch(title="残りのない仕事", rows=1, answers_each=1, most_each=1, gold_percent=0)
    take_bundle(batch=gone, by=a_person(), minutes=15)

    assert titles(signed_in(a_person()).get(LIST)) == []


def test_people_without_a_record_see_first_what_is_kept_for_them_and_others_do_not_see_it():
    a_batch(title="よく払う仕事", price_yen=30)
    kept = a_batch(title="はじめての方の仕事", price_yen=5, is_for_newcomers=True)
    a_batch(title="実績のいる仕事", price_yen=40, record_needed=3)
    newcomer, known = a_person(), with_a_record()

    assert titles(signed_in(newcomer).get(LIST)) == ["はじめての方の仕事", "よく払う仕事"]
    assert titles(signed_in(known).get(LIST)) == ["実績のいる仕事", "よく払う仕事"]
    refused = signed_in(known).post(take(kept), {"minutes": "15"})
    assert refused.status_code == 409 and said("tasks.bundle.for_newcomers") in text_of(refused)
    assert signed_in(newcomer).post(take(kept), {"minutes": "15"}).status_code == 302
    assert Bundle.objects.get().worker == newcomer


def test_the_terms_are_read_before_a_bundle_is_taken():
    batch, worker = a_batch(client=a_client("みなと出版"), price_yen=5, seconds=10), a_person()

    page = text_of(signed_in(worker).get(about(batch)))

    assert "みなと出版" in page and "お店の口コミを分けます。" in page and "よい気持ちなら「よい」をえらびます。" in page
    assert "きょうは1回目です" in page                                              # the form can be tried with the first item
    # 1,800 yen an hour without tax: 1,980 with it, less the town's fee
    assert said("tasks.an_hour") in page and said("tasks.terms.hold") in page and said("tasks.refusals.few", n=30) in page
    assert said("tasks.measured.trial.text", time="10秒", n=3) in page
    assert said("tasks.take") in page
    signed_in(worker).post(take(batch), {"minutes": "30"})
    assert Bundle.objects.get().minutes == 30


def test_whoever_has_a_bundle_goes_on_with_it_and_too_many_are_refused_in_words():
    worker = a_person()
    browser, batches = signed_in(worker), [a_batch(title=f"仕事{n}") for n in range(4)]
    for batch in batches[:3]:
        assert browser.post(take(batch), {"minutes": "15"}).status_code == 302

    assert said("tasks.go_on") in text_of(browser.get(about(batches[0])))
    assert browser.post(take(batches[0]), {"minutes": "15"}).url == reverse("tasks:bundle", args=[Bundle.objects.earliest("pk").pk])
    refused = browser.post(take(batches[3]), {"minutes": "15"})
    assert refused.status_code == 409 and said("tasks.bundle.too_many", n=3) in text_of(refused)


@pytest.mark.parametrize("minutes", ["", "14", "x", "-15", "15 ", "9" * 40])
def test_minutes_that_are_none_of_the_three_are_refused_and_nothing_is_taken(minutes):
    batch = a_batch()

    assert signed_in(a_person()).post(take(batch), {"minutes": minutes}).status_code == 409
    assert not Bundle.objects.exists()


def test_whoever_acts_for_the_client_takes_nothing_and_a_draft_is_nobodys_to_see():
    batch = a_batch()
    draft = a_draft(batch.by, title="まだ書いています")

    assert signed_in(batch.by).post(take(batch), {"minutes": "15"}).status_code == 409
    for stranger in (signed_in(a_person()), Client()):
        assert stranger.get(about(draft)).status_code == 404 and titles(stranger.get(LIST)) == [batch.title]
    assert signed_in(a_person()).post(take(draft), {"minutes": "15"}).status_code == 404
    assert signed_in(draft.by).post(take(draft), {"minutes": "15"})["Location"] == f"/tasks/{draft.pk}/run/"
    assert not Bundle.objects.exists()


@pytest.mark.parametrize(("moves", "words"), [
    (("pause",), "tasks.batch.resting"), (("stop",), "tasks.batch.ending"), (("stop", "the night"), "tasks.batch.over")])
def test_a_batch_that_rests_says_so_and_one_that_is_over_says_that_it_is(town, moves, words):
    batch = a_batch()
    for move in moves:
        if move == "the night":
            close_batches()
        else:
            move_batch(batch=batch, by=batch.by, move=move)

    assert said(words) in text_of(signed_in(a_person()).get(about(batch)))


def test_how_often_a_client_refuses_is_public_once_there_are_thirty_answers():
    client, worker = a_client(), a_person()
    batch = a_batch(client, rows=30, answers_each=1, most_each=1, gold_percent=0, price_yen=100)
    bundle = take_bundle(batch=batch, by=worker, minutes=15)
    for answer in held_answers(bundle):
        give_answer(answer=answer, by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    finish_bundle(bundle=bundle, by=worker)
    refuse_answers(batch=batch, by=client, answers=list(Answer.objects.order_by("pk").values_list("pk", flat=True)[:3]),
                   reason="手引きの2番とちがいます", paid_percent=50)
    approve_answers(batch=batch, by=client)
    other = a_batch(client, title="次の仕事")
    before = text_of(Client().get(about(other)))
    assert "10%" in before and said("tasks.refusals.of", all=30, refused=3) in before, "also before the first of them is paid"
    put_together()
    with clock.moved(to=clock.now() + datetime.timedelta(days=1)):
        close_batches()

    page = text_of(Client().get(about(other)))

    assert "10%" in page and said("tasks.refusals.of", all=30, refused=3) in page


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(django_assert_max_num_queries):
    def counted():
        return django_assert_max_num_queries(14)
    browser = signed_in(a_person())
    a_batch()
    few = queries_of(browser, LIST, counted)
    for _number in range(4):
        a_batch(a_client())

    assert queries_of(browser, LIST, counted) == few


def test_a_batch_is_told_in_a_fixed_number_of_questions_however_many_items_it_has(django_assert_max_num_queries):
    def counted():
        return django_assert_max_num_queries(22)
    small, large = a_batch(rows=3), a_batch(rows=200)
    browser = signed_in(a_person())

    assert queries_of(browser, about(large), counted) == queries_of(browser, about(small), counted)


def test_what_is_left_is_what_this_person_can_still_answer():
    worker = a_person()
    few, none = (a_batch(rows=rows, answers_each=3, gold_percent=0) for rows in (8, 1))
    bundle = take_bundle(batch=none, by=worker, minutes=15)
    give_answer(answer=held_answers(bundle)[0], by=worker, posted={"a.feeling": ["よい"]}, seconds=5)
    finish_bundle(bundle=bundle, by=worker)

    page = signed_in(worker).get(about(few))
    assert said("tasks.left.n", n=8) in text_of(page) and page.content.decode().count('name="minutes"') == 1
    done = text_of(signed_in(worker).get(about(none)))
    assert said("tasks.bundle.nothing_left") in done and said("tasks.take") not in done
    assert said("tasks.left.n", n=1) in text_of(signed_in(a_person()).get(about(none)))
