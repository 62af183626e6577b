"""Asking about a post, and answering, in front of everybody."""
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.jobs import facts, policies, wordings
from machi.jobs.models import Job
from machi.jobs.questions import JobQuestion
from machi.notifications import actions as notifications
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed

WAITING_AT_MOST = 5                     # of one person about one post: who asks more waits for the answers first


@transaction.atomic
def ask(*, job: Job, by, words: str) -> JobQuestion:
    """Somebody asks about an open post (質問). Everybody reads it, and the answer. Pressed twice, it is asked once."""
    job = Job.objects.locked().select_related("client").get(pk=job.pk)
    if not policies.can_ask(by, job):
        raise NotAllowed(_("question.refused"))
    own = JobQuestion.objects.filter(job=job, asker=by)
    if there := own.filter(words=words).first():
        return there
    if own.filter(answered_at=None).count() >= WAITING_AT_MOST:
        raise DomainError(_("question.too_many") % {"n": WAITING_AT_MOST})
    wordings.check_said(words, "message")
    question = JobQuestion.objects.create(job=job, asker=by, words=words, asked_at=clock.now())
    activity.record(actor=by, fact=facts.QUESTION_ASKED, about=job.reference, question=question.pk)
    for person in job.client.people(Power.MEMBER):
        notifications.queue(to=person, kind="question.asked", about=job.reference, job=job.title, who_person=by.name)
    return question


@deed
def answer(*, question: JobQuestion, by, words: str) -> JobQuestion:
    """The client answers; saying it better later is allowed as long as the post is open."""
    job = Job.objects.locked().get(pk=question.job_id)
    question = JobQuestion.objects.locked().select_related("asker").get(pk=question.pk)
    if not policies.can_answer(by, job):
        raise NotAllowed(_("question.answer_refused"))
    if question.answer == words:
        return question
    wordings.check_said(words, "job")
    is_first = not question.answer
    question.answer, question.answered_at = words, clock.now()
    question.save(update_fields=["answer", "answered_at"])
    activity.record(actor=by, fact=facts.QUESTION_ANSWERED, about=job.reference, question=question.pk)
    if is_first:
        notifications.queue(to=question.asker, kind="question.answered", about=job.reference, job=job.title)
    return question
