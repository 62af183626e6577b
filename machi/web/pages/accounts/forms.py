from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.shared.japanese import cleaned


class IntroduceForm(forms.Form):
    """What a person wants to be called (呼び名)."""

    display_name = forms.CharField(
        label=_("signup.name.label"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("signup.name.required"), "max_length": _("signup.name.too_long")})

    def clean_display_name(self) -> str:
        name = " ".join(cleaned(self.cleaned_data["display_name"]).split())
        if not name:
            raise ValidationError(_("signup.name.required"))
        return name
