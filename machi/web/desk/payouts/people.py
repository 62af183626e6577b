"""One person who is paid: what is due, why it is held, and letting it rest until a day, with a reason that they read."""
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.accounts.models import User
from machi.payments import actions
from machi.payments.models import Payout
from machi.payments.queries import bank_account_of, is_payers_own, pause_of, payouts_of, surely_not_sent, waiting_for, why_held
from machi.shared.errors import DomainError
from machi.web.desk.payouts.forms import PauseForm, PayeeForm, UnsentForm
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent

SHOWN = 20
MOVES = {"end": lambda worker, by, _named_at: actions.end_pause(worker=worker, by=by),
         "confirm": lambda worker, by, named_at: actions.confirm_holder(worker=worker, named_at=named_at, by=by),
         "shared": lambda worker, by, named_at: actions.confirm_shared(worker=worker, named_at=named_at, by=by)}


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def payee(request, pk: int):
    """What this person waits for; and letting their payouts rest."""
    worker, form = _payee_or_404(pk), PauseForm(sent(request))
    if not form.is_valid():
        return _payee(request, worker, form, status=422 if form.is_bound else 200)
    try:
        actions.pause_payouts(worker=worker, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _payee(request, worker, form, status=409)
    messages.success(request, _("desk.payee.paused"))
    return redirect("desk:payee", pk)


@at_desk("finance")
@require_POST
@proven("POST")
def move_payee(request, pk: int):
    """The rest is over before its day, the holder's name is right, or an account may be a payer's too."""
    worker, form = _payee_or_404(pk), PayeeForm(request.POST)
    if not form.is_valid():
        return _payee(request, worker, PauseForm(), refusal=_("state.moved_on"), status=422)
    try:
        MOVES[form.cleaned_data["move"]](worker, request.user, form.cleaned_data["named_at"])
    except DomainError as refusal:
        return _payee(request, worker, PauseForm(), refusal=str(refusal), status=409)
    messages.success(request, _("desk.payee.done"))
    return redirect("desk:payee", pk)


@at_desk("finance")
@require_POST
@proven("POST")
def unsent(request, pk: int):
    """The bank never carried a payment of this person, and its statement shows it."""
    worker = _payee_or_404(pk)
    form = UnsentForm(request.POST, payouts=_overdue(worker))
    if not form.is_valid():
        return _payee(request, worker, PauseForm(), unsent_form=form, status=422)
    payout = worker.payouts.get(pk=int(form.cleaned_data["payout"]))
    try:
        actions.say_not_sent(payout=payout, by=request.user, reason=form.cleaned_data["reason"])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _payee(request, worker, PauseForm(), unsent_form=form, status=409)
    messages.success(request, _("desk.payee.done"))
    return redirect("desk:payee", pk)


def _overdue(worker: User) -> list[Payout]:
    """What was told to the bank, and of which the statement would know by now."""
    return surely_not_sent(payouts_of(worker).select_related("batch")[:SHOWN])


def _payee_or_404(pk: int) -> User:
    """Somebody who earned something here, or named an account."""
    return get_object_or_404(User.objects.filter(Q(bank_account__isnull=False) | Q(earnings__isnull=False)).distinct(), pk=pk)


def _payee(request, worker: User, form: PauseForm, *, unsent_form: UnsentForm | None = None, refusal: str = "", status: int = 200):
    account, pause, overdue = bank_account_of(worker), pause_of(worker), _overdue(worker)
    return page(request, "desk/payouts/payee.html", {
        "worker": worker, "account": account, "pause": pause, "why": why_held(account, pause), "waiting": waiting_for(worker), "form": form,
        "unsent": unsent_form or (UnsentForm(payouts=overdue) if overdue else None),
        "payouts": [(one, str(one.get_state_display())) for one in payouts_of(worker)[:SHOWN]], "refusal": refusal,
        "is_shared": is_payers_own(account)}, status=status)
