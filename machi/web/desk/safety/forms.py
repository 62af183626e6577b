from django import forms
from django.utils.translation import gettext_lazy as _

from machi.web.frame.fields import CleanText


class StopForm(forms.Form):
    """Why money stops in the whole town."""

    why = CleanText(label=_("desk.safety.why"), help_text=_("desk.safety.why.hint"), max_length=500, lines=True, rows=3)


class LiftForm(forms.Form):
    """Why money may move though its rule cannot be mended."""

    reason = CleanText(label=_("desk.safety.reason"), help_text=_("desk.safety.reason.hint"), max_length=500, lines=True, rows=3)


class AnswerForm(forms.Form):
    """What the second person says, about the wish that stood on their screen."""

    answer = forms.ChoiceField(choices=[("agree", ""), ("keep", "")])
    asked = forms.IntegerField(min_value=0)
