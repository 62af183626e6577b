"""From the offer to the escrow: frozen terms, seats, and seven days for each answer."""
import datetime

import pytest

from machi.activity.queries import history_of
from machi.contracts import actions, policies
from machi.contracts.models import Contract, Offer
from machi.contracts.queries import is_newcomer
from machi.contracts.terms import NINE_ITEMS, fingerprint
from machi.jobs import wages
from machi.jobs.models import Job
from machi.notifications.models import Notice
from machi.proposals.actions import end_choosing
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from tests.people import a_client, a_contract, a_job, a_person, a_proposal, an_offer, client_of, held_for

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def accept(offer: Offer) -> Contract:
    return actions.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


def test_an_offer_of_steps_can_be_accepted_until_the_first_of_them_is_due(clock_stands_at):
    today = clock.today()
    plan = [{"title": f"区切り{day}", "price_yen": 10_000, "due_on": (today + datetime.timedelta(days=day)).isoformat()} for day in (2, 30)]
    offer = an_offer(a_proposal(a_job(closes_on=today + datetime.timedelta(days=1), due_on=today + datetime.timedelta(days=30),
                                      reward_yen=20_000, plan=plan)))

    assert offer.answer_by == clock.end_of(today + datetime.timedelta(days=2))
    clock_stands_at(offer.answer_by + SECOND)
    with pytest.raises(NotAllowed):
        accept(offer)


# ---- the terms -------------------------------------------------------------------------------------------------------

def test_an_offer_holds_the_items_the_law_wants_frozen_with_their_fingerprint():
    offer = an_offer()

    assert [item for item in NINE_ITEMS if not offer.terms.get(item)] == []
    assert offer.terms_hash == fingerprint(Offer.objects.get().terms) and len(offer.terms_hash) == 64


def test_the_fingerprint_is_of_the_words_not_of_their_order():
    terms = an_offer().terms
    turned = dict(reversed(terms.items()))

    assert fingerprint(turned) == fingerprint(terms)
    assert fingerprint(terms | {"net_yen": terms["net_yen"] + 1}) != fingerprint(terms)


def test_a_post_edited_later_changes_no_terms():
    offer = an_offer()
    Job.objects.filter(pk=offer.job_id).update(title="別の題", reward_yen=500)       # as if somebody had found a way

    contract = accept(offer)
    assert (contract.title, contract.milestones.get().price_yen) == ("地域サッカーの試合レポート", 10_000)


def test_whoever_saw_other_terms_agrees_to_nothing():
    offer = an_offer()

    for seen in ("", "0" * 64, offer.terms_hash[:-1], offer.terms_hash.upper()):
        with pytest.raises(DomainError):
            actions.accept_offer(offer=offer, by=offer.worker, terms_hash=seen)
    assert not Contract.objects.exists()


def test_other_terms_take_the_place_of_the_first_and_the_first_cannot_be_accepted_any_more():
    first = an_offer()
    second = actions.change_offer(offer=first, by=client_of(first), due_on=first.job.due_on, reward=Yen(20_000))

    with pytest.raises(DomainError):
        accept(first)
    with pytest.raises(DomainError):
        actions.accept_offer(offer=first, by=first.worker, terms_hash=second.terms_hash)
    assert second.version == 2 and second.terms["price_yen"] == 20_000
    assert accept(second).milestones.get().held_yen == 22_000
    assert first.worker.notices.filter(kind="contract.offer").count() == 2


@pytest.mark.parametrize(("reward", "may"), [(100, False), (29_999, False), (30_000, True), (40_000, True)])
def test_nobody_is_offered_less_than_the_post_says(reward, may):
    offer = an_offer(a_proposal(a_job(reward_yen=30_000)))
    said = {"offer": offer, "by": client_of(offer), "due_on": offer.job.due_on, "reward": Yen(reward)}
    if may:
        assert actions.change_offer(**said).terms["price_yen"] == reward
    else:
        with pytest.raises(DomainError, match="30,000円"):
            actions.change_offer(**said)


