"""The pages of what both must sign, and of a difference: what does not fit is said and kept, and moves nothing."""
import datetime
import html
import re

import pytest

from machi.accounts.powers import Power
from machi.contracts import actions
from machi.contracts.models import ChangeOrder, Contract, Dispute
from machi.jobs.plans import Step
from machi.notifications.words import day
from machi.payments.fees import settlement
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import (
    a_client,
    a_contract,
    a_contract_in_steps,
    a_member,
    an_hourly_contract,
    an_organisation,
    client_of,
    held_for,
    with_bank_account,
)
from tests.web.contracts.walking import HTMX, as_it_stands, hidden, said, signed_in, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def two_browsers(**how_far) -> tuple[Contract, object, object]:
    contract = a_contract(**(how_far or {"funded": True}))
    return contract, signed_in(contract.worker), signed_in(client_of(contract))


def post(browser, contract: Contract, where: str, /, **typed):
    return browser.post(f"/contracts/{contract.pk}/{where}/", typed)


def test_ask_for_a_part_read_it_with_both_sides_money_and_sign(db):
    contract, worker, client = two_browsers()

    assert post(worker, contract, "part", price_1="4,000", words="4割できました。").status_code == 302
    page = text_of(client.get(f"/contracts/{contract.pk}/wish/"))
    for words in ("4割できました。", "4,400円", "3,432円", said("change.part.back", gross="6,600円"), said("change.agree.deed")):
        assert words in page
    assert said("change.theirs", other=f"{contract.worker.name}さん") in text_of(client.get(f"/contracts/{contract.pk}/"))
    answered = post(client, contract, "wish", wish=ChangeOrder.objects.get().pk, answer="agree")

    assert answered.status_code == 302 and held_for(contract.pk) == 0
    room = text_of(client.get(f"/contracts/{contract.pk}/"))
    assert said("change.paper", n=1) in room and said("story.settled") in room
    with_bank_account(contract.worker)
    theirs, sums = text_of(worker.get(f"/contracts/{contract.pk}/")), {"net": "3,432円", "date": day(contract.milestones.get().pay_on)}
    assert said("standing.settled.text", **sums) in theirs and said("contract.accepted", **sums) not in theirs


@pytest.mark.parametrize("typed", ["", "-1", "10,001", "たくさん", "9" * 30, "1.5", "0x10"])
def test_a_part_that_cannot_be_is_said_beside_the_field_and_kept(typed):
    contract, worker, _client = two_browsers()

    answer = post(worker, contract, "part", price_1=typed, words="理由は要りません")

    assert answer.status_code == 422 and "理由は要りません" in answer.content.decode() and not ChangeOrder.objects.exists()


def test_somebody_who_asked_cannot_sign_and_an_old_screen_signs_nothing():
    contract, worker, client = two_browsers()
    post(worker, contract, "part", price_1="4000")
    order = ChangeOrder.objects.get()

    assert post(worker, contract, "wish", wish=order.pk, answer="agree").status_code == 409
    assert post(client, contract, "wish", wish=order.pk, answer="keep").status_code == 302
    assert post(client, contract, "wish", wish=order.pk, answer="agree").status_code == 409
    assert post(client, contract, "wish", wish=order.pk + 99, answer="agree").status_code == 404
    assert post(client, contract, "wish", order="x", answer="steal").status_code == 422
    assert held_for(contract.pk) == 11_000


def test_two_windows_ask_at_once_one_wish_stands_and_the_other_keeps_its_words():
    contract, worker, client = two_browsers()
    post(worker, contract, "part", price_1="4000")

    late = post(client, contract, "part", price_1="2000", words="半分です")

    assert late.status_code == 409 and said("change.other_asked") in text_of(late) and "半分です" in late.content.decode()
    instead = post(client, contract, "part", price_1="2000", answers=ChangeOrder.objects.get().pk)
    assert instead.status_code == 302 and ChangeOrder.objects.get(state="asked").parts == [{"number": 1, "price_yen": 2_000}]


