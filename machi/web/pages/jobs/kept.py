"""A post that is out: what its client can do with it now, and what changed since somebody applied."""
from django.utils.translation import gettext as _

from machi.jobs import limits, plans
from machi.jobs.actions import PATIENCE
from machi.jobs.changes import LABELS, LONGEST, as_gap
from machi.jobs.models import Job
from machi.jobs.policies import (
    can_close_job,
    can_confirm_open,
    can_copy_job,
    can_edit_job,
    can_limit_applicants,
    can_pause_job,
    can_reopen_job,
    can_resume_job,
)
from machi.notifications.words import filled
from machi.proposals.models import Proposal
from machi.proposals.queries import changed_since
from machi.taxonomy.queries import category_names
from machi.web.frame.words import day, yen


def deeds(job: Job, user) -> dict:
    """What a client can do with their post now."""
    return {"can_edit": can_edit_job(user, job), "can_close": can_close_job(user, job), "can_pause": can_pause_job(user, job),
            "can_resume": can_resume_job(user, job), "can_reopen": can_reopen_job(user, job), "can_copy": can_copy_job(user, job),
            "can_confirm": can_confirm_open(user, job), "pauses_on": job.asked_at and job.asked_at + PATIENCE,
            "can_limit": can_limit_applicants(user, job), "kept_places": limits.kept(job)}


def changed(proposal: Proposal) -> list[tuple[str, str, str]]:
    """What changed on a post since somebody applied, in words: (what, what stood there then, what stands there now)."""
    return [(_(LABELS[name]), _in_words(name, before), _in_words(name, after)) for name, before, after in changed_since(proposal)]


def _in_words(name: str, value) -> str:
    if name == "plan":
        return "、".join(f"{step.title} {yen(step.price_yen)} {day(step.due_on)}" for step in plans.read(value)) or _("change.nothing")
    if name == "category":
        return category_names().get(value, value)
    return filled(*as_gap(name, value, "gap").popitem())[1] if len(str(value)) <= LONGEST else value
