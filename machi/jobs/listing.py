"""Work of which only a part is on the law's list (デザインと一緒のプログラム): that part of the reward."""
from machi.jobs.models import Job
from machi.taxes.withholding import class_of


def may_have_part(job: Job) -> bool:
    """Is it a program, of which the design is told apart? Of other work all or nothing is listed."""
    return job.form == Job.Form.PROJECT and class_of(job.category_id or "")[0] == "code"


def settle(job: Job) -> None:
    """A part is less than the whole, and belongs to work that may have one. What a change of the post left over goes."""
    if job.listed_yen and not (may_have_part(job) and job.listed_yen < (job.reward_yen or 0)):
        job.listed_yen = None
