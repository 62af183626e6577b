"""What the two sides of a contract fill in. A form turns texts into clean values; it never saves."""
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.contracts.models import RevisionRequest
from machi.contracts.policies import is_due_day, is_later_day, least_offer, too_low
from machi.contracts.weeks import MOST_HOURS, MOST_WEEKS
from machi.files.storing import kinds_of
from machi.jobs.models import Job
from machi.reviews.models import Review
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.web.frame.fields import CleanText, DayField, HoursField, YenField
from machi.web.pages.jobs.fields import CountField


class AcceptForm(forms.Form):
    """Yes to exactly the terms that stood on the screen."""

    terms_hash = forms.CharField(max_length=64, widget=forms.HiddenInput, error_messages={
        "required": gettext_lazy("offer.terms_changed"), "max_length": gettext_lazy("offer.terms_changed")})


class PayForm(forms.Form):
    """Other terms before they are answered, for no less than their post says; a service has none."""

    def __init__(self, *values, job: Job | None, **named):
        super().__init__(*values, **named)
        self.job = job

    def _pay(self, name: str) -> Yen:
        if self.job and self.cleaned_data[name] < least_offer(self.job):
            raise ValidationError(too_low(self.job))
        return self.cleaned_data[name]


class ChangeOfferForm(PayForm):
    """Another day, another reward."""

    due_on = DayField(label=gettext_lazy("agreed.due_on"))
    reward = YenField(at_least=100, label=gettext_lazy("offer.change.reward"), help_text=gettext_lazy("offer.change.reward.hint"))

    def clean_due_on(self) -> datetime.date:
        due_on = self.cleaned_data["due_on"]
        if not is_due_day(due_on):
            raise ValidationError(_("offer.due_on.range"))
        return due_on

    def clean_reward(self) -> Yen:
        return self._pay("reward")


class ChangeHoursForm(PayForm):
    """The same for work by the hour: another rate, other hours, another number of weeks."""

    rate_yen = YenField(at_least=100, label=gettext_lazy("job.rate.label"))
    weekly_hours = CountField(at_least=1, at_most=MOST_HOURS, label=gettext_lazy("job.weekly_hours.label"))
    weeks_count = CountField(at_least=1, at_most=MOST_WEEKS, label=gettext_lazy("job.weeks.label"))

    def clean_rate_yen(self) -> Yen:
        return self._pay("rate_yen")


def answers(told: str) -> forms.IntegerField:
    """What stood on the screen and this answers; `told` is said where the other side has told something else meanwhile."""
    return forms.IntegerField(min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput, error_messages=dict.fromkeys(
        ("invalid", "min_value", "max_value"), told))


class ScreenForm(forms.Form):
    """A form that remembers what stood on its screen, in hidden fields."""

    def look_again(self, **now: int | str | None) -> None:
        """Things have changed meanwhile: what was typed stays, and belongs from now on to what the page shows now."""
        self.data = self.data.copy()
        self.data.update({name: value or "" for name, value in now.items()})


class RoundForm(ScreenForm):
    """The delivery that stood on the screen: 1, and one more after each change."""

    round = forms.IntegerField(min_value=1, max_value=99, widget=forms.HiddenInput, error_messages=dict.fromkeys(
        ("required", "invalid", "min_value", "max_value"), gettext_lazy("contract.other_round")))


def step_number() -> forms.IntegerField:
    """The step that stood on the screen."""
    return forms.IntegerField(min_value=1, max_value=999, required=False, widget=forms.HiddenInput, error_messages=dict.fromkeys(
        ("invalid", "min_value", "max_value"), gettext_lazy("contract.other_round")))


class DeliveryForm(RoundForm):
    """The step, and of it the delivery, that stood on the screen."""

    number = step_number()


