"""What somebody of the finance desk did about something odd at the payment service, and why the town stands in for a client."""
from django import forms
from django.utils.translation import gettext_lazy as _

from machi.web.frame.fields import CleanText


class LookedForm(forms.Form):
    words = CleanText(label=_("desk.cards.words"), help_text=_("desk.cards.words.hint"), max_length=300,
                      error_messages={"required": _("card.odd.words_missing")})


class StandInForm(forms.Form):
    """The client reads the words."""

    words = CleanText(label=_("adjust.words"), help_text=_("adjust.words.hint"), max_length=300, lines=True, rows=3,
                      error_messages={"required": _("adjust.words.missing")})
