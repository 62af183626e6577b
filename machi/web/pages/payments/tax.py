"""How a worker stands before the tax law: said once, and counted in every offer after that."""
import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.seals import seal, values_of
from machi.taxes.actions import FIELDS, say_tax_standing
from machi.taxes.models import TaxStanding
from machi.taxes.numbers import checked
from machi.taxes.queries import standing_of
from machi.web.frame.fields import CleanText, DayField
from machi.web.frame.jinja import page
from machi.web.frame.sections import SectionForm
from machi.web.frame.sent import sent
from machi.web.pages.jobs.fields import ChoiceOfOne

SYSTEM_BEGAN = datetime.date(2023, 10, 1)           # 適格請求書等保存方式: nobody is registered since before
LONGEST_NUMBER = 40                                 # with spaces and hyphens, as people copy it


class TaxForm(SectionForm):
    """A person or a company, with employees or without, and the number of whoever has one. The number is checked as far as it can be."""

    kind = ChoiceOfOne(label=gettext_lazy("taxes.kind.label"), help_text=gettext_lazy("taxes.kind.hint"), choices=TaxStanding.Kind.choices)
    has_employees = forms.BooleanField(label=gettext_lazy("taxes.employees.label"), help_text=gettext_lazy("taxes.employees.hint"),
                                       required=False)
    number = CleanText(label=gettext_lazy("taxes.number.label"), help_text=gettext_lazy("taxes.number.hint"), required=False,
                       max_length=LONGEST_NUMBER)
    valid_from = DayField(label=gettext_lazy("taxes.valid_from.label"), help_text=gettext_lazy("taxes.valid_from.hint"), required=False)

    @classmethod
    def of(cls, standing: TaxStanding | None, data=None) -> "TaxForm":
        """The form with what somebody has said until now; at first, what counts as long as nothing is said."""
        saved = values_of(standing or TaxStanding(), FIELDS)
        return cls(data, initial=saved).read(seal(saved))

    def clean(self) -> dict:
        typed = super().clean()
        number, day = typed.get("number"), typed.get("valid_from")
        if number:
            found = checked(number, is_company=typed.get("kind") == TaxStanding.Kind.COMPANY)
            typed["number"] = found.number
            if found.fault:
                self.add_error("number", found.fault)
        if number and "valid_from" in typed and not day:
            self.add_error("valid_from", _("taxes.number.day"))
        if day and "number" in typed and not number:
            self.add_error("number", _("taxes.number.missing"))
        return typed

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if day and not (SYSTEM_BEGAN <= day <= clock.today().replace(year=clock.today().year + 1, day=1)):
            raise ValidationError(_("taxes.valid_from.range"))
        return day


@require_http_methods(["GET", "POST"])
def tax(request):
    """What the town knows of it, what follows from it, and the form to say it."""
    form, status = TaxForm.of(standing_of(request.user), sent(request)), 422
    if form.is_valid():
        try:
            say_tax_standing(by=request.user, seen=form.seal, **form.cleaned_data)
            messages.success(request, _("taxes.saved"))
            return redirect("payments:tax")
        except DomainError as refusal:
            form.refuse(refusal, TaxForm.of(standing_of(request.user)).initial)
            status = 409
    standing = standing_of(request.user)
    return page(request, "payments/tax.html", {"form": form, "standing": standing, "warning": _warning(standing)}, part="form",
                status=status if form.is_bound else 200)


def _warning(standing: TaxStanding | None) -> str:
    """What to look at once more: a digit that may be another."""
    return checked(standing.number, is_company=standing.is_company).warning if standing and standing.number else ""
