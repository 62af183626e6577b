"""Forms of what both must sign: other terms, a part of the money, the end; and of a difference."""
import itertools

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.contracts.actions.signing import MOST_STEPS
from machi.contracts.models import Milestone, Talk
from machi.contracts.policies import LEAST, is_due_day, is_part
from machi.contracts.terms import week_step
from machi.jobs.plans import Step
from machi.notifications.words import day, yen
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.web.frame.fields import CleanText, DayField, YenField
from machi.web.pages.contracts.forms import FilesField, ScreenForm, answers, step_number

ROW = ("title", "price", "due")


class WishForm(ScreenForm):
    """`answers` is the other side's wish that stood on the screen, if there was one."""

    words = CleanText(lines=True, rows=4, max_length=1000, required=False, label=gettext_lazy("change.words"),
                      help_text=gettext_lazy("change.words.hint"))
    answers = answers(gettext_lazy("change.other_asked"))


class TermsForm(WishForm):
    """The steps that are not funded yet, one row each, and an empty row to add one. A row that is emptied is left out.

    `waiting` says which steps the rows on the screen are: one that was funded meanwhile is never asked for a second time.
    `others`: how many steps there are besides. `is_hourly`: a row is a week, which has its name from its days. `talk`: about the price,
    with a yes for an answer: its day, and the sum that was wished for, stand there already.
    """

    waiting = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, waiting: list[Milestone], others: int, is_hourly: bool, talk: Talk | None = None, **named):
        self.others, self.is_hourly = others, is_hourly
        self.now = ",".join(str(step.number) for step in waiting)
        initial = named.pop("initial", {}) | {"waiting": self.now}
        for number, step in enumerate(waiting, 1):
            initial |= {f"title_{number}": step.title, f"price_{number}": step.price_yen, f"due_{number}": step.due_on}
        if talk and talk.about == Talk.About.PRICE and talk.answer == Talk.Answer.YES:
            initial["words"] = _("talk.price.signed") % {"day": day(clock.day_of(talk.answered_at))}
            initial |= {"price_1": talk.wished_yen} if waiting and talk.wished_yen else {}
        self.rows = min(max(len(waiting) + 1, _rows_in(data)), MOST_STEPS)
        super().__init__(data, initial=initial, **named)
        for number in range(1, self.rows + 1):
            self.fields |= {
                f"title_{number}": CleanText(label=gettext_lazy("plan.title.label"), max_length=80, required=False),
                f"price_{number}": YenField(label=gettext_lazy("job.reward.label"), at_least=LEAST, required=False),
                f"due_{number}": DayField(label=gettext_lazy("week.by.submit") if is_hourly else gettext_lazy("agreed.due_on"),
                                          required=False)}

    def groups(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{number}"] for name in ROW] for number in range(1, self.rows + 1)]

    def look_again(self, **now: int | str | None) -> None:
        super().look_again(waiting=self.now, **now)

    def clean(self) -> dict:
        """A row has a sum and a day, or nothing; a title is asked for where there are several steps."""
        steps: list[Step] = []
        untitled: list[int] = []
        for number in range(1, self.rows + 1):
            title, price, due = (self.cleaned_data.get(f"{name}_{number}") for name in ROW)
            if not (title or price or due):
                continue
            for name, value in (("price", price), ("due", due)):
                if not value and f"{name}_{number}" not in self.errors:
                    self.add_error(f"{name}_{number}", _("form.required"))
            if due and steps and due < steps[-1].due_on or due and not is_due_day(due):
                self.add_error(f"due_{number}", _("change.days"))
            if price and due:
                steps.append(week_step(due, price) if self.is_hourly and not title else Step(title or "", price, due))
                untitled += [] if steps[-1].title else [number]
        if len(steps) + self.others > 1:
            for number in untitled:
                self.add_error(f"title_{number}", _("form.required"))
        if len(steps) > MOST_STEPS:
            self.add_error(None, _("change.sums") % {"least": LEAST, "most": MOST_STEPS})
        return self.cleaned_data | {"steps": steps}

    def values(self) -> dict:
        """Raises DomainError where the steps are no longer those on the screen."""
        if self.cleaned_data["waiting"] not in ("", self.now):
            raise DomainError(_("change.moved"))
        return {name: self.cleaned_data[name] for name in ("steps", "words", "answers")}


class MonthsForm(WishForm):
    """How many months more on the same terms: each number with its last day and what it comes to."""

    def __init__(self, data=None, *, to_come: list[Step], **named):
        super().__init__(data, **named)
        sums = itertools.accumulate(int(step.price_yen) for step in to_come)
        self.fields["words"].label, self.fields["words"].help_text = gettext_lazy("go_on.words"), ""
        self.fields = {"months": forms.TypedChoiceField(
            coerce=int, label=gettext_lazy("go_on.months.label"), error_messages=dict.fromkeys(
                ("required", "invalid_choice"), gettext_lazy("go_on.choose")), choices=[
                (number, _("go_on.option") % {"n": number, "day": day(step.due_on), "price": yen(price)})
                for number, (step, price) in enumerate(zip(to_come, sums, strict=True), 1)])} | self.fields


class PricesForm(WishForm):
    """For each step whose money is held, what the worker gets of it, without tax: from nothing to all of it."""

    def __init__(self, data=None, *, running: list[Milestone], **named):
        super().__init__(data, **named)
        self.running = running
        own = {f"price_{step.number}": YenField(label=_label(step), help_text=_range(step),
                                                at_least=0, at_most=step.price_yen) for step in running}
        self.fields = own | self.fields

    def clean(self) -> None:
        for step in self.running:
            price = self.cleaned_data.get(f"price_{step.number}")
            if price is not None and not is_part(step, price):
                self.add_error(f"price_{step.number}", _range(step))

    def prices(self) -> dict[int, Yen]:
        return {step.number: self.cleaned_data[f"price_{step.number}"] for step in self.running}


class DisputeForm(ScreenForm):
    """What one side sees, or the other: about the step, and in answer to the difference, that stood on the screen."""

    text = CleanText(lines=True, rows=8, max_length=3000, label=gettext_lazy("dispute.text"), help_text=gettext_lazy("dispute.text.hint"),
                     error_messages={"required": gettext_lazy("dispute.reason_needed")})
    files = FilesField(required=False, label=gettext_lazy("dispute.files"), help_text=gettext_lazy("dispute.files.hint"))
    number = step_number()
    answers = answers(gettext_lazy("dispute.other_told"))


class SplitAnswerForm(forms.Form):
    """Agree to the proposal that stood on the screen, or not, with words or without."""

    answer = forms.ChoiceField(choices=[("agree", ""), ("refuse", "")])
    words = CleanText(lines=True, rows=4, max_length=1000, required=False, label=gettext_lazy("mediation.refuse.words"),
                      help_text=gettext_lazy("mediation.refuse.words.hint"))


def _range(step: Milestone) -> str:
    return _("change.part.range") % {"least": LEAST, "most": f"{step.price_yen:,}"}


def _label(step: Milestone) -> str:
    return _("change.part.of") % {"step": step.title} if step.title else _("change.part")


def _rows_in(data) -> int:
    return sum(f"title_{number}" in data for number in range(1, MOST_STEPS + 1)) if data else 0