def test_an_answer_to_a_wish_that_another_one_has_replaced_shows_that_one_and_can_be_sent_again():
    contract, worker, client = two_browsers()
    post(worker, contract, "part", price_1="4000")
    old = client.get(f"/contracts/{contract.pk}/part/")
    actions.withdraw_change(order=ChangeOrder.objects.get(), by=contract.worker)
    post(worker, contract, "part", price_1="7000", words="7割できました。")

    page = post(client, contract, "part", price_1="5000", words="半分では。", answers=hidden(old, "answers"))

    assert page.status_code == 409 and said("change.other_asked") in text_of(page)
    assert "7割できました。" in text_of(page) and "7,700円" in text_of(page) and "半分では。" in text_of(page)
    again = post(client, contract, "part", price_1="5000", words="半分では。", answers=hidden(page, "answers"))
    assert again.status_code == 302 and ChangeOrder.objects.get(state="asked").parts == [{"number": 1, "price_yen": 5_000}]


def test_the_steps_that_are_not_funded_stand_in_the_form_and_change():
    contract = a_contract_in_steps(funded=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    page = text_of(worker.get(f"/contracts/{contract.pk}/change/"))
    second = contract.milestones.get(number=2)

    assert "区切り2" in worker.get(f"/contracts/{contract.pk}/change/").content.decode() and said("change.terms.title") in page
    assert post(worker, contract, "change", title_1="2面", price_1="25,000", due_1=second.due_on.isoformat(), words="3面はやめます。"
                ).status_code == 302
    post(client, contract, "wish", wish=ChangeOrder.objects.get().pk, answer="agree")

    assert list(contract.milestones.order_by("number").values_list("title", "state")) == [
        ("区切り1", "funded"), ("2面", "agreed"), ("区切り3", "void")]


@pytest.mark.parametrize("row", [
    {"title_1": "題だけ"}, {"price_1": "99", "due_1": "2027-01-20"}, {"price_1": "1000", "due_1": "2020-01-01"},
    {"price_1": "1000", "due_1": "むかし"}, {"title_1": "長" * 81, "price_1": "1000", "due_1": "2027-01-20"}])
def test_a_row_that_is_not_whole_is_said_and_kept(row):
    contract, worker, _client = two_browsers()

    answer = post(worker, contract, "change", **row, words="言葉")

    assert answer.status_code == 422 and "言葉" in answer.content.decode() and not ChangeOrder.objects.exists()


def test_nothing_at_all_changes_nothing_and_says_so():
    contract, worker, _client = two_browsers()

    answer = post(worker, contract, "change")

    assert answer.status_code == 409 and said("change.empty") in text_of(answer)


def test_beside_a_new_step_the_whole_work_has_its_name():
    contract, worker, client = two_browsers()
    due = (contract.milestones.get().due_on + 10 * DAY).isoformat()

    assert post(client, contract, "change", title_1="見出しの索引", price_1="20000", due_1=due).status_code == 302
    assert post(worker, contract, "wish", wish=ChangeOrder.objects.get().pk, answer="agree").status_code == 302

    page = text_of(worker.get(f"/contracts/{contract.pk}/"))
    assert f"「{contract.title}」" in page and "見出しの索引" in page and "「」" not in page


def test_end_a_contract_together():
    contract = a_contract_in_steps(funded=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))

    assert post(worker, contract, "end").status_code == 422
    assert post(worker, contract, "end", price_1="0", words="ここまでにしたいです。").status_code == 302
    assert said("change.part.nothing") in text_of(client.get(f"/contracts/{contract.pk}/wish/"))
    post(client, contract, "wish", wish=ChangeOrder.objects.get().pk, answer="agree")

    room = text_of(worker.get(f"/contracts/{contract.pk}/"))
    assert said("contract.state.ended") in room and said("standing.refunded") in room


def test_of_what_ends_with_a_part_paid_before_anything_was_handed_over_nothing_says_that_it_was():
    contract = a_contract_in_steps(funded=True)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    post(worker, contract, "end", price_1="2500", words="引っ越します。")
    post(client, contract, "wish", wish=ChangeOrder.objects.get().pk, answer="agree")

    for browser in (worker, client):
        room = text_of(browser.get(f"/contracts/{contract.pk}/"))
        assert said("step.deliver") + said("steps.done") not in room and said("step.deliver") + said("step.left_out") in room
        assert said("step.fund") + said("steps.done") in room and said("step.accept") + said("steps.done") in room


