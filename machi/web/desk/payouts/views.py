"""Payouts (出金): what leaves when, who is held and why; a batch is put together, agreed to, made into a file, given to the bank."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.checks import actions as checks
from machi.payments import actions, policies
from machi.payments.figures import has_own_account, payout_figure
from machi.payments.models import PayoutBatch
from machi.payments.queries import batches, ended_of, hand_in_of, held_back, told, waiting_batches, waiting_payouts
from machi.payments.queries.done import UNDER_WAY, past_batches
from machi.shared.errors import DomainError
from machi.web.desk.payouts.forms import MoveForm, ProposeForm
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven

PAST, SHOWN, MOST = 10, 50, 50
MOVES = {"approve": actions.approve_batch, "withdraw": actions.withdraw_batch, "give": actions.give_batch}
DONE = {"approve": gettext_lazy("desk.batch.approved"), "withdraw": gettext_lazy("desk.batch.withdrawn"),
        "give": gettext_lazy("desk.batch.given")}


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def payouts(request):
    """What waits, day by day; and putting one day together, after every rule of the books was asked."""
    if request.method == "GET":
        return _board(request)
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _board(request, refusal=_("batch.changed"), status=422)
    try:
        made = checks.propose_batch(by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _board(request, refusal=str(refusal), status=409)
    messages.success(request, _("desk.batch.proposed"))
    return redirect("desk:batch", made.pk)


@at_desk("finance")
@require_GET
def batch(request, pk: int):
    """One batch: how much, who did what, and the people it pays."""
    return _batch(request, _batch_or_404(pk))


@at_desk("finance")
@require_POST
@proven("POST")
def move(request, pk: int):
    """Agree to it, take it back, or say that the bank has it."""
    found, form = _batch_or_404(pk), MoveForm(request.POST)
    if not form.is_valid():
        return _batch(request, found, refusal=_("state.moved_on"), status=422)
    try:
        MOVES[form.cleaned_data["move"]](batch=found, by=request.user)
    except DomainError as refusal:
        return _batch(request, found, refusal=str(refusal), status=409)
    messages.success(request, DONE[form.cleaned_data["move"]])
    return redirect("desk:batch", pk)


@at_desk("finance")
@require_POST
@proven("POST")
def file(request, pk: int):
    """The file for the bank. From the first time on its payouts are on their way."""
    found = _batch_or_404(pk)
    try:
        data = checks.take_file(batch=found, by=request.user)
    except DomainError as refusal:
        return _batch(request, found, refusal=str(refusal), status=409)
    named = f'attachment; filename="machi-{found.value_on:%Y%m%d}-{found.pk}.txt"'
    return HttpResponse(data, content_type="application/octet-stream", headers={"Content-Disposition": named})


def _batch_or_404(pk: int) -> PayoutBatch:
    return get_object_or_404(batches(), pk=pk)


def _board(request, *, refusal: str = "", status: int = 200):
    waiting, lacking = [], ""
    if has_own_account():
        try:
            waiting = waiting_batches(waiting_payouts(), told().rules)
        except DomainError as fault:
            lacking = str(fault)
    under_way = batches().filter(state__in=UNDER_WAY).order_by("value_on", "pk")
    return page(request, "desk/payouts/board.html", {
        "is_by_file": has_own_account(), "lacking": lacking, "waiting": waiting, "held": held_back(at_most=MOST), "refusal": refusal,
        "limit": payout_figure("two_people_above_yen"), "under_way": list(under_way[:MOST]),
        "past": list(past_batches()[:PAST])}, status=status)


def _batch(request, found: PayoutBatch, *, refusal: str = "", status: int = 200):
    pages = Paginator(found.payouts.select_related("worker").order_by("pk"), SHOWN).get_page(request.GET.get("page"))
    may = {move: policies.can_move_batch(request.user, found, move) for move in ("approve", "withdraw", "write", "give")}
    return page(request, "desk/payouts/batch.html", {
        "batch": found, "pages": pages, "lines": [(one, str(one.get_state_display())) for one in pages], "may": may, "refusal": refusal,
        "until": hand_in_of(found), "ended": [(state.label, count) for state, count in ended_of(found)]}, status=status)
