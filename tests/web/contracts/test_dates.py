"""The pages of another due date: asking without a reason, answering what stands on the screen, and the papers that stay."""
import datetime
import re

import pytest

from machi.contracts.actions import accept_delivery, deliver, fund
from machi.contracts.models import DateRequest, Milestone
from machi.contracts.queries import track_record
from machi.notifications.words import day
from machi.payments.paydays import pay_day
from machi.shared import clock
from tests.people import a_contract, a_contract_in_steps, client_of
from tests.web.contracts.test_room import solid_buttons
from tests.web.contracts.walking import HTMX, hidden, said, signed_in, text_of

DAY = datetime.timedelta(days=1)


def two_browsers():
    contract = a_contract(funded=True)
    return contract, signed_in(contract.worker), signed_in(client_of(contract)), contract.milestones.get()


def ask(browser, contract, wished_on, **more):
    return browser.post(f"/contracts/{contract.pk}/date/", {"wished_on": wished_on.isoformat(), **more})


def answer(browser, contract, how: str, wish=None):
    wish = wish or DateRequest.objects.get(state="asked")
    return browser.post(f"/contracts/{contract.pk}/date/answer/", {"wish": wish.pk, "answer": how})


def test_asked_agreed_and_delivered_on_the_new_day_the_record_is_intact(db, clock_at):
    """F70, as the two live it: the same request, seen from both chairs, until the record."""
    contract, worker, client, milestone = two_browsers()
    wished = milestone.due_on + 7 * DAY
    form = worker.get(f"/contracts/{contract.pk}/date/")
    assert form.status_code == 200 and "reason" not in form.content.decode() and said("dates.words.hint") in text_of(form)

    assert ask(worker, contract, wished, words="よろしくお願いします").status_code == 302
    seen = text_of(client.get(f"/contracts/{contract.pk}/"))
    pay_on = pay_day(wished, acceptance_days=7)
    assert said("dates.both", due=day(wished), pay=day(pay_on)) in seen and "よろしくお願いします" in seen
    assert answer(client, contract, "agree").status_code == 302

    for browser in (worker, client):
        page = text_of(browser.get(f"/contracts/{contract.pk}/"))
        assert day(wished) in page and day(pay_on) in page and said("story.date_moved", day=day(wished)) in page
        assert said("dates.agreed.version", n=1) in page
        paper = text_of(browser.get(f"/offers/{contract.offer_id}/"))
        assert contract.offer.terms_hash in paper and DateRequest.objects.get().addition_hash in paper
        assert day(milestone.due_on) in paper, "what was agreed first stays readable"
    clock_at(clock.end_of(wished))
    worker.post(f"/contracts/{contract.pk}/deliver/", {"round": 1, "text": "できました。", "ai_note": "なし"})
    client.post(f"/contracts/{contract.pk}/accept/", {"round": 1})

    assert (track_record(contract.worker).completed_count, track_record(contract.worker).on_time_count) == (1, 1)
    public = text_of(client.get(f"/people/{contract.worker.pk}/"))
    assert said("people.of", n=1, all=1) in public and said("dates.title") not in public


def test_the_other_day_goes_back_and_forth_until_one_says_yes(db):
    contract, worker, client, milestone = two_browsers()
    ask(worker, contract, milestone.due_on + 20 * DAY)
    form = client.get(f"/contracts/{contract.pk}/date/")
    assert said("dates.lead.answer", other=f"{contract.worker.name}さん", wished=day(milestone.due_on + 20 * DAY)) in text_of(form)

    assert ask(client, contract, milestone.due_on + 9 * DAY, answers=hidden(form, "answers")).status_code == 302
    assert answer(worker, contract, "agree").status_code == 302
    assert Milestone.objects.get().due_on == milestone.due_on + 9 * DAY


def test_an_answer_to_a_wish_that_is_gone_changes_nothing_and_says_so(db):
    contract, worker, client, milestone = two_browsers()
    ask(worker, contract, milestone.due_on + 7 * DAY)
    wish = DateRequest.objects.get()
    answer(worker, contract, "withdraw")

    page = answer(client, contract, "agree", wish)
    assert page.status_code == 409 and said("dates.answer_refused") in text_of(page)
    assert Milestone.objects.get().due_on == milestone.due_on


