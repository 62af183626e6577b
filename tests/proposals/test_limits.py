"""A limit to how many may apply: exact, offered when many have, with a quarter kept for people without a record until half time."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.jobs import limits
from machi.jobs.actions import limit_applicants
from machi.jobs.models import Job
from machi.payments import queries as payments
from machi.proposals.actions import submit, withdraw
from machi.proposals.policies import takes_proposals
from machi.proposals.queries import open_for
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from tests.people import a_contract, a_job, a_person, a_proposal, client_of

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _offered_early(monkeypatch):
    """Two applications are many here: nobody waits for thirty."""
    monkeypatch.setattr("machi.jobs.policies.OFFERED_FROM", 2)


def limited(most: int, *, applied: int = 2) -> Job:
    job = a_job(closes_on=clock.today() + datetime.timedelta(days=9))
    for _number in range(applied):
        a_proposal(job)
    return limit_applicants(job=job, by=client_of(job), most=most)


def somebody_with_a_record():
    worker = a_person()
    for _number in range(limits.NO_RECORD):
        a_contract(accepted=True, worker=worker)
    return worker


def test_there_is_no_limit_until_many_have_applied():
    job = a_job()
    a_proposal(job)

    with pytest.raises(NotAllowed):
        limit_applicants(job=job, by=client_of(job), most=10)
    a_proposal(job)
    with pytest.raises(NotAllowed):
        limit_applicants(job=job, by=a_person(), most=10)
    assert limit_applicants(job=job, by=client_of(job), most=10).proposals_most == 10


@pytest.mark.parametrize("most", [0, 1, -5])
def test_never_fewer_than_have_applied(most):
    with pytest.raises(DomainError):
        limited(most)


def test_it_closes_at_exactly_that_number_and_opens_when_somebody_withdraws():
    job = limited(3)
    last = a_proposal(job)

    with pytest.raises(DomainError, match="3人"):
        submit(job=job, by=a_person(), message="応募します。")
    full = Job.objects.get(pk=job.pk)
    assert not takes_proposals(full) and job not in open_for(a_person())
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(proposals_count=4)

    withdraw(proposal=last, by=last.worker)

    assert a_proposal(job).state == "submitted"


def test_without_its_limit_a_post_takes_everybody_again():
    job = limited(2)

    limit_applicants(job=job, by=client_of(job), most=None)

    assert a_proposal(job).state == "submitted"


@pytest.mark.parametrize(("most", "kept"), [(4, 1), (5, 2), (8, 2), (9, 3), (1, 1)])
def test_a_quarter_rounded_up_is_kept(most, kept):
    job = a_job()
    job.proposals_most = most

    assert limits.kept(job) == kept
    job.newcomers_count = 1
    assert limits.kept(job) == kept - 1


def test_until_half_time_the_kept_places_are_for_people_without_a_record(clock_stands_at):
    experienced, late = somebody_with_a_record(), somebody_with_a_record()
    start = datetime.datetime(2026, 11, 1, 10, tzinfo=clock.JAPAN)
    clock_stands_at(start)
    job = a_job(closes_on=datetime.date(2026, 11, 10), due_on=datetime.date(2026, 12, 1))
    half = start + (datetime.datetime(2026, 11, 11, tzinfo=clock.JAPAN) - start) / 2
    for worker in (somebody_with_a_record(), experienced):
        a_proposal(job, worker)
    job = limit_applicants(job=job, by=client_of(job), most=3)

    assert limits.half_time(job) == half and limits.places(job, is_newcomer=False) == 0 and limits.places(job, is_newcomer=True) == 1
    clock_stands_at(half - SECOND)
    with pytest.raises(DomainError, match="はじめての方"):
        submit(job=job, by=late, message="応募します。")
    clock_stands_at(half)
    assert submit(job=job, by=late, message="応募します。").was_newcomer is False


def test_somebody_without_a_record_takes_a_kept_place_before_half_time():
    job = a_job()
    for _number in range(2):
        a_proposal(job, somebody_with_a_record())
    job = limit_applicants(job=job, by=client_of(job), most=3)

    proposal = a_proposal(job)

    assert proposal.was_newcomer and Job.objects.get(pk=job.pk).newcomers_count == 1
    withdraw(proposal=proposal, by=proposal.worker)
    assert Job.objects.get(pk=job.pk).newcomers_count == 0


def test_a_record_is_counted_no_further_than_needed():
    assert payments.paid_works_count(somebody_with_a_record(), at_most=2) == 2
