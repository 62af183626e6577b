"""What both sign after the contract was made: other terms, a part of a step's money, the end. One side alone changes nothing."""
import datetime

import pytest

from machi.contracts import actions
from machi.contracts.models import ChangeOrder, Contract
from machi.contracts.queries import last_change
from machi.contracts.terms import fingerprint
from machi.jobs.plans import Step
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import pay_due, send_payouts, send_refunds
from machi.payments.fees import settlement
from machi.payments.models import Refund
from machi.payments.queries import reward_delivered
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_contract, a_contract_in_steps, a_person, balance_of, client_of, held_for, with_bank_account

pytestmark = pytest.mark.django_db
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def part(contract: Contract, price: int, by=None) -> ChangeOrder:
    return actions.ask_for_part(milestone=contract.milestones.get(), by=by or client_of(contract), price=Yen(price),
                                words="半分できました。")


def state_of(contract: Contract) -> tuple[str, str]:
    contract.refresh_from_db()
    return contract.state, contract.milestones.order_by("number").first().state


@pytest.mark.parametrize(("price", "net", "back", "step", "whole"), [
    (10_000, 8_580, 0, "accepted", "completed"), (4_000, 3_432, 6_600, "settled", "completed"), (100, 86, 10_890, "settled", "completed"),
    (0, 0, 11_000, "refunded", "ended"),
])
def test_both_agree_on_a_part_and_every_yen_finds_its_place(town, price, net, back, step, whole):
    contract = a_contract(funded=True)
    actions.agree_to_change(order=part(contract, price), by=contract.worker)

    assert state_of(contract) == (whole, step) and held_for(contract.pk) == 0
    assert balance_of(contract.worker) == net and balance(Kind.CLIENT_CREDIT.of(contract.client.pk)) == back
    assert broken_rules() == {}
    send_refunds()
    assert balance(Kind.CLIENT_CREDIT.of(contract.client.pk)) == 0 and broken_rules() == {}
    assert list(Refund.objects.values_list("amount_yen", "state")) == ([(back, "paid")] if back else [])


def test_what_was_agreed_as_a_part_is_paid_on_the_next_payday(town):
    contract = a_contract(delivered=True)
    with_bank_account(contract.worker)
    actions.agree_to_change(order=part(contract, 4_000), by=contract.worker)
    milestone = contract.milestones.get()

    with clock.moved(to=clock.end_of(milestone.pay_on)):
        pay_due()
        send_payouts()

    assert reward_delivered(of=contract.worker).amount == 3_432 and broken_rules() == {}


@pytest.mark.parametrize("price", [-1, 1, 99, 10_001, 2**62])
def test_a_part_lies_between_nothing_and_the_whole(price):
    contract = a_contract(funded=True)

    with pytest.raises(DomainError):
        part(contract, price)
    assert not ChangeOrder.objects.exists()


def test_whoever_asked_does_not_sign_for_the_other_and_a_stranger_signs_nothing():
    contract = a_contract(funded=True)
    order = part(contract, 4_000)

    for person in (client_of(contract), a_person()):
        for deed in (actions.agree_to_change, actions.keep_terms):
            with pytest.raises(DomainError):
                deed(order=order, by=person)
    assert state_of(contract) == ("active", "funded")


def test_no_is_an_answer_and_changes_nothing():
    contract = a_contract(funded=True)
    actions.keep_terms(order=part(contract, 4_000), by=contract.worker)

    assert state_of(contract) == ("active", "funded") and held_for(contract.pk) == 11_000
    assert client_of(contract).notices.filter(kind="contract.change_kept").count() == 1


def test_the_other_side_may_ask_for_something_else_instead():
    contract = a_contract(funded=True)
    first = part(contract, 4_000)
    with pytest.raises(DomainError):
        actions.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(6_000))     # they have not seen it
    second = actions.ask_for_part(milestone=contract.milestones.get(), by=contract.worker, price=Yen(6_000), answers=first.pk)

    actions.agree_to_change(order=second, by=client_of(contract))

    first.refresh_from_db()
    assert first.state == "answered" and balance_of(contract.worker) == 5_148 and broken_rules() == {}


