"""Who may do what with a proposal."""
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.jobs.policies import acts_for_client
from machi.proposals.lifecycle import PROPOSAL_LIFECYCLE
from machi.proposals.models import Proposal
from machi.shared import clock


def can_apply(user, job: Job) -> bool:
    """Anybody may apply to an open post until its last second, except to their own."""
    return user.is_authenticated and job.state == JobState.OPEN and clock.today() <= job.closes_on and not acts_for_client(user, job)


def can_save_draft(user, proposal: Proposal) -> bool:
    return user.pk == proposal.worker_id and PROPOSAL_LIFECYCLE.allows(proposal.state, "save")


def can_submit(user, proposal: Proposal) -> bool:
    return user.pk == proposal.worker_id and PROPOSAL_LIFECYCLE.allows(proposal.state, "submit") and can_apply(user, proposal.job)


def can_withdraw(user, proposal: Proposal) -> bool:
    return user.pk == proposal.worker_id and (PROPOSAL_LIFECYCLE.allows(proposal.state, "withdraw")
                                              or PROPOSAL_LIFECYCLE.allows(proposal.state, "discard"))


def can_decline(user, proposal: Proposal) -> bool:
    return PROPOSAL_LIFECYCLE.allows(proposal.state, "decline") and acts_for_client(user, proposal.job)


def can_choose(user, proposal: Proposal) -> bool:
    return PROPOSAL_LIFECYCLE.allows(proposal.state, "offer") and acts_for_client(user, proposal.job)
