"""Applying, and answering those who applied. Locks: the post first, then the proposal."""
import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.powers import READS_WORK
from machi.activity import actions as activity
from machi.jobs import actions as jobs
from machi.jobs import limits
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.notifications import actions as notifications
from machi.notifications.words import moment
from machi.profiles.queries import completeness, page_of
from machi.proposals import facts, policies
from machi.proposals.lifecycle import PROPOSAL_LIFECYCLE, ProposalState
from machi.proposals.models import Proposal, Reason
from machi.proposals.queries import LONGEST_WAIT, alternatives_count, has_no_record, waits_until
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each

PATIENCE = datetime.timedelta(days=14)              # a silent client: after this the town closes the post and answers
COURTESY = datetime.timedelta(days=3)               # all seats are taken: time for the client's own words to the others


@transaction.atomic
def save_draft(*, job: Job, by, message: str, version: int | None = None) -> Proposal:
    """Keep what a worker is writing (自動保存). Raises DomainError when another window saved in between.

    `version` is the one the window knows; None writes without asking (a first save).
    """
    proposal = Proposal.objects.locked().filter(job=job, worker=by).first()
    if proposal is None:
        _check_may_apply(job, by)
        proposal, is_new = Proposal.objects.get_or_create(
            job=job, worker=by, defaults={"message": message, "drafted_at": clock.now(), "saved_at": clock.now()})
        if is_new:
            activity.record(actor=by, fact=facts.PROPOSAL_DRAFTED, about=proposal.reference)
            return proposal
        proposal = Proposal.objects.locked().get(pk=proposal.pk)            # another window began it at this very moment
    if not policies.can_save_draft(by, proposal):
        raise NotAllowed(_("proposal.sent_already"))
    if version is not None and version != proposal.version:
        raise DomainError(_("proposal.changed_meanwhile"))
    proposal.state = PROPOSAL_LIFECYCLE.next(proposal.state, "save")
    proposal.submitted_at = None
    proposal.message, proposal.saved_at, proposal.version = message, clock.now(), proposal.version + 1
    proposal.save()
    return proposal


@transaction.atomic
def submit(*, job: Job, by, message: str, version: int | None = None, read: int | None = None) -> Proposal:
    """Apply (応募する). The client hears of it. Pressed twice, it is sent once.

    `read` is the version of the post that stood beside the text; nobody applies to terms they have not read. None does not ask.
    """
    job = Job.objects.locked().get(pk=job.pk)
    proposal = Proposal.objects.locked().filter(job=job, worker=by).first()
    if proposal and proposal.state == ProposalState.SUBMITTED and proposal.message == message:
        return proposal
    if read is not None and read != job.version:
        raise DomainError(_("apply.post_changed"))
    proposal = save_draft(job=job, by=by, message=message, version=version)
    _check_may_apply(job, by)
    if not policies.can_submit(by, proposal):
        raise NotAllowed(_("proposal.closed"))
    if until := waits_until(job, by):
        raise DomainError(_("job.places_kept") % {"until": moment(until)})
    is_newcomer = has_no_record(by)
    _move(proposal, "submit", by, facts.PROPOSAL_SUBMITTED, submitted_at=clock.now(), was_newcomer=is_newcomer,
          written_percent=completeness(page_of(by)).percent)
    jobs.count_proposal(job=job, by=1, is_newcomer=is_newcomer)
    for person in job.client.people(*READS_WORK):
        notifications.queue(to=person, kind="proposal.arrived", about=job.reference, job=job.title, n=job.proposals_count,
                            worker_person=by.name)
    return proposal


@transaction.atomic
def withdraw(*, proposal: Proposal, by) -> Proposal:
    """Take a proposal back before it is answered (取り消す); a draft is put away. The text stays for the next one."""
    job = Job.objects.locked().get(pk=proposal.job_id)
    proposal = Proposal.objects.locked().get(pk=proposal.pk)
    if not policies.can_withdraw(by, proposal):
        raise NotAllowed(_("proposal.withdraw_refused"))
    was_sent = proposal.state == ProposalState.SUBMITTED
    _move(proposal, "withdraw" if was_sent else "discard", by, facts.PROPOSAL_WITHDRAWN)
    if was_sent:
        jobs.count_proposal(job=job, by=-1, is_newcomer=proposal.was_newcomer)
    return proposal


@deed
def decline(*, proposal: Proposal, by, reason: Reason, words: str = "") -> Proposal:
    """Answer one person kindly: somebody else was chosen, and what decided it (F36, F44)."""
    job = Job.objects.locked().get(pk=proposal.job_id)
    proposal = Proposal.objects.locked().get(pk=proposal.pk)
    if not policies.can_decline(by, proposal):
        raise NotAllowed(_("proposal.decline_refused"))
    return _answer(proposal, job, by, reason, words)


@deed
def end_choosing(*, job: Job, by, reason: Reason, words: str = "") -> int:
    """The choosing is over (選考を終える): everybody who still waits gets an answer, a reason and a next step. Returns how many."""
    job = Job.objects.locked().get(pk=job.pk)
    waiting = list(Proposal.objects.locked().filter(job=job, state=ProposalState.SUBMITTED))
    if job.state != JobState.AWARDED:
        job = jobs.end_choosing(job=job, by=by)
    elif by is not None and not policies.can_answer_everybody(by, job):
        raise NotAllowed(_("job.end_refused"))
    for proposal in waiting:
        if job.has_chosen:
            _answer(proposal, job, by, reason, words)
        else:
            _close(proposal, job, by, reason, words)
    return len(waiting)


