"""Where the money goes (口座), and how much of a debt is repaid."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.banking import matching
from machi.web.frame.at_a_bank import AtABankForm
from machi.web.frame.fields import CleanText, YenField
from machi.web.pages.profiles.forms.fields import ReadingField


class RepayForm(forms.Form):
    """How much of a debt somebody repays now: all of it, where they say nothing."""

    amount = YenField(required=False, label=gettext_lazy("debt.amount"), help_text=gettext_lazy("debt.amount.hint"))


class AccountForm(AtABankForm):
    """A worker's bank account.

    Where real money leaves, the account is their own, by the name that their papers carry: it is asked for here until they have written it.
    """

    field_order = ("bank_code", "branch_code", "kind", "number", "legal_name", "legal_reading", "holder_kana", "is_other")
    legal_name = CleanText(max_length=60, label=gettext_lazy("me.legal_name.label"), help_text=gettext_lazy("account.bank.legal_name.hint"),
                           error_messages={"required": gettext_lazy("account.bank.legal_name.missing")},
                           widget=forms.TextInput(attrs={"autocomplete": "name"}))
    legal_reading = ReadingField(required=True, label=gettext_lazy("me.legal_reading.label"),
                                 help_text=gettext_lazy("me.legal_reading.tip"),
                                 error_messages={"required": gettext_lazy("account.bank.legal_reading.missing")})
    is_other = forms.BooleanField(required=False, label=gettext_lazy("account.bank.other"),
                                  help_text=gettext_lazy("account.bank.other.hint"))

    def __init__(self, *values, names: dict | None = None, **named):
        """`names`: how papers name this person, where real money leaves and the holder has to be they themselves."""
        super().__init__(*values, **named)
        self.legal_kana = names["legal_reading"] if names else ""
        self.said_names: dict[str, str] = {}
        if names is None:
            del self.fields["is_other"]
        if names is None or self.legal_kana:
            del self.fields["legal_name"], self.fields["legal_reading"]
        else:
            self.initial["legal_name"] = names["legal_name"]

    def clean(self) -> dict:
        said = super().clean()
        self.said_names = {name: said.pop(name) for name in ("legal_name", "legal_reading") if name in said}
        own = self.legal_kana = self.legal_kana or self.said_names.get("legal_reading", "")
        holder = said.get("holder_kana", "")
        if not said.pop("is_other", False) and own and holder and matching.payer(own) != matching.payer(holder):
            self.add_error("holder_kana", ValidationError(_("account.bank.holder.differs") % {"name": own}))
        return said