@pytest.mark.parametrize("deed", [
    lambda contract: actions.deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="なし"),
    lambda contract: actions.open_dispute(milestone=contract.milestones.get(), by=contract.worker, reason="違います。"),
])
def test_a_wish_lapses_when_the_step_moves_first(deed):
    contract = a_contract(funded=True)
    order = part(contract, 4_000)
    deed(contract)

    order.refresh_from_db()
    assert order.state == "lapsed" and client_of(contract).notices.filter(kind="contract.change_overtaken").count() == 1
    with pytest.raises(DomainError):
        actions.agree_to_change(order=order, by=contract.worker)
    assert broken_rules() == {}


@pytest.mark.parametrize(("late", "state"), [(-SECOND, "asked"), (0 * SECOND, "asked"), (SECOND, "lapsed")])
def test_a_wish_that_nobody_answers_ends_after_seven_days(clock_stands_at, late, state):
    order = part(a_contract(funded=True), 4_000)

    clock_stands_at(order.answer_by + late)
    actions.lapse_changes()

    order.refresh_from_db()
    assert order.state == state


# ---- other terms -----------------------------------------------------------------------------------------------------

def steps_as_they_are(contract: Contract) -> list[Step]:
    return [Step(one.title, Yen(one.price_yen), one.due_on) for one in contract.milestones.filter(state="agreed").order_by("number")]


def test_a_step_is_added_to_work_in_one_piece_and_done(town):
    contract = a_contract(funded=True)
    due_on = contract.milestones.get().due_on + 7 * DAY
    order = actions.ask_for_terms(contract=contract, by=contract.worker, steps=[Step("写真を選ぶ", Yen(5_000), due_on)], words="写真10枚")
    actions.agree_to_change(order=order, by=client_of(contract))
    actions.deliver(milestone=contract.milestones.get(number=1), by=contract.worker, text="記事", ai_note="なし")
    actions.accept_delivery(milestone=contract.milestones.get(number=1), by=client_of(contract))
    assert state_of(contract) == ("active", "accepted") and contract.fund_by is not None
    actions.fund(contract=contract, by=client_of(contract))

    assert held_for(contract.pk) == 5_500 and contract.milestones.get(number=2).state == "funded" and broken_rules() == {}


def test_steps_that_are_not_funded_can_change_their_price_and_day_or_be_left_out(town):
    contract = a_contract_in_steps(funded=True)
    _first, second, _third = contract.milestones.order_by("number")
    order = actions.ask_for_terms(contract=contract, by=client_of(contract), steps=[
        Step("新しい区切り", Yen(25_000), second.due_on + 3 * DAY)])

    actions.agree_to_change(order=order, by=contract.worker)

    assert list(contract.milestones.order_by("number").values_list("title", "price_yen", "state")) == [
        ("区切り1", 10_000, "funded"), ("新しい区切り", 25_000, "agreed"), ("区切り3", 30_000, "void")]
    assert broken_rules() == {}


def test_after_steps_were_left_out_new_ones_can_come(town):
    contract = a_contract_in_steps(funded=True)
    last = contract.milestones.get(number=3).due_on
    for plan in ([], [Step("あとから", Yen(7_000), last)], [Step("あとから", Yen(7_000), last), Step("もう一つ", Yen(8_000), last + DAY)]):
        actions.agree_to_change(order=actions.ask_for_terms(contract=contract, by=contract.worker, steps=plan), by=client_of(contract))

    assert list(contract.milestones.filter(state="agreed").order_by("number").values_list("title", flat=True)) == ["あとから", "もう一つ"]
    assert broken_rules() == {}


@pytest.mark.parametrize("steps", [
    [Step("安い", Yen(99), datetime.date(2027, 1, 20))], [Step("昔", Yen(1_000), datetime.date(2020, 1, 1))],
    [Step("遠い", Yen(1_000), datetime.date(2099, 1, 1))], [Step("多い", Yen(1_000), datetime.date(2027, 1, 20))] * 27,
])
def test_terms_that_cannot_be_are_refused_in_words(steps):
    contract = a_contract(funded=True)

    with pytest.raises(DomainError) as refusal:
        actions.ask_for_terms(contract=contract, by=contract.worker, steps=steps)
    assert str(refusal.value) and not ChangeOrder.objects.exists()