def answer_for_silent_clients() -> int:
    """Nobody waits for ever: where a client does not answer, the town does. Returns how many posts it ended.

    A closed post gets PATIENCE; one whose seats are all taken gets COURTESY, counted from the last yes: whoever chose long
    after the deadline has as much time for the others. Offers that are still open are waited for, but nothing is waited for
    longer than every applicant was promised (`answered_by`).
    """
    return each(_silent().order_by("pk").values_list("pk", flat=True).distinct()[:200], _answer_for_silent)


def _answer_for_silent(pk: int) -> bool:
    job = Job.objects.locked().get(pk=pk)
    is_silent = _silent().filter(pk=pk).exists()
    if is_silent:
        _answer_for(job)
    return is_silent


def _silent() -> QuerySet[Job]:
    """Posts whose applicants have waited long enough."""
    now, waits = clock.now(), Q(proposals__state=ProposalState.SUBMITTED)
    just_agreed = Proposal.objects.filter(state=ProposalState.ACCEPTED, answered_at__gte=now - COURTESY)
    is_settled = Q(seats_taken=F("seats_accepted"))             # nobody who was asked still thinks about it
    is_patient = Q(state=JobState.CLOSED, closed_at__lt=now - PATIENCE)
    is_chosen = Q(state=JobState.AWARDED, closed_at__lt=now - COURTESY) & waits & ~Q(pk__in=just_agreed.values("job"))
    is_promised = Q(state__in=(JobState.CLOSED, JobState.AWARDED), closes_on__lte=clock.today() - LONGEST_WAIT) & waits
    return Job.objects.exclude(form=Job.Form.CONTEST).filter(is_settled & (is_patient | is_chosen) | is_promised)


def _check_may_apply(job: Job, by) -> None:
    """Whoever acts for the client in any way does not apply there: nobody hires themselves through their organisation."""
    if policies.acts_for_client(by, job):
        raise NotAllowed(_("proposal.own_organisation") if job.client.is_organisation else _("proposal.own_post"))
    if limits.is_full(job):
        raise DomainError(_("job.full") % {"n": job.proposals_most})
    if not policies.can_apply(by, job):
        raise NotAllowed(_("proposal.closed"))


def _answer_for(job: Job) -> None:
    """The town answers for a client: the same reason for all, and it says who did not answer. `job` is locked."""
    waiting = list(Proposal.objects.locked().filter(job=job, state=ProposalState.SUBMITTED))
    if job.state == JobState.CLOSED:
        jobs.end_choosing(job=job, by=None)
    for proposal in waiting:
        if job.has_chosen:
            _answer(proposal, job, None, Reason.SEATS, "")
        else:
            _close(proposal, job, None, None, "")


def mark_offered(*, proposal: Proposal, by) -> Proposal:
    """The client chose this person; the offer itself is the contracts' affair. The caller holds the locks."""
    return _move(proposal, "offer", by, None)


def mark_ended(*, proposal: Proposal, move: str, by) -> Proposal:
    """The worker accepted, refused, or let the offer run out. The caller holds the locks."""
    return _move(proposal, move, by, None, answered_at=clock.now())


def _answer(proposal: Proposal, job: Job, by, reason: Reason, words: str) -> Proposal:
    _move(proposal, "decline", by, facts.PROPOSAL_DECLINED, answered_at=clock.now(), reason=reason, reason_words=words)
    _tell(proposal, job, "proposal.not_chosen", reason, k=job.seats_count, name_person=proposal.worker.name)
    return proposal


def _close(proposal: Proposal, job: Job, by, reason: Reason | None, words: str) -> Proposal:
    """Nobody was chosen: the same words for everybody."""
    _move(proposal, "close", by, facts.PROPOSAL_CLOSED, answered_at=clock.now(), reason=reason or "", reason_words=words)
    _tell(proposal, job, "proposal.nobody_chosen" if reason else "proposal.closed_by_town", reason)
    return proposal


def _tell(proposal: Proposal, job: Job, kind: str, reason: Reason | None, **words) -> None:
    """The answer, with how many applied and how many other posts are open: never a number that is not so."""
    others = alternatives_count(proposal.worker)
    if reason:
        words["reason_word"] = f"reason.{Reason(reason).value}"
    notifications.queue(to=proposal.worker, kind=kind if others else f"{kind}_only", about=proposal.reference, job=job.title,
                        n=job.proposals_count, m=others, **words)


def _move(proposal: Proposal, move: str, by, fact: str | None, **columns) -> Proposal:
    if not PROPOSAL_LIFECYCLE.allows(proposal.state, move):
        raise DomainError(_("state.moved_on"))
    proposal.state = PROPOSAL_LIFECYCLE.next(proposal.state, move)
    for name, value in columns.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", *columns])
    if fact:
        activity.record(actor=by, fact=fact, about=proposal.reference)
    return proposal
