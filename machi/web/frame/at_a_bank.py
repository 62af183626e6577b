"""Accounts at banks as people write them: codes and names are taken as they come, and checked against the banks' own table."""
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.banking.banks import bank_name, branch_name
from machi.banking.kana import bytes_of
from machi.payments.models import BankAccount
from machi.shared.japanese import cleaned

_GAPS = re.compile(r"[\s\-‐-―−ー・.,]+")
_HOLDER = re.compile(r"[ァ-ヶーA-Z0-9 ()「」/.\-]+")     # what a bank's transfer may carry as a name
HOLDER_AT_MOST = 30                                 # bytes of a bank's record: ガ is two
KINDS = [(BankAccount.Kind.ORDINARY, gettext_lazy("account.bank.ordinary")),
         (BankAccount.Kind.CURRENT, gettext_lazy("account.bank.current")), (BankAccount.Kind.SAVINGS, gettext_lazy("account.bank.savings"))]


class Digits(forms.CharField):
    """A number in so many digits, full-width or with gaps; a shorter one gets its zeros in front."""

    def __init__(self, *, digits: int, is_padded: bool = False, **options):
        self.digits, self.is_padded = digits, is_padded
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}))
        super().__init__(max_length=40, **options)

    def to_python(self, value) -> str:
        return _GAPS.sub("", unicodedata.normalize("NFKC", cleaned(str(value or ""))))

    def clean(self, value) -> str:
        number = super().clean(value)
        if self.is_padded and number.isascii() and number.isdigit():
            number = number.zfill(self.digits)
        if not (number.isascii() and number.isdigit() and len(number) == self.digits):
            raise ValidationError(_("account.bank.digits") % {"n": self.digits})
        return number


class Holder(forms.CharField):
    """The holder's name in katakana, as the bank writes it; hiragana and half-width letters are turned into it."""

    def to_python(self, value) -> str:
        text = unicodedata.normalize("NFKC", cleaned(str(value or ""))).upper()
        text = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)
        return " ".join(text.replace("・", " ").split())

    def validate(self, value) -> None:
        super().validate(value)
        if not _HOLDER.fullmatch(value):
            raise ValidationError(_("account.bank.holder.letters"))
        if (count := bytes_of(value)) > HOLDER_AT_MOST:
            raise ValidationError(_("account.bank.holder.long") % {"n": HOLDER_AT_MOST, "count": count})


class AtABankForm(forms.Form):
    """An account: the bank and its branch must exist."""

    bank_code = Digits(digits=4, label=gettext_lazy("account.bank.code"), help_text=gettext_lazy("account.bank.code.hint"))
    branch_code = Digits(digits=3, label=gettext_lazy("account.bank.branch"), help_text=gettext_lazy("account.bank.branch.hint"))
    kind = forms.ChoiceField(
        choices=KINDS, initial=BankAccount.Kind.ORDINARY, widget=forms.RadioSelect, label=gettext_lazy("account.bank.kind"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("account.bank.kind.choose")))
    number = Digits(digits=7, is_padded=True, label=gettext_lazy("account.bank.number"), help_text=gettext_lazy("account.bank.number.hint"))
    holder_kana = Holder(label=gettext_lazy("account.bank.holder"), help_text=gettext_lazy("account.bank.holder.hint"),
                         widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 60}))

    def clean_bank_code(self) -> str:
        code = self.cleaned_data["bank_code"]
        if bank_name(code) is None:
            raise ValidationError(_("account.bank.unknown"))
        return code

    def clean_branch_code(self) -> str:
        code, bank = self.cleaned_data["branch_code"], self.cleaned_data.get("bank_code")
        if bank and branch_name(bank, code) is None:
            raise ValidationError(_("account.bank.branch.unknown") % {"bank": bank_name(bank)})
        return code
