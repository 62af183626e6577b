"""Who may do what in a contest."""
from machi.accounts.powers import Power
from machi.jobs.contests import CONTEST_LIFECYCLE, judged_by
from machi.jobs.models import Job
from machi.jobs.policies import acts_for_client, can_publish_job
from machi.payments.queries import was_stopped_lately
from machi.proposals.entries import Entry
from machi.proposals.lifecycle import ENTRY_LIFECYCLE
from machi.proposals.policies import is_open
from machi.shared import clock


def can_open_contest(user, job: Job) -> bool:
    """Whoever publishes for the client and may pay for it: the pot comes first."""
    return job.is_contest and can_publish_job(user, job) and acts_for_client(user, job, Power.PAYER)


def can_enter(user, job: Job) -> bool:
    """Anybody, until the closing day is over, except whoever acts for the client."""
    return user.is_authenticated and job.is_contest and is_open(job) and not acts_for_client(user, job)


def can_write_entry(user, entry: Entry) -> bool:
    is_open_here = any(ENTRY_LIFECYCLE.allows(entry.state, move) for move in ("save", "change"))
    return user.pk == entry.worker_id and is_open_here and can_enter(user, entry.job)


def can_take_back(user, entry: Entry) -> bool:
    """A draft can be put away at any time; what was handed in, until the closing day is over: from then on somebody looks at it."""
    is_draft = ENTRY_LIFECYCLE.allows(entry.state, "discard")
    is_handed_in = ENTRY_LIFECYCLE.allows(entry.state, "withdraw") and is_open(entry.job)
    return user.pk == entry.worker_id and (is_draft or is_handed_in)


def can_see_gallery(user, job: Job) -> bool:
    return job.is_contest and acts_for_client(user, job, Power.MEMBER, Power.APPROVER)


def can_award(user, job: Job) -> bool:
    """After the closing day, for as long as everybody was promised; while nobody could pay, and a day longer, the town waits too."""
    return (job.is_contest and CONTEST_LIFECYCLE.allows(job.state, "award")
            and (clock.now() <= judged_by(job.closes_on) or was_stopped_lately()) and acts_for_client(user, job, Power.APPROVER))


def can_call_off(user, job: Job) -> bool:
    """As long as nobody has handed anything in. `job` brings its contest."""
    return (job.is_contest and CONTEST_LIFECYCLE.allows(job.state, "call_off") and not job.contest.entries_count
            and acts_for_client(user, job, Power.MEMBER) and acts_for_client(user, job, Power.PAYER))


def can_open_original(user, entry: Entry) -> bool:
    """The maker; and the client once a prize is paid for it."""
    return user.pk == entry.worker_id or entry.state == "awarded" and can_see_gallery(user, entry.job)


def can_show_as_piece(user, entry: Entry) -> bool:
    """When the contest is over: what was not chosen is its maker's; what was chosen, unless its rights passed to the client."""
    is_theirs = entry.state in ("not_chosen", "shared") or entry.state == "awarded" and entry.job.rights != Job.Rights.TRANSFERRED
    return user.pk == entry.worker_id and is_theirs


def can_choose_to_show_win(user, entry: Entry) -> bool:
    return user.pk == entry.worker_id and entry.state == "awarded"
