"""What a client types before they pay in."""
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.shared.money import Yen
from machi.tasks.models import Batch
from machi.tasks.models.batches import MOST_EACH
from machi.web.frame.fields import YenField
from machi.web.pages.jobs.fields import CountField, VersionField
from machi.web.pages.tasks.making_forms import MOST_PRICE


class AmountForm(forms.Form):
    """What stood on the button: the sum, the version of the words above it, and what had been paid in before."""

    amount = forms.IntegerField(min_value=1, max_value=10 ** 12, widget=forms.HiddenInput)
    pot = forms.IntegerField(min_value=0, max_value=10 ** 12, widget=forms.HiddenInput)
    version = VersionField()

    def yen(self, name: str) -> Yen:
        return Yen(self.cleaned_data[name])


class BackForm(forms.Form):
    """What comes back at the least, as it stood on the button that stops a batch."""

    back = forms.IntegerField(min_value=0, max_value=10 ** 12, widget=forms.HiddenInput)


class MoreForm(forms.Form):
    """More answers, for what people disagree about."""

    count = CountField(label=gettext_lazy("tasks.run.more.count"), help_text=gettext_lazy("tasks.run.more.count.hint"), at_least=1,
                       at_most=999_999)

    def __init__(self, data=None, *, batch: Batch):
        super().__init__(data)
        self.fields["count"].at_most = min(999_999, batch.items_count * MOST_EACH)

    @property
    def said(self) -> dict:
        return {"count": self.cleaned_data["count"]}


class RaiseForm(forms.Form):
    """A higher price, for what nobody has taken yet."""

    price = YenField(label=gettext_lazy("tasks.run.raise.price"), at_most=MOST_PRICE)

    def __init__(self, data=None, *, batch: Batch):
        super().__init__(data)
        self.batch = batch

    def clean_price(self):
        if self.cleaned_data["price"] <= self.batch.price:
            raise forms.ValidationError(_("tasks.batch.price.only_up"))
        return self.cleaned_data["price"]

    @property
    def said(self) -> dict:
        return {"price": self.cleaned_data["price"]}
