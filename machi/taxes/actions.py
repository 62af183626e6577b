"""Verbs of the room of taxes: somebody says how they stand."""
import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.seals import refuse_if_overtaken, values_of
from machi.taxes import facts
from machi.taxes.models import TaxStanding
from machi.taxes.numbers import checked

FIELDS = ("kind", "has_employees", "number", "valid_from")


@transaction.atomic
def say_tax_standing(*, by, kind: str, has_employees: bool, number: str, valid_from: datetime.date | None,
                     seen: str | None = None) -> TaxStanding:
    """A worker says how they stand before the tax law. What was agreed before stays as it was agreed.

    `seen` is the seal of what the form had read; raises Overtaken where another window saved something else meanwhile, and DomainError
    for a number that cannot be.
    """
    by = type(by).objects.select_for_update(no_key=True).get(pk=by.pk)
    found = checked(number, is_company=kind == TaxStanding.Kind.COMPANY) if number else None
    if found and found.fault:
        raise DomainError(found.fault)
    if bool(found) != (valid_from is not None):
        raise DomainError(_("taxes.number.day"))
    typed = {"kind": kind, "has_employees": has_employees, "number": found.number if found else "", "valid_from": valid_from}
    standing = TaxStanding.objects.filter(user=by).first() or TaxStanding(user=by)
    refuse_if_overtaken(seen, values_of(standing, typed), typed)
    for name, value in typed.items():
        setattr(standing, name, value)
    standing.said_at = clock.now()
    standing.save()
    activity.record(actor=by, fact=facts.STANDING_SAID, about=f"user:{by.pk}")
    return standing
