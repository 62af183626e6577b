"""Appeals (異議): a client refused an answer, its worker says otherwise, and a moderator decides, with words that both read."""
from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from machi.shared.errors import DomainError
from machi.tasks import actions, forms, policies
from machi.tasks.models import Answer, AnswerFile
from machi.tasks.queries import cells_of
from machi.web.desk.appeals.standing import waiting_appeals
from machi.web.frame.answered import said_in
from machi.web.frame.desks import at_desk
from machi.web.frame.fields import CleanText
from machi.web.frame.given import handed_over
from machi.web.frame.jinja import page
from machi.web.frame.media import media_of
from machi.web.frame.sent import sent
from machi.web.frame.words import days_left

PER_PAGE, LATE_DAYS, OTHERS = 20, 7, 20


class DecideForm(django_forms.Form):
    """What is decided, and why."""

    decision = django_forms.ChoiceField(
        label=gettext_lazy("desk.appeal.decision"), widget=django_forms.RadioSelect,
        choices=[("grant", gettext_lazy("desk.appeal.grant")), ("uphold", gettext_lazy("desk.appeal.uphold"))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("choice.required")))
    words = CleanText(label=gettext_lazy("desk.appeal.words"), help_text=gettext_lazy("desk.appeal.words.hint"), max_length=1000,
                      lines=True, rows=5)


@at_desk("moderator")
@require_GET
def appeals(request):
    """What waits, the oldest refusal first. What the two wrote does not stand here."""
    pages = Paginator(waiting_appeals(), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(one, -days_left(one.refused_at), one.part, policies.can_decide_appeal(request.user, one)) for one in pages]
    return page(request, "desk/appeals/list.html", {"pages": pages, "lines": lines, "late": LATE_DAYS})


@at_desk("moderator")
@require_http_methods(["GET", "POST"])
def appeal(request, pk: int):
    """One: what was asked, what was answered, why it was refused, what its worker says; and the decision."""
    found, form = get_object_or_404(waiting_appeals(), pk=pk), DecideForm(sent(request))
    if not form.is_valid():
        return _one(request, found, form, 422 if form.is_bound else 200)
    is_granted, words = form.cleaned_data["decision"] == "grant", form.cleaned_data["words"]
    try:
        actions.decide_appeal(answer=found, by=request.user, is_granted=is_granted, words=words)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _one(request, found, form, 409)
    messages.success(request, _("desk.appeal.granted") if is_granted else _("desk.appeal.upheld"))
    return redirect("desk:appeals")


def _one(request, found: Answer, form: DecideForm, status: int) -> HttpResponse:
    """Whoever is one of the two sides reads nothing here, nor does whoever comes after the decision; somebody else decides."""
    refusal = _not_read(request, found)
    may = not refusal
    parts, way = forms.parse(found.bundle.form.parts), _way(found)
    others = Answer.objects.filter(item=found.item).exclude(pk=found.pk).exclude(state__in=("held", "given_back", "flagged")).order_by("pk")
    cells = cells_of(found.item, found.batch) if may else {}
    return page(request, "desk/appeals/one.html", {
        "answer": found, "may": may, "refusal": refusal, "form": form, "guide": found.bundle.form, "part": found.part,
        "whole": found.bundle.price, "days": -days_left(found.refused_at),
        "cells": list(cells.items()), "media": media_of(parts, cells, found.batch),
        "said": said_in(found.values, parts, way), "result": said_in(found.item.result, parts, way),
        "others": [said_in(values, parts, way) for values in others.values_list("values", flat=True)[:OTHERS]] if may else [],
        "others_count": others.count() if may else 0},
        status=status)


def _not_read(request, found: Answer) -> str:
    """What both wrote is read under a lock, and it leaves a fact; or why it is not read."""
    if not policies.can_decide_appeal(request.user, found):
        return _("tasks.answer.decide_refused")
    try:
        actions.read_appeal(answer=found, by=request.user)
    except DomainError:                             # another moderator was faster
        return _("state.moved_on")
    return ""


@at_desk("moderator")
@require_GET
def appeal_file(request, pk: int, file_pk: int):
    """A file of the answer that is appealed, or of another answer about the same item; for whoever decides, and nobody else."""
    found = get_object_or_404(waiting_appeals(), pk=pk)
    if not policies.can_decide_appeal(request.user, found):
        raise Http404
    given = AnswerFile.objects.handed_over(found.batch).filter(answer__item=found.item)
    return handed_over(get_object_or_404(given.select_related("file"), pk=file_pk).file)


def _way(found: Answer) -> Callable[[str], str]:
    return lambda key: reverse("desk:appeal_file", args=[found.pk, key])
