"""Bundles that somebody has taken: the list, giving one back or finishing it, and what became of it."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from machi.shared.errors import DomainError
from machi.tasks import doing
from machi.tasks.actions import agree_to_refusal, appeal, finish_bundle, leave_bundle, undo_answer
from machi.tasks.actions.judging import APPEAL_DAYS
from machi.tasks.models import Answer, Bundle
from machi.tasks.policies import can_answer, can_appeal
from machi.tasks.queries import bundles_under_way
from machi.taxes.queries import is_company
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.tasks.worked import AppealForm, lines, refusal_lines, said_of, under

PAGE = 20


@require_safe
def index(request):
    """What is under way, and what was done: the money and the state of each."""
    is_firm = is_company(request.user)
    pages = Paginator(doing.bundles_done(request.user), PAGE).get_page(request.GET.get("page"))
    return page(request, "tasks/bundles.html", {
        "open": lines(list(bundles_under_way(request.user)), is_firm), "done": lines(list(pages.object_list), is_firm), "pages": pages})


@require_safe
def one(request, pk: int):
    """On to the item that is next; when all are done, to finish it; when it is over, to what became of it."""
    bundle = own_bundle(request, pk)
    if not can_answer(request.user, bundle):
        return redirect("tasks:done", pk=pk)
    asked = request.GET.get("n", "")
    after = doing.next_held(bundle, int(asked) - 1 if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 0)
    return redirect("tasks:answer", pk=pk, number=after) if after else _all_done(request, bundle)


@require_POST
def undo(request, pk: int):
    """The last answer, back to where it was."""
    bundle = own_bundle(request, pk)
    last = doing.last_given(bundle)
    try:
        if last:
            undo_answer(answer=last, by=request.user)
            return redirect("tasks:answer", pk=pk, number=last.position)
        messages.info(request, _("tasks.undo.none"))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("tasks:bundle", pk=pk)


@require_http_methods(["GET", "POST"])
def leave(request, pk: int):
    """Give back what is not answered."""
    bundle, refusal = own_bundle(request, pk), ""
    if request.method == "POST":
        try:
            leave_bundle(bundle=bundle, by=request.user)
            return redirect("tasks:done", pk=pk)
        except DomainError as refused:
            refusal = str(refused)
    if not can_answer(request.user, bundle) and not refusal:
        return redirect("tasks:done", pk=pk)
    return page(request, "tasks/leave.html", under(bundle, request.user) | {"refusal": refusal}, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def finish(request, pk: int):
    """Every item is answered. Whoever comes back to this address is led to where it is said."""
    bundle = own_bundle(request, pk)
    if request.method == "GET":
        return redirect("tasks:bundle", pk=pk)
    try:
        finish_bundle(bundle=bundle, by=request.user)
    except DomainError as refusal:
        if can_answer(request.user, bundle):
            messages.warning(request, str(refusal))
    return redirect("tasks:bundle", pk=pk)


@require_safe
def done(request, pk: int):
    """What it brings, when that arrives, how right it was, and what was refused. Of one that is open what was refused alone: the days
    to appeal run from the refusal on. How right it was would tell which items are golds.
    """
    bundle = own_bundle(request, pk)
    is_open = can_answer(request.user, bundle)
    pages = Paginator(doing.refusals(bundle), PAGE).get_page(request.GET.get("page"))
    if is_open and not pages.paginator.count:
        return redirect("tasks:bundle", pk=pk)
    seen, explained = under(bundle, request.user), [] if is_open else doing.explained(bundle)
    return page(request, "tasks/done.html", seen | {
        "is_open": is_open, "days": doing.arrives(bundle, seen["standing"]), "pages": pages, "appeal_days": APPEAL_DAYS,
        "right": None if is_open else doing.own_accuracy(bundle), "fewest_compared": doing.FEWEST_COMPARED,
        "refusals": refusal_lines(bundle, pages.object_list), "explained": refusal_lines(bundle, explained)})


@require_http_methods(["GET", "POST"])
def agree(request, pk: int, number: int):
    """A refusal is well so."""
    answer = own_answer(request, pk, number)
    if request.method == "GET":
        return redirect("tasks:done", pk=pk)
    try:
        agree_to_refusal(answer=answer, by=request.user)
        messages.success(request, _("tasks.agreed"))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("tasks:done", pk=pk)


@require_http_methods(["GET", "POST"])
def object_to(request, pk: int, number: int):
    """異議: why a refused answer is what was asked for; somebody of the town decides."""
    answer, refusal = own_answer(request, pk, number), ""
    form = AppealForm(sent(request))
    if not can_appeal(request.user, answer):
        refusal = _("tasks.answer.appeal_refused")
    elif form.is_valid():
        try:
            appeal(answer=answer, by=request.user, words=form.cleaned_data["words"])
            messages.success(request, _("tasks.appealed"))
            return redirect("tasks:done", pk=pk)
        except DomainError as refused:
            refusal = str(refused)
    return page(request, "tasks/appeal.html", {
        "form": form, "answer": answer, "bundle": answer.bundle, "batch": answer.bundle.batch, "refusal": refusal,
        "line": said_of(answer.bundle, answer)}, status=409 if refusal and form.is_bound else 422 if form.errors else 200)


def own_bundle(request, pk: int) -> Bundle:
    seen = Bundle.objects.visible_to(request.user).select_related("batch", "batch__client", "form")
    return one_or_404(list(seen.filter(pk=pk).order_by("pk")))


def own_answer(request, pk: int, number: int) -> Answer:
    seen = Answer.objects.filter(bundle=own_bundle(request, pk), position=number).exclude(refused_at=None)
    return one_or_404(list(seen.select_related("item", "batch", "bundle__batch__client", "bundle__form").order_by("pk")))


def _all_done(request, bundle: Bundle):
    return page(request, "tasks/finish.html", under(bundle, request.user) | {"last": doing.last_given(bundle)})
