"""What was held and a client's bank took back: how to bring it into each state, and what moves it.

The yen that a chargeback moves are shown in tests/cards, with a service that runs; here only the row moves.
"""
import contextlib

from django.db import transaction

from machi.cards.models import Chargeback, Intent
from machi.contracts.models import Milestone
from machi.ledger.accounts import Kind
from machi.payments.actions import taken as verbs
from machi.payments.lifecycle import TAKEN_LIFECYCLE, TakenState
from machi.payments.models import ExpectedDeposit, Taken
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.people import a_contract, a_person, client_of
from tests.states.things import CLIENT, TOWN, WORKER, Deed, Thing


def taken_from(milestone: Milestone) -> Taken:
    """The client had paid by card, and their bank has it."""
    contract, now = milestone.contract, clock.now()
    person = client_of(contract)
    intent = Intent.objects.create(place=milestone.reference, party=contract.client, amount_yen=milestone.held_yen, state="captured",
                                   provider_id=f"pi_{milestone.pk}", opened_by=person, opened_at=now, ended_at=now)
    ExpectedDeposit.objects.create(code=f"{1_000_000 + milestone.pk}", party=contract.client, place=milestone.reference,
                                   about=contract.reference, title=contract.title, amount_yen=milestone.held_yen, until_at=now,
                                   asked_by=person, asked_at=now, state="matched", ended_at=now, card=intent)
    back = Chargeback.objects.create(intent=intent, provider_id=f"du_{milestone.pk}", amount_yen=milestone.held_yen,
                                     borne_yen=milestone.held_yen, received_at=now)
    return Taken.objects.create(chargeback=back, reference=milestone.reference, held_in=Kind.ESCROW.of(contract.pk),
                                amount_yen=milestone.held_yen)


def lost_from(milestone: Milestone) -> Taken:
    """And keeps it: the client may pay anew for a week."""
    taken = taken_from(milestone)
    _come(taken, "lose")
    return taken


def _come(taken: Taken, how: str) -> None:
    with transaction.atomic():
        (verbs.come_back if how == "win" else verbs.lose)(taken.chargeback)


def _fill(taken: Taken, _by=None) -> None:
    deposit = ExpectedDeposit(place=f"again:{taken.chargeback_id}", about="contract:1", amount_yen=taken.amount_yen, card_id=0,
                              party=taken.chargeback.intent.party, ended_at=clock.now())
    with transaction.atomic():
        verbs.use_at_once(deposit)


def _cover(taken: Taken, _by=None) -> None:
    with transaction.atomic():
        verbs.cover(taken)


def _end(taken: Taken, _by=None) -> None:
    with contextlib.suppress(DomainError), transaction.atomic():
        verbs.at_the_end(taken.reference, taken.amount, is_somebody_paid=False)


def _taken(state: str, _deed: str = "") -> Taken:
    taken = taken_from(a_contract(funded=True).milestones.get())
    if state not in ("resting", "back"):
        _come(taken, "lose")
    elif state == "back":
        _come(taken, "win")
    {"filled": _fill, "covered": _cover, "gone": _end}.get(state, lambda _taken: None)(taken)
    return Taken.objects.get(pk=taken.pk)


TAKEN = Thing("held money that was taken back", Taken, TakenState, TAKEN_LIFECYCLE, _taken,
              lambda taken: {CLIENT: taken.chargeback.intent.opened_by, WORKER: a_person()}, [
    Deed("it is won", TOWN, (("win",),), lambda taken, _by: _come(taken, "win"), is_round=True),
    Deed("it is lost", TOWN, (("lose",),), lambda taken, _by: _come(taken, "lose"), is_round=True),
    Deed("it is paid anew", TOWN, (("fill",),), _fill),
    Deed("the town stands in", TOWN, (("cover",),), _cover),
    Deed("its work ends, and nobody is paid", TOWN, (("end",),), _end, is_round=True, leaves_traces=True),
], columns={"until_at": {"lost", "filled", "covered", "gone"}})

