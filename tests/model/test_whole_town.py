"""Random lives of contracts against the plain model of all their money (whole.py), where the bank answers at once and where its files and
statements are carried by people: after every step the yen are where the model says.

What a random test proves is what it reached: at the end the successes of each edge are counted, and the tries of each pair of a state and
an event.
"""
import os
from dataclasses import replace

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from machi.contracts import counting
from machi.contracts.actions import closing
from machi.payments import actions as payments
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model import differences
from tests.model.beside import CORRECTIONS
from tests.model.ledgers import DAY
from tests.model.town_life import REACHED, TRANSFERS, TownLife, TownWithFiles
from tests.model.whole import EDGES, EVENTS, STATES

LONG = "MACHI_LONG" in os.environ
# How often each thing must have happened in the long run; the short one is thinner, never empty.
EVERYWHERE = dict.fromkeys([
    *(f"{state}: {event}" for state, event in EDGES), *(f"tried {state}: {event}" for state in STATES for event in EVENTS),
    *(f"{state}: {event}" for state, event in differences.MOVES),
    *(f"tried {state}: {event}" for state in differences.STATES for event in differences.EVENTS),
    "both agreed to what was proposed", "ruled", "reminded", "silent to the end", "thirty days over",
    "no bonus", "bonus asked", "bonus given", "no correction", "correction refused", "tried own signature while asked",
    *(f"corrected: {what}" for what in CORRECTIONS if what != "debt_lost"),         # only a bank that takes a card back leaves a debt
    "void", "accept by the town", "set aside", "early", "no early", "undone", "paid", "returned", "refund left"], 20)
BY_FILE = dict.fromkeys(["file", "withdrawn", "sent back", "bonus not waited for", *(f"came: {kind}" for kind in TRANSFERS)], 20)
THIN = 20                                               # so many times fewer in the short run


MOST_OPERATIONS = 100_000                               # of the long run with each of the three ways of paying (trust.md 3.1: 300,000)


def operations() -> int:
    """How many deeds, payouts, refunds and transfers this run has seen."""
    return sum(count for name, count in REACHED.items() if ": " not in name or name.startswith(("tried", "came")))


def below(floors: dict[str, int]) -> dict[str, tuple[int, int]]:
    """What happened less often than it must have for the run to prove anything."""
    return {name: (REACHED[name], least) for name, least in floors.items() if REACHED[name] < least}


def live(kind: type[TownLife], examples: int, steps: int) -> None:
    run_state_machine_as_test(kind, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=not LONG,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate], suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False))


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "wanted"), [(TownLife, EVERYWHERE), (TownWithFiles, EVERYWHERE | BY_FILE)], ids=["at once", "by file"])
def test_the_yen_of_random_contracts_are_where_the_model_says(kind, wanted):
    REACHED.clear()
    floors = {name: least if LONG else least // THIN for name, least in wanted.items()}
    live(kind, examples=16, steps=10)
    if not LONG and below(floors):                      # some moves are made once in a thousand: more lives, before one is missing
        live(kind, examples=48, steps=10)
    while LONG and operations() < MOST_OPERATIONS:
        live(kind, examples=200, steps=20)

    print(f"{operations():,} operations with money and work tried", dict(REACHED.most_common()))
    assert below(floors) == {}


# ---- the model can fail ------------------------------------------------------------------------------------------------

PLANTS = {
    "the rest of a part is nobody's": (TownLife, lambda plant: plant.setattr(
        "machi.payments.actions.settle_escrow", lambda *, refund, real=payments.settle_escrow, **named: real(refund=Yen(0), **named))),
    "a fee is taken of what goes back": (TownLife, lambda plant: plant.setattr(
        "machi.contracts.actions.closing.part_of", lambda step, price: replace(step.money, price=price))),
    "an account that was just named is paid": (TownWithFiles, lambda plant: plant.setattr(
        "machi.payments.queries.holds.hold", lambda: 0 * DAY)),
    "what the town rules is paid in full": (TownLife, lambda plant: plant.setattr(
        "machi.contracts.actions.ruling.settle_step", lambda contract, step, *, price, real=closing.settle_step, **named: real(
            contract, step, price=Yen(step.price_yen), **named))),
    "no tax is withheld from what is given beside the price": (TownLife, lambda plant: plant.setattr(
        "machi.contracts.actions.giving.bonus_in", lambda contract, real=counting.bonus_in: real(contract)._replace(is_withheld=False))),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", PLANTS)
def test_a_planted_fault_is_found(fault, monkeypatch):
    kind, plant = PLANTS[fault]
    plant(monkeypatch)

    with pytest.raises((AssertionError, IntegrityError, DomainError)):      # the model sees it, or the town itself
        live(kind, examples=20, steps=10)