def test_nor_less_than_the_floor_of_today():
    offer = an_offer(a_proposal(a_job(reward_yen=30_000)))
    type(offer.job).objects.filter(pk=offer.job_id).update(minutes_estimate=30 * 60)
    with pytest.raises(DomainError):
        actions.change_offer(offer=offer, by=client_of(offer), due_on=offer.job.due_on, reward=wages.least_for(30 * 60) - Yen(1))
    assert actions.change_offer(offer=offer, by=client_of(offer), due_on=offer.job.due_on, reward=wages.least_for(30 * 60)).version == 2


# ---- seats -----------------------------------------------------------------------------------------------------------

def offer_to(job: Job, worker) -> Offer:
    return actions.make_offer(proposal=a_proposal(job, worker), by=client_of(job))


def test_a_seat_is_taken_by_the_offer_and_free_again_after_a_no():
    job = a_job()
    first = offer_to(job, a_person())
    second = a_proposal(job)
    with pytest.raises(DomainError):
        actions.make_offer(proposal=second, by=client_of(job))

    actions.refuse_offer(offer=first, by=first.worker)
    actions.make_offer(proposal=second, by=client_of(job))
    assert Job.objects.get().seats_taken == 1


def test_the_last_accepted_seat_awards_the_post_and_not_before():
    job = a_job(seats_count=2)
    offers = [offer_to(job, a_person()), offer_to(job, a_person())]

    accept(offers[0])
    assert Job.objects.get().state == "open"
    accept(offers[1])
    assert Job.objects.get().state == "awarded"


def experienced(contracts: int):
    worker = a_person()
    for _number in range(contracts):
        a_contract(accepted=True, worker=worker)
    return worker


@pytest.mark.parametrize(("finished", "may"), [(0, True), (2, True), (3, False)])
def test_a_seat_for_newcomers_is_for_whoever_has_finished_fewer_than_three_contracts(finished, may):
    job, worker = a_job(seats_count=1, newcomer_seats_count=1), experienced(finished)
    assert is_newcomer(worker) is may

    if may:
        assert offer_to(job, worker).takes_newcomer_seat
    else:
        with pytest.raises(DomainError) as refusal:
            offer_to(job, worker)
        assert not isinstance(refusal.value, NotAllowed)
        assert Proposal.objects.get(job=job).state == "submitted", "the refusal took nothing with it"


def test_a_newcomer_takes_the_newcomers_seat_first_and_gives_that_one_back():
    job = a_job(seats_count=2, newcomer_seats_count=1)
    first = offer_to(job, a_person())
    second = offer_to(job, a_person())
    assert (first.takes_newcomer_seat, second.takes_newcomer_seat) == (True, False)

    actions.refuse_offer(offer=first, by=first.worker)
    with pytest.raises(DomainError):
        offer_to(job, experienced(3))
    assert offer_to(job, a_person()).takes_newcomer_seat


def test_an_offer_declined_after_the_choosing_ended_leaves_the_books_of_the_post_right():
    job = a_job(seats_count=2)
    offer = offer_to(job, a_person())
    waiting = a_proposal(job)
    end_choosing(job=job, by=client_of(job), reason="topic")
    assert Proposal.objects.get(pk=waiting.pk).state == "not_chosen", "somebody was asked: nobody is told that nobody was chosen"

    actions.refuse_offer(offer=offer, by=offer.worker)

    job.refresh_from_db()
    assert (job.state, job.seats_taken) == ("ended", 0)


def test_an_offer_accepted_after_the_choosing_ended_is_a_contract():
    offer = offer_to(a_job(seats_count=2), a_person())
    end_choosing(job=offer.job, by=client_of(offer), reason="plan")

    accept(offer)
    job = Job.objects.get()
    assert (job.state, job.seats_taken, job.seats_accepted) == ("ended", 1, 1)


