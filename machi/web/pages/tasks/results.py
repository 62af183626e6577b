"""What came out (結果): how the answers are spread, item by item with how sure one may be, what a person must look at, what is broken."""
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.tasks import actions, forms, policies
from machi.tasks.forms.parts import File
from machi.tasks.models import Answer, Batch, Item, Outcome
from machi.tasks.queries import cells_of, form_of, forms_of, tally_of
from machi.tasks.spreading import spreads
from machi.web.frame.answered import said_in
from machi.web.frame.jinja import page
from machi.web.frame.media import media_of
from machi.web.pages.tasks.drawing import drawn
from machi.web.pages.tasks.running import shown_to_client
from machi.web.pages.tasks.way import own_batch

PER_PAGE, LONGEST = 50, 80
SHOWN = {"all": gettext_lazy("tasks.results.all"), "agreed": gettext_lazy("tasks.item.outcome.agreed"),
         "waiting": gettext_lazy("tasks.item.outcome.waiting"), "person": gettext_lazy("tasks.item.outcome.person"),
         "flagged": gettext_lazy("tasks.results.flagged"), "golds": gettext_lazy("tasks.sum.golds")}
FLAGGED = Exists(Answer.objects.filter(item=OuterRef("pk"), state="flagged"))


class Row(NamedTuple):
    """One item in the list: what it shows, and what it is."""

    item: Item
    shown: str
    said: list[tuple[str, str]]
    sure: int | None                    # percent


@require_GET
def results(request, pk: int):
    """The whole on the first page, and every item."""
    batch = own_batch(request, pk)
    if not batch.is_out:
        return shown_to_client(request, batch)
    show = request.GET.get("show", "")
    show, asked = show if show in SHOWN else "all", cleaned(request.GET.get("q", ""))[:100]
    form = forms.with_old(*forms_of(batch).values())
    paginator = Paginator(_items(batch, show, asked), PER_PAGE)
    if (count := _counted(batch, show, asked)) is not None:
        paginator.count = count
    pages = paginator.get_page(request.GET.get("page"))
    is_whole = show == "all" and not asked and pages.number == 1
    here = reverse("tasks:results", args=[pk])
    return page(request, "tasks/client/results.html", {
        "batch": batch, "form": form, "pages": pages, "rows": [_row(item, batch, form) for item in pages], "show": show, "asked": asked,
        "spreads": spreads(batch, form) if is_whole else [], "counted_at": batch.tallied_at if batch.is_large and batch.spread else None,
        "may_judge": policies.can_judge(request.user, batch),
        "tabs": [(key, words, f"{here}?show={key}") for key, words in SHOWN.items()]})


@require_GET
def item(request, pk: int, number: int):
    """One item: what stood there, all its answers, and what a person may decide about it."""
    batch, found = _one(request, pk, number)
    return _item(request, batch, found)


@require_POST
def decide(request, pk: int, number: int):
    """A person of the client says what an item is about which people disagree."""
    batch, found = _one(request, pk, number)
    form, cells, posted = _decided(batch), cells_of(found, batch), dict(request.POST.lists())
    media = media_of(form, cells, batch)
    if (changed := forms.acted(form, posted)) is not None:
        return _item(request, batch, found, drawn(form, cells, posted=changed, media=media))
    answered = forms.clean(form, posted, cells)
    if answered.errors:
        return _item(request, batch, found, drawn(form, cells, posted=posted, errors=answered.errors, media=media), status=422)
    try:
        actions.decide_item(item=found, by=request.user, result=answered.values | _kept_of(found, batch))
    except DomainError as refusal:
        return _item(request, batch, found, drawn(form, cells, posted=posted, media=media), str(refusal), 409)
    messages.success(request, _("tasks.item.decided"))
    return _to_next(batch, found, Q(outcome=Outcome.PERSON), "person")


@require_POST
def broken(request, pk: int, number: int):
    """Is it broken, as somebody said?"""
    batch, found = _one(request, pk, number)
    said = request.POST.get("is_broken", "")
    if said not in ("yes", "no"):
        return _item(request, batch, found, refusal=_("choice.required"), status=422)
    try:
        actions.decide_flags(item=found, by=request.user, is_broken=said == "yes")
    except DomainError as refusal:
        return _item(request, batch, found, refusal=str(refusal), status=409)
    messages.success(request, _("tasks.item.broken.yes") if said == "yes" else _("tasks.item.broken.no"))
    return _to_next(batch, found, Q(FLAGGED), "flagged")


