"""Many press at the same moment: exactly as many as the client said have applied, and nobody more."""
from functools import partial

from machi.jobs.actions import limit_applicants
from machi.jobs.models import Job
from machi.proposals.actions import submit
from machi.proposals.models import Proposal
from machi.shared.errors import DomainError
from tests.people import a_job, a_person, a_proposal, client_of


def test_eight_press_at_once_and_three_places_are_left(race, monkeypatch):
    monkeypatch.setattr("machi.jobs.policies.OFFERED_FROM", 2)
    job = a_job()
    for _number in range(2):
        a_proposal(job)
    limit_applicants(job=job, by=client_of(job), most=5)
    workers = [a_person() for _number in range(8)]

    answers = race(*[partial(submit, job=job, by=worker, message="応募します。") for worker in workers])

    sent, refused = ([answer for answer in answers if isinstance(answer, kind)] for kind in (Proposal, DomainError))
    assert (len(sent), len(refused)) == (3, 5)
    assert Job.objects.get().proposals_count == Proposal.objects.filter(state="submitted").count() == 5
