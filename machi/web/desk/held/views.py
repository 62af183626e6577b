"""Money that is held for people (お預かりしているお金): how much, for whom, against what lies at the bank; day by day; what is oldest."""
import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from machi.contracts.lifecycle import RUNNING
from machi.contracts.models import Milestone
from machi.payments.models import BankLine, Earning, Refund
from machi.payments.queries import fees_by_month, held_by_day, held_for_batch, held_now
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks.actions.closing import ALIVE
from machi.tasks.models import Batch
from machi.web.desk.works import works
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page

DAYS, MONTHS, OLDEST = 14, 6, 10
WORDS: dict[str, Promise] = {
    "escrow": _("held.escrow"), "pot": _("held.pot"), "batch": _("held.batch"), "worker": _("held.worker"), "transit": _("held.transit"),
    "client_credit": _("held.credit"), "withheld": _("held.withheld"), "tuition": _("held.tuition"), "fee": _("held.fee"),
    "consumption_tax": _("held.tax"), "expense": _("held.expense"), "loss": _("held.loss"), "client_debt": _("held.debt"),
    "suspense": _("held.suspense"), "own": _("held.own"), "tuition_earned": _("held.tuition_earned")}


class Open(NamedTuple):
    """A sum that is open, and since when."""

    what: Promise
    reference: str
    amount: Yen
    since: datetime.date


@at_desk("finance", "auditor")
@require_GET
def held(request):
    now, oldest = held_now(), _oldest()
    return page(request, "desk/held/held.html", {
        "today": now.figure, "owed": _in_words(now.owed), "own": _in_words(now.own), "days": held_by_day(DAYS),
        "months": fees_by_month(MONTHS), "oldest": oldest,
        "works": works([one.reference for one in oldest], request.user)})


def _in_words(sums) -> list[tuple[Promise, Yen]]:
    return [(WORDS[kind], total) for kind, total in sums.items()]


def _oldest() -> list[Open]:
    """What is open for longest, of every sort."""
    steps = Milestone.objects.filter(state__in=RUNNING).exclude(funded_at=None).order_by("funded_at", "pk")[:OLDEST]
    waiting = Earning.objects.filter(payout=None, pay_on__lt=clock.today()).order_by("pay_on", "worker", "pk")[:OLDEST]
    refunds = Refund.objects.exclude(state="paid").order_by("pk")[:OLDEST]
    lines = BankLine.objects.filter(state="open").select_related("row").order_by("pk")[:OLDEST]
    alive = Batch.objects.filter(state__in=ALIVE).order_by("published_at", "pk")[:OLDEST]
    found = [Open(_("held.open.batch"), one.reference, held_for_batch(one.pk), clock.day_of(one.published_at)) for one in alive]
    found += [Open(_("held.open.step"), step.reference, step.held, clock.day_of(step.funded_at)) for step in steps]
    found += [Open(_("held.open.earning"), one.reference, Yen(one.amount_yen), one.pay_on) for one in waiting]
    found += [Open(_("held.open.refund"), one.reference, Yen(one.amount_yen), clock.day_of(one.requested_at)) for one in refunds]
    found += [Open(_("held.open.line"), f"row:{one.row_id}", Yen(one.amount_yen), one.row.booked_on) for one in lines]
    return sorted(found, key=lambda one: (one.since, one.reference))[:OLDEST]
