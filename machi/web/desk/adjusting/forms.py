from django import forms
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party, User
from machi.payments.models import Adjustment
from machi.payments.models.adjustments import OF_A_CLIENT, OF_A_WORKER
from machi.web.frame.fields import CleanText, YenField

ASKED_HERE = [(what, words) for what, words in Adjustment.What.choices if what != Adjustment.What.STOOD_IN]      # that: at the cards
CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("adjust.choose"))


class AskForm(forms.Form):
    """What is put right, whose money it changes, how much, and why, in words that they read."""

    what = forms.ChoiceField(label=_("adjust.what"), choices=ASKED_HERE, widget=forms.RadioSelect, error_messages=CHOOSE)
    number = forms.IntegerField(label=_("adjust.number"), help_text=_("adjust.number.hint"), min_value=1, max_value=2**62, required=False)
    amount = YenField(label=_("adjust.amount"), at_least=1)
    reason = forms.ChoiceField(label=_("adjust.reason"), choices=Adjustment.Reason.choices, widget=forms.RadioSelect, error_messages=CHOOSE)
    words = CleanText(label=_("adjust.words"), help_text=_("adjust.words.hint"), max_length=300, lines=True, rows=3)

    def clean(self) -> dict:
        what, number = self.cleaned_data.get("what"), self.cleaned_data.pop("number", None)
        found = {}
        if what in OF_A_WORKER:
            found = {"worker": User.objects.filter(pk=number, erased_at=None).first()}
        elif what in OF_A_CLIENT:
            found = {"party": Party.objects.filter(pk=number).first()}
        if None in found.values() and "number" not in self.errors:
            self.add_error("number", _("adjust.number.missing"))
        return self.cleaned_data | found


class AnswerForm(forms.Form):
    """Sign it, or refuse it with why."""

    answer = forms.ChoiceField(choices=[("sign", ""), ("refuse", "")])
    words = CleanText(label=_("adjust.why_not"), help_text=_("adjust.why_not.hint"), max_length=300, lines=True, rows=3, required=False)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["words"].required = self.data.get("answer") != "sign"       # who refuses says why
        self.fields["words"].error_messages["required"] = _("adjust.words.missing")