# ---- differences -----------------------------------------------------------------------------------------------------

def hidden_in(browser, contract: Contract) -> dict[str, str]:
    """What the form of a difference remembers of its screen."""
    return as_it_stands(browser.get(f"/contracts/{contract.pk}/dispute/"), f"/contracts/{contract.pk}/dispute/")


def test_of_a_difference_before_the_work_came_nothing_says_that_it_did():
    done = said("step.deliver") + said("steps.done")
    for how_far, is_delivered in (("delivered", True), ("funded", False)):
        contract, worker, client = two_browsers(**{how_far: True})
        assert post(client, contract, "dispute", text="約束の下書きが、まだ届いていません。").status_code == 302

        assert (done in text_of(worker.get(f"/contracts/{contract.pk}/"))) == is_delivered


def test_a_difference_is_told_answered_and_taken_back():
    contract, worker, client = two_browsers(delivered=True)

    assert post(client, contract, "dispute", text="3軒ぶんが抜けています。").status_code == 302
    room = text_of(worker.get(f"/contracts/{contract.pk}/"))
    assert "3軒ぶんが抜けています。" in room and said("standing.disputed") in room
    assert post(worker, contract, "dispute", text="お休みでした。", **hidden_in(worker, contract)).status_code == 302
    assert "お休みでした。" in text_of(client.get(f"/contracts/{contract.pk}/"))
    assert post(worker, contract, "dispute", text="もう一度").status_code == 409
    assert worker.post(f"/contracts/{contract.pk}/dispute/back/").status_code == 409
    assert client.post(f"/contracts/{contract.pk}/dispute/back/").status_code == 302

    assert Dispute.objects.get().state == "closed" and contract.milestones.get().state == "delivered"


@pytest.mark.parametrize("text", ["", "   ", "長" * 3_001])
def test_a_difference_without_words_or_with_too_many_is_said_and_freezes_nothing(text):
    contract, worker, _client = two_browsers(delivered=True)

    answer = post(worker, contract, "dispute", text=text)

    assert answer.status_code == 422 and (not text.strip() or text[:50] in answer.content.decode())
    assert contract.milestones.get().state == "delivered"


def test_after_the_acceptance_clock_nobody_can_freeze_the_money(clock_stands_at):
    contract, _worker, client = two_browsers(delivered=True)
    clock_stands_at(contract.milestones.get().accept_by)

    assert client.get(f"/contracts/{contract.pk}/dispute/").status_code == 302
    assert post(client, contract, "dispute", text="やはり違います。").status_code == 409


def test_a_form_in_place_comes_back_as_a_part_of_the_page():
    contract, worker, _client = two_browsers()

    answer = worker.post(f"/contracts/{contract.pk}/part/", {"price_1": "many"}, **HTMX)

    assert answer.status_code == 422 and "<html" not in answer.content.decode()


def test_a_difference_told_meanwhile_is_read_first_and_nothing_typed_is_lost():
    contract, worker, client = two_browsers(delivered=True)
    token = hidden_in(worker, contract)
    post(client, contract, "dispute", text="3軒ぶんが抜けています。")

    late = post(worker, contract, "dispute", text="書いてあるとおりです。", **token)

    assert late.status_code == 409 and said("dispute.other_told") in text_of(late) and "書いてあるとおりです。" in late.content.decode()
    assert Dispute.objects.get().state == "open" and "3軒ぶんが抜けています。" in text_of(late)
    again = as_it_stands(late, f"/contracts/{contract.pk}/dispute/")
    assert post(worker, contract, "dispute", text="書いてあるとおりです。", **again).status_code == 302
    assert Dispute.objects.get().state == "heard"


