"""What a client does with a post that is out: pause, go on, open once more, copy; and the town's kind question whether it is open."""
import datetime

from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.jobs import changes, facts, hourly, plans, policies
from machi.jobs.actions.contests import PARTS
from machi.jobs.actions.posting import WRITABLE, draft_job, move, note_change
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.limits import OFFERED_FROM
from machi.jobs.models import Job
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

SILENCE = datetime.timedelta(days=14)               # so long nobody did anything about an open post: the town asks
PATIENCE = datetime.timedelta(days=7)               # so long it waits for an answer, and pauses the post
OF_ITS_TIME = {"closes_on", "due_on", "plan"}       # what a copy does not take over


@deed
def pause_job(*, job: Job, by) -> Job:
    """No proposals for now (お休み). Whoever applied goes on reading it, and may still be chosen."""
    job = Job.objects.locked().get(pk=job.pk)
    if not policies.can_pause_job(by, job):
        raise NotAllowed(_("job.pause_refused"))
    return move(job, "pause", by, facts.JOB_PAUSED)


@deed
def resume_job(*, job: Job, by) -> Job:
    """It takes proposals again, until the closing day that stands there."""
    job = Job.objects.locked().get(pk=job.pk)
    if not policies.can_resume_job(by, job):
        raise NotAllowed(_("job.resume_refused"))
    if job.closes_on < clock.today():
        raise DomainError(_("job.closes_on.past"))
    return move(job, "resume", by, facts.JOB_RESUMED)


@deed
def reopen_job(*, job: Job, by, closes_on: datetime.date) -> Job:
    """A closed post with seats left takes proposals again, until a new closing day; what is due first stays, and lies behind it."""
    job = Job.objects.locked().get(pk=job.pk)
    if not policies.can_reopen_job(by, job):
        raise NotAllowed(_("job.reopen_refused"))
    if closes_on < clock.today():
        raise DomainError(_("job.closes_on.past"))
    before, job.closes_on = changes.standing(job), closes_on
    hourly.settle(job)                              # the weeks begin later
    if closes_on >= plans.first_day(job.plan, job.due_on):
        raise DomainError(_("job.due_on.before_close"))
    job.changed_at, job.version = clock.now(), job.version + 1
    note_change(job, before, by)                    # whoever applied hears of the day, and by when they have their answer now
    return move(job, "reopen", by, facts.JOB_REOPENED, closes_on=closes_on, closed_at=None, due_on=job.due_on, version=job.version,
                changed_at=job.changed_at)


@deed
def confirm_open(*, job: Job, by) -> Job:
    """The answer to the town's question: yes, it is still open."""
    job = Job.objects.locked().get(pk=job.pk)
    if not policies.can_confirm_open(by, job):
        raise NotAllowed(_("job.confirm_refused"))
    return move(job, "confirm", by, facts.JOB_CONFIRMED)


@deed
def copy_job(*, job: Job, by) -> Job:
    """The same words as a new draft; days belong to their time, and are asked anew."""
    if not policies.can_copy_job(by, job):
        raise NotAllowed(_("job.not_yours"))
    values = {name: getattr(job, name) for name in WRITABLE - OF_ITS_TIME - {"topic"}}
    if job.is_contest:
        values |= {name: getattr(job.contest, name) for name in PARTS}
    return draft_job(client=job.client, by=by, topic=job.topic.name if job.topic else "", **values)


@deed
def limit_applicants(*, job: Job, by, most: int | None) -> Job:
    """At most so many may apply, exactly; None takes the limit away. Never fewer than have applied already."""
    job = Job.objects.locked().get(pk=job.pk)
    if not policies.can_limit_applicants(by, job):
        raise NotAllowed(_("job.limit_refused") % {"n": OFFERED_FROM})
    if most is not None and most < max(1, job.proposals_count):
        raise DomainError(_("job.limit_too_low") % {"n": job.proposals_count})
    job.proposals_most, job.acted_at, job.asked_at = most, clock.now(), None
    job.save(update_fields=["proposals_most", "acted_at", "asked_at"])
    activity.record(actor=by, fact=facts.JOB_LIMITED, about=job.reference, most=most)
    return job


def ask_whether_open() -> int:
    """Ask the client of every open post about which nobody has done anything for SILENCE; return how many."""
    silent = Job.objects.exclude(form=Job.Form.CONTEST).filter(
        state=JobState.OPEN, asked_at=None, acted_at__lt=clock.now() - SILENCE).order_by("pk")
    return each(silent[:500], _ask)


def pause_unanswered() -> int:
    """Pause the posts whose client did not answer within PATIENCE, and tell them; return how many."""
    unanswered = Job.objects.filter(state=JobState.OPEN, asked_at__lt=clock.now() - PATIENCE).order_by("pk")
    return each(unanswered[:500], _pause)


def _locked(job: Job) -> Job:
    return Job.objects.locked().select_related("client", "client__person").get(pk=job.pk)


def _ask(job: Job) -> bool:
    """Asked once, under the lock: whoever did something meanwhile is not asked."""
    job = _locked(job)
    if job.state != JobState.OPEN or job.asked_at or job.acted_at >= clock.now() - SILENCE:
        return False
    job.asked_at = clock.now().replace(second=0, microsecond=0)         # the deadline that follows from it has its minute
    job.save(update_fields=["asked_at"])
    _tell(job, "job.still_open", until_at=job.asked_at + PATIENCE)
    return True


def _pause(job: Job) -> bool:
    job = _locked(job)
    if not JOB_LIFECYCLE.allows(job.state, "pause") or not job.asked_at or job.asked_at >= clock.now() - PATIENCE:
        return False
    move(job, "pause", None, facts.JOB_PAUSED)
    _tell(job, "job.paused_by_town")
    return True


def _tell(job: Job, kind: str, **words) -> None:
    for person in job.client.people(Power.MEMBER):
        notifications.queue(to=person, kind=kind, about=job.reference, job=job.title, **words)
