"""Several processes and windows at one payment: each thing happens once (money.md 3.4)."""
from functools import partial

from machi.cards.actions import receive
from machi.cards.models import Chargeback, Event, Intent
from machi.contracts.actions import accept_delivery, deliver
from machi.ledger.accounts import Kind
from machi.ledger.queries import balance
from machi.payments.actions import hear_cards, start_card, take_up_card, take_up_cards
from tests.cards.living import calls, pay
from tests.cards.town import FEE, SUM, a_paid_contract, asked, dispute, yen
from tests.people import a_contract, client_of


def test_four_windows_begin_one_payment_and_four_ways_back_take_it_once(account, by_card, race):
    deposit = asked(a_contract())
    race(*[lambda: start_card(deposit=deposit, by=deposit.asked_by, back_to="http://localhost:8000/")] * 4)
    intent = Intent.objects.get()
    pay(intent)
    race(*[lambda: take_up_card(deposit=deposit)] * 3, take_up_cards)

    assert yen(Kind.GATEWAY, Kind.SUSPENSE) == [-(SUM - FEE), SUM]
    assert calls(by_card).count(f"POST /v1/payment_intents/{Intent.objects.get().provider_id}/capture") == 1


def test_accepted_and_taken_back_at_one_moment_is_one_after_the_other(account, by_card, race):
    account.shows((50_000, "ｳﾝｴｲ"))
    for _some in range(6):
        contract, intent = a_paid_contract()
        milestone = contract.milestones.get()
        deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="使っていません")
        told, client = dispute(by_card, intent, "needs_response", kind="created"), client_of(contract)
        receive(*told)
        race(partial(accept_delivery, milestone=milestone, by=client), hear_cards)      # whoever is second is refused, and tries again
        hear_cards()

        back = Chargeback.objects.get(intent=intent)
        milestone.refresh_from_db()
        worker, debt = (int(balance(account)) for account in (Kind.WORKER.of(contract.worker_id), Kind.CLIENT_DEBT.of(contract.client_id)))
        assert (milestone.state, back.borne_yen, worker, debt) in (("accepted", 0, 8_580, -SUM), ("delivered", SUM, 0, 0))
    assert not Event.objects.filter(handled_at=None).exists()
