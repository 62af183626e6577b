"""Corrections of money (訂正): one person of the finance desk asks, another one signs or refuses. Nothing that is written is changed."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.payments import actions, policies
from machi.payments.models import Adjustment
from machi.payments.queries.done import past_adjustments
from machi.shared.errors import DomainError
from machi.web.desk.adjusting.forms import AnswerForm, AskForm
from machi.web.desk.held.views import WORDS
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.problems import limited
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent

PAST = 10


@at_desk("finance")
@limited("find_person")
@require_http_methods(["GET", "POST"])
@proven("POST")
def adjustments(request):
    """What was asked, the newest first, what waits above it; and asking for a correction, whose money is looked for first."""
    form = AskForm(sent(request))
    if "look" in request.POST:
        form.only_look()
        return _board(request, form, status=422 if form.errors else 200)
    if not form.is_valid():
        return _board(request, form, status=422 if form.is_bound else 200)
    try:
        asked = actions.ask_adjustment(by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _board(request, form, status=409)
    messages.success(request, _("adjust.asked"))
    return redirect("desk:adjustment", asked.pk)


@at_desk("finance")
@require_http_methods(["GET"])
def adjustment(request, pk: int):
    """One correction: between which accounts, whose money, who asked and why."""
    return _one(request, _found(pk), AnswerForm())


@at_desk("finance")
@require_POST
@proven("POST")
def answer(request, pk: int):
    """Another person signs, or refuses; whoever asked may only take it back."""
    found, form = _found(pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _one(request, found, form, refusal="" if "words" in form.errors else _("state.moved_on"), status=422)
    try:
        _answer(found, request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _one(request, _found(pk), form, refusal=str(refusal), status=409)
    messages.success(request, _("adjust.signed") if form.cleaned_data["answer"] == "sign" else _("adjust.refused"))
    return redirect("desk:adjustment", pk)


def _answer(found: Adjustment, by, *, answer: str, words: str) -> None:
    if answer == "sign":
        actions.sign_adjustment(adjustment=found, by=by)
    else:
        actions.refuse_adjustment(adjustment=found, by=by, words=words)


def _found(pk: int) -> Adjustment:
    return get_object_or_404(_all(), pk=pk)


def _all():
    return Adjustment.objects.select_related("worker", "party", "party__person", "asked_by", "answered_by")


def _board(request, form: AskForm, *, status: int):
    return page(request, "desk/adjusting/board.html", {
        "form": form, "waiting": list(_all().filter(state="asked").order_by("pk")),
        "past": list(past_adjustments()[:PAST])}, status=status)


def _one(request, found: Adjustment, form: AnswerForm, *, refusal: str = "", status: int = 200):
    return page(request, "desk/adjusting/one.html", {
        "one": found, "form": form, "refusal": refusal, "accounts": [WORDS[kind.name.lower()] for kind in found.pair],
        "may": {move: policies.can_answer_adjustment(request.user, found, move) for move in ("sign", "refuse")},
        "is_own": found.asked_by_id == request.user.pk}, status=status)