class StepForm(ScreenForm):
    """The step whose sum stood on the screen."""

    number = forms.IntegerField(min_value=1, max_value=999, required=False, widget=forms.HiddenInput, error_messages=dict.fromkeys(
        ("invalid", "min_value", "max_value"), gettext_lazy("contract.fund.other_step")))


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, judged by their content. What is wrong with one is said in a sentence that names it."""

    widget = ManyFiles

    def clean(self, data, initial=None) -> list:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        try:
            kinds_of(uploads)
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from None
        return list(uploads)


class DeliverForm(DeliveryForm):
    """Work handed over: a text, files, or both; and a word on AI where the terms ask for it."""

    text = CleanText(lines=True, rows=10, max_length=50_000, required=False, label=gettext_lazy("deliver.text"),
                     help_text=gettext_lazy("deliver.text.hint"))
    files = FilesField(required=False, label=gettext_lazy("deliver.files"), help_text=gettext_lazy("deliver.files.hint"))
    ai_note = CleanText(max_length=300, label=gettext_lazy("deliver.ai_note"), help_text=gettext_lazy("deliver.ai_note.hint"),
                        error_messages={"required": gettext_lazy("contract.deliver.ai_needed")})
    minutes_spent = HoursField(required=False, label=gettext_lazy("deliver.hours"), help_text=gettext_lazy("deliver.hours.hint"))

    def __init__(self, *values, terms: dict, **named):
        super().__init__(*values, **named)
        if terms["ai"] != "declared":
            del self.fields["ai_note"]

    def clean(self) -> None:
        if not self.errors.keys() & {"text", "files"} and not self.cleaned_data["text"] and not self.cleaned_data["files"]:
            self.add_error("text", _("contract.deliver.empty"))


class ChangesForm(DeliveryForm):
    """Why, and what should be different, one point a line. A change of mind is asked for as a change of the terms, with its pay."""

    MIND = "mind"
    reason = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("changes.reason"), choices=[
        *RevisionRequest.Reason.choices, (MIND, gettext_lazy("changes.reason.mind"))], error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("changes.reason.choose")))
    points = CleanText(lines=True, rows=6, max_length=3000, label=gettext_lazy("changes.points"),
                       help_text=gettext_lazy("changes.points.hint"))

    def clean_reason(self) -> str:
        if self.cleaned_data["reason"] == self.MIND:
            raise ValidationError(_("changes.mind"), code=self.MIND)
        return self.cleaned_data["reason"]

    @property
    def is_change_of_mind(self) -> bool:
        return self.has_error("reason", self.MIND)


class MessageForm(forms.Form):
    """A letter. The key is the form's own: the same form sent twice is one letter."""

    body = CleanText(lines=True, rows=3, max_length=4000, label=gettext_lazy("message.body"))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, error_messages={
        "required": gettext_lazy("message.form_old"), "max_length": gettext_lazy("message.form_old")})


class DateForm(ScreenForm):
    """Another due date. There is no place to say why, and nobody reads between the lines. `answers` is the wish on the screen."""

    wished_on = DayField(label=gettext_lazy("dates.wished_on.label"), help_text=gettext_lazy("dates.wished_on.hint"))
    words = CleanText(max_length=200, required=False, label=gettext_lazy("dates.words.label"), help_text=gettext_lazy("dates.words.hint"))
    answers = answers(gettext_lazy("dates.other_asked"))
    number = step_number()

    def __init__(self, *values, due_on: datetime.date, **named):
        super().__init__(*values, **named)
        self.due_on = due_on

    def clean_wished_on(self) -> datetime.date:
        wished_on = self.cleaned_data["wished_on"]
        if not is_later_day(wished_on, self.due_on):
            raise ValidationError(_("dates.range"))
        return wished_on


class AnswerForm(forms.Form):
    """The wish that stood on the screen, and what is done with it."""

    wish = forms.IntegerField(min_value=1, max_value=2**62)
    answer = forms.ChoiceField(choices=[(one, one) for one in ("agree", "keep", "withdraw")])


class ReviewForm(forms.Form):
    """Would you work together again, and what did you see."""

    again = forms.ChoiceField(choices=Review.Again, widget=forms.RadioSelect, label=gettext_lazy("review.again"), error_messages={
        "required": gettext_lazy("review.again.choose"), "invalid_choice": gettext_lazy("review.again.choose")})
    text = CleanText(lines=True, rows=6, max_length=1000, required=False, label=gettext_lazy("review.text"),
                     help_text=gettext_lazy("review.text.hint"))


class ThanksForm(forms.Form):
    """A word of thanks; it stays on the worker's page."""

    text = CleanText(lines=True, rows=3, max_length=300, label=gettext_lazy("thanks.text"), help_text=gettext_lazy("thanks.text.hint"))
