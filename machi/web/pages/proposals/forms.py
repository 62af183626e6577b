"""What is typed about proposals: the message, a reason, a day."""
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.proposals.models import Reason
from machi.shared import clock
from machi.web.frame.fields import CleanText, DayField
from machi.web.pages.jobs.fields import ChoiceOfOne, VersionField, WindowField
from machi.web.pages.jobs.steps import LONGEST_PLAN

LONGEST_MESSAGE = 3_000


class ApplyForm(forms.Form):
    """One field: what somebody wants to say about this work."""

    message = CleanText(label=_("apply.message.label"), help_text=_("apply.message.hint"),
                        error_messages={"required": _("apply.message.required")}, max_length=LONGEST_MESSAGE, lines=True, rows=10)
    version = VersionField()
    window = WindowField()

    def renew(self, version: int) -> None:
        """Whoever has compared both texts may save over the other one."""
        self.data = self.data.copy()
        self.data["version"] = version


class ReasonForm(forms.Form):
    """Why somebody else was chosen: a noun phrase about the work, and words of one's own."""

    reason = ChoiceOfOne(label=_("answer.reason.label"), help_text=_("answer.reason.hint"), choices=Reason.choices)
    words = CleanText(label=_("answer.words.label"), help_text=_("answer.words.hint"), max_length=300, lines=True,
                      rows=4, required=False)


class DueForm(forms.Form):
    """The due day of an offer, when it is to be another one than the post says."""

    due_on = DayField(label=_("job.due_on.label"), help_text=_("choose.due_on.hint"))

    def clean_due_on(self) -> datetime.date:
        due_on = self.cleaned_data["due_on"]
        if due_on <= clock.today():
            raise ValidationError(_("choose.due_on.past"))
        if due_on > clock.today() + LONGEST_PLAN:
            raise ValidationError(_("job.day.too_far"))
        return due_on
