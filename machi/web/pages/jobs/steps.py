"""Writing a post: which screen comes after which, what each needs, and whether it has it."""
from django.utils.translation import gettext_lazy as _

from machi.jobs.models import Job
from machi.jobs.templates import is_open
from machi.web.pages.jobs.contest_screens import ContestDatesForm, ContestHowForm, PrizesForm
from machi.web.pages.jobs.screens import (
    ClientForm,
    DatesForm,
    HourlyDatesForm,
    HourlyRewardForm,
    HowForm,
    KindForm,
    RewardForm,
    StepForm,
    WhatForm,
)

STEPS: dict[str, type[StepForm]] = {"kind": KindForm, "what": WhatForm, "reward": RewardForm, "dates": DatesForm, "how": HowForm,
                                    "client": ClientForm}
TITLES = {"kind": _("post.step_kind"), "what": _("post.step_1"), "reward": _("post.step_reward"), "dates": _("post.step_dates"),
          "how": _("post.step_how"), "client": _("post.step_client"), "preview": _("post.step_8")}
NEEDED = {"kind": ("category_id",), "what": ("title", "body"), "reward": ("reward_yen", "minutes_estimate"),
          "dates": ("closes_on", "due_on"),
          "how": ("sync", "place", "ai"), "client": ("name", "address", "contact")}
# Where a form of work asks something else on a screen, or needs something else of it.
OWN_STEPS: dict[str, dict[str, type[StepForm]]] = {
    Job.Form.HOURLY: {"reward": HourlyRewardForm, "dates": HourlyDatesForm},
    Job.Form.CONTEST: {"reward": PrizesForm, "dates": ContestDatesForm, "how": ContestHowForm}}
OWN_NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    Job.Form.HOURLY: {"reward": ("rate_yen", "weekly_hours", "weeks_count"), "dates": ("closes_on",)},
    Job.Form.CONTEST: {"dates": ("closes_on",), "how": ("ai",)}}


def screen_of(job: Job, step: str) -> type[StepForm] | None:
    """The form of this screen; nothing for a word that names no screen."""
    return OWN_STEPS.get(job.form, {}).get(step) or STEPS.get(step)


def is_done(job: Job, step: str) -> bool:
    """Does this screen have what a post needs?"""
    thing = job.client if step == "client" else job
    needed = [getattr(thing, name) for name in OWN_NEEDS.get(job.form, {}).get(step) or NEEDED[step]]
    return all(value and not is_open(str(value)) for value in needed)


def first_open(job: Job) -> str:
    """Where to go on writing; "preview" when every screen has what it needs."""
    return next((step for step in STEPS if not is_done(job, step)), "preview")


def after(step: str) -> str:
    """The screen after this one."""
    return [*STEPS, "preview"][[*STEPS].index(step) + 1]
