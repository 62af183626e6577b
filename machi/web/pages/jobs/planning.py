"""The form in which a client divides a piece of work into steps: as many rows as they want, each a title, a sum and a day."""
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.jobs import plans
from machi.jobs.models import Job
from machi.jobs.plans import Step
from machi.web.frame.fields import CleanText, DayField, YenField
from machi.web.pages.jobs.fields import VersionField

ROW = ("title", "price", "due")


class MonthsForm(forms.Form):
    """Into how many months a piece of work repeats."""

    months = forms.TypedChoiceField(coerce=int, initial=plans.FEWEST, label=gettext_lazy("plan.months.label"), choices=[
        (number, str(number)) for number in range(plans.FEWEST, plans.MOST + 1)])


class PlanForm(forms.Form):
    """Rows that are empty are no steps. `job` says what they add up to, and when the last one is due."""

    version = VersionField()

    def __init__(self, data=None, *, job: Job, months: int = 0):
        """`months`: not what the post has, but so many months that repeat (plans.monthly)."""
        self.job = job
        is_monthly = months and job.reward_yen and job.due_on
        self.plan = plans.monthly(months, job.reward_yen, job.due_on, job.closes_on) if is_monthly else plans.read(job.plan)
        super().__init__(data, initial={"version": job.version, **_filled(self.plan)})
        for number in range(1, self.rows + 1):
            self.fields |= {
                f"title_{number}": CleanText(label=gettext_lazy("plan.title.label"), max_length=80, required=False),
                f"price_{number}": YenField(label=gettext_lazy("job.reward.label"), at_least=plans.LEAST, required=False),
                f"due_{number}": DayField(label=gettext_lazy("job.due_on.label"), required=False)}

    @property
    def rows(self) -> int:
        """How many rows there are: those that were sent or written, one more on wish, never more than a plan can have."""
        if not self.is_bound:
            return max(plans.FEWEST, len(self.plan))
        sent = sum(f"title_{number}" in self.data for number in range(1, plans.MOST + 1))
        return min(max(plans.FEWEST, sent + self.wants_more), plans.MOST)

    @property
    def wants_more(self) -> bool:
        return "more" in self.data

    def groups(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{number}"] for name in ROW] for number in range(1, self.rows + 1)]

    def clean(self) -> dict:
        """A row is whole or empty; the steps go together."""
        steps = []
        for number in range(1, self.rows + 1):
            names = [f"{name}_{number}" for name in ROW]
            row = [self.cleaned_data.get(name) for name in names]
            if not any(row):
                continue
            for name in [name for name, value in zip(names, row, strict=True) if not value and name not in self.errors]:
                self.add_error(name, _("form.required"))
            steps.append(row)
        if not self.errors:
            self.steps = [Step(*row) for row in steps]
            for fault in plans.faults(self.steps, self.job.reward_yen, self.job.due_on, self.job.closes_on):
                self.add_error(None, fault)
        return self.cleaned_data

    def renew(self) -> list[Step]:
        """Whoever has seen what stands there by now may save over it: the steps that do, where they are other ones."""
        self.job.refresh_from_db()
        self.data = self.data.copy()
        self.data["version"] = self.job.version
        return plans.read(self.job.plan) if self.job.plan != plans.written(self.steps) else []


def _filled(plan: list[Step]) -> dict:
    return {f"{name}_{number}": value for number, step in enumerate(plan, 1) for name, value in zip(ROW, step, strict=True)}
