"""The words of a post before others read them: the rules stop, and where they doubt, a person of the town looks first."""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.jobs import facts, policies, wordings
from machi.jobs.errors import WordsStopped
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.queries import is_to_look_at
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed


def check_words(job: Job) -> None:
    """Before a post opens. Raises WordsStopped with what must be changed."""
    if stopped := wordings.stops(wordings.found_in(wordings.words_of(job))):
        raise WordsStopped(stopped)


def check_change(job: Job, before: dict[str, str]) -> None:
    """A post that is open takes no words for which it would have been stopped, or read first; what stood there stays."""
    if new := wordings.news(wordings.found_in(wordings.words_of(job)), wordings.found_in(before)):
        raise WordsStopped(new)


@deed
def note_stop(*, job: Job, by) -> None:
    """Remember that the rules stopped this draft: of somebody new, a person reads it once before it opens."""
    Job.objects.filter(pk=job.pk).update(stopped_at=clock.now())
    activity.record(actor=by, fact=facts.JOB_STOPPED, about=job.reference)


def ask_for_look(job: Job, by) -> bool:
    """Does somebody have to read this version first? Then it waits on their desk. `job` is locked by the caller."""
    if not is_to_look_at(job):
        return False
    look = JobLook.objects.create(job=job, version=job.version, asked_at=clock.now())
    activity.record(actor=by, fact=facts.LOOK_ASKED, about=job.reference, look=look.pk)
    return True


def lapse_look(job: Job, by) -> None:
    """The client writes on: what waits on the desk is no longer what would open. `job` is locked by the caller."""
    lapsed = JobLook.objects.waiting().filter(job=job)
    if lapsed.update(answer=JobLook.Answer.LAPSED, answered_at=clock.now()):
        activity.record(actor=by, fact=facts.LOOK_LAPSED, about=job.reference)


@transaction.atomic
def return_look(*, look: JobLook, by, words: str) -> JobLook:
    """The post goes back to its draft, with words that say what to change and how."""
    job, look = locked(look)
    if not policies.can_look(by, look):
        raise NotAllowed(_("look.refused"))
    if not words.strip():
        raise DomainError(_("look.words.needed"))
    answer(look, JobLook.Answer.RETURNED, by, words.strip())
    tell(job, "job.look_returned", words=look.words)
    return look


def locked(look: JobLook) -> tuple[Job, JobLook]:
    """The post first, then what waits: the order of all locks."""
    job = Job.objects.locked().select_related("client", "client__person").get(pk=look.job_id)
    return job, JobLook.objects.locked().get(pk=look.pk)


def answer(look: JobLook, said: str, by, words: str = "") -> None:
    look.answer, look.answered_at, look.answered_by, look.words = said, clock.now(), by, words
    look.save(update_fields=["answer", "answered_at", "answered_by", "words"])
    activity.record(actor=by, fact=facts.LOOK_ANSWERED, about=f"job:{look.job_id}", look=look.pk, answer=said)


def tell(job: Job, kind: str, **words) -> None:
    for person in job.client.people(Power.MEMBER):
        notifications.queue(to=person, kind=kind, about=job.reference, job=job.title, **words)
