"""Questions about how people stand before the tax law."""
import datetime
from collections.abc import Iterable

from machi.taxes.models import TaxStanding


def standing_of(user) -> TaxStanding | None:
    """What somebody has said of themselves; None as long as they said nothing."""
    return TaxStanding.objects.filter(user=user).first()


def is_company(user) -> bool:
    """Is whoever works a company (法人)? Then no income tax is withheld from their pay."""
    return TaxStanding.objects.filter(user=user, kind=TaxStanding.Kind.COMPANY).exists()


def companies_among(users: Iterable[int]) -> set[int]:
    """Those of these people who work as a company."""
    return set(TaxStanding.objects.filter(user__in=users, kind=TaxStanding.Kind.COMPANY).order_by("user").values_list("user", flat=True))


def number_on(user, day: datetime.date) -> str:
    """The registration number somebody had on a day; empty where they had none, or none yet."""
    return TaxStanding.objects.filter(user=user, valid_from__lte=day).values_list("number", flat=True).first() or ""


def numbers_on(users: Iterable[int], day: datetime.date) -> dict[int, str]:
    """The same of many people; who had none is not among them."""
    had = TaxStanding.objects.filter(user__in=users, valid_from__lte=day).exclude(number="")
    return dict(had.order_by("user").values_list("user", "number"))
