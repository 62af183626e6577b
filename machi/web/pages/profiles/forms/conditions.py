"""How somebody works, what they would like to receive, and when. Conditions only: no field asks why."""
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from machi.profiles.models import Availability, Pay, WorkingConditions
from machi.shared import clock
from machi.web.frame.fields import CleanText, DayField, YenField
from machi.web.frame.sections import SectionForm
from machi.web.pages.jobs.fields import ChoiceOfOne
from machi.web.pages.profiles.forms.fields import HoursField, SlackField

AHEAD_AT_MOST = datetime.timedelta(days=730)


class Some(forms.MultipleChoiceField):
    """None, one or several of a few, as boxes to tick."""

    def __init__(self, **options):
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple,
                         error_messages={"invalid_choice": _("choice.several"), "invalid_list": _("choice.several")}, **options)


class ConditionsForm(SectionForm):
    """What everybody may read, and what only the person sees (OWN)."""

    OWN = ("may_leave_suddenly", "slack_days")

    hours = HoursField(required=False, label=_("me.hours.label"), help_text=_("me.hours.tip"))
    bands = Some(label=_("me.bands.label"), help_text=_("me.bands.tip"), choices=WorkingConditions.Band.choices)
    blocks = Some(label=_("me.blocks.label"), help_text=_("me.blocks.tip"), choices=WorkingConditions.Block.choices)
    channels = Some(label=_("me.channels.label"), help_text=_("me.channels.tip"), choices=WorkingConditions.Channel.choices)
    conditions = CleanText(max_length=200, required=False, label=_("me.conditions_line.label"), help_text=_("me.conditions.tip"),
                           widget=forms.Textarea(attrs={"rows": 3}))
    may_leave_suddenly = forms.BooleanField(required=False, label=_("me.may_leave.label"), help_text=_("me.may_leave.tip"))
    slack_days = SlackField(required=False, label=_("me.slack.label"), help_text=_("me.slack.tip"))


class PayForm(SectionForm):
    """An amount, for what, with tax or without, and who sees it."""

    SEEN = (("False", _("pay.seen.nobody")), ("True", _("pay.seen.everybody")))

    amount_yen = YenField(required=False, label=_("me.pay.amount.label"), help_text=_("me.pay.amount.tip"))
    per = ChoiceOfOne(label=_("me.pay.per.label"), help_text=_("me.pay.per.tip"), choices=Pay.Per.choices, initial=Pay.Per.HOUR,
                      required=False)
    tax = ChoiceOfOne(label=_("me.pay.tax.label"), help_text=_("me.pay.tax.tip"), choices=Pay.Tax.choices, initial=Pay.Tax.INCLUDED,
                      required=False)
    is_public = ChoiceOfOne(label=_("me.pay.seen.label"), choices=SEEN, required=False, initial=False)

    def clean_per(self) -> str:
        return self.cleaned_data["per"] or Pay.Per.HOUR

    def clean_tax(self) -> str:
        return self.cleaned_data["tax"] or Pay.Tax.INCLUDED

    def clean_is_public(self) -> bool:
        return self.cleaned_data["is_public"] == "True"


class AvailabilityForm(SectionForm):
    """Now, from a day on, or not now; and whether clients may write first."""

    standing = ChoiceOfOne(label=_("me.availability.label"), help_text=_("me.availability.tip"), choices=Availability.Standing.choices)
    from_on = DayField(required=False, label=_("me.from_on.label"), help_text=_("me.from_on.tip"))
    is_scoutable = forms.BooleanField(required=False, label=_("me.scoutable.label"), help_text=_("me.scoutable.tip"))

    def clean(self) -> dict:
        values = super().clean()
        if values.get("standing") != Availability.Standing.LATER:
            self.errors.pop("from_on", None)        # a day that nobody asked for stands in nobody's way
            values["from_on"] = None
        elif "from_on" in values and not values["from_on"]:
            self.add_error("from_on", ValidationError(gettext("me.availability.day")))
        elif "from_on" in values and not clock.today() <= values["from_on"] <= clock.today() + AHEAD_AT_MOST:
            self.add_error("from_on", ValidationError(gettext("me.from_on.range")))
        return values
