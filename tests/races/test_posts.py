"""A post is changed, published and closed while people apply: whoever applied, applied to what they read."""
from functools import partial

import pytest

from machi.accounts.models import User
from machi.accounts.powers import Power
from machi.activity.queries import history_of
from machi.jobs import actions as jobs
from machi.jobs import facts, index
from machi.jobs.models import Job
from machi.proposals import actions as proposals
from machi.proposals.facts import PROPOSAL_SUBMITTED
from machi.proposals.models import Proposal
from machi.shared.errors import DomainError
from tests.people import a_job, a_member, a_person, an_organisation, client_of
from tests.races.outcomes import REFUSED, ROUNDS, WON, outcomes


def given_by_three(**job_values) -> tuple[list[User], Job]:
    """A post of an organisation, and three people who may do the same with it: nothing of their own keeps them one after the other."""
    party = an_organisation(keeper := a_person())
    return [keeper, a_member(party, Power.MEMBER), a_member(party, Power.MEMBER)], a_job(keeper, party=party, **job_values)


@pytest.mark.parametrize("round", ROUNDS)
def test_changing_against_applying(race, round):
    job, worker = a_job(), a_person()
    client, read = client_of(job), job.version

    applied, *changed = race(partial(proposals.submit, job=job, by=worker, message="書けます", read=read),
                             *[partial(jobs.edit_job, job=job, by=client, version=read, reward_yen=yen) for yen in (5_000, 6_000)])
    job.refresh_from_db()
    if isinstance(applied, DomainError):
        assert outcomes(changed) == {WON: 1, REFUSED: 1} and (job.version, job.proposals_count) == (read + 1, 0)
    else:
        assert outcomes(changed) == {REFUSED: 2} and (job.version, job.reward_yen, job.proposals_count) == (read, 10_000, 1)


@pytest.mark.parametrize("round", ROUNDS)
def test_publishing_in_four_windows_while_another_changes_the_reward(race, round):
    (keeper, one, other), job = given_by_three(published=False)

    *published, changed = race(*[partial(jobs.publish_job, job=job, by=by) for by in (keeper, one)] * 2,
                               partial(jobs.edit_job, job=job, by=other, reward_yen=50_000))
    assert outcomes(published) == {WON: 1, REFUSED: 3} and outcomes([changed]) == {WON: 1}
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.reward_yen, sorted(job.pairs)) == ("open", 50_000, sorted(index.found_by(job))), "found by what it says"
    assert history_of(job.reference).filter(name=facts.JOB_PUBLISHED).count() == 1


@pytest.mark.parametrize("round", ROUNDS)
def test_closing_against_applying(race, round):
    (keeper, one, _other), job = given_by_three()
    workers = [a_person() for _number in range(3)]

    answers = race(*[partial(jobs.close_job, job=job, by=by) for by in (keeper, one)],
                   *[partial(proposals.submit, job=job, by=worker, message="書けます") for worker in workers])
    assert outcomes(answers[:2]) == {WON: 1, REFUSED: 1}
    sent = Proposal.objects.filter(job=job, state="submitted")
    assert Job.objects.get(pk=job.pk).proposals_count == sent.count() == outcomes(answers[2:])[WON]
    closed = history_of(job.reference).get(name=facts.JOB_CLOSED)
    for proposal in sent:
        assert history_of(proposal.reference).get(name=PROPOSAL_SUBMITTED).pk < closed.pk, "nobody came in after the door was closed"
