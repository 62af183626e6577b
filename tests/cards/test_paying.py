"""A client pays by card: set aside, taken if the work still waits for it, let go if not; however often they try, once."""
import datetime

import pytest

from machi.cards import stripe_door
from machi.cards.actions import read_card
from machi.cards.models import CardRefund, Intent, Quarantine
from machi.contracts.actions import agree_to_change, ask_for_terms, take_up_fundings, void_unfunded
from machi.contracts.models import Contract
from machi.jobs.plans import Step
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import (
    ask_about_cards,
    lapse_deposits,
    lift_clean_stop,
    send_refunds,
    stop_money,
    take_up_card,
    take_up_cards,
)
from machi.payments.models import ExpectedDeposit, Funding, Refund
from machi.proposals.actions import open_contest, take_up_pots
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.living import DECLINED, GOOD, calls, pay
from tests.cards.town import FEE, SUM, asked, begun, state, yen
from tests.conftest import broken_rules
from tests.people import a_contest, a_contract, a_contract_in_steps, client_of


@pytest.fixture(autouse=True)
def cards(request, town, by_card):
    return by_card if "breaks_books" in request.fixturenames else request.getfixturevalue("account")


def test_a_card_that_is_good_holds_the_money_for_the_work(by_card):
    contract = a_contract()
    deposit = asked(contract)
    intent = begun(deposit)
    assert yen(Kind.GATEWAY) == [0] and state(contract) == "pending_funding"

    assert pay(intent) == 303
    take_up_card(deposit=deposit)

    assert (state(intent), state(deposit)) == ("captured", "matched")
    assert yen(Kind.GATEWAY, Kind.SUSPENSE, Kind.EXPENSE) == [-(SUM - FEE), SUM, -FEE]
    take_up_fundings()
    assert (state(contract), int(balance(Kind.ESCROW.of(contract.pk)))) == ("active", SUM)
    assert Funding.objects.get().bank_key == intent.key and yen(Kind.SUSPENSE) == [0]
    assert intent.expires_at > clock.now() and [one.kind for one in contract.worker.notices.order_by("-pk")[:1]] == ["contract.escrowed"]


def test_what_the_service_keeps_is_the_operators_expense_and_nobody_elses(by_card, breaks_books):
    """Until the operator has put their own money in, the town owes more than lies there, and says so."""
    deposit = asked(a_contract())
    pay(begun(deposit))
    take_up_card(deposit=deposit)
    take_up_fundings()

    assert list(broken_rules()) == ["what the town owes people is no more than what lies at the bank and at the payment service"]


def test_declined_then_another_card_two_windows_and_the_back_button_are_one_payment(by_card):
    contract = a_contract()
    deposit = asked(contract)
    first, second = begun(deposit), begun(deposit)              # two windows
    assert first == second and first.page_url == second.page_url

    assert pay(first, DECLINED) == 200
    take_up_card(deposit=deposit)                               # back with nothing paid
    assert state(first) == "created" and begun(deposit) == first
    assert pay(first, GOOD) == 303
    assert pay(second, GOOD) == 410                             # its other window: the page is over
    for _thrice in range(3):
        take_up_card(deposit=deposit)
        take_up_cards()
    with pytest.raises(DomainError):
        begun(ExpectedDeposit.objects.get(pk=deposit.pk))

    assert [one.state for one in Intent.objects.all()] == ["captured"] and yen(Kind.GATEWAY) == [-(SUM - FEE)]
    assert calls(by_card).count(f"POST /v1/payment_intents/{Intent.objects.get().provider_id}/capture") == 1


def test_declined_and_the_page_ran_out_another_page_is_opened(by_card):
    deposit = asked(a_contract())
    first = begun(deposit)
    pay(first, DECLINED)
    take_up_card(deposit=deposit)
    stripe_door.close_page(first.page_id)                       # as it does by itself after a day
    second = begun(deposit)
    assert (state(first), pay(second)) == ("failed", 303)
    take_up_card(deposit=deposit)

    assert (state(second), state(deposit)) == ("captured", "matched") and yen(Kind.GATEWAY) == [-(SUM - FEE)]


def test_nobody_comes_back_and_no_message_comes_the_clock_finds_out(by_card):
    contract = a_contract()
    intent = begun(asked(contract))
    pay(intent)
    assert take_up_cards() == 0                                 # nobody has told

    ask_about_cards()

    assert state(intent) == "captured"
    take_up_fundings()
    assert state(contract) == "active"


def test_work_that_ended_meanwhile_costs_nobody_anything(by_card, clock_at):
    contract = a_contract()
    deposit = asked(contract)
    intent = begun(deposit)
    pay(intent)
    with clock.moved(to=deposit.until_at + datetime.timedelta(hours=2)):
        void_unfunded()
        lapse_deposits()
        ask_about_cards()

    assert (state(contract), state(intent), state(deposit)) == ("void", "cancelled", "lapsed")
    assert yen(Kind.GATEWAY, Kind.SUSPENSE) == [0, 0] and broken_rules() == {}


