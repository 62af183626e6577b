from django import forms
from django.utils.translation import gettext_lazy as _

from machi.contracts.models import Milestone
from machi.contracts.policies import LEAST, is_part
from machi.web.frame.fields import CleanText, YenField


class SplitForm(forms.Form):
    """How much of the step's price, without tax, is the worker's, and why, in words that both read."""

    deed = forms.ChoiceField(choices=[("propose", ""), ("rule", "")], widget=forms.HiddenInput)     # what the button on the screen said
    words = CleanText(label=_("desk.dispute.words"), help_text=_("desk.dispute.words.hint"), max_length=2000, lines=True, rows=6)

    def __init__(self, *values, step: Milestone, **named):
        super().__init__(*values, **named)
        self.step, self.range = step, _("change.part.range") % {"least": LEAST, "most": f"{step.price_yen:,}"}
        self.fields = {"price": YenField(label=_("change.part"), help_text=self.range, at_least=0,
                                         at_most=step.price_yen)} | self.fields

    def clean_price(self):
        if not is_part(self.step, self.cleaned_data["price"]):
            raise forms.ValidationError(self.range)
        return self.cleaned_data["price"]


class SignForm(forms.Form):
    """The ruling that stood on the screen, and what is done with it."""

    ruling = forms.IntegerField(min_value=1, max_value=2**62)
    answer = forms.ChoiceField(choices=[("sign", ""), ("hand_back", "")])
    words = CleanText(label=_("desk.dispute.why"), help_text=_("desk.dispute.why.hint"), max_length=1000, lines=True, rows=4,
                      required=False)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["words"].required = self.data.get("answer") != "sign"       # who hands it back says why
        self.fields["words"].error_messages["required"] = _("ruling.why_needed")
