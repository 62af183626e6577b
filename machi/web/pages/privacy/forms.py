from django import forms
from django.utils.translation import gettext_lazy as _

from machi.web.frame.fields import CleanText


class LastWordForm(forms.Form):
    """One question, which may stay blank."""

    word = CleanText(label=_("leave.question"), help_text=_("leave.question.hint"), required=False, lines=True, rows=4, max_length=2000,
                     error_messages={"max_length": _("leave.question.long")})
