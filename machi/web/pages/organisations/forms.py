"""What is typed about an organisation: who it is, who is invited, what somebody may do, who takes over."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.accounts.models import Membership, Party
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.roles import SEATS
from machi.shared.japanese import cleaned
from machi.shared.seals import seal, values_of
from machi.web.frame.fields import CleanText
from machi.web.frame.sections import SectionForm
from machi.web.pages.jobs.fields import ChoiceOfOne

LONGEST_ADDRESS = 254


class WhoForm(SectionForm):
    """Who gives the work, as the law wants it on every post (フリーランス法12条)."""

    name = CleanText(label=gettext_lazy("organisation.name.label"), help_text=gettext_lazy("organisation.name.hint"), max_length=80)
    address = CleanText(label=gettext_lazy("client.address.label"), help_text=gettext_lazy("client.address.hint"), max_length=200)
    contact = CleanText(label=gettext_lazy("client.contact.label"), help_text=gettext_lazy("client.contact.hint"), max_length=120)
    trade = ChoiceOfOne(label=gettext_lazy("client.trade.label"), choices=[
        (Party.Trade.COMPANY, gettext_lazy("job.client.company")), (Party.Trade.SOLE, gettext_lazy("job.client.sole")),
        (Party.Trade.CONSUMER, gettext_lazy("job.client.consumer"))])
    has_employees = forms.BooleanField(label=gettext_lazy("client.employees.label"), help_text=gettext_lazy("client.employees.hint"),
                                       required=False)
    is_withholding_agent = forms.BooleanField(label=gettext_lazy("client.withholding.label"),
                                              help_text=gettext_lazy("client.withholding.hint"), required=False)

    @classmethod
    def of(cls, party: Party, data=None) -> "WhoForm":
        """The form with what an organisation says about itself now."""
        saved = values_of(party, cls.base_fields)
        return cls(data, initial=saved).read(seal(saved))


class PowersField(forms.MultipleChoiceField):
    """Which powers somebody has, each with what it lets them do. One at least."""

    def __init__(self):
        super().__init__(label=gettext_lazy("organisation.powers.label"), help_text=gettext_lazy("organisation.powers.hint"),
                         widget=forms.CheckboxSelectMultiple, choices=self._explained, error_messages=dict.fromkeys(
                             ("required", "invalid_choice", "invalid_list"), gettext_lazy("organisation.no_power")))

    @staticmethod
    def _explained() -> list[tuple[str, str]]:
        return [(power.value, _("power.explained") % {"name": power.label, "what": SEATS[power.value].may}) for power in Power]


class PowersForm(forms.Form):
    powers = PowersField()


class InviteForm(forms.Form):
    """An address, and the powers that wait for whoever comes in by it."""

    email = forms.EmailField(
        label=gettext_lazy("organisation.email.label"), help_text=gettext_lazy("organisation.email.hint"), max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}), error_messages=dict.fromkeys(
            ("required", "invalid", "max_length"), gettext_lazy("signup.error_email")))
    powers = PowersField()

    def clean_email(self) -> str:
        return cleaned(self.cleaned_data["email"])


class HandOverForm(forms.Form):
    """Who looks after the posts from now on."""

    to = forms.ChoiceField(label=gettext_lazy("organisation.to.label"), help_text=gettext_lazy("organisation.to.hint"), required=False)

    def __init__(self, data=None, *, others: list[Membership]):
        super().__init__(data)
        self.people = {str(one.user_id): one.user for one in others if one.powers.intersection(READS_WORK)}
        self.fields["to"].choices = [("", _("organisation.to.choose")), *((number, user.name) for number, user in self.people.items())]
        self.fields["to"].error_messages["invalid_choice"] = _("organisation.hand_over_first")

    def clean_to(self):
        chosen = self.cleaned_data["to"]
        if chosen and chosen not in self.people:
            raise ValidationError(_("organisation.hand_over_first"))
        return self.people.get(chosen)