def test_nothing_changes_is_no_change():
    contract = a_contract_in_steps()

    with pytest.raises(DomainError):
        actions.ask_for_terms(contract=contract, by=contract.worker, steps=steps_as_they_are(contract))
    actions.ask_for_terms(contract=contract, by=contract.worker, steps=steps_as_they_are(contract), words="題は私が決めます。")


def test_what_was_signed_is_a_chain_of_papers():
    contract = a_contract_in_steps(funded=True)
    for words in ("写真は要りません。", "題は私が決めます。"):
        order = actions.ask_for_terms(contract=contract, by=contract.worker, steps=steps_as_they_are(contract), words=words)
        actions.agree_to_change(order=order, by=client_of(contract))

    first, second = contract.change_orders.order_by("version")
    assert [first.addition["after"], second.addition["after"]] == [contract.offer.terms_hash, first.addition_hash]
    assert [one.addition_hash for one in (first, second)] == [fingerprint(one.addition) for one in (first, second)]
    assert last_change(contract) == second and broken_rules() == {}


def test_a_wish_can_be_signed_until_its_first_step_is_due(clock_stands_at):
    contract = a_contract(funded=True)
    due_on = clock.today() + DAY
    order = actions.ask_for_terms(contract=contract, by=contract.worker, steps=[Step("写真", Yen(5_000), due_on)])

    assert order.answer_by == clock.end_of(due_on)
    clock_stands_at(order.answer_by + SECOND)
    with pytest.raises(DomainError):
        actions.agree_to_change(order=order, by=client_of(contract))


@pytest.mark.parametrize(("paid", "before"), [(0, 0), (40_000, 40_000), (200_000, 200_000)])
def test_the_fee_of_a_new_step_goes_on_from_what_the_steps_before_really_cost(town, paid, before):
    contract = a_contract_in_steps(funded=True, prices=(200_000, 100_000))
    second = contract.milestones.get(number=2)
    actions.agree_to_change(by=contract.worker, order=actions.ask_for_part(
        milestone=contract.milestones.get(number=1), by=client_of(contract), price=Yen(paid)))
    contract.refresh_from_db()
    actions.agree_to_change(by=client_of(contract), order=actions.ask_for_terms(
        contract=contract, by=contract.worker, steps=[Step("続き", Yen(100_000), second.due_on)]))

    second.refresh_from_db()
    assert second.before_yen == before and broken_rules() == {}
    assert second.money == settlement(Yen(100_000), on=clock.today(), before=Yen(before))
    assert (second.fee_yen > 20_000) == (before == 0)


def test_agreeing_on_another_day_ends_the_wish_that_was_asked_about_the_old_one():
    contract = a_contract_in_steps(funded=True)
    client, first = client_of(contract), contract.milestones.get(number=1)
    order = actions.ask_for_terms(contract=contract, by=client, steps=steps_as_they_are(contract), words="3面は短くします。")
    actions.agree_on_date(by=client, request=actions.ask_for_date(milestone=first, by=contract.worker, wished_on=first.due_on + DAY))

    order.refresh_from_db()
    assert order.state == "lapsed" and client.notices.filter(kind="contract.change_overtaken").count() == 1


# ---- the end ---------------------------------------------------------------------------------------------------------

def test_both_end_the_contract_what_is_done_is_paid_the_rest_goes_back(town):
    contract = a_contract_in_steps(funded=True)
    order = actions.ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(2_500)}, words="引っ越します。")

    actions.agree_to_change(order=order, by=client_of(contract))

    assert list(contract.milestones.order_by("number").values_list("state", flat=True)) == ["settled", "void", "void"]
    assert state_of(contract)[0] == "completed" and balance_of(contract.worker) == 2_145 and held_for(contract.pk) == 0
    assert broken_rules() == {}


def test_a_contract_without_money_yet_can_be_ended(town):
    contract = a_contract_in_steps()
    actions.agree_to_change(order=actions.ask_to_end(contract=contract, by=client_of(contract), prices={}), by=contract.worker)

    assert state_of(contract) == ("void", "void") and broken_rules() == {}


def test_the_end_names_exactly_the_steps_whose_money_is_held():
    contract = a_contract_in_steps(funded=True)

    for prices in ({}, {2: Yen(0)}, {1: Yen(0), 2: Yen(0)}):
        with pytest.raises(DomainError):
            actions.ask_to_end(contract=contract, by=contract.worker, prices=prices)
