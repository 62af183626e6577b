"""Somebody does a bundle: item after item, with breaks, without a script, and whatever happens meanwhile."""
import datetime
import re

import pytest
from django.urls import reverse

from machi.shared import clock
from machi.tasks.actions import lapse_bundles, move_batch, take_bundle
from machi.tasks.models import Answer, Bundle
from tests.people import a_person
from tests.tasks.making import a_batch, held_answers
from tests.web.contracts.walking import HTMX, queries_of, said, signed_in, text_of

pytestmark = pytest.mark.django_db
GOOD = {"do": "answer", "a.feeling": "よい"}
WITH_TEXT = {"version": 1, "parts": [
    {"kind": "cell", "name": "text", "column": "文"},
    {"kind": "choice", "name": "feeling", "label": "気持ち", "options": ["よい", "わるい"]},
    {"kind": "text", "name": "why", "label": "そのわけ", "most": 20, "is_required": False},
    {"kind": "ranking", "name": "order", "label": "順番", "options": ["海", "山"], "is_required": False}]}


@pytest.fixture
def worker():
    return a_person()


@pytest.fixture
def bundle(worker):
    return take_bundle(batch=a_batch(rows=3, answers_each=1, most_each=1, gold_percent=0, price_yen=100, form=WITH_TEXT), by=worker,
                       minutes=15)


@pytest.fixture
def browser(worker):
    return signed_in(worker)


def at(bundle, number: int) -> str:
    return reverse("tasks:answer", args=[bundle.pk, number])


def page_of(bundle, name: str = "bundle") -> str:
    return reverse(f"tasks:{name}", args=[bundle.pk])


def answer(bundle, number: int) -> Answer:
    return Answer.objects.get(bundle=bundle, position=number)


def checked(response) -> list[str]:
    return re.findall(r'value="([^"]+)" checked', response.content.decode())


def test_item_after_item_is_answered_and_the_bundle_finished(browser, bundle):
    assert browser.get(page_of(bundle)).url == at(bundle, 1)
    first = text_of(browser.get(at(bundle, 1)))
    assert said("tasks.item.of", n=1, all=3) in first and "きょうは1回目です" in first and "0円" in first

    assert browser.post(at(bundle, 1), GOOD).url == at(bundle, 2)
    assert browser.post(at(bundle, 2), GOOD | {"a.feeling": "わるい"}).url == at(bundle, 3)
    third = text_of(browser.get(at(bundle, 3)))
    assert said("tasks.progress.of", done="2", total="3") in third
    assert browser.post(at(bundle, 3), GOOD).url == page_of(bundle)
    assert said("tasks.finish.title") in text_of(browser.get(page_of(bundle)))
    assert browser.post(page_of(bundle, "finish"), follow=True).redirect_chain[-1][0] == page_of(bundle, "done")

    bundle.refresh_from_db()
    assert bundle.state == "done"
    assert list(Answer.objects.order_by("position").values_list("values__feeling", flat=True)) == ["よい", "わるい", "よい"]


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_comes_back(browser, bundle):
    page = browser.post(at(bundle, 1), {"do": "answer", "a.why": "とてもよく見えたから<b>"})

    assert page.status_code == 422 and answer(bundle, 1).state == "held"
    assert 'id="a-feeling_error"' in page.content.decode() and "とてもよく見えたから&lt;b&gt;" in page.content.decode()
    long = browser.post(at(bundle, 1), GOOD | {"a.why": "長" * 21})
    assert long.status_code == 422 and checked(long) == ["よい"] and "長" * 21 in long.content.decode()


def test_half_an_answer_is_there_again_after_a_break(browser, bundle):
    kept = browser.post(at(bundle, 1), {"do": "half", "autosave": "1", "a.feeling": "わるい", "a.why": "まだ"}, **HTMX)
    assert kept.status_code == 200 and kept.content.decode().strip().startswith('<div id="note">')
    assert browser.post(at(bundle, 1), {"do": "half", "autosave": "1", "a.why": "まだ"}).url == at(bundle, 1)     # they signed in anew
    assert browser.post(at(bundle, 1), {"do": "half", "a.feeling": "わるい", "a.why": "まだ書いて"}).url == reverse("tasks:bundles")

    again = browser.get(at(bundle, 1))

    assert checked(again) == ["わるい"] and 'value="まだ書いて"' in again.content.decode()
    assert said("tasks.under_way") in text_of(browser.get(reverse("tasks:bundles")))


def test_an_item_is_skipped_and_nobody_asks_it_again_of_the_same_person(browser, bundle, worker):
    assert browser.post(at(bundle, 1), {"do": "skip"}).url == at(bundle, 2)

    assert answer(bundle, 1).state == "given_back" and answer(bundle, 1).is_skipped
    assert browser.get(at(bundle, 1)).url == page_of(bundle)


