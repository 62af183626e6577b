"""A client's own posts by what comes next: to write on, to choose from, running, over."""
from dataclasses import dataclass

from machi.jobs.lifecycle import JobState
from machi.jobs.models import Job
from machi.web.pages.jobs.steps import STEPS, first_open, is_done

GROUPS = ("choose", "draft", "open", "over")    # what waits for the client stands first


@dataclass(frozen=True, slots=True)
class Row:
    """One post in the list: how many wait, and how far a draft has come."""

    job: Job
    waiting: int
    done: int = 0
    of: int = len(STEPS)
    open_step: str = ""


def groups(jobs: list[Job], waiting: dict[int, int]) -> dict[str, list[Row]]:
    """The posts of one page, in their groups; a group without posts is not there."""
    sorted_out: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for job in jobs:
        sorted_out[_group(job, waiting.get(job.pk, 0))].append(_row(job, waiting.get(job.pk, 0)))
    return {name: rows for name, rows in sorted_out.items() if rows}


def _group(job: Job, waiting: int) -> str:
    if job.is_contest and job.state == JobState.CLOSED:
        return "choose"
    if job.state == JobState.DRAFT:
        return "draft"
    if waiting:
        return "choose"
    return "open" if job.state in (JobState.OPEN, JobState.PAUSED, JobState.CLOSED) else "over"


def _row(job: Job, waiting: int) -> Row:
    if job.published_at:
        return Row(job, waiting)
    return Row(job, waiting, sum(is_done(job, step) for step in STEPS), open_step=first_open(job))
