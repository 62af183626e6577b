"""Questions about proposals."""
import datetime

from django.db.models import Count, F, Q, QuerySet

from machi.accounts.models import Party
from machi.jobs import limits, wages
from machi.jobs.changes import LABELS
from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job, JobChange
from machi.payments.queries import paid_works_count
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.question import Question

# After the closing day: two weeks in which the client may answer, and a week for an offer that was made on the last of them.
LONGEST_WAIT = datetime.timedelta(days=1 + 14 + 7)


def answered_by(job: Job) -> datetime.date:
    """The day by which everybody has an answer, whatever anybody does: when it comes, the town answers."""
    return job.closes_on + LONGEST_WAIT


def proposals_of(worker) -> QuerySet[Proposal]:
    """A worker's proposals, the newest first."""
    return Proposal.objects.filter(worker=worker).select_related("job", "job__category").order_by("-pk")


def applied_to(user) -> QuerySet:
    """The numbers of those who sent this person, as a client, an application that still stands: for a question of another room."""
    return Proposal.objects.for_client(user).order_by().values("worker")


def has_applied_to(worker, user) -> bool:
    """Has this person sent the other one, as a client, an application that still stands?"""
    return Proposal.objects.for_client(user).filter(worker=worker).exists()


def has_no_record(worker) -> bool:
    """Has this person fewer paid works than make a record? Places are kept for them."""
    return paid_works_count(worker, at_most=limits.NO_RECORD) < limits.NO_RECORD


def waits_until(job: Job, worker) -> datetime.datetime | None:
    """When this person may apply, where the places that are left are kept for people without a record; None where they may now."""
    is_kept = limits.places(job, is_newcomer=False) == 0 and not limits.is_full(job)
    return limits.half_time(job) if is_kept and not has_no_record(worker) else None


def applicants_of(job: Job, user) -> QuerySet[Proposal]:
    """Everybody who applied to a post, for its client: answered or not, nobody is left out."""
    return Proposal.objects.for_client(user).filter(job=job).select_related("worker").order_by("submitted_at", "pk")


AT_HOME = 5
_posts_with_waiting = Question(lambda user, party: Job.objects.given_by(user)
                               .filter(client=party, state__in=[JobState.OPEN, JobState.PAUSED, JobState.CLOSED])
                               .annotate(waiting=Count("proposals", filter=Q(proposals__state=ProposalState.SUBMITTED)))
                               .only("title", "state", "proposals_count").order_by("-waiting", "-pk")[:AT_HOME])


def posts_with_waiting(user, party: int) -> list[Job]:
    """The posts of one party whose choosing is not over, each with `waiting`: how many applicants still have no answer. Those with
    the most, AT_HOME of them.
    """
    return _posts_with_waiting(user.pk, party)


def changed_since(proposal: Proposal) -> list[tuple[str, object, object]]:
    """What changed on the post after this application was sent: (column, what stood there then, what stands there now)."""
    if proposal.submitted_at is None:
        return []
    before, after = {}, {}
    for change in JobChange.objects.filter(job=proposal.job_id, changed_at__gte=proposal.submitted_at).order_by("version"):
        before = change.before | before
        after |= change.after
    return [(name, before[name], after[name]) for name in LABELS if name in after and before[name] != after[name]]


def waiting_counts(jobs) -> dict[int, int]:
    """For several posts: how many of those who applied still have no answer. One question."""
    waiting = Proposal.objects.filter(job__in=jobs, state=ProposalState.SUBMITTED).order_by("job")
    return dict(waiting.values_list("job").annotate(count=Count("pk")))


def own_proposal(job: Job, user) -> Proposal | None:
    """What this person wrote about this post, if anything."""
    return Proposal.objects.filter(job=job, worker=user).first() if user.is_authenticated else None


def open_for(worker, today: datetime.date | None = None) -> QuerySet[Job]:
    """Open posts this person could still apply to, and that may be recommended to them: none under the floor of a fair price."""
    within_limit = Q(proposals_most=None) | Q(proposals_count__lt=F("proposals_most"))
    return (Job.objects.filter(wages.is_fair(), within_limit, state=JobState.OPEN, closes_on__gte=today or clock.today())
            .exclude(client__in=Party.objects.acting_for(worker)).exclude(proposals__worker=worker))


def alternatives_count(worker, *, at_most: int = 3) -> int:
    """How many other posts can be shown to somebody who was not chosen: what the letter promises, the page keeps."""
    return len(open_for(worker).order_by("closes_on", "pk")[:at_most].values_list("pk"))
