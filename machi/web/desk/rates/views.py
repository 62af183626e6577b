"""Rates of taxes and fees (率): every dated row with its source, what holds today and what will. They are changed in files."""
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.jobs import wages
from machi.payments.fees import plans
from machi.shared import clock
from machi.shared.dated import Row
from machi.taxes.rates import rows
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page

TABLES = ("consumption_tax", "withholding", "small_prize", "remittance", "deduction", "work")


class Line(NamedTuple):
    """One row: what it says, from when until when, who says so, and whether it holds today."""

    says: str
    row: Row
    is_now: bool


@at_desk("finance", "auditor")
@require_GET
def rates(request):
    tables = [(_("desk.rates.fee"), _lines(plans()))] + [(_TITLES[name](), _lines(rows(name))) for name in TABLES]
    tables.append((_("desk.rates.wage"), _lines(wages.rows())))
    return page(request, "desk/rates/list.html", {"tables": tables})


_TITLES = {
    "consumption_tax": lambda: _("desk.rates.consumption_tax"), "withholding": lambda: _("desk.rates.withholding"),
    "small_prize": lambda: _("desk.rates.small_prize"), "remittance": lambda: _("desk.rates.remittance"),
    "deduction": lambda: _("desk.rates.deduction"), "work": lambda: _("desk.rates.work"),
}


def _lines(table: tuple[Row, ...]) -> list[Line]:
    today, found = clock.today(), {}
    for row in table:
        if row.holds_on(today):
            found[_about(row)] = row                        # the newest of what it is about
    return [Line(_said(row), row, found.get(_about(row)) is row) for row in reversed(table)]


def _about(row: Row) -> str:
    return str(row.says.get("form") or row.says.get("class") or "")


def _said(row: Row) -> str:
    """A row as it is written in its file, without its days and its source."""
    return ", ".join(f"{name} {value}" for name, value in row.says.items() if name not in ("from", "until", "source"))
