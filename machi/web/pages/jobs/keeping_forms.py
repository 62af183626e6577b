"""The forms beside a post that is out: opening it once more, and how many may apply."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.jobs.models import Job
from machi.jobs.plans import first_day
from machi.web.frame.fields import DayField
from machi.web.frame.words import day
from machi.web.pages.jobs.fields import CountField
from machi.web.pages.jobs.screens import soon


class ReopenForm(forms.Form):
    """The new closing day of a post that opens once more: before the day on which something is due first."""

    closes_on = DayField(label=_("job.closes_on.label"), help_text=_("job.closes_on.hint"))

    def __init__(self, data=None, *, job: Job):
        self.first_day = first_day(job.plan, job.due_on)
        super().__init__(data)

    def clean_closes_on(self):
        chosen = soon(self.cleaned_data["closes_on"])
        if self.first_day and chosen >= self.first_day:
            raise ValidationError(_("reopen.before_due") % {"day": day(self.first_day)})
        return chosen


class LimitForm(forms.Form):
    """How many may apply at most; empty: as many as want to."""

    most = CountField(label=_("limit.most"), help_text=_("limit.most.hint"), at_least=1, at_most=10_000, required=False)

    def __init__(self, data=None, *, job: Job):
        self.job = job
        super().__init__(data, initial={"most": job.proposals_most})

    def clean_most(self) -> int | None:
        most = self.cleaned_data["most"]
        if most is not None and most < self.job.proposals_count:
            raise ValidationError(_("job.limit_too_low") % {"n": self.job.proposals_count})
        return most
