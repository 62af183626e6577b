"""Small forms of a person's own way: wishes, one answer at a time, and drafts of strengths."""
from collections.abc import Mapping

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from machi.journey.models import Question, Wish
from machi.web.frame.fields import CleanText
from machi.web.frame.sections import SectionForm
from machi.web.pages.profiles.forms import StrengthForm


class WishesForm(forms.Form):
    """None, one or several."""

    wishes = forms.MultipleChoiceField(
        required=False, label=_("wishes.label"), choices=Wish.Kind.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("wishes.unknown"), "invalid_list": _("wishes.unknown")})


class AnswerForm(SectionForm):
    """The answer to one of the six questions. Nothing is required."""

    text = CleanText(max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, question: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = Question(question).label, _HINTS[question]


_HINTS = {
    Question.ASKED: _("finder.asked.hint"), Question.THANKED: _("finder.thanked.hint"), Question.KEPT: _("finder.kept.hint"),
    Question.EASY: _("finder.easy.hint"), Question.CAREFUL: _("finder.careful.hint"), Question.SHOWN: _("finder.shown.hint")}


class DidForm(forms.Form):
    """One thing that was done in a past job."""

    did = CleanText(max_length=200, label=_("hand.did"), help_text=_("hand.did.hint"))


class DraftForm(StrengthForm):
    """A draft of a strength: taken or left. What is left is not looked at."""

    use_required_attribute = False
    statement = CleanText(max_length=80, label=_("me.statement.label"), help_text=_("me.statement.tip"),
                          widget=forms.Textarea(attrs={"rows": 2}))
    use = forms.BooleanField(required=False, label=_("finder.use"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.prefix != "0":                      # a tip is read once
            for field in self.fields.values():
                field.help_text = ""

    @property
    def is_taken(self) -> bool:
        return bool(self.data.get(self.add_prefix("use"))) if self.is_bound else False

    def full_clean(self) -> None:
        if self.is_bound and not self.is_taken:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    @property
    def strength(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in StrengthForm.base_fields}


def drafts_of(posted: Mapping[str, str], most: int) -> list[DraftForm]:
    """The drafts that came back, as they were edited."""
    return [form for number in range(most) for form in [DraftForm(posted, prefix=str(number))]
            if form.add_prefix("statement") in posted]
