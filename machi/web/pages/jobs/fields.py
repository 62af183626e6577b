"""Fields of posts and proposals: which version was read, a small number of people or days, one of a few."""
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.shared.japanese import cleaned


class VersionField(forms.IntegerField):
    """Which version a window was reading. Whatever cannot be read is an old one, never a mistake of the person."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value) -> int:
        return int(value) if str(value or "").isdecimal() and len(str(value)) < 10 else 0


class CountField(forms.CharField):
    """A small whole number as people write it: 2, ２, 2人, 10時間."""

    def __init__(self, *, at_least: int, at_most: int, **options):
        self.at_least, self.at_most = at_least, at_most
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options)

    def clean(self, value) -> int | None:
        if not value and not self.required:
            return None
        text = unicodedata.normalize("NFKC", cleaned(str(super().clean(value)))).rstrip("人席回日週間時か月%").strip()
        if not re.fullmatch(r"-?[0-9]{1,6}", text):
            raise ValidationError(_("count.not_a_number"))
        if not self.at_least <= int(text) <= self.at_most:
            raise ValidationError(_("count.out_of_range") % {"least": self.at_least, "most": self.at_most})
        return int(text)


class ChoiceOfOne(forms.ChoiceField):
    """One of a few, as radio buttons."""

    def __init__(self, **options):
        super().__init__(widget=options.pop("widget", forms.RadioSelect), error_messages={
            "required": _("choice.required"), "invalid_choice": _("choice.required")}, **options)
