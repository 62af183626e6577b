from django import forms
from django.utils.translation import gettext_lazy as _

from machi.web.frame.fields import CleanText


class ReturnForm(forms.Form):
    """What the client should change, and how it could be said."""

    words = CleanText(label=_("desk.post.words"), help_text=_("desk.post.words.hint"), max_length=500, lines=True, rows=5)
