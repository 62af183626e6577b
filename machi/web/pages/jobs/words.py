"""What the rules about words say to whoever writes a post, and what happens while a person of the town reads it."""
from collections.abc import Container
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.jobs import wordings
from machi.jobs.looks import JobLook
from machi.jobs.models import Job
from machi.jobs.queries import looks_before, newest_look
from machi.web.pages.jobs.screens import HowForm
from machi.web.pages.jobs.steps import STEPS, TITLES, screen_of


class Advice(NamedTuple):
    """What to change in a field, and the screen on which it stands."""

    label: str
    href: str
    title: str
    sentence: str
    must: bool                              # else a person of the town reads it first, and it may stay


def advice_for(job: Job, fields: Container[str]) -> dict[str, list[str]]:
    """field -> sentences, for those of these fields that hold words of a post that exists."""
    words = {field: text for field, text in wordings.words_of(job).items() if field in fields}
    return {field: [one.advice for one in findings] for field, findings in wordings.found_in(words).items()}


def about(job: Job) -> dict:
    """For the page before publishing: what to change, what will be read first, and how far the reading is."""
    if job.published_at:
        return {"advice": [], "stops": [], "reading": None, "before": 0}
    advice = [Advice(*_place(job, field), one.advice, not one.only_looks)
              for field, findings in wordings.found_in(wordings.words_of(job)).items() for one in findings]
    look = newest_look(job)
    is_old = look is not None and look.answer == JobLook.Answer.RETURNED and look.version != job.version
    return {"advice": advice, "stops": [one for one in advice if one.must], "reading": None if is_old else look,
            "before": looks_before(look) if look and look.answer == "" else 0}


def _place(job: Job, field: str) -> tuple[str, str, str]:
    """Label, address and name of the screen of a field."""
    if field == "plan":
        return _("job.plan"), reverse("jobs:plan", args=[job.pk]), _("job.plan")
    step = next((step for step in STEPS if field in screen_of(job, step).base_fields), "how")
    form = next(form for form in (screen_of(job, step), HowForm) if field in form.base_fields)
    return str(form.base_fields[field].label), f"{reverse('jobs:step', args=[job.pk, step])}#id_{field}", str(TITLES[step])