def test_a_difference_written_about_one_step_freezes_no_other():
    contract = a_contract_in_steps(funded=True)
    client, step = client_of(contract), contract.milestones.get(number=1)
    browser = signed_in(client)
    token = hidden_in(browser, contract)
    actions.agree_to_change(by=contract.worker, order=actions.ask_for_part(milestone=step, by=client, price=Yen(5_000)))
    actions.fund(contract=contract, by=client)

    assert post(browser, contract, "dispute", text="1面の写真が足りません。", **token).status_code == 409
    assert not Dispute.objects.exists() and contract.milestones.get(number=2).state == "funded"


def test_before_signing_other_terms_the_other_side_reads_both_sides_money_of_every_step():
    contract = a_contract_in_steps(funded=True, is_withholding_agent=True)
    second = contract.milestones.get(number=2)
    actions.ask_for_terms(contract=contract, by=client_of(contract), steps=[Step("2面", Yen(60_000), second.due_on)])

    page = text_of(signed_in(contract.worker).get(f"/contracts/{contract.pk}/wish/"))

    money = settlement(Yen(60_000), on=clock.today(), is_withheld=True, before=Yen(10_000))
    for sum in (money.client_pays, -money.fee, -money.withheld, money.worker_receives):
        assert f"{int(sum):,}円".replace("-", "−") in page.replace("-", "−")
    assert said("money.pay_on") in page


def test_every_week_that_is_not_funded_stands_in_the_form_and_none_is_dropped():
    contract = an_hourly_contract(funded=True, weeks_count=26)
    worker, client = signed_in(contract.worker), signed_in(client_of(contract))
    page = worker.get(f"/contracts/{contract.pk}/change/").content.decode()
    rows = {name: html.unescape(value) for name, value in re.findall(r'name="((?:title|price|due)_\d+)"[^>]*? value="([^"]*)"', page)}

    assert post(worker, contract, "change", **rows | {"price_1": "30,000"}).status_code == 302
    post(client, contract, "wish", wish=ChangeOrder.objects.get().pk, answer="agree")

    assert contract.milestones.filter(state="agreed").count() == 25 and not contract.milestones.filter(state="void").exists()


def test_where_there_are_several_steps_each_has_a_name():
    contract, worker, _client = two_browsers()
    due_on = (contract.milestones.get().due_on + 7 * DAY).isoformat()

    answer = post(worker, contract, "change", price_1="5,000", due_1=due_on)

    assert answer.status_code == 422 and said("form.required") in text_of(answer) and not ChangeOrder.objects.exists()
    assert post(worker, contract, "change", title_1="写真", price_1="5,000", due_1=due_on).status_code == 302


# ---- the calendar ----------------------------------------------------------------------------------------------------

def test_the_days_of_a_contract_go_into_a_calendar():
    contract = a_contract_in_steps(funded=True)

    answer = signed_in(contract.worker).get(f"/contracts/{contract.pk}/calendar.ics")
    lines = answer.content.decode().replace("\r\n ", "").splitlines()

    assert answer["Content-Type"].startswith("text/calendar") and lines.count("BEGIN:VEVENT") == 6
    due = contract.milestones.get(number=1).due_on
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}" in lines
    assert any(line.startswith("SUMMARY:") and f"{contract.title}：区切り1" in line for line in lines)


def calendar_of(contract, person) -> dict[str, str]:
    """What somebody takes along: by its name in the file the day, written 20261201."""
    told = signed_in(person).get(f"/contracts/{contract.pk}/calendar.ics").content.decode().replace("\r\n ", "")
    return {re.search(r"UID:\w+:\d+:(\w+)@", one)[1]: re.search(r"DTSTART;VALUE=DATE:(\d+)", one)[1]
            for one in told.split("BEGIN:VEVENT")[1:]}


def test_until_when_the_money_comes_in_stands_in_both_calendars():
    contract = a_contract()
    for person in (contract.worker, client_of(contract)):
        assert calendar_of(contract, person)["fund"] == f"{clock.day_of(contract.fund_by):%Y%m%d}"

    actions.fund(contract=contract, by=client_of(contract))
    assert "fund" not in calendar_of(contract, contract.worker)


