"""A service as its worker writes it, and the short form of whoever asks for it. A form turns texts into clean values; it never saves."""
from django import forms
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.jobs.models import Job
from machi.packages.models import LEAST_YEN, MOST_DAYS
from machi.taxonomy.queries import categories
from machi.web.frame.fields import CleanText, YenField
from machi.web.frame.sections import SectionForm
from machi.web.pages.jobs.fields import ChoiceOfOne, CountField, VersionField

CLIENT = ("name", "address", "contact", "trade", "has_employees", "is_withholding_agent")


class PackageForm(SectionForm):
    """Everything a client wants to know before they ask."""

    title = CleanText(label=_("package.title.label"), help_text=_("package.title.hint"), max_length=80)
    category = ChoiceOfOne(label=_("job.category.label"), widget=forms.Select)
    body = CleanText(label=_("package.body.label"), help_text=_("package.body.hint"), max_length=3000, lines=True, rows=8)
    needs = CleanText(label=_("package.needs.label"), help_text=_("package.needs.hint"), max_length=500, lines=True, rows=3, required=False)
    price_yen = YenField(label=_("package.price.label"), help_text=_("package.price.hint"), at_least=LEAST_YEN)
    days_count = CountField(label=_("package.days.label"), help_text=_("package.days.hint"), at_least=1, at_most=MOST_DAYS)
    revisions_count = CountField(label=_("job.revisions.label"), help_text=_("job.revisions.hint"), at_least=0, at_most=10, initial="2")
    place = CleanText(label=_("job.place.label"), help_text=_("job.place.hint"), max_length=80, initial=_("package.place.anywhere"))
    sync = ChoiceOfOne(label=_("job.sync.label"), choices=Job.Sync.choices, initial=Job.Sync.NONE)
    sync_note = CleanText(label=_("job.sync_note.label"), help_text=_("package.sync_note.hint"), max_length=120, required=False)
    ai = ChoiceOfOne(label=_("job.ai.label"), choices=Job.AI.choices, initial=Job.AI.DECLARED)
    rights = ChoiceOfOne(label=_("job.rights.label"), choices=Job.Rights.choices, initial=Job.Rights.TRANSFERRED)

    def __init__(self, *values, **named):
        super().__init__(*values, **named)
        self.kinds = {category.code: category for category in categories()}
        self.fields["category"].choices = [("", _("job.category.choose")), *((code, kind.name) for code, kind in self.kinds.items())]

    def clean_category(self):
        return self.kinds[self.cleaned_data["category"]]

    def clean_price_yen(self) -> int:
        return int(self.cleaned_data["price_yen"])


class OrderForm(forms.Form):
    """What the client needs. The version is that of the service on the screen; the key is the form's own; `client` is the party in whose
    name it was opened, whatever is chosen in another window meanwhile.
    """

    words = CleanText(label=_("package.order.words"), help_text=_("package.order.words.hint"), max_length=1000, lines=True, rows=5)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, error_messages=dict.fromkeys(
        ("required", "max_length"), _("message.form_old")))
    version = VersionField()
    client = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *values, client: int, **named):
        super().__init__(*values, **named)
        self.party = client
        self.initial["client"] = client

    def clean_client(self) -> int:
        """Somebody may have left the organisation meanwhile: then nothing goes out in another name unseen."""
        if self.cleaned_data["client"] != self.party:
            raise forms.ValidationError(_("message.form_old"))
        return self.party

    def values(self) -> dict:
        """What the action asks for."""
        told = self.cleaned_data
        return {name: told[name] for name in ("words", "key", "version")} | {
            "described": {name: told[name] for name in CLIENT} if "name" in self.fields else None}


class FirstOrderForm(OrderForm):
    """Whoever asks for the first time also says who they are: the law wants it in the terms. The next time the town knows it."""

    name = CleanText(label=_("client.name.label"), help_text=_("package.order.name.hint"), max_length=80)
    address = CleanText(label=_("client.address.label"), help_text=_("package.order.address.hint"), max_length=200)
    contact = CleanText(label=_("client.contact.label"), help_text=_("package.order.contact.hint"), max_length=120)
    trade = ChoiceOfOne(label=_("client.trade.label"), choices=[
        (Party.Trade.COMPANY, _("job.client.company")), (Party.Trade.SOLE, _("job.client.sole")),
        (Party.Trade.CONSUMER, _("job.client.consumer"))])
    has_employees = forms.BooleanField(label=_("client.employees.label"), help_text=_("client.employees.hint"), required=False)
    is_withholding_agent = forms.BooleanField(label=_("client.withholding.label"), help_text=_("client.withholding.hint"), required=False)
