"""A stand-in takes over while the worker delivers, while the arrangement is taken back, while the clock runs: one of them counts, and
the money of the step is in one place.
"""
from functools import partial

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Offer
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import a_contract, a_person, client_of, held_for
from tests.races.outcomes import ROUNDS, WON, outcomes


def called() -> tuple[Contract, Offer]:
    contract = a_contract(funded=True)
    stand_in = contracts.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=40)
    for person in (stand_in.person, client_of(contract)):
        contracts.agree_to_stand_in(stand_in=stand_in, by=person)
    return contract, contracts.call_stand_in(stand_in=stand_in, by=contract.worker)


def taking_over(offer: Offer) -> partial:
    return partial(contracts.accept_offer, offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


def test_taking_over_delivering_signing_and_taking_back_one_of_them_counts(race):
    for _round in ROUNDS:
        contract, offer = called()
        milestone, client = contract.milestones.get(), client_of(contract)
        order = contracts.ask_for_part(milestone=milestone, by=client, price=Yen(10_000))
        answers = race(
            taking_over(offer), taking_over(offer),
            partial(contracts.deliver, milestone=milestone, by=contract.worker, text="間に合いました。", ai_note="なし"),
            partial(contracts.agree_to_change, order=order, by=contract.worker),
            partial(contracts.withdraw_stand_in, stand_in=offer.stand_in, by=contract.worker))

        took_over = sum(not isinstance(one, Exception) for one in answers[:2])
        milestone.refresh_from_db()
        assert took_over == (milestone.state == "passed_on") == Contract.objects.filter(takes_over=contract).count()
        if took_over:
            after = Contract.objects.get(takes_over=contract)
            assert (held_for(contract.pk), held_for(after.pk)) == (4_400, 6_600)
            assert isinstance(answers[2], Exception) and isinstance(answers[3], Exception)
        else:
            assert held_for(contract.pk) == (0 if milestone.state == "accepted" else 11_000)
    assert broken_rules() == {}


def test_both_parts_end_once_and_together(race):
    for _round in ROUNDS:
        contract, offer = called()
        after = taking_over(offer)()
        milestone = after.milestones.get()
        contracts.deliver(milestone=milestone, by=after.worker, text="できました。", ai_note="なし")
        milestone.refresh_from_db()
        order = contracts.ask_for_part(milestone=milestone, by=after.worker, price=Yen(3_000))
        with clock.moved(to=milestone.accept_by):
            answers = race(*[partial(contracts.accept_delivery, milestone=milestone, by=client_of(after))] * 3,
                           partial(contracts.agree_to_change, order=order, by=client_of(after)), contracts.accept_for_silent_clients)

        assert outcomes(answers[:4])[WON] + answers[4] == 1
        kept = 4_000 if not isinstance(answers[0], Exception) or Earning.objects.filter(price_yen=6_000, about=after.reference) else 2_000
        assert [one.price_yen for one in Earning.objects.filter(about=contract.reference)] == [kept]
        assert held_for(contract.pk) == held_for(after.pk) == 0
    assert broken_rules() == {}
