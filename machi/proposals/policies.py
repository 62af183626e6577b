"""Who may do what with a proposal."""
from machi.accounts.powers import Power
from machi.accounts.queries import duties_of
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.limits import is_full
from machi.jobs.models import Job
from machi.jobs.policies import acts_for_client
from machi.proposals.lifecycle import PROPOSAL_LIFECYCLE
from machi.proposals.models import Proposal
from machi.shared import clock


def takes_proposals(job: Job) -> bool:
    """Is this post open to applications, until the last second of its closing day, and within the client's limit? To a contest
    people hand in what they made.
    """
    return not job.is_contest and is_open(job) and not is_full(job)


def is_open(job: Job) -> bool:
    return job.state == JobState.OPEN and clock.today() <= job.closes_on


def can_read_post(user, job: Job) -> bool:
    """A paused post is for whoever applied or began to, for its client, and for the desk of posts; the public reads it when it goes on."""
    if job.state != JobState.PAUSED or acts_for_client(user, job) or "moderator" in duties_of(user):
        return True
    return user.is_authenticated and Proposal.objects.filter(job=job, worker=user).exists()


def can_apply(user, job: Job) -> bool:
    """Anybody may apply to an open post, except to their own and to those of an organisation they act for."""
    return user.is_authenticated and takes_proposals(job) and not acts_for_client(user, job)


def can_save_draft(user, proposal: Proposal) -> bool:
    return user.pk == proposal.worker_id and PROPOSAL_LIFECYCLE.allows(proposal.state, "save")


def can_submit(user, proposal: Proposal) -> bool:
    return user.pk == proposal.worker_id and PROPOSAL_LIFECYCLE.allows(proposal.state, "submit") and can_apply(user, proposal.job)


def can_withdraw(user, proposal: Proposal) -> bool:
    return user.pk == proposal.worker_id and (PROPOSAL_LIFECYCLE.allows(proposal.state, "withdraw")
                                              or PROPOSAL_LIFECYCLE.allows(proposal.state, "discard"))


def can_decline(user, proposal: Proposal) -> bool:
    return PROPOSAL_LIFECYCLE.allows(proposal.state, "decline") and _decides(user, proposal)


def can_choose(user, proposal: Proposal) -> bool:
    return PROPOSAL_LIFECYCLE.allows(proposal.state, "offer") and _decides(user, proposal)


def can_answer_everybody(user, job: Job) -> bool:
    """The choosing can be ended; or every seat is taken and the others are still to be told."""
    is_time = JOB_LIFECYCLE.allows(job.state, "end") or job.state == JobState.AWARDED
    return is_time and not job.is_contest and acts_for_client(user, job, Power.APPROVER)


def _decides(user, proposal: Proposal) -> bool:
    """Whoever applied before they joined the organisation does not decide about themselves."""
    return user.pk != proposal.worker_id and acts_for_client(user, proposal.job, Power.APPROVER)
