"""Who hears of a stand-in, and when: everybody whom it concerns, once, and nobody else."""
import datetime

import pytest

from machi.contracts import actions
from machi.contracts.models import Contract, StandIn
from machi.notifications.models import Notice
from machi.shared import clock
from tests.people import a_contract, a_person, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    made = a_contract(funded=True)
    Notice.objects.all().delete()
    return made


def named(contract: Contract) -> StandIn:
    return actions.name_stand_in(contract=contract, by=contract.worker, person=a_person("あおば"), kept_percent=50)


def standing_by(contract: Contract) -> StandIn:
    stand_in = named(contract)
    actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    return actions.agree_to_stand_in(stand_in=stand_in, by=client_of(contract))


def told(contract: Contract, stand_in: StandIn) -> list[tuple[str, str, str]]:
    """(who, what, where it leads), and what was told is forgotten."""
    who = {contract.worker_id: "worker", client_of(contract).pk: "client", stand_in.person_id: "stand-in"}
    heard = [(who[one.user_id], one.kind.partition(".")[2], one.about.partition(":")[0]) for one in Notice.objects.order_by("pk")]
    Notice.objects.all().delete()
    return sorted(heard)


def test_whoever_is_asked_and_the_client_hear_of_it_and_then_the_worker_of_each_answer(contract):
    stand_in = named(contract)
    assert told(contract, stand_in) == [("client", "stand_in_wished", "contract"), ("stand-in", "stand_in_asked", "stand_in")]

    actions.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    assert told(contract, stand_in) == []
    actions.agree_to_stand_in(stand_in=stand_in, by=client_of(contract))
    assert told(contract, stand_in) == [("worker", "stand_in_ready", "contract")]


@pytest.mark.parametrize("who", ["stand-in", "client"])
def test_the_worker_hears_of_a_no(contract, who):
    stand_in = named(contract)
    told(contract, stand_in)

    actions.decline_stand_in(stand_in=stand_in, by=stand_in.person if who == "stand-in" else client_of(contract))

    assert ("worker", "stand_in_declined", "contract") in told(contract, stand_in)


@pytest.mark.parametrize(("by", "days", "other"), [("worker", 0, "client"), ("client", 1, "worker")])
def test_whoever_is_called_gets_the_offer_and_the_other_side_hears_of_the_call(contract, by, days, other):
    stand_in = standing_by(contract)
    told(contract, stand_in)

    with clock.moved(to=clock.start_of(contract.milestones.get().due_on + datetime.timedelta(days=days))):
        actions.call_stand_in(stand_in=stand_in, by=contract.worker if by == "worker" else client_of(contract))

    assert told(contract, stand_in) == sorted([(other, "stand_in_called", "contract"), ("stand-in", "offer", "offer")])


def test_when_whoever_was_called_cannot_both_sides_hear_that_the_work_is_still_the_workers(contract):
    offer = actions.call_stand_in(stand_in=standing_by(contract), by=contract.worker)
    told(contract, offer.stand_in)

    actions.refuse_offer(offer=offer, by=offer.worker)

    assert told(contract, offer.stand_in) == [("client", "stand_in_cannot", "contract"), ("worker", "stand_in_cannot", "contract")]


def test_of_taking_over_each_of_the_three_hears_what_is_theirs(contract):
    offer = actions.call_stand_in(stand_in=standing_by(contract), by=contract.worker)
    told(contract, offer.stand_in)

    after = actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)

    assert dict(Notice.objects.values_list("kind", "about")) == {
        "contract.taken_over": after.reference, "contract.escrowed": after.reference, "contract.passed_on": contract.reference}
    assert told(contract, offer.stand_in) == [
        ("client", "taken_over", "contract"), ("stand-in", "escrowed", "contract"), ("worker", "passed_on", "contract")]


@pytest.mark.parametrize(("by", "others"), [("worker", ["client", "stand-in"]), ("stand-in", ["client", "worker"])])
def test_whoever_stands_by_no_more_is_told_to_the_two_others(contract, by, others):
    stand_in = standing_by(contract)
    told(contract, stand_in)

    actions.withdraw_stand_in(stand_in=stand_in, by=contract.worker if by == "worker" else stand_in.person)

    assert [who for who, kind, _about in told(contract, stand_in) if kind == "stand_in_withdrawn"] == others
