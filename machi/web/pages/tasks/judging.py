"""The client looks at answers (検収): approves them, says what must be better and pays a part all the same, or takes that back."""
import datetime

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.tasks import actions, forms, policies
from machi.tasks.actions.judging import APPEAL_DAYS, LEAST_REASON
from machi.tasks.models import Answer, Batch
from machi.tasks.policies import approved_from
from machi.tasks.queries import to_judge
from machi.web.frame.answered import said_in
from machi.web.frame.fields import CleanText
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.jobs.fields import CountField
from machi.web.pages.tasks.results import shown_of
from machi.web.pages.tasks.running import shown_to_client
from machi.web.pages.tasks.way import own_batch

PER_PAGE = 50
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class RefuseForm(django_forms.Form):
    """Why, in words from which somebody can learn, and how much is paid all the same."""

    reason = CleanText(label=gettext_lazy("tasks.refuse.reason"), help_text=gettext_lazy("tasks.refuse.reason.hint"), max_length=500,
                       lines=True, rows=4)
    paid_percent = CountField(label=gettext_lazy("tasks.refuse.part"), help_text=gettext_lazy("tasks.refuse.part.hint"), at_least=0,
                              at_most=99, initial=50)

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < LEAST_REASON:
            raise django_forms.ValidationError(_("tasks.answer.refuse.reason") % {"n": LEAST_REASON})
        return reason


@require_http_methods(["GET", "POST"])
def judge(request, pk: int):
    """Answers that wait; approved one by one, or all at once."""
    batch = own_batch(request, pk)
    if not batch.is_out:
        return shown_to_client(request, batch)
    if request.method == "GET":
        return _judge(request, batch)
    wanted = _wanted(request.POST)
    if wanted is None:
        return _judge(request, batch, _("tasks.judge.choose"), 422)
    try:
        done = actions.approve_answers(batch=batch, by=request.user, **wanted)
    except DomainError as refusal:
        return _judge(request, batch, str(refusal), 409)
    messages.success(request, ngettext("tasks.judge.approved", "tasks.judge.approved", done) % {"num": f"{done:,}"})
    return redirect("tasks:judge", pk)


@require_http_methods(["GET", "POST"])
def refuse(request, pk: int):
    """The chosen ones, what is said to those who gave them, and what they are paid."""
    batch = own_batch(request, pk)
    chosen = _chosen(batch, request.POST.getlist("answer") if request.method == "POST" else request.GET.getlist("answer"))
    if not chosen or not policies.can_judge(request.user, batch):
        messages.warning(request, _("tasks.judge.choose") if policies.can_judge(request.user, batch) else _("tasks.answer.judge_refused"))
        return redirect("tasks:judge" if batch.is_out else "tasks:pay", pk)
    form = RefuseForm(sent(request))
    if not form.is_valid():
        return _refuse(request, batch, chosen, form, 422 if form.is_bound else 200)
    try:
        done = len(actions.refuse_answers(batch=batch, by=request.user, answers=[one.pk for one in chosen], **form.cleaned_data))
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _refuse(request, batch, chosen, form, 409)
    messages.success(request, ngettext("tasks.refuse.done", "tasks.refuse.done", done) % {"num": done})
    return redirect("tasks:judge", pk)


@require_POST
def take_back(request, pk: int):
    """The client has looked again: it is approved after all."""
    batch = own_batch(request, pk)
    answer = Answer.objects.filter(batch=batch, pk__in=_numbers([request.POST.get("answer", "")])).select_related("batch").first()
    if answer is None:
        return redirect("tasks:judge" if batch.is_out else "tasks:pay", pk)
    try:
        actions.take_refusal_back(answer=answer, by=request.user)
    except DomainError as refusal:
        return _judge(request, batch, str(refusal), 409)
    messages.success(request, _("tasks.refuse.taken_back"))
    return redirect(f"{reverse('tasks:judge', args=[pk])}?show=refused")


def _wanted(typed) -> dict | None:
    """Which ones: those that were chosen, or all that waited when the page was drawn. None: neither was said."""
    drawn_at = typed.get("drawn_at", "")
    if typed.get("which") == "all" and drawn_at.isascii() and drawn_at.isdecimal() and len(drawn_at) < 18:
        return {"until_at": EPOCH + datetime.timedelta(microseconds=int(drawn_at))}
    chosen = _numbers(typed.getlist("answer"))
    return {"answers": chosen} if chosen else None


def _numbers(said: list[str]) -> list[int]:
    return [int(one) for one in said[:PER_PAGE] if one.isascii() and one.isdecimal() and len(one) < 18]


def _chosen(batch: Batch, said: list[str]) -> list[Answer]:
    """Of those that wait; somebody else may have looked at some meanwhile."""
    return list(to_judge(batch).filter(pk__in=_numbers(said)).select_related("item", "bundle__form", "batch"))


def _judge(request, batch: Batch, refusal: str = "", status: int = 200) -> HttpResponse:
    drawn_at = (clock.now() - EPOCH) // datetime.timedelta(microseconds=1)         # before anything is counted
    show = "refused" if request.GET.get("show") == "refused" else "given"
    disputed = Answer.objects.filter(batch=batch, state__in=("refused", "appealed")).order_by("-refused_at", "pk")
    found = disputed if show == "refused" else to_judge(batch)
    pages = Paginator(found.select_related("item", "bundle__form", "batch"), PER_PAGE).get_page(request.GET.get("page"))
    here = reverse("tasks:judge", args=[batch.pk])
    waiting = to_judge(batch).aggregate(yen=Sum("bundle__price_yen"))["yen"] or 0 if show == "given" else 0
    return page(request, "tasks/client/judge.html", {
        "batch": batch, "show": show, "pages": pages, "refusal": refusal, "waiting": Yen(waiting), "drawn_at": drawn_at,
        "appeal_days": APPEAL_DAYS, "rows": [_row(answer, batch) for answer in pages],
        "may_judge": policies.can_judge(request.user, batch),
        "tabs": [("given", _("tasks.judge.given"), here), ("refused", _("tasks.judge.refused"), f"{here}?show=refused")]}, status=status)


def _row(answer: Answer, batch: Batch) -> dict:
    """An answer beside what the item is, as far as that is known; in the words of the form that it was given with."""
    form, values, known = forms.parse(answer.bundle.form.parts), answer.values or {}, answer.item.result or {}
    differs = [block.label for block in form.blocks if forms.unit(block) is not forms.Unit.NONE and values and block.name in known
               and values.get(block.name) != known[block.name]]
    return {"answer": answer, "shown": shown_of(answer.item, batch, form), "said": said_in(answer.values, form), "differs": differs,
            "until": approved_from(answer)}


def _refuse(request, batch: Batch, chosen: list[Answer], form: RefuseForm, status: int) -> HttpResponse:
    return page(request, "tasks/client/refuse.html", {
        "batch": batch, "form": form, "rows": [_row(answer, batch) for answer in chosen], "appeal_days": APPEAL_DAYS,
        "whole": Yen(sum(answer.bundle.price_yen for answer in chosen))}, status=status)
