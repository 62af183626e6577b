"""What somebody of the finance desk brings (a file of the bank), and says of one of its lines."""
from django import forms
from django.utils.translation import gettext_lazy as _

from machi.banking.arriving import MOST_BYTES
from machi.banking.profiles import profiles
from machi.web.frame.arriving import check_whole
from machi.web.frame.fields import CleanText


class StatementForm(forms.Form):
    """A statement of the town's own account, just as the bank gave it."""

    profile = forms.ChoiceField(label=_("desk.bank.profile"), help_text=_("desk.bank.profile.hint"),
                                error_messages={"invalid_choice": _("desk.bank.profile.unknown")})
    file = forms.FileField(label=_("desk.bank.file"), help_text=_("desk.bank.file.hint"), max_length=None, allow_empty_file=True,
                           widget=forms.FileInput(attrs={"accept": ".csv,.txt"}), error_messages={"required": _("desk.bank.file.required")})

    def clean_file(self):
        check_whole(self.cleaned_data["file"], MOST_BYTES)
        return self.cleaned_data["file"]

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.layouts = {profile.key: profile.layout for profile in profiles().values() if profile.layout}
        self.fields["profile"].choices = [(profile.key, profile.name) for profile in profiles().values() if profile.layout]


class ConfirmForm(forms.Form):
    """The file that was shown is taken in: this one, and no other that was chosen meanwhile."""

    profile = forms.CharField(max_length=40)
    sha256 = forms.RegexField("^[0-9a-f]{64}$")


class PlaceForm(forms.Form):
    """What a line of the bank is, and why."""

    what = forms.ChoiceField(label=_("desk.line.what"), widget=forms.RadioSelect,
                             error_messages=dict.fromkeys(("required", "invalid_choice"), _("desk.line.what.choose")))
    reason = CleanText(label=_("desk.line.reason"), help_text=_("desk.line.reason.hint"), max_length=300,
                       error_messages={"required": _("line.reason.missing")})

    def __init__(self, *values, choices, **named):
        super().__init__(*values, **named)
        self.fields["what"].choices = choices
