"""A bonus that is pressed eight times, read from the statement meanwhile, or given in two windows: each once."""
from functools import partial

from machi.contracts.actions import give_bonus, take_up_bonuses
from machi.contracts.models import Bonus
from machi.payments import actions as payments
from machi.payments.fakebank import FakeBank
from machi.payments.models import Earning
from machi.shared.money import Yen
from tests.people import a_contract, balance_of, client_of
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes


def test_eight_presses_of_one_form_are_one_bonus(race):
    for _round in ROUNDS:
        contract = a_contract(accepted=True)
        give = partial(give_bonus, contract=contract, by=client_of(contract), price=Yen(1_000), key="form")

        answers = race(*[give] * 8, payments.read_statement, take_up_bonuses)

        assert outcomes(answers)[REFUSED] == 0
        assert [bonus.state for bonus in Bonus.objects.filter(contract=contract)] == ["paid"]
        assert Earning.objects.filter(about=contract.reference).count() == 2 and balance_of(contract.worker) == 8_580 + 1_100
        assert sum(line.key.startswith("deposit:bonus:") for line in FakeBank().statement()) == Bonus.objects.count()


def test_two_forms_at_once_are_two_or_one_and_a_word(race):
    for _round in ROUNDS:
        contract = a_contract(accepted=True)

        answers = race(*[partial(give_bonus, contract=contract, by=client_of(contract), price=Yen(1_000), key=key) for key in "ab"])

        said = outcomes(answers)
        assert said[WON] + said[REFUSED] == 2 and said[WON] >= 1
        assert Bonus.objects.filter(contract=contract, state="paid").count() == said[WON]
        assert balance_of(contract.worker) == 8_580 + 1_100 * said[WON]
