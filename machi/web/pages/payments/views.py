"""What a worker earned, as a list; and the statement of one piece of work, for both sides."""
import datetime
from typing import NamedTuple

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from machi.notifications.words import day
from machi.payments.models import Adjustment, Earning
from machi.payments.queries import (
    Holding,
    came_back,
    earnings_of,
    holding_of,
    monthly_average,
    next_payment,
    payouts_of,
    reaches_on,
    reward_delivered,
    settlement_of,
    waiting_for,
)
from machi.shared import clock
from machi.taxes.rates import deduction, deduction_until
from machi.web.frame.jinja import page
from machi.web.pages.contracts.standing import client_called
from machi.web.pages.payments.account import shown

SHOWN, PAYOUTS_SHOWN = 20, 12


class Line(NamedTuple):
    """One earning in the list: whose money, how much, and where it is now."""

    earning: Earning
    client: str
    badge: tuple[str, str]


@require_GET
def earnings(request):
    """The next payment first, then everything that was earned, with the place where each sum is now."""
    user, holding = request.user, holding_of(request.user)
    pages = Paginator(earnings_of(user), SHOWN).get_page(request.GET.get("page"))
    return page(request, "payments/earnings.html", {
        "next": next_payment(user), "delivered": reward_delivered(of=user).amount, "waiting": waiting_for(user),
        "average": monthly_average(user),
        "account": shown(holding.account) if holding.account else None, "came_back": came_back(user), "pages": pages,
        "lines": [Line(earning, paid_by(earning), place_of(earning, holding)) for earning in pages],
        "payouts": [(payout, str(payout.get_state_display())) for payout in payouts_of(user)[:PAYOUTS_SHOWN]]})


def paid_by(earning: Earning) -> str:
    """Whose money it was: the client's, or the town's own, where it put something right."""
    return client_called(earning.party) if earning.party else _("adjust.by_town")


def place_of(earning: Earning, holding: Holding | None) -> tuple[str, str]:
    """Where the money of an earning is now, as a badge: a state and its words. What keeps it here is its worker's alone to read; a client
    (no `holding`) only reads that it waits once its day cannot be kept.
    """
    if earning.payout is None:
        return "queued", _waits(earning, holding)
    if earning.payout.is_paid:
        return "paid", _("earning.arrived") % {"day": day(earning.payout.paid_on)}
    return "sending", _("earning.set_aside") if earning.payout.is_set_aside else _("earning.on_its_way")


def _waits(earning: Earning, holding: Holding | None) -> str:
    on = reaches_on(earning)
    if holding and holding.account is None:
        return _("earning.waits_for_account")
    if holding.why(on) if holding else on > earning.pay_on:
        return _("earning.waits")
    return _("earning.waits_until") % {"day": day(on)}


@require_GET
def statement(request, pk: int):
    """Both sides' money of one piece of work, exactly as agreed (明細), as a page to print."""
    ours = Earning.objects.visible_to(request.user).select_related("payout", "party", "party__person", "worker")
    earning = get_object_or_404(ours, pk=pk)
    is_worker, on = earning.worker_id == request.user.pk, clock.day_of(earning.earned_at)
    number = earning.registered_number
    return page(request, "payments/statement.html", {
        "earning": earning, "money": settlement_of(earning), "side": "worker" if is_worker else "client",
        "why": Adjustment.objects.filter(pk=earning.about.removeprefix("adjust:")).first() if earning.party is None else None,
        "number": number, "deduction": None if number or is_worker else deduction_words(on),
        "client": paid_by(earning), "work": _work_of(earning),
        "badge": place_of(earning, holding_of(request.user) if is_worker else None)})


def deduction_words(on: datetime.date) -> str:
    """What a buyer may deduct of the tax they paid to somebody without a number (経過措置); nothing else follows from it."""
    until = deduction_until(on)
    gaps = {"percent": deduction(on), "until": day(until) if until else ""}
    return _("statement.deduction") % gaps if until else _("statement.deduction.none") if not gaps["percent"] else ""


def _work_of(earning: Earning) -> tuple[str, str]:
    """Where the work of an earning stands, and what that place is called."""
    kind, _colon, number = earning.about.partition(":")
    if kind == "adjust":
        return reverse("payments:earnings"), _("earnings.title")
    if kind == "job":
        return reverse("jobs:detail", args=[int(number)]), _("statement.contest")
    if kind == "batch":
        return reverse("tasks:batch", args=[int(number)]), _("statement.batch")
    return reverse("contracts:room", args=[int(number)]), _("statement.contract")
