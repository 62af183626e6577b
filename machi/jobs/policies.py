"""Who may do what with a post."""
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import duties_of, has_power
from machi.jobs import plans
from machi.jobs.contests import CONTEST_LIFECYCLE
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.limits import OFFERED_FROM
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.shared import clock


def acts_for_client(user, job: Job, *powers) -> bool:
    """Does this person act for the party that gives this work, with any of these powers?"""
    return has_power(user, job.client_id, *powers)


def can_read_applicants(user, job: Job) -> bool:
    return acts_for_client(user, job, *READS_WORK)


def can_edit_job(user, job: Job) -> bool:
    """A draft, or a post that is out and not over: whoever applied hears of every change, and none is to their loss (jobs.changes).
    Of an open contest nothing changes: people may be making something for it without a word.
    """
    return _allows(job, "edit") and acts_for_client(user, job, Power.MEMBER)


def can_divide_job(user, job: Job) -> bool:
    return plans.is_divisible(job) and can_edit_job(user, job)


def can_use_template(user, job: Job) -> bool:
    """An example fills drafts alone: a post that is out is the client's own already."""
    return job.published_at is None and can_edit_job(user, job)


def can_publish_job(user, job: Job) -> bool:
    """Not while somebody of the town reads it."""
    may = JOB_LIFECYCLE.allows(job.state, "publish") and acts_for_client(user, job, Power.MEMBER)
    return may and not JobLook.objects.waiting().filter(job=job).exists()


def can_look(user, look: JobLook) -> bool:
    """Whoever has the duty, never at a post of their own."""
    return look.answer == "" and "moderator" in duties_of(user) and not acts_for_client(user, look.job)


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


def can_pause_job(user, job: Job) -> bool:
    return _allows(job, "pause") and acts_for_client(user, job, Power.MEMBER)


def can_resume_job(user, job: Job) -> bool:
    return _allows(job, "resume") and acts_for_client(user, job, Power.MEMBER)


def can_reopen_job(user, job: Job) -> bool:
    """A closed post with a free seat, and a day left before its first work is due. One that has ended is copied instead: everybody who
    applied has had their answer.
    """
    if not _allows(job, "reopen") or job.seats_taken >= job.seats_count:
        return False
    return clock.today() < plans.first_day(job.plan, job.due_on) and acts_for_client(user, job, Power.MEMBER)


def can_limit_applicants(user, job: Job) -> bool:
    """Once many have applied, and for as long as a limit stands. People are making something for a contest: it has none."""
    is_offered = job.proposals_count >= OFFERED_FROM or job.proposals_most is not None
    return is_offered and not job.is_contest and can_edit_job(user, job)


def can_confirm_open(user, job: Job) -> bool:
    """The town has asked whether it is still open."""
    return job.asked_at is not None and can_pause_job(user, job)


def can_copy_job(user, job: Job) -> bool:
    """Any post of one's own, a draft too, becomes the beginning of another."""
    return acts_for_client(user, job, Power.MEMBER)


def _allows(job: Job, move: str) -> bool:
    return (CONTEST_LIFECYCLE if job.is_contest else JOB_LIFECYCLE).allows(job.state, move)
