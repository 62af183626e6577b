"""What somebody wants on this copy of their sheet. Each is asked anew: nothing is remembered, nothing is shown to others."""
from django import forms
from django.utils.translation import gettext_lazy as _

from machi.web.pages.cv.sheet import Wish


class WishForm(forms.Form):
    """Three boxes, all empty at first: the sheet then holds what anybody may read anyway."""

    legal_name = forms.BooleanField(required=False, label=_("cv.wish.legal_name"), help_text=_("cv.wish.legal_name.tip"))
    mail = forms.BooleanField(required=False, label=_("cv.wish.mail"))
    pay = forms.BooleanField(required=False, label=_("cv.wish.pay"))

    def wish(self) -> Wish:
        """What was ticked; an address that was typed by hand cannot be wrong, only empty."""
        said = self.cleaned_data if self.is_valid() else {}
        return Wish(*(bool(said.get(name)) for name in ("legal_name", "mail", "pay")))
