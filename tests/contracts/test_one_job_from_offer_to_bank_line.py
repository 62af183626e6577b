"""One contract with one milestone, driven by actions from the offer to the line on the bank's statement."""
import datetime

import pytest

from machi.contracts.invariants import broken as broken_contracts
from machi.contracts.queries import track_record
from machi.payments.fakebank import FakeBank
from machi.payments.invariants import broken as broken_money
from machi.payments.queries import reward_delivered, withheld_for
from machi.shared import clock
from machi.shared.money import Yen
from tests.people import a_contract, balance_of, held_for, payday, with_bank_account

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("price", "is_withheld", "net", "withheld"), [
    (1_000, False, 858, 0), (10_000, False, 8_580, 0), (100_000, False, 86_900, 0), (200_000, False, 185_900, 0),
    (500_000, False, 497_750, 0), (10_000, True, 7_559, 1_021), (200_000, True, 165_480, 20_420)])
def test_from_offer_to_bank_line_the_money_is_the_golden_one(price, is_withheld, net, withheld):
    contract = a_contract(accepted=True, reward_yen=price, is_withholding_agent=is_withheld)
    assert contract.terms["net_yen"] == net
    assert balance_of(contract.worker) == Yen(net)
    assert held_for(contract.pk) == Yen(0)
    assert withheld_for(contract.client) == Yen(withheld)

    with_bank_account(contract.worker)
    payday()
    assert reward_delivered().amount == Yen(0), "nothing leaves before its day"
    pay_on = contract.milestones.get().pay_on
    with clock.moved(to=datetime.datetime.combine(pay_on, datetime.time(10), clock.JAPAN)):
        payday()
        payday()

    assert reward_delivered().amount == reward_delivered(of=contract.worker).amount == Yen(net)
    assert reward_delivered().people_count == 1
    assert [line.amount_yen for line in FakeBank().statement()] == [contract.terms["client_pays_yen"], -net]
    assert track_record(contract.worker).completed_count == 1
    assert broken_money() == {} and broken_contracts() == {}
