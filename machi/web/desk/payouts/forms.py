"""What somebody of the finance desk says of money that leaves: this much, on this day; and what becomes of it."""
from django import forms
from django.utils.translation import gettext_lazy as _

from machi.notifications.words import day, yen
from machi.payments.models import PayoutPause
from machi.web.frame.fields import CleanText


class ProposeForm(forms.Form):
    """What stood on the screen: no other sum becomes a batch."""

    value_on = forms.DateField()
    count = forms.IntegerField(min_value=1)
    total_yen = forms.IntegerField(min_value=1)


class MoveForm(forms.Form):
    """What is done with a batch."""

    move = forms.ChoiceField(choices=[("approve", ""), ("withdraw", ""), ("give", "")])


class PauseForm(forms.Form):
    """Why somebody's payouts rest, in words that they read, and until which day."""

    code = forms.ChoiceField(label=_("desk.pause.code"), choices=PayoutPause.Code.choices, widget=forms.RadioSelect,
                             error_messages=dict.fromkeys(("required", "invalid_choice"), _("desk.pause.code.choose")))
    until_on = forms.DateField(label=_("desk.pause.until"), help_text=_("desk.pause.until.hint"),
                               widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    words = CleanText(label=_("desk.pause.words"), help_text=_("desk.pause.words.hint"), max_length=300)


class PayeeForm(forms.Form):
    """What is done for a person: about the account that stood on the screen."""

    move = forms.ChoiceField(choices=[("end", ""), ("confirm", ""), ("shared", "")])
    named_at = forms.CharField(max_length=40, required=False)


class UnsentForm(forms.Form):
    """Which payment the bank never carried, and why, in words that its worker reads."""

    payout = forms.ChoiceField(label=_("desk.unsent.which"), widget=forms.RadioSelect,
                               error_messages=dict.fromkeys(("required", "invalid_choice"), _("desk.unsent.choose")))
    reason = CleanText(label=_("desk.pause.words"), help_text=_("desk.unsent.hint"), max_length=300,
                       error_messages={"required": _("line.reason.missing")})

    def __init__(self, *values, payouts, **named):
        super().__init__(*values, **named)
        self.fields["payout"].choices = [(str(one.pk), f"{day(one.value_on)} {yen(one.amount_yen)}") for one in payouts]
