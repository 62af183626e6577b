"""What is typed about proposals: the message, a reason, a day."""
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from machi.contracts.policies import is_due_day
from machi.proposals.models import Reason
from machi.web.frame.fields import CleanText, DayField
from machi.web.pages.jobs.fields import ChoiceOfOne, VersionField

LONGEST_MESSAGE = 3_000


class ApplyForm(forms.Form):
    """One field: what somebody wants to say about this work."""

    message = CleanText(label=_("apply.message.label"), help_text=_("apply.message.hint"),
                        error_messages={"required": _("apply.message.required")}, max_length=LONGEST_MESSAGE, lines=True, rows=10)
    version = VersionField()
    read = VersionField()                               # the version of the post that stands beside the text

    def renew(self, **versions: int) -> None:
        """Whoever has compared both texts may save over the other one, and whoever has read the new terms may apply to them."""
        self.data = self.data.copy()
        self.data.update({name: str(version) for name, version in versions.items()})


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
        if not is_due_day(due_on):
            raise ValidationError(_("offer.due_on.range"))
        return due_on
