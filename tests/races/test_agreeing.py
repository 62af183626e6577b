"""Agreeing, funding and choosing at the same moment: one contract, one deposit, no seat twice, nobody without an answer."""
import datetime
from functools import partial

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, Offer
from machi.jobs.models import Job
from machi.notifications.models import Notice
from machi.payments.fakebank import FakeBank
from machi.proposals import actions as proposals
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.people import a_contract, a_job, a_person, a_proposal, an_offer, client_of, held_for
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes

DAY = datetime.timedelta(days=1)


def test_funding_twice_is_one_deposit(race):
    for _round in ROUNDS:
        contract = a_contract()
        client = client_of(contract)

        answers = race(*[partial(contracts.fund, contract=contract, by=client)] * 4)
        assert outcomes(answers) == {WON: 1, REFUSED: 3}
        key = f"deposit:milestone:{contract.milestones.get().pk}"
        assert held_for(contract.pk) == 11_000 and [line.key for line in FakeBank().statement()].count(key) == 1


def test_funding_against_the_end_of_the_time_to_fund(race):
    for _round in ROUNDS:
        contract = a_contract()
        client = client_of(contract)
        with clock.moved(by=8 * DAY):
            answers = race(partial(contracts.fund, contract=contract, by=client), contracts.void_unfunded, contracts.void_unfunded)

        contract.refresh_from_db()
        assert (contract.state, held_for(contract.pk)) in [("active", 11_000), ("void", 0)]
        assert sum(answers[1:]) == (contract.state == "void") and outcomes(answers[:1])[WON] == (contract.state == "active")


def test_the_same_terms_accepted_in_eight_windows_are_one_contract(race):
    for _round in ROUNDS:
        offer = an_offer()

        answers = race(*[partial(contracts.accept_offer, offer=offer, by=offer.worker, terms_hash=offer.terms_hash)] * 8)
        assert outcomes(answers) == {WON: 1, REFUSED: 7}
        assert Contract.objects.filter(offer=offer).count() == 1 and Job.objects.get(pk=offer.job_id).seats_accepted == 1


def test_accepting_against_other_terms_against_refusing_against_running_out(race):
    for _round in ROUNDS:
        offer = an_offer()
        client, due_on = client_of(offer), offer.job.due_on

        answers = race(partial(contracts.accept_offer, offer=offer, by=offer.worker, terms_hash=offer.terms_hash),
                       partial(contracts.change_offer, offer=offer, by=client, due_on=due_on, reward=Yen(20_000)),
                       partial(contracts.refuse_offer, offer=offer, by=offer.worker),
                       partial(_run_out, offer))
        outcomes(answers)
        first = Offer.objects.get(pk=offer.pk)
        contract = Contract.objects.filter(job=offer.job_id).first()
        assert (contract is not None) == (first.state == "accepted")
        if contract:
            assert contract.terms == first.terms and contract.milestones.get().price_yen == 10_000, "what was agreed is what was shown"
        living = Offer.objects.filter(job=offer.job_id, state__in=["open", "accepted"])
        assert Job.objects.get(pk=offer.job_id).seats_taken == living.count()


def _run_out(offer: Offer) -> int:
    """The time of this offer is over at this very moment, and the clock's round comes by."""
    Offer.objects.filter(pk=offer.pk, state="open").update(answer_by=clock.now() - DAY)
    return contracts.expire_offers()


def test_the_last_seat_is_offered_once(race):
    for _round in ROUNDS:
        job = a_job()
        client, waiting = client_of(job), [a_proposal(job) for _number in range(5)]

        answers = race(*[partial(contracts.make_offer, proposal=one, by=client) for one in waiting])
        assert outcomes(answers) == {WON: 1, REFUSED: 4}
        assert Job.objects.get(pk=job.pk).seats_taken == Offer.objects.filter(job=job).count() == 1


def test_a_newcomers_seat_goes_to_a_newcomer_and_the_other_to_anybody(race):
    veteran_of = [_veteran() for _number in range(2)]
    for _round in ROUNDS:
        job = a_job(seats_count=2, newcomer_seats_count=1)
        client = client_of(job)
        waiting = [a_proposal(job, worker) for worker in (*veteran_of, a_person(), a_person())]

        answers = race(*[partial(contracts.make_offer, proposal=one, by=client) for one in waiting])
        outcomes(answers)
        offers = Offer.objects.filter(job=job)
        assert offers.filter(worker__in=veteran_of).count() <= 1
        assert offers.filter(takes_newcomer_seat=True).count() == 1 and not offers.filter(takes_newcomer_seat=True, worker__in=veteran_of)
        assert Job.objects.get(pk=job.pk).seats_taken == offers.count() <= 2


def _veteran():
    worker = a_person()
    for _number in range(3):
        a_contract(accepted=True, worker=worker)
    return worker


def test_one_person_is_asked_once(race):
    for _round in ROUNDS:
        proposal = a_proposal(a_job(seats_count=3))
        client = client_of(proposal.job)

        answers = race(*[partial(contracts.make_offer, proposal=proposal, by=client)] * 4)
        assert outcomes(answers) == {WON: 1, REFUSED: 3}
        assert Job.objects.get(pk=proposal.job_id).seats_taken == 1


def test_a_proposal_sent_from_two_windows_is_one(race):
    for _round in ROUNDS:
        job, worker = a_job(), a_person()

        answers = race(*[partial(proposals.submit, job=job, by=worker, message="書けます")] * 4)
        assert outcomes(answers)[REFUSED] == 0, "the same words twice are the same proposal"
        assert Job.objects.get(pk=job.pk).proposals_count == Proposal.objects.filter(job=job).count() == 1
        assert Notice.objects.filter(kind="proposal.arrived", about=job.reference).count() == 1


def test_a_first_draft_from_two_windows_is_one(race):
    for _round in ROUNDS:
        job, worker = a_job(), a_person()

        answers = race(*[partial(proposals.save_draft, job=job, by=worker, message=f"窓{n}") for n in range(4)])
        outcomes(answers)
        assert Proposal.objects.get(job=job).state == "draft"


def test_declining_against_an_offer(race):
    for _round in ROUNDS:
        proposal = a_proposal()
        client = client_of(proposal.job)

        answers = race(partial(proposals.decline, proposal=proposal, by=client, reason="topic"),
                       partial(contracts.make_offer, proposal=proposal, by=client),
                       partial(proposals.withdraw, proposal=proposal, by=proposal.worker))
        assert outcomes(answers) == {WON: 1, REFUSED: 2}
        proposal.refresh_from_db()
        assert proposal.state == ["not_chosen", "offered", "withdrawn"][[isinstance(a, DomainError) for a in answers].index(False)]


def test_ending_the_choosing_against_an_offer_and_a_last_proposal(race):
    for _round in ROUNDS:
        job, late = a_job(), a_person()
        client, waiting = client_of(job), [a_proposal(job) for _number in range(2)]

        answers = race(partial(proposals.end_choosing, job=job, by=client, reason="plan"),
                       partial(contracts.make_offer, proposal=waiting[0], by=client),
                       partial(proposals.submit, job=job, by=late, message="間に合うか"))
        outcomes(answers)
        assert not isinstance(answers[0], DomainError)
        assert not Proposal.objects.filter(job=job, state="submitted").exists(), "nobody is left without an answer"
