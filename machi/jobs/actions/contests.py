"""What is written about a contest beside its post, and what becomes of its pot. Locks: the caller holds the post."""
from django.utils import translation
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.jobs import facts
from machi.jobs.contests import CONTEST_LIFECYCLE, JUDGED_WITHIN, Contest, pot_of, rates_of
from machi.jobs.models import Job
from machi.shared import clock

PARTS = {"prizes_yen", "takes", "hours"}


def write_contest(job: Job, values: dict) -> None:
    """The part of these values that belongs to the contest; and what a post of this form always says. Saves the contest, not the post."""
    contest = Contest.objects.filter(job=job).first() or Contest(job=job)
    for name in PARTS & values.keys():
        setattr(contest, name, values[name])
    contest.prizes_yen = sorted(contest.prizes_yen, reverse=True)
    contest.save()
    job.reward_yen, job.minutes_estimate = max(contest.prizes_yen, default=None), contest.hours * 60 if contest.hours else None
    job.seats_count, job.newcomer_seats_count, job.revisions_count = max(1, len(contest.prizes_yen)), 0, 0
    job.plan = []
    with translation.override("ja"):                # it stands on a Japanese paper
        job.place = _("contest.place")
    job.sync, job.sync_note, job.channels, job.block_minutes, job.slack_days = Job.Sync.NONE, "", [Job.Channel.TEXT], None, 0
    job.due_on = job.closes_on + JUDGED_WITHIN if job.closes_on else None


def leave_contest(job: Job, values: dict) -> None:
    """The draft becomes another form of work: what followed from the prizes, or is always so in a contest, is asked anew."""
    anew = {"reward_yen": None, "minutes_estimate": None, "due_on": None, "sync": "", "place": "", "seats_count": 1,
            "revisions_count": Job._meta.get_field("revisions_count").default}
    for name in anew.keys() - values.keys():
        setattr(job, name, anew[name])


def open_pot(*, job: Job) -> Contest:
    """The post opens, and from now on neither the prizes nor the rates change."""
    contest = Contest.objects.get(job=job)
    by, small = rates_of(contest)
    contest.opened_on, contest.rates = clock.today(), by.on_paper() | {"small_prize": int(small)}
    contest.pot_yen = int(pot_of(contest))
    contest.save(update_fields=["opened_on", "rates", "pot_yen"])
    return contest


def refuse_pot(*, job: Job) -> None:
    """A deposit for this very text went back: whoever publishes it later pays in anew, under another key."""
    job.version += 1
    job.save(update_fields=["version"])


def number_entry(*, job: Job) -> int:
    """The next number of an entry."""
    contest = Contest.objects.get(job=job)
    contest.last_number += 1
    contest.save(update_fields=["last_number"])
    return contest.last_number


def count_entry(*, job: Job, by: int) -> None:
    """One entry more or less, as the public page shows it."""
    contest = Contest.objects.get(job=job)
    contest.entries_count += by
    contest.save(update_fields=["entries_count"])


def end_contest(*, job: Job, move: str, by) -> Job:
    """Prizes are chosen (award), time is over (settle), or nobody handed anything in (call_off): the pot is empty."""
    now = clock.now()
    job.state = CONTEST_LIFECYCLE.next(job.state, move)
    job.closed_at = job.closed_at or now
    job.save(update_fields=["state", "closed_at"])
    Contest.objects.filter(job=job).update(settled_at=now)
    activity.record(actor=by, fact=facts.JOB_AWARDED if move == "award" else facts.JOB_ENDED, about=job.reference)
    return job
