"""Safety of money (お金の安全): what stopped it, which rows, since when, how it is lifted; and what is late."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.checks import actions as checks
from machi.payments import actions, policies
from machi.payments.models import MoneyStop
from machi.shared.errors import DomainError
from machi.web.desk.safety.forms import AnswerForm, LiftForm, StopForm
from machi.web.desk.safety.showing import board, told
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent

ANSWERS = {"agree": actions.agree_to_lift, "keep": actions.keep_stop}


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def safety(request):
    """Whether money moves, what is late, when the rules were asked; and stopping money, with a reason."""
    form = StopForm(sent(request))
    if not form.is_valid():
        return page(request, "desk/safety/board.html", {**board(), "form": form}, status=422 if form.is_bound else 200)
    stop = actions.stop_money(by=request.user, **form.cleaned_data)
    messages.success(request, _("desk.safety.stopped"))
    return redirect("desk:money_stop", stop.pk)


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def money_stop(request, pk: int):
    """One stop; asking to lift it though it cannot be mended."""
    stop, form = _stop_or_404(pk), LiftForm(sent(request))
    if not form.is_valid():
        return _stop(request, stop, form, status=422 if form.is_bound else 200)
    try:
        actions.ask_to_lift(stop=stop, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _stop(request, stop, form, status=409)
    messages.success(request, _("desk.safety.asked"))
    return redirect("desk:money_stop", pk)


@at_desk("finance")
@require_POST
@proven("POST")
def lift(request, pk: int):
    """The rules are asked once more; when they are clean, money moves again."""
    stop = _stop_or_404(pk)
    try:
        checks.lift(stop=stop, by=request.user)
    except DomainError as refusal:
        return _stop(request, stop, LiftForm(), refusal=str(refusal), status=409)
    messages.success(request, _("desk.safety.lifted"))
    return redirect("desk:safety")


@at_desk("finance")
@require_POST
@proven("POST")
def answer(request, pk: int):
    """The second person agrees that it is lifted, or not."""
    stop, form = _stop_or_404(pk), AnswerForm(request.POST)
    if not form.is_valid() or form.cleaned_data["asked"] != stop.asked_by_id:
        return _stop(request, stop, LiftForm(), refusal=_("desk.safety.changed"), status=422)
    try:
        ANSWERS[form.cleaned_data["answer"]](stop=stop, by=request.user)
    except DomainError as refusal:
        return _stop(request, stop, LiftForm(), refusal=str(refusal), status=409)
    messages.success(request, _("desk.safety.answered"))
    return redirect("desk:safety")


def _stop_or_404(pk: int) -> MoneyStop:
    """Standing or lifted: what was is read here, too."""
    return get_object_or_404(MoneyStop.objects.select_related("raised_by", "asked_by", "lifted_by"), pk=pk)


def _stop(request, stop: MoneyStop, form: LiftForm, *, refusal: str = "", status: int = 200):
    may = {move: policies.can_move_stop(request.user, stop, move) for move in ("lift", "ask", "agree", "keep")}
    return page(request, "desk/safety/stop.html", {"stop": stop, "broken": told(stop.rule) if stop.rule else None, "form": form, "may": may,
                                                   "refusal": refusal}, status=status)
