"""A post was changed: whoever had applied hears what stood there and what stands there now, and is free to go or to stay."""
from machi.activity.actions import read_on
from machi.jobs import changes
from machi.jobs.facts import JOB_CHANGED
from machi.jobs.models import JobChange
from machi.notifications import actions as notifications
from machi.proposals.lifecycle import ProposalState
from machi.proposals.models import Proposal


def tell_of_changes() -> int:
    """Read what happened to posts, in the order of commits; each change is told once to each applicant who still waits."""
    return read_on(reader="proposals.changes", act=_tell)


def _tell(fact) -> None:
    if fact.name != JOB_CHANGED:
        return
    number = fact.about.partition(":")[2]
    change = JobChange.objects.select_related("job").filter(job=number, version=fact.data["version"]).first()
    if change is None or not change.after:              # or whoever wrote it has left for good meanwhile
        return
    waiting = Proposal.objects.filter(job=change.job, state__in=(ProposalState.SUBMITTED, ProposalState.OFFERED),
                                      submitted_at__lte=change.changed_at)
    words = _words(change)
    for proposal in waiting.select_related("worker").order_by("pk"):
        notifications.queue(to=proposal.worker, about=proposal.reference, job=change.job.title, **words)


def _words(change: JobChange) -> dict:
    """The first thing that changed, in words; and how many more there are, which stand on the page."""
    first, *more = [name for name in changes.LABELS if name in change.after]
    said = {"kind": "proposal.post_changed_more", "n": len(more)} if more else {"kind": "proposal.post_changed"}
    return said | {"field_word": changes.LABELS[first], **changes.as_gap(first, change.before[first], "before"),
                   **changes.as_gap(first, change.after[first], "after")}
