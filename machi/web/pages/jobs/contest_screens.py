"""Writing a contest: the screens on which it asks something else than other forms of work."""
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.jobs import wages
from machi.jobs.contests import LEAST_PRIZE, PRIZES_AT_MOST, Contest
from machi.jobs.models import Job
from machi.web.frame.fields import CleanText, DayField, YenField
from machi.web.pages.jobs.fields import ChoiceOfOne, CountField
from machi.web.pages.jobs.screens import StepForm, soon


class PrizesForm(StepForm):
    """The prizes, one in a line; what is handed in; and how long it takes."""

    prizes_yen = CleanText(label=gettext_lazy("contest.prizes.label"), help_text=gettext_lazy("contest.prizes.hint"), max_length=200,
                           lines=True, rows=4)
    hours = CountField(label=gettext_lazy("contest.hours.label"), help_text=gettext_lazy("contest.hours.hint"), at_least=1, at_most=200)
    takes = ChoiceOfOne(label=gettext_lazy("contest.takes.label"), choices=Contest.Takes.choices, initial=Contest.Takes.EITHER)

    def clean_prizes_yen(self) -> str:
        """As it is kept: the largest first, one in a line."""
        field = YenField(at_least=int(LEAST_PRIZE))
        found = [int(field.clean(line)) for line in self.cleaned_data["prizes_yen"].splitlines() if line.strip()]
        if len(found) > PRIZES_AT_MOST:
            raise ValidationError(_("contest.prizes.too_many") % {"n": PRIZES_AT_MOST})
        return _as_lines(found)

    def clean(self) -> dict:
        """Whoever wins the smallest prize is paid no less an hour than the least wage."""
        hours, prizes = self.cleaned_data.get("hours"), self._prizes()
        if hours and prizes and min(prizes) < wages.least_for(hours * 60):
            self.add_error("prizes_yen", wages.too_little(hours * 60))
        return self.cleaned_data

    def written(self) -> dict:
        contest = Contest.objects.filter(job=self.job).first() or Contest(job=self.job)
        return {"prizes_yen": _as_lines(contest.prizes_yen), "hours": contest.hours, "takes": contest.takes or Contest.Takes.EITHER}

    def values(self) -> dict:
        values = super().values()
        return values | {"prizes_yen": self._prizes()} if "prizes_yen" in values else values

    def _prizes(self) -> list[int]:
        return [int(line.replace(",", "")) for line in self.cleaned_data.get("prizes_yen", "").splitlines()]


class ContestDatesForm(StepForm):
    """The closing day; the day by which somebody is chosen follows from it."""

    closes_on = DayField(label=gettext_lazy("job.closes_on.label"), help_text=gettext_lazy("contest.closes_on.hint"))

    def clean_closes_on(self):
        return soon(self.cleaned_data["closes_on"])


class ContestHowForm(StepForm):
    """What becomes of the rights, and of AI. The rest of a contest is always so."""

    ai = ChoiceOfOne(label=gettext_lazy("job.ai.label"), choices=Job.AI.choices)
    rights = ChoiceOfOne(label=gettext_lazy("contest.rights.label"), choices=[
        (Job.Rights.TRANSFERRED, gettext_lazy("contest.rights.transferred")),
        (Job.Rights.LICENSED, gettext_lazy("contest.rights.licensed"))])

    folded: list[str] = []
    is_answered = False


def _as_lines(prizes: list[int]) -> str:
    return "\n".join(f"{prize:,}" for prize in sorted(prizes, reverse=True))
