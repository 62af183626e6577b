"""Who may do what with a post."""
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import has_power
from machi.jobs.contests import CONTEST_LIFECYCLE
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.models import Job


def acts_for_client(user, job: Job, *powers) -> bool:
    """Does this person act for the party that gives this work, with any of these powers?"""
    return has_power(user, job.client_id, *powers)


def can_read_applicants(user, job: Job) -> bool:
    return acts_for_client(user, job, *READS_WORK)


def can_edit_job(user, job: Job) -> bool:
    """A draft, or an open post nobody has applied to: whoever applied, applied to what they read. Of an open contest nothing changes:
    people may be making something for it without a word.
    """
    is_untouched = job.state == JobState.DRAFT or job.proposals_count == 0
    table = CONTEST_LIFECYCLE if job.is_contest else JOB_LIFECYCLE
    return table.allows(job.state, "edit") and is_untouched and acts_for_client(user, job, Power.MEMBER)


def can_publish_job(user, job: Job) -> bool:
    return JOB_LIFECYCLE.allows(job.state, "publish") and acts_for_client(user, job, Power.MEMBER)


def can_close_job(user, job: Job) -> bool:
    """A contest stays open until the day that was promised to whoever makes something for it."""
    return not job.is_contest and JOB_LIFECYCLE.allows(job.state, "close") and acts_for_client(user, job, Power.MEMBER)


def can_end_choosing(user, job: Job) -> bool:
    """A contest ends with a prize, or by the clock."""
    return not job.is_contest and JOB_LIFECYCLE.allows(job.state, "end") and acts_for_client(user, job, Power.APPROVER)


def can_ask(user, job: Job) -> bool:
    """Anybody who is signed in, about an open post that is not their own."""
    return user.is_authenticated and job.state == JobState.OPEN and not acts_for_client(user, job)


def can_answer(user, job: Job) -> bool:
    return job.state == JobState.OPEN and acts_for_client(user, job, Power.MEMBER)