def test_a_counter_offer_to_another_wish_than_the_one_on_the_screen_keeps_what_was_typed(db):
    contract, worker, client, milestone = two_browsers()
    ask(worker, contract, milestone.due_on + 7 * DAY)
    old = hidden(client.get(f"/contracts/{contract.pk}/date/"), "answers")
    answer(worker, contract, "withdraw")
    ask(worker, contract, milestone.due_on + 8 * DAY)

    page = ask(client, contract, milestone.due_on + 9 * DAY, answers=old, words="残る言葉")
    assert page.status_code == 409 and "残る言葉" in page.content.decode() and said("dates.other_asked") in text_of(page)
    assert said("dates.lead.answer", other=f"{contract.worker.name}さん", wished=day(milestone.due_on + 8 * DAY)) in text_of(page)
    assert ask(client, contract, milestone.due_on + 9 * DAY, answers=hidden(page, "answers")).status_code == 302


@pytest.mark.parametrize(("wished", "status"), [
    ("", 422), ("きのう", 422), ("2026-02-30", 422), ("99999-01-01", 422), ("\x00", 422), ("0001-01-01", 422), ("9999-12-31", 422),
    ("2000-01-01", 422)])
def test_a_day_that_is_none_or_cannot_be_asked_for_is_answered_beside_the_field(db, wished, status):
    contract, worker, _client, _milestone = two_browsers()

    for headers in ({}, HTMX):
        page = worker.post(f"/contracts/{contract.pk}/date/", {"wished_on": wished, "words": "𠮷野 😀 <b>"}, **headers)
        assert page.status_code == status and "𠮷野 😀 &lt;b&gt;" in page.content.decode()
    assert not DateRequest.objects.exists()


@pytest.mark.parametrize("form", [{}, {"wish": "x", "answer": "agree"}, {"wish": 9**30, "answer": "agree"},
                                  {"wish": 1, "answer": "delete"}, {"wish": -1, "answer": "keep"}])
def test_a_broken_answer_changes_nothing(db, form):
    contract, worker, client, milestone = two_browsers()
    ask(worker, contract, milestone.due_on + 7 * DAY)

    assert client.post(f"/contracts/{contract.pk}/date/answer/", form).status_code == 422
    assert DateRequest.objects.get().state == "asked"


def test_a_wish_of_another_contract_is_not_there(db):
    contract, worker, _client, milestone = two_browsers()
    ask(worker, contract, milestone.due_on + 7 * DAY)
    other = a_contract(funded=True)

    assert answer(signed_in(client_of(other)), other, "agree").status_code == 404
    assert answer(signed_in(other.worker), contract, "agree").status_code == 404


def test_there_is_still_one_primary_button_and_the_wish_stands_in_the_list(db):
    contract, worker, client, milestone = two_browsers()
    ask(client, contract, milestone.due_on + 7 * DAY)

    room = worker.get(f"/contracts/{contract.pk}/")
    main = room.content.decode()
    main = main[main.index("<main"):main.index("</main")]
    assert len(solid_buttons(room)) == 1 and len(re.findall(r'<button class="btn solid', main)) == 0
    assert said("dates.waits") in text_of(worker.get("/contracts/")) and said("dates.waits") not in text_of(client.get("/contracts/"))


def test_a_wish_about_a_step_that_is_over_is_no_wish_about_the_next_one(db):
    contract = a_contract_in_steps(funded=True)
    worker, client = signed_in(contract.worker), client_of(contract)
    old = hidden(worker.get(f"/contracts/{contract.pk}/date/"), "number")
    deliver(milestone=contract.milestones.get(number=1), by=contract.worker, text="できました。", ai_note="使っていません")
    accept_delivery(milestone=contract.milestones.get(number=1), by=client)
    fund(contract=contract, by=client)
    wished = (clock.today() + 60 * DAY).isoformat()

    answer = worker.post(f"/contracts/{contract.pk}/date/", {"wished_on": wished, "words": "すこし先に", "number": old})

    assert answer.status_code == 409 and not DateRequest.objects.exists() and wished in answer.text and "すこし先に" in answer.text
    again = worker.post(f"/contracts/{contract.pk}/date/", {"wished_on": wished, "words": "すこし先に", "number": hidden(answer, "number")})
    assert again.status_code == 302 and DateRequest.objects.get().milestone.number == 2
    assert worker.post(f"/contracts/{contract.pk}/date/", {"wished_on": wished, "number": "x"}).status_code == 422