def test_until_when_somebody_answers_stands_in_both_calendars_and_never_what_was_asked():
    contract = a_contract(funded=True)
    step, client = contract.milestones.get(), client_of(contract)
    date = actions.ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + 3 * DAY)
    order = actions.ask_to_end(contract=contract, by=client, prices={1: Yen(0)}, words="予算が変わりました。")

    for person in (contract.worker, client):
        days = calendar_of(contract, person)
        assert (days["date"], days["wish"]) == (f"{date.wished_on:%Y%m%d}", f"{clock.day_of(order.answer_by):%Y%m%d}")
        assert "予算" not in signed_in(person).get(f"/contracts/{contract.pk}/calendar.ics").content.decode()

    dispute = actions.open_dispute(milestone=step, by=client, reason="題がちがいます。")
    assert calendar_of(contract, contract.worker)["dispute"] == f"{clock.day_of(dispute.answer_by):%Y%m%d}"
    assert not {"date", "wish"} & calendar_of(contract, contract.worker).keys(), "what came first ended the wishes"
    actions.answer_dispute(dispute=dispute, by=contract.worker, answer="題は、お約束のとおりです。")
    assert "dispute" not in calendar_of(contract, client)


def test_who_only_pays_has_no_wish_in_their_calendar():
    keeper = a_client()
    party = an_organisation(keeper)
    contract, payer = a_contract(funded=True, by=keeper, party=party), a_member(party, Power.PAYER)
    actions.ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(0)})

    assert "wish" not in calendar_of(contract, payer) and "due" in calendar_of(contract, payer)
    assert "wish" in calendar_of(contract, keeper)


def test_of_a_step_that_went_back_nothing_stands_in_the_calendar():
    contract = a_contract(funded=True)
    actions.agree_to_change(by=client_of(contract), order=actions.ask_for_part(
        milestone=contract.milestones.get(), by=contract.worker, price=Yen(0)))

    assert b"BEGIN:VEVENT" not in signed_in(contract.worker).get(f"/contracts/{contract.pk}/calendar.ics").content
    assert clock.today() < contract.milestones.get().due_on


def test_what_was_typed_stays_when_the_work_has_ended_meanwhile():
    contract, worker, client = two_browsers(delivered=True)
    assert worker.get(f"/contracts/{contract.pk}/part/").status_code == 200
    actions.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))

    for where, typed in (("part", {"price_1": "4000"}), ("end", {"price_1": "4000"}), ("change", {})):
        answer = post(worker, contract, where, words="半分まで、しらべました。", **typed)
        assert answer.status_code == 409 and "半分まで、しらべました。" in text_of(answer) and said("change.refused") in text_of(answer)
    assert not ChangeOrder.objects.exists()


def test_a_step_that_was_funded_meanwhile_is_not_asked_for_a_second_time():
    contract = a_contract_in_steps(funded=True)
    worker, client = signed_in(contract.worker), client_of(contract)
    page = worker.get(f"/contracts/{contract.pk}/change/")
    rows = {name: value for name, value in re.findall(r'name="((?:title|price|due)_\d)"[^>]*value="([^"]*)"', page.text)}
    old = as_it_stands(page, f"/contracts/{contract.pk}/change/") | rows | {"words": "すこし変えたいです。"}
    assert old["waiting"] == "2,3" and old["price_1"] and old["price_2"]
    actions.deliver(milestone=contract.milestones.get(number=1), by=contract.worker, text="できました。", ai_note="なし")
    actions.accept_delivery(milestone=contract.milestones.get(number=1), by=client)
    contract.refresh_from_db()
    actions.fund(contract=contract, by=client)

    answer = worker.post(f"/contracts/{contract.pk}/change/", old)

    assert answer.status_code == 409 and said("change.moved") in text_of(answer) and "すこし変えたいです。" in text_of(answer)
    assert not ChangeOrder.objects.exists()
    mended = as_it_stands(answer, f"/contracts/{contract.pk}/change/") | {
        "title_1": old["title_2"], "price_1": old["price_2"], "due_1": old["due_2"], "words": old["words"]}
    assert worker.post(f"/contracts/{contract.pk}/change/", mended).status_code == 302 and len(ChangeOrder.objects.get().steps) == 1
