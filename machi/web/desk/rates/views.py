"""Rates of taxes and fees (率), and the days and duties of law: every dated row with its source, what holds today and what will. They are
changed in files.
"""
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET

from machi.contracts.law import LAWS
from machi.jobs import wages
from machi.jobs.models import Job
from machi.notifications.words import yen
from machi.payments.fees import plans
from machi.shared import clock
from machi.shared.dated import Row, steps
from machi.taxes import laws
from machi.taxes.rates import rows
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page

TABLES = ("consumption_tax", "withholding", "small_prize", "remittance", "deduction", "work")


class Line(NamedTuple):
    """One row: what it says, from when until when, who says so, and whether it holds today; of a fee and a law also in words."""

    says: str
    row: Row
    is_now: bool
    words: str


@at_desk("finance", "auditor")
@require_GET
def rates(request):
    tables = [(_("desk.rates.fee"), _lines(plans(), _fee))] + [(_TITLES[name](), _lines(rows(name))) for name in TABLES]
    tables.append((_("desk.rates.wage"), _lines(wages.rows())))
    tables.append((_("desk.rates.laws"), _lines(laws.rows(), _duty)))
    return page(request, "desk/rates/list.html", {"tables": tables})


_TITLES = {
    "consumption_tax": lambda: _("desk.rates.consumption_tax"), "withholding": lambda: _("desk.rates.withholding"),
    "small_prize": lambda: _("desk.rates.small_prize"), "remittance": lambda: _("desk.rates.remittance"),
    "deduction": lambda: _("desk.rates.deduction"), "work": lambda: _("desk.rates.work"),
}


_OTHER_FORMS = {"package": gettext_noop("package.list"), "task": gettext_noop("desk.rates.fee.task"),
                "bonus": gettext_noop("desk.rates.fee.bonus")}
_DUTIES = {
    "writing": gettext_noop("law.nine"), "pay_date": gettext_noop("desk.rates.laws.pay_date"), "acts": gettext_noop("law.acts"),
    "care": gettext_noop("talk.care"), "notice": gettext_noop("law.end"), "price_talk": gettext_noop("talk.price"),
    "answer": gettext_noop("desk.rates.laws.answer")}


def _lines(table: tuple[Row, ...], in_words: Callable[[Row], str] = lambda row: "") -> list[Line]:
    today, found = clock.today(), {}
    for row in table:
        if row.holds_on(today):
            found[_about(row)] = row                        # the newest of what it is about
    return [Line(_said(row), row, found.get(_about(row)) is row, in_words(row)) for row in reversed(table)]


def _about(row: Row) -> str:
    return str(row.says.get("form") or row.says.get("class") or row.says.get("duty") or "")


def _fee(row: Row) -> str:
    """The fee of a form of work in words, from both sides."""
    form = row.says["form"]
    named = Job.Form(form).label if form in Job.Form.values else _(_OTHER_FORMS[form])
    worker, client = (_in_steps(row.says[side]) or _("desk.rates.fee.none") for side in ("worker", "client"))
    return _("desk.rates.fee.words") % {"form": named, "worker": worker, "client": client}


def _in_steps(said) -> str:
    """The rate of each part of the price with tax; nothing where this side pays nothing."""
    parts = steps(said)
    if not any(rate for _start, rate in parts):
        return ""
    ends = [start for start, _rate in parts[1:]] + [None]
    return " · ".join(_part(start, end, f"{rate / 100:g}") for (start, rate), end in zip(parts, ends, strict=True))


def _part(start: int, end: int | None, percent: str) -> str:
    told = {"percent": percent, "start": yen(start), "end": yen(end or 0)}
    if end is None:
        return (_("flow.fee.above") if start else _("flow.fee.all")) % told
    return (_("flow.fee.between") if start else _("flow.fee.until")) % told


def _duty(row: Row) -> str:
    """A duty of law in words: which law, what it asks, of whom, from how long a contract on, and within how many days."""
    said = row.says
    named, duty = LAWS.get(said["law"]), _DUTIES[said["duty"]]
    law = f"{_(named) if named else _('law.by.town')} {said['article']}".strip()
    parts = [_("desk.rates.laws.employees")] if said["needs_employees"] else []
    months, days = said["months"], said.get("days")
    parts += [ngettext("desk.rates.laws.months", "desk.rates.laws.months", months) % {"n": months}] if months else []
    parts += [ngettext("desk.rates.laws.days", "desk.rates.laws.days", days) % {"n": days}] if days is not None else []
    text = _("desk.rates.laws.duty_of") if parts else _("desk.rates.laws.duty")
    return text % {"law": law, "duty": _(duty), "more": " · ".join(parts)}


def _said(row: Row) -> str:
    """A row as it is written in its file, without its days and its source."""
    return ", ".join(f"{name} {value}" for name, value in row.says.items() if name not in ("from", "until", "source"))
