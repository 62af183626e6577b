"""Forms of talks: about the price, about what would help, and the answer."""
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.contracts.actions.talking import needs_words
from machi.contracts.models import Talk
from machi.contracts.policies import LEAST
from machi.web.frame.fields import CleanText, YenField


class PriceForm(forms.Form):
    """Why another price, and which. By the hour there is no sum to name: the pay of an hour stays as long as the contract."""

    words = CleanText(lines=True, rows=5, max_length=1000, label=gettext_lazy("talk.price.words"),
                      help_text=gettext_lazy("talk.price.words.hint"))
    wished = YenField(at_least=LEAST, required=False, label=gettext_lazy("talk.price.wished"),
                      help_text=gettext_lazy("talk.price.wished.hint"))

    def __init__(self, data=None, *, is_hourly: bool):
        super().__init__(data)
        if is_hourly:
            del self.fields["wished"]


class CareForm(forms.Form):
    """What would help. Nobody is asked why, and there is no field for it."""

    helps = forms.MultipleChoiceField(choices=Talk.Help.choices, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("talk.helps"),
                                      error_messages=dict.fromkeys(("required", "invalid_choice", "invalid_list"),
                                                                   gettext_lazy("talk.helps.required")))
    words = CleanText(lines=True, rows=5, max_length=1000, required=False, label=gettext_lazy("talk.care.words"),
                      help_text=gettext_lazy("talk.care.words.hint"))


class AnswerTalkForm(forms.Form):
    """Yes or no to the talk that stood on the screen, with words where they are owed."""

    talk = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput, error_messages=dict.fromkeys(
        ("required", "invalid", "min_value", "max_value"), gettext_lazy("talk.answered_already")))
    answer = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("talk.answer"), error_messages=dict.fromkeys(
        ("required", "invalid_choice"), gettext_lazy("talk.answer.choose")))
    words = CleanText(lines=True, rows=5, max_length=1000, label=gettext_lazy("talk.answer.words"),
                      error_messages={"required": gettext_lazy("talk.answer.words_needed")})

    def __init__(self, data=None, *, about: str, **named):
        super().__init__(data, **named)
        self.about = about
        yes, no, hint = _SAID[about]
        self.fields["answer"].choices = [(Talk.Answer.YES, yes), (Talk.Answer.NO, no)]
        self.fields["words"].help_text = hint
        self.fields["words"].required = all(needs_words(about, given) for given in (Talk.Answer.YES, Talk.Answer.NO))

    def clean(self) -> None:
        given = self.cleaned_data.get("answer")
        if given and not self.errors.get("words") and not self.cleaned_data["words"] and needs_words(self.about, given):
            self.add_error("words", _("talk.answer.words_needed"))


_SAID = {
    Talk.About.PRICE: (gettext_lazy("talk.price.yes"), gettext_lazy("talk.price.no"), gettext_lazy("talk.price.answer.hint")),
    Talk.About.CARE: (gettext_lazy("talk.care.yes"), gettext_lazy("talk.care.no"), gettext_lazy("talk.care.answer.hint"))}