def test_a_broken_item_is_flagged_with_a_reason_and_without_one_it_is_asked_for(browser, bundle):
    without = browser.post(at(bundle, 1), {"do": "flag", "flag": " ", "a.why": "残る言葉"})
    assert without.status_code == 422 and said("tasks.answer.flag.words") in text_of(without) and "残る言葉" in without.content.decode()
    long = browser.post(at(bundle, 1), {"do": "flag", "flag": "長" * 301})
    assert long.status_code == 422 and "長" * 301 in text_of(long)

    assert browser.post(at(bundle, 1), {"do": "flag", "flag": "文がありません"}).url == at(bundle, 2)
    assert (answer(bundle, 1).state, answer(bundle, 1).flag) == ("flagged", "文がありません")


def test_the_last_answer_is_undone_with_what_was_given_and_what_was_begun_stays(browser, bundle):
    browser.post(at(bundle, 1), GOOD | {"a.feeling": "わるい"})

    assert browser.post(at(bundle, 2), {"do": "undo", "a.why": "ここまで"}).url == at(bundle, 1)
    assert checked(browser.get(at(bundle, 1))) == ["わるい"]
    assert 'value="ここまで"' in browser.get(at(bundle, 2)).content.decode()
    browser.post(at(bundle, 1), GOOD)
    for number in (2, 3):
        browser.post(at(bundle, number), GOOD)
    assert browser.post(page_of(bundle, "undo")).url == at(bundle, 3)


def test_the_rest_is_given_back_and_what_was_answered_is_told_with_its_money(browser, bundle):
    browser.post(at(bundle, 1), GOOD)
    question = text_of(browser.get(page_of(bundle, "leave")))
    assert said("tasks.leave.title") in question and "86円" in question           # 110 with tax, less 20 % and the tax on that

    assert browser.post(page_of(bundle, "leave")).url == page_of(bundle, "done")
    bundle.refresh_from_db()
    assert bundle.state == "left" and not held_answers(bundle)
    assert "86円" in text_of(browser.get(page_of(bundle, "done")))


def test_a_button_inside_the_form_changes_it_and_gives_nothing(browser, bundle):
    page = browser.post(at(bundle, 1), {"a.act": "order down 0", "a.feeling": "よい", "a.order.option": ["海", "山"],
                                        "a.order.place": ["", ""]})

    assert page.status_code == 200 and checked(page) == ["よい"] and answer(bundle, 1).state == "held"
    assert "1. 山 2. 海" in text_of(page)


def test_a_bundle_whose_time_ran_out_while_somebody_typed_gives_the_words_back(browser, bundle, worker):
    with clock.moved(to=clock.now() + datetime.timedelta(hours=25)):
        lapse_bundles()
        late = browser.post(at(bundle, 1), GOOD | {"a.why": "あと少しだった"})
        saved = browser.post(at(bundle, 1), {"do": "half", "autosave": "1", "a.why": "あと少し"}, **HTMX)

    assert late.status_code == 409 and "あと少しだった" in text_of(late) and said("tasks.over.again") in text_of(late)
    assert saved.status_code == 409 and said("tasks.bundle.over") in text_of(saved)
    again = take_bundle(batch=bundle.batch, by=worker, minutes=15)
    assert browser.post(at(bundle, 1), GOOD | {"a.why": "前の窓"}).status_code == 409
    assert not Answer.objects.filter(bundle=again).exclude(state="held").exists()
    assert browser.get(at(bundle, 1), follow=True).redirect_chain[-1][0] == page_of(bundle, "done")


@pytest.mark.parametrize("move", ["pause", "stop"])
def test_who_has_a_bundle_goes_on_while_its_batch_rests_or_stops(browser, bundle, move):
    move_batch(batch=bundle.batch, by=bundle.batch.client.person, move=move)

    assert browser.post(at(bundle, 1), GOOD).url == at(bundle, 2)
    assert browser.post(at(bundle, 2), {"do": "skip"}).url == at(bundle, 3)
    assert browser.get(at(bundle, 3)).status_code == 200
    assert browser.get(reverse("tasks:batch", args=[bundle.batch_id])).status_code == 200


def test_a_second_press_gives_nothing_twice_and_shows_what_was_typed(browser, bundle):
    browser.post(at(bundle, 1), GOOD)

    again = browser.post(at(bundle, 1), GOOD | {"a.feeling": "わるい"})

    assert again.status_code == 409 and "わるい" in text_of(again) and answer(bundle, 1).values["feeling"] == "よい"


@pytest.mark.parametrize(("sent", "state"), [
    (GOOD | {"a.why": "見たから"}, "given"), ({"do": "skip"}, "given_back"), ({"do": "flag", "flag": "文が\r\nありません"}, "flagged")])
def test_what_is_sent_twice_because_a_line_broke_has_arrived_and_changes_nothing(browser, bundle, sent, state):
    first = browser.post(at(bundle, 1), sent)
    given_at = answer(bundle, 1).given_at

    again = browser.post(at(bundle, 1), sent)

    assert (again.status_code, again.url) == (302, first.url) and (answer(bundle, 1).state, answer(bundle, 1).given_at) == (state, given_at)
    other = {"do": "flag", "flag": "画像がありません"} if state == "given" else GOOD
    assert browser.post(at(bundle, 1), other).status_code == 409
    browser.post(page_of(bundle, "leave"))
    assert browser.post(at(bundle, 1), sent, follow=True).redirect_chain[-1][0] == page_of(bundle, "done")
    assert browser.post(at(bundle, 2), sent).status_code == 409                     # that one never arrived