# ---- clocks: one second before, at, and one second after -------------------------------------------------------------

@pytest.mark.parametrize(("late", "may"), [(-SECOND, True), (0 * SECOND, True), (SECOND, False)])
def test_an_offer_waits_seven_days_for_its_answer(clock_stands_at, late, may):
    offer = an_offer()
    assert offer.answer_by - offer.offered_at >= datetime.timedelta(days=7)
    clock_stands_at(offer.answer_by + late)

    assert policies.can_answer_offer(offer.worker, offer) is may
    assert actions.expire_offers() == (not may)
    if may:
        accept(offer)
    else:
        for answer in (lambda: accept(offer), lambda: actions.refuse_offer(offer=offer, by=offer.worker)):
            with pytest.raises(NotAllowed):
                answer()
        assert Proposal.objects.get().state == "refused" and Job.objects.get().seats_taken == 0
        assert client_of(offer).notices.filter(kind="contract.offer_expired").count() == 1


@pytest.mark.parametrize(("late", "is_over"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_a_contract_waits_seven_days_for_its_money(clock_stands_at, late, is_over):
    contract = a_contract()
    assert contract.fund_by - contract.formed_at >= datetime.timedelta(days=7)
    clock_stands_at(contract.fund_by + late)

    assert actions.void_unfunded() == is_over
    if is_over:
        with pytest.raises(NotAllowed):
            actions.fund(contract=contract, by=client_of(contract))
        assert contract.milestones.get().state == Contract.objects.get().state == "void"
        assert {notice.user for notice in Notice.objects.filter(kind="contract.void")} == {contract.worker, client_of(contract)}
    else:
        actions.fund(contract=contract, by=client_of(contract))
    assert actions.void_unfunded() == 0


# ---- what is written down --------------------------------------------------------------------------------------------

def test_money_in_escrow_is_told_and_recorded_once():
    contract = a_contract(funded=True)

    assert held_for(contract.pk) == 11_000
    assert [fact.name for fact in history_of(contract.reference)] == ["contract.offer_accepted", "contract.milestone_funded"]
    assert contract.worker.notices.get(kind="contract.escrowed").words["gross_yen"] == 11_000
    with pytest.raises(NotAllowed):
        actions.fund(contract=contract, by=client_of(contract))


def test_strangers_see_neither_offer_nor_contract():
    contract = a_contract()
    strangers = [a_person(), a_client()]

    for user in (contract.worker, client_of(contract)):
        assert Contract.objects.visible_to(user).get() == contract and Offer.objects.visible_to(user).get() == contract.offer
    for user in strangers:
        assert not Contract.objects.visible_to(user).exists() and not Offer.objects.visible_to(user).exists()
    assert clock.day_of(contract.formed_at) == clock.today()


def test_no_offer_outlives_the_day_on_which_its_work_is_due(clock_at):
    job = a_job(due_on=clock.today() + datetime.timedelta(days=30))
    proposal = a_proposal(job)
    clock_at(f"{job.due_on - datetime.timedelta(days=1)} 10:00")

    offer = actions.make_offer(proposal=proposal, by=client_of(job))

    assert offer.answer_by == clock.end_of(job.due_on)
    with clock.moved(to=offer.answer_by + SECOND), pytest.raises(DomainError):
        accept(offer)


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_nobody_is_asked_for_a_day_that_has_passed_or_is_far_away(days):
    offer, proposal = an_offer(), a_proposal()
    due_on = clock.today() + datetime.timedelta(days=days)

    with pytest.raises(DomainError):
        actions.make_offer(proposal=proposal, by=client_of(proposal.job), due_on=due_on)
    with pytest.raises(DomainError):
        actions.change_offer(offer=offer, by=client_of(offer.job), due_on=due_on, reward=Yen(10_000))
    assert Offer.objects.filter(state="open").count() == 1
