"""A limit to how many may apply (応募の上限): off until a client wants it, exact, and with places for people without a record.

A limit keeps a client's reading small, and keeps people from writing in vain; it also keeps out whoever comes first to the town
(matching.md 2). So a quarter of the places waits, until half of the time is over, for those who have no record yet.
"""
import datetime

from machi.shared import clock

OFFERED_FROM = 30                       # proposals: then the town offers a limit
NO_RECORD = 3                           # pieces of work that were paid: whoever has fewer has no record yet


def kept(job) -> int:
    """How many places wait for people without a record at this moment: a quarter, rounded up, minus those they have taken."""
    if job.proposals_most is None or clock.now() >= half_time(job):
        return 0
    return max(0, -(-job.proposals_most // 4) - job.newcomers_count)


def half_time(job) -> datetime.datetime:
    """Half of the time between the publishing of a post and the end of its closing day."""
    end = datetime.datetime.combine(job.closes_on + datetime.timedelta(days=1), datetime.time(), tzinfo=clock.JAPAN)
    return job.published_at + (end - job.published_at) / 2


def places(job, *, is_newcomer: bool) -> int | None:
    """How many more may apply now; nothing where there is no limit."""
    if job.proposals_most is None:
        return None
    free = job.proposals_most - job.proposals_count
    return max(0, free if is_newcomer else free - kept(job))


def is_full(job) -> bool:
    """Nobody at all can apply now."""
    return job.proposals_most is not None and job.proposals_count >= job.proposals_most
