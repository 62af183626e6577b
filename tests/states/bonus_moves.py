"""What a client gives beside the price: how to bring it into each state, and what moves it. Whoever gives makes it. It is paid as soon
as its money is here, and lapses by the clock.
"""
from django.test import override_settings

from machi.contracts import actions as contracts
from machi.contracts.lifecycle import BONUS_LIFECYCLE, BonusState
from machi.contracts.models import Bonus
from machi.shared.money import Yen
from tests.people import a_contract, client_of
from tests.states.things import CLIENT, TOWN, WORKER, Deed, Thing, on_a_later_day


def _bonus(state: str, _deed: str) -> Bonus:
    """As long as it is waited for, as where money comes by a transfer."""
    contract = a_contract(accepted=True)
    with override_settings(MONEY_MODE="demo" if state == "paid" else "bank"):
        bonus = contracts.give_bonus(contract=contract, by=client_of(contract), price=Yen(1_000), key="k", words="助かりました。")
    if state == "lapsed":
        _lapse(bonus, None)
    return bonus


def _give(bonus: Bonus, by) -> None:
    """The same form once more, where the bank answers at once."""
    contracts.give_bonus(contract=bonus.contract, by=by, price=Yen(1_000), key="k", words="助かりました。")


_lapse = on_a_later_day(30, contracts.lapse_bonuses)
BONUS = Thing("bonus", Bonus, BonusState, BONUS_LIFECYCLE, _bonus,
              lambda one: {WORKER: one.contract.worker, CLIENT: client_of(one.contract)}, [
    Deed("press again", CLIENT, (("pay",),), _give, leaves_traces=True),
    Deed("wait no longer", TOWN, (("lapse",),), _lapse, is_round=True),
], columns={"ended_at": {"paid", "lapsed"}, "pay_on": {"paid"}})