def test_words_that_nobody_can_see_are_not_kept_with_a_flag(browser, bundle):
    browser.post(at(bundle, 1), {"do": "flag", "flag": "文が\u202eあ\x00りません"})

    assert answer(bundle, 1).flag == "文がありません"


@pytest.mark.parametrize("path", ["", "answers/1/", "leave/", "done/", "answers/1/appeal/"])
def test_a_bundle_of_somebody_else_is_not_there(bundle, path):
    stranger = signed_in(a_person())

    assert stranger.get(page_of(bundle) + path).status_code == 404
    assert signed_in(bundle.batch.client.person).get(page_of(bundle) + path).status_code == 404


@pytest.mark.parametrize("path", ["answers/1/", "undo/", "leave/", "finish/", "answers/1/agree/", "answers/1/appeal/"])
def test_nobody_sends_a_form_to_a_bundle_of_somebody_else(bundle, path):
    assert signed_in(a_person()).post(page_of(bundle) + path, GOOD).status_code == 404
    assert answer(bundle, 1).state == "held"


@pytest.mark.parametrize("typed", [{}, {"do": "fly"}, {"do": ["half", "skip"]}, {"a.act": "order up 99"}, {"seconds": "x" * 999},
                                   {"seconds": "-5", "drawn_at": "9" * 40}, {"a.feeling": "とても"}, {"a.why": "\x00"}, {"flag": "x"},
                                   {"do": "half", "a.why": "a\x00\u202eb"},
                                   {"do": "flag", "flag": "\x00"}, {"do": "undo", "a.why": "あ" * 100_000}, GOOD | {"a.why": "𠮷\x00"}])
def test_whatever_is_sent_is_answered_with_a_page(browser, bundle, typed):
    assert browser.post(at(bundle, 1), typed).status_code in (200, 302, 422)
    assert browser.post(at(bundle, 999), typed).status_code == 409
    assert browser.get(page_of(bundle) + "?n=x").status_code == 302


def test_the_time_that_is_told_is_the_time_somebody_worked(browser, bundle, clock_at):
    clock_at(clock.now() + datetime.timedelta(minutes=10))
    browser.post(at(bundle, 1), {"do": "half", "autosave": "1", "seconds": "30"}, **HTMX)
    clock_at(clock.now() + datetime.timedelta(seconds=20))
    browser.post(at(bundle, 1), GOOD | {"seconds": "12"})

    bundle.refresh_from_db()
    assert answer(bundle, 1).seconds == 42 and bundle.seconds == 42


def test_answers_that_waited_for_a_line_keep_the_time_each_of_them_took(browser, bundle, clock_at):
    """In a train: three answers in two minutes, and all of them arrive in one second."""
    clock_at(clock.now() + datetime.timedelta(seconds=120))
    for number, seconds in ((1, "50"), (2, "40"), (3, "25")):
        browser.post(at(bundle, number), GOOD | {"seconds": seconds})

    assert [answer(bundle, number).seconds for number in (1, 2, 3)] == [50, 40, 25]


def test_nobody_can_say_more_time_than_has_passed_since_the_bundle_was_taken(browser, bundle, clock_at):
    clock_at(clock.now() + datetime.timedelta(seconds=100))
    browser.post(at(bundle, 1), GOOD | {"seconds": "70"})
    browser.post(at(bundle, 2), GOOD | {"seconds": "9000"})
    clock_at(clock.now() + datetime.timedelta(hours=5))
    browser.post(at(bundle, 3), {"do": "half", "seconds": "9000"})

    bundle.refresh_from_db()
    assert [answer(bundle, number).seconds for number in (1, 2, 3)] == [70, 30, 900] and bundle.seconds == 1000


def test_without_a_script_the_time_counts_since_the_page_was_drawn(browser, bundle, clock_at):
    clock_at(clock.now() + datetime.timedelta(hours=3))
    drawn = re.search(r'name="drawn_at" value="(\d+)"', browser.get(at(bundle, 1)).content.decode()).group(1)
    clock_at(clock.now() + datetime.timedelta(seconds=25))
    browser.post(at(bundle, 1), GOOD | {"seconds": "", "drawn_at": drawn})

    assert 25 <= answer(bundle, 1).seconds <= 27


def test_the_list_and_the_runner_ask_the_same_number_of_questions_however_much_there_is(browser, worker, django_assert_max_num_queries):
    def counted():
        return django_assert_max_num_queries(16)
    small = take_bundle(batch=a_batch(rows=2), by=worker, minutes=15)
    few, runner = queries_of(browser, reverse("tasks:bundles"), counted), queries_of(browser, at(small, 1), counted)
    large = take_bundle(batch=a_batch(rows=80), by=worker, minutes=60)

    assert queries_of(browser, reverse("tasks:bundles"), counted) == few
    assert queries_of(browser, at(large, 1), counted) == runner
    assert Bundle.objects.count() == 2