def test_captured_money_of_work_that_ended_goes_back_to_the_card(by_card):
    contract = a_contract()
    deposit = asked(contract)
    intent = begun(deposit)
    pay(intent)
    take_up_card(deposit=deposit)                               # captured, and not yet taken up by the contract
    contract.milestones.update(state="void")
    Contract.objects.filter(pk=contract.pk).update(state="void", fund_by=None, ended_at=clock.now())
    take_up_fundings()

    refund = Refund.objects.get()
    assert (refund.reference, refund.amount_yen, state(deposit)) == (intent.key, SUM, "lapsed")
    assert [one.kind for one in client_of(contract).notices.order_by("-pk")[:1]] == ["card.goes_back"]
    assert send_refunds() == 1
    assert (state(refund), CardRefund.objects.get().state) == ("paid", "succeeded")
    assert yen(Kind.GATEWAY, Kind.EXPENSE) == [FEE, -FEE]


def test_another_sum_at_the_service_moves_nothing_and_is_put_aside(by_card):
    deposit = asked(a_contract())
    intent = begun(deposit)
    pay(intent, amount=SUM - 1)
    take_up_card(deposit=deposit)
    take_up_cards()

    odd = Quarantine.objects.get()
    assert (odd.why, odd.amount_yen, odd.currency) == ("amount", SUM - 1, "jpy")
    assert (state(intent), state(deposit)) == ("created", "waiting") and yen(Kind.GATEWAY, Kind.SUSPENSE) == [0, 0]


def test_another_currency_moves_nothing_and_is_put_aside(by_card):
    deposit = asked(a_contract())
    intent = begun(deposit)
    pay(intent, currency="usd")
    take_up_card(deposit=deposit)

    assert Quarantine.objects.get().why == "currency" and state(intent) == "created" and yen(Kind.GATEWAY) == [0]


@pytest.mark.parametrize("step", ["open_page", "capture"])
def test_the_town_dies_after_the_service_did_it_and_it_is_done_once(by_card, monkeypatch, step):
    contract = a_contract()
    deposit = asked(contract)
    whole = getattr(stripe_door, step)

    def dies(*given, **named):
        whole(*given, **named)
        raise stripe_door.Silent("the machine went off")

    if step == "capture":
        pay(begun(deposit))
    with monkeypatch.context() as broken:
        broken.setattr(stripe_door, step, dies)
        with pytest.raises(OSError, match="went off"):
            take_up_card(deposit=deposit) if step == "capture" else begun(deposit)
    before = len([one for one in calls(by_card) if one == "POST /v1/checkout/sessions"])
    intent = Intent.objects.get() if step == "capture" else begun(deposit)
    if step == "open_page":
        assert len([one for one in calls(by_card) if one == "POST /v1/checkout/sessions"]) == before + 1 and intent.page_url
        pay(intent)
    take_up_card(deposit=deposit)
    take_up_cards()

    assert (state(intent), state(deposit)) == ("captured", "matched") and yen(Kind.GATEWAY) == [-(SUM - FEE)]


def test_the_service_is_silent_and_nothing_happens(by_card, settings):
    deposit = asked(a_contract())
    settings.STRIPE_API = "http://127.0.0.1:9"
    with pytest.raises(OSError, match="APIConnectionError"):
        begun(deposit)

    settings.STRIPE_API = by_card
    assert begun(deposit).page_url and Intent.objects.count() == 1


def test_another_sum_was_agreed_and_the_page_of_before_is_closed(by_card):
    contract = a_contract_in_steps()
    first = begun(asked(contract))
    order = ask_for_terms(contract=contract, by=contract.worker, words="調べることがふえました。", steps=[
        Step(step.title, Yen(step.price_yen + 1_000), step.due_on) for step in contract.milestones.order_by("number")])
    agree_to_change(order=order, by=client_of(contract))
    second = begun(asked(contract))

    assert (state(first), second.amount_yen) == ("failed", first.amount_yen + 1_100) and pay(first) == 410


def test_while_money_is_stopped_only_what_would_run_out_is_let_go(by_card):
    deposit = asked(a_contract())
    intent = begun(deposit)
    pay(intent)
    read_card(intent.pk)
    stop_money(rule="a test", rows=[1], by=None)
    take_up_cards()
    assert state(intent) == "authorised"
    with clock.moved(to=intent.expires_at - datetime.timedelta(hours=23)):
        take_up_cards()

    assert state(intent) == "cancelled" and state(deposit) == "waiting"


def test_what_somebody_took_at_the_service_while_money_was_stopped_is_booked_afterwards(by_card):
    deposit = asked(a_contract())
    intent = begun(deposit)
    pay(intent)
    intent = read_card(intent.pk)
    stripe_door.capture(intent.provider_id, token=intent.token)
    stop = stop_money(rule="a test", rows=[1], by=None)
    with clock.moved(to=intent.expires_at - datetime.timedelta(hours=23)):
        take_up_cards()
    assert state(intent) == "authorised" and broken_rules() == {}
    lift_clean_stop(stop=stop)
    take_up_cards()

    assert (state(intent), state(deposit)) == ("captured", "matched") and yen(Kind.GATEWAY) == [-(SUM - FEE)]


def test_a_contest_opens_when_its_pot_was_paid_by_card(by_card):
    job = a_contest(opened=False)
    open_contest(job=job, by=client_of(job), pot=Yen(44_000))
    deposit = ExpectedDeposit.objects.get()
    intent = begun(deposit)
    pay(intent)
    take_up_card(deposit=deposit)
    take_up_pots()

    assert state(job) == "open" and int(balance(Kind.POT.of(job.pk))) == deposit.amount_yen and yen(Kind.SUSPENSE) == [0]