def shown_of(item: Item, batch: Batch, form: forms.Form) -> str:
    """The first thing that people see of an item, as short as a line."""
    cells = cells_of(item, batch)
    columns = [column for column in form.columns if cells.get(column, "").strip()] or [key for key in cells if cells[key].strip()]
    text = " ".join(cells[columns[0]].split()) if columns else ""
    return text[:LONGEST] + "⋯" if len(text) > LONGEST else text


def _items(batch: Batch, show: str, asked: str):
    found = Item.objects.filter(batch=batch).order_by("number")
    if asked:
        number = Q(number=int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else Q()
        return found.filter(Q(key=asked) | number if number else Q(key=asked))
    if show == "golds":
        return found.filter(truth__isnull=False)
    if show == "flagged":
        return found.filter(FLAGGED)
    found = found.filter(truth__isnull=True)
    done = (Outcome.AGREED, Outcome.DECIDED)
    return found if show == "all" else found.filter(outcome__in=done if show == "agreed" else [show])


def _counted(batch: Batch, show: str, asked: str) -> int | None:
    """How many they are, as the clock has counted the items of a large batch; None: the page counts them."""
    if asked or not batch.is_large or not batch.tally:
        return None
    outcomes = tally_of(batch).outcomes
    done = outcomes[Outcome.AGREED] + outcomes[Outcome.DECIDED]
    return {"all": batch.items_count, "golds": batch.golds_count, "agreed": done}.get(show, outcomes.get(show))


def _row(item: Item, batch: Batch, form: forms.Form) -> Row:
    sure = None if item.confidence is None else round(item.confidence * 100)
    return Row(item, shown_of(item, batch, form), said_in(item.result, form), sure)


def _one(request, pk: int, number: int) -> tuple[Batch, Item]:
    batch = own_batch(request, pk)
    if not batch.is_out or number > 2 ** 31 - 1:
        raise Http404
    return batch, get_object_or_404(Item, batch=batch, number=number)


def _decided(batch: Batch) -> forms.Form:
    """What a person may say about an item: everything but files."""
    form = forms.parse(form_of(batch).parts)
    return forms.Form(tuple(part for part in form.parts if not isinstance(part, File)))


def _kept_of(found: Item, batch: Batch) -> dict:
    """What was given as files, or asked by an older form alone, stays what it is, whatever a person says of the rest."""
    asked = {block.name for block in _decided(batch).blocks}
    return {name: value for name, value in (found.result or {}).items() if name not in asked}


def _item(request, batch: Batch, found: Item, shown=None, refusal: str = "", status: int = 200):
    form, cells = forms.with_old(*forms_of(batch).values()), cells_of(found, batch)
    given = Answer.objects.filter(item=found).exclude(state__in=("held", "given_back")).select_related("bundle__form")
    decided, media = _decided(batch), media_of(form, cells, batch)
    may = policies.can_judge(request.user, batch)
    if shown is None and may and found.outcome == Outcome.PERSON:
        shown = drawn(decided, cells, posted=forms.posted_of(decided, found.result or {}), media=media)
    answers = [(answer, said_in(answer.values, forms.parse(answer.bundle.form.parts)))
               for answer in given.order_by("given_at", "pk")[:PER_PAGE]]
    return page(request, "tasks/client/item.html", {
        "batch": batch, "item": found, "row": _row(found, batch, form), "cells": list(cells.items()), "media": media, "answers": answers,
        "drawn": shown, "is_flagged": Answer.objects.filter(item=found, state="flagged").exists(), "may": may, "refusal": refusal},
        status=status)


def _to_next(batch: Batch, found: Item, wanted: Q, show: str):
    """On to the next one that waits for a person; back to the list when there is none."""
    after = Item.objects.filter(wanted, batch=batch, number__gt=found.number).order_by("number").first()
    return redirect("tasks:item", batch.pk, after.number) if after else redirect(f"{reverse('tasks:results', args=[batch.pk])}?show={show}")
