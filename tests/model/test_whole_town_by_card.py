"""Random lives of a town whose clients pay by card, against the plain model (whole_by_card.py) and a payment service of its own on
loopback: after every step the yen are where the model says, at the service, at the bank, and with everybody.
"""
import pytest

from machi.contracts.invariants import broken as broken_contracts
from machi.payments.invariants import broken as broken_money
from machi.payments.queries import pay_in_until
from tests.cards.living import payment_service as payment_service
from tests.model import cards
from tests.model.test_whole_town import LONG, MOST_OPERATIONS, below, live
from tests.model.town_life import REACHED, WEIGHTS, TownWithFiles
from tests.model.town_pays_by_card import PayingByCard, in_a_town_with_cards
from tests.model.town_takes_back import TakingBack
from tests.model.whole_by_card import CardTown

SHORT = "what the town owes people is no more than what lies at the bank and at the payment service"


class TownWithCards(TakingBack, PayingByCard, TownWithFiles):
    """What people do in the other two towns they do here too, more seldom: it is counted there."""

    town, weights = CardTown, WEIGHTS | {
        "agree": 3, "go_on": 4, "try_what_is_not_allowed": 0.3, "differ_on": 0.5, "somebody_stays_silent": 0.3, "a_transfer_comes": 0.7,
        "something_comes_back": 0.5, "payday": 2.5, "payouts_leave": 3, "name_an_account": 1, "ask_early": 0.3, "correct": 0.3,
        "the_account_was_given_up": 0.3, "answer_corrections": 0.5, "a_time_runs_out": 1, "refunds_leave": 4, "give_beside_the_price": 3,
        "pay_by_card": 3, "try_cards": 2, "the_service_pays_out": 1, "a_bank_takes_back": 4, "held_money_is_away": 7,
        "try_chargebacks": 1.5, "what_was_lost": 2, "try_taken": 1, "what_is_owed": 4}

    def __init__(self):
        super().__init__()
        self.model.pay_in_until = pay_in_until

    def in_its_mode(self):
        return in_a_town_with_cards(self.api)

    def teardown(self):
        try:
            self.the_service_says_the_same()
        finally:
            super().teardown()

    def every_yen_is_where_the_model_says(self):
        super().every_yen_is_where_the_model_says()
        self.backs_are_where_the_model_says()

    def nothing_is_broken(self):
        """Until the operator has put in what clients owe, or what the service keeps, one rule says that it is missing; no other."""
        found = broken_money() | broken_contracts()
        assert set(found) == ({SHORT} if self.model.is_short() else set()), found


def edges(prefix: str, moves, states, events) -> list[str]:
    return [*(f"{prefix} {state}: {event}" for state, event in moves),
            *(f"tried {prefix} {state}: {event}" for state in states for event in events)]


# Nobody was asked for what was never lost: there is no number to transfer it under, and no page.
CANNOT_BE_TRIED = ("tried taken resting: fill", "tried taken back: fill")
WANTED = [name for name in (
    *edges("card", cards.CARD_MOVES, cards.CARD_STATES, cards.CARD_EVENTS), *edges("card refund", cards.REFUND_MOVES, (), ()),
    *edges("chargeback", cards.CHARGEBACK_MOVES, cards.CHARGEBACK_STATES, cards.CHARGEBACK_EVENTS),
    *edges("taken", cards.TAKEN_MOVES, cards.TAKEN_STATES, cards.TAKEN_EVENTS),
    *edges("debt", cards.DEBT_MOVES, cards.DEBT_STATES, cards.DEBT_EVENTS),
    "chargeback of money that is held", "chargeback after the payment", "chargeback of more than was paid", "a bank only asked",
    "card declined", "no card page", "ended unpaid", "owed came by a transfer", "no debt repaid", "no new work",
    "refund left by a transfer", "refund left by a transfer after its card", "no transfer of what is at the card",
    "the service paid out", "corrected: stood_in", "corrected: debt_lost", "bonus given", "paid") if name not in CANNOT_BE_TRIED]
# Of each; a short run sees most of them twenty times and more, but which of them it sees more seldom changes with every line that changes
# the lives: it promises each once.
LEAST = 20 if LONG else 1


@pytest.mark.django_db
def test_the_yen_of_a_town_that_takes_cards_are_where_the_model_says(payment_service, monkeypatch):
    monkeypatch.setattr(TownWithCards, "api", payment_service)
    REACHED.clear()
    floors = dict.fromkeys(WANTED, LEAST)
    live(TownWithCards, examples=16, steps=20)
    if not LONG and below(floors):
        live(TownWithCards, examples=48, steps=20)
    while LONG and sum(REACHED.values()) < MOST_OPERATIONS:
        live(TownWithCards, examples=100, steps=20)

    print(f"{sum(REACHED.values()):,} operations", dict(REACHED.most_common()))
    assert below(floors) == {}
