"""A client's bank takes a payment back: what is still held bears it, the rest is a debt, and nobody who was paid loses a yen (T10)."""
import random

import pytest

from machi.cards.models import Chargeback, Event, Intent, Quarantine
from machi.contracts.actions import accept_delivery, accept_for_silent_clients, deliver, hear_of_chargebacks
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import send_refunds
from machi.payments.models import ExpectedDeposit
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.cards.living import message, pay
from tests.cards.town import FEE, SUM, a_paid_contract, asked, begun, dispute, hear, state, yen
from tests.conftest import broken_rules
from tests.people import a_contract, client_of


@pytest.fixture(autouse=True)
def cards(account):
    return account


def of(contract) -> tuple[int, int, int]:
    """What is held, what its client owes, and what its worker has."""
    return tuple(int(balance(account)) for account in (
        Kind.ESCROW.of(contract.pk), Kind.CLIENT_DEBT.of(contract.client_id), Kind.WORKER.of(contract.worker_id)))


def handed_over(contract):
    milestone = contract.milestones.get()
    deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません")
    return milestone


def test_what_is_held_bears_it_the_work_rests_and_both_hear_of_it(by_card):
    contract, intent = a_paid_contract()
    milestone = handed_over(contract)
    hear(dispute(by_card, intent, "needs_response", kind="created"))
    hear_of_chargebacks()

    back = Chargeback.objects.get()
    assert (back.state, back.borne_yen, back.due_at.year) == ("evidence_due", SUM, 2030)
    assert of(contract) == (0, 0, 0) and yen(Kind.GATEWAY) == [FEE] and broken_rules() == {}
    with pytest.raises(DomainError, match="カード会社"):
        accept_delivery(milestone=milestone, by=client_of(contract))
    milestone.refresh_from_db()
    with clock.moved(to=milestone.accept_by):
        assert accept_for_silent_clients() == 0
    assert contract.worker.notices.filter(kind="contract.taken_back").count() == 1
    assert client_of(contract).notices.filter(kind="card.taken_back").count() == 1


def test_when_it_is_won_it_comes_back_and_the_work_goes_on(by_card):
    contract, intent = a_paid_contract()
    milestone = handed_over(contract)
    for status in ("needs_response", "under_review", "won"):
        hear(dispute(by_card, intent, status))
    hear_of_chargebacks()

    assert (Chargeback.objects.get().state, of(contract), yen(Kind.GATEWAY)) == ("won", (SUM, 0, 0), [-(SUM - FEE)])
    accept_delivery(milestone=milestone, by=client_of(contract))
    assert of(contract) == (0, 0, 8_580) and broken_rules() == {}
    assert contract.worker.notices.filter(kind="contract.taken_back_over").count() == 1


@pytest.mark.parametrize("end", ["under_review", "lost"])
def test_a_worker_who_was_paid_for_accepted_work_keeps_every_yen(by_card, account, end):
    contract, intent = a_paid_contract()
    accept_delivery(milestone=handed_over(contract), by=client_of(contract))
    earned = of(contract)[2]
    account.shows((20_000, "ｳﾝｴｲ"))                             # what the operator has lies there to pay with
    hear(dispute(by_card, intent, end))
    hear_of_chargebacks()

    assert of(contract) == (0, -SUM, earned) and earned == 8_580
    assert yen(Kind.GATEWAY) == [FEE] and Chargeback.objects.get().borne_yen == 0 and broken_rules() == {}
    assert state(contract) == "completed"


def test_a_bank_that_only_asks_a_question_moves_nothing(by_card):
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "warning_needs_response"))

    assert not Chargeback.objects.exists() and of(contract) == (SUM, 0, 0)


def test_another_sum_or_a_payment_that_is_not_ours_moves_nothing(by_card):
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "needs_response", amount=SUM + 1))
    other = Intent(provider_id="pi_of_somebody_else", pk=99_999)
    hear(dispute(by_card, other, "needs_response"))

    assert not Chargeback.objects.exists() and of(contract) == (SUM, 0, 0)
    assert sorted(Quarantine.objects.values_list("why", flat=True)) == ["amount", "unknown"]


def test_nothing_goes_back_to_a_card_whose_bank_took_it_back(by_card):
    contract, intent = a_paid_contract()
    hear(dispute(by_card, intent, "needs_response"))

    assert send_refunds() == 0
    deposit = ExpectedDeposit.objects.get()
    assert state(deposit) == "matched" and of(contract)[0] == 0


def test_a_hundred_payments_with_every_message_doubled_and_shuffled_end_the_same(by_card):
    """Every fourth is taken back and won, every fourth lost; whatever the order, only what the service says at the end counts."""
    chance, told, intents = random.Random(7), [], []
    for number in range(100):
        deposit = asked(a_contract())
        intents.append((begun(deposit), number % 4))
    for intent, _end in intents:
        pay(intent)
        told.append(message("checkout.session.completed", {"id": intent.page_id, "object": "checkout.session"}))
    chance.shuffle(told)
    hear(*told, *told)
    for intent, end in intents:
        intent.refresh_from_db()
        if end in (1, 2):
            steps = [dispute(by_card, intent, status) for status in ("needs_response", "under_review", ("won", "lost")[end - 1])]
            told += [*steps, *steps]
    told += told
    chance.shuffle(told)
    hear(*told)
    hear(*told)

    assert Intent.objects.filter(state="captured").count() == 100 and not Event.objects.filter(handled_at=None).exists()
    assert sorted(Chargeback.objects.values_list("state", flat=True)) == ["lost"] * 25 + ["won"] * 25
    assert yen(Kind.GATEWAY) == [-(100 * (SUM - FEE) - 25 * SUM)] and broken_rules() == {}
