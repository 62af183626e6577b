"""The rates of a day: consumption tax, what is withheld and what the taxes are called, the deduction of buyers, days of remitting."""
import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from machi.shared import dated
from machi.shared.dated import Row, Steps
from machi.shared.money import Yen

OURS = Path(__file__).parent / "data/taxes.json"
TAXES = ("income", "defence", "reconstruction")


def consumption_tax(on: datetime.date) -> int:
    """The standard rate in 1/10,000 (消費税法29条)."""
    return row("consumption_tax", on).says["basis_points"]


def withholding(on: datetime.date) -> Steps:
    """What is withheld of one payment to one person: each part of it by the rate of its step (所得税法205条). `on`: the day of payment."""
    return dated.steps(row("withholding", on).says["steps"])


def withheld_taxes(on: datetime.date) -> tuple[str, ...]:
    """Which taxes the withheld sum is made of on a day of payment: income, reconstruction (復興特別所得税), from 2027 defence as well."""
    return tuple(row("withholding", on).says["taxes"])


def withheld_name(on: datetime.date) -> str:
    """What a paper has to call the withheld sum when it is paid on this day; the plain name for a day of which no row speaks yet."""
    try:
        made_of = withheld_taxes(on)
    except LookupError:
        return _("money.withheld")
    return _("taxes.withheld.defence") if "defence" in made_of else _("taxes.withheld.reconstruction") if "reconstruction" in made_of \
        else _("taxes.withheld.income")


def small_prize(on: datetime.date) -> Yen:
    """Up to this sum, without tax, paid to one person at once, nothing need be withheld from a prize (所得税基本通達204-10)."""
    return Yen(row("small_prize", on).says["at_most_yen"])


def remit_by(paid_on: datetime.date) -> datetime.date:
    """The last day on which whoever withheld tax of a payment brings it to the tax office: the 10th of the next month."""
    first_of_next = (paid_on.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)
    return first_of_next.replace(day=row("remittance", paid_on).says["day"])


def deduction(on: datetime.date) -> int:
    """How much, in 1/100, a buyer may deduct of the consumption tax that somebody without a number was paid on this day (仕入税額控除の
    経過措置). Before the system of invoices, all of it.
    """
    try:
        return row("deduction", on).says["percent"]
    except LookupError:
        return 100


def deduction_until(on: datetime.date) -> datetime.date | None:
    """The last day of the percentage that holds on this one; None where no other follows."""
    following = [one.since for one in rows("deduction") if one.since > on]
    return min(following) - datetime.timedelta(days=1) if following else None


def changed_at() -> int:
    """When the town's own file was written last (dated.changed_at)."""
    return dated.changed_at(Path(settings.TAXES_FILE))


def row(table: str, on: datetime.date) -> Row:
    """The row in force on a day. Raises LookupError where the law says nothing, ValueError when a file cannot be used."""
    return dated.row(rows(table), on)


def rows(table: str) -> tuple[Row, ...]:
    """All rows of a table, the oldest first."""
    return all_rows(Path(settings.TAXES_FILE))[table]


def all_rows(own: Path) -> dict[str, tuple[Row, ...]]:
    """Every table, with the rows of a town's own file. Raises ValueError in plain words when a file cannot be used."""
    return dated.tables(OURS, own, _CHECKS)


def _part(most: int, name: str):
    def check(said) -> None:
        if type(said[name]) is not int or not 0 <= said[name] <= most:
            raise ValueError(f"{name} is a whole number from 0 to {most}, not {said[name]!r}")
    return check


def _check_withholding(said) -> None:
    dated.steps(said["steps"])
    if not said["taxes"] or set(said["taxes"]) - set(TAXES):
        raise ValueError(f"taxes are some of {', '.join(TAXES)}, not {said['taxes']!r}")


def _check_remittance(said) -> None:
    if said["day"] not in range(1, 29):
        raise ValueError(f"a day from 1 to 28, not {said['day']!r}")


def _check_work(said) -> None:
    if not said["class"] or not isinstance(said["is_withheld"], bool) or not all(isinstance(code, str) for code in said["categories"]):
        raise ValueError(f"a class of work has a name, yes or no, and its categories, unlike {dict(said)}")


_CHECKS = {"consumption_tax": _part(10_000, "basis_points"), "withholding": _check_withholding,
           "small_prize": _part(10 ** 9, "at_most_yen"), "remittance": _check_remittance, "deduction": _part(100, "percent"),
           "work": _check_work}
