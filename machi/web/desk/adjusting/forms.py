import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from machi.accounts.queries import parties_called, people_called
from machi.payments.models import Adjustment
from machi.payments.models.adjustments import OF_A_CLIENT, OF_A_WORKER
from machi.web.frame.fields import CleanText, YenField

ASKED_HERE = [(what, words) for what, words in Adjustment.What.choices if what != Adjustment.What.STOOD_IN]      # that: at the cards
MOST = 20                                           # who are found, to choose from
CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("adjust.choose"))


class AskForm(forms.Form):
    """What is put right, whose money it changes, how much, and why, in words that they read. Whose: by number, or found by an address or
    the beginning of a name; of those who are found so, one is chosen.
    """

    what = forms.ChoiceField(label=_("adjust.what"), choices=ASKED_HERE, widget=forms.RadioSelect, error_messages=CHOOSE)
    number = CleanText(label=_("adjust.of"), help_text=_("adjust.of.hint"), max_length=254, required=False,
                       widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}))
    who = forms.ChoiceField(label=_("adjust.who"), widget=forms.RadioSelect, required=False,
                            error_messages=dict.fromkeys(("required", "invalid_choice"), _("adjust.who.choose")))
    amount = YenField(label=_("adjust.amount"), at_least=1)
    reason = forms.ChoiceField(label=_("adjust.reason"), choices=Adjustment.Reason.choices, widget=forms.RadioSelect, error_messages=CHOOSE)
    words = CleanText(label=_("adjust.words"), help_text=_("adjust.words.hint"), max_length=300, lines=True, rows=3)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.asked = unicodedata.normalize("NFKC", str(self.data.get("number", ""))).strip()
        self.found = _found(str(self.data.get("what", "")), self.asked)
        self.fields["who"].choices = [(str(one.pk), _("adjust.name_and_number") % {"name": one, "n": one.pk}) for one in self.found[:MOST]]
        self.fields["who"].required = bool(self.found) and str(self.found[0].pk) != self.asked

    def clean(self) -> dict:
        what, who = self.cleaned_data.get("what"), self.cleaned_data.pop("who", "")
        self.cleaned_data.pop("number", None)
        if what not in OF_A_WORKER and what not in OF_A_CLIENT:
            return self.cleaned_data
        chosen = next((one for one in self.found if str(one.pk) in (who, self.asked)), None)
        if not self.found and "number" not in self.errors:
            self.add_error("number", _("adjust.number.missing"))
        return self.cleaned_data | {"worker" if what in OF_A_WORKER else "party": chosen}

    def only_look(self) -> None:
        """Somebody looks for a person first: what is not filled in yet is not wrong."""
        for name in set(self.errors) - ({"what", "number"} if not self.found else {"what"}):
            del self.errors[name]


def _found(what: str, asked: str) -> list:
    """Whoever is called so, of workers or of clients; one more than are shown."""
    if what in OF_A_WORKER and asked:
        return list(people_called(asked).filter(erased_at=None)[:MOST + 1])
    return list(parties_called(asked)[:MOST + 1]) if what in OF_A_CLIENT and asked else []


class AnswerForm(forms.Form):
    """Sign it, or refuse it with why."""

    answer = forms.ChoiceField(choices=[("sign", ""), ("refuse", "")])
    words = CleanText(label=_("adjust.why_not"), help_text=_("adjust.why_not.hint"), max_length=300, lines=True, rows=3, required=False)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.fields["words"].required = self.data.get("answer") != "sign"       # who refuses says why
        self.fields["words"].error_messages["required"] = _("adjust.words.missing")
