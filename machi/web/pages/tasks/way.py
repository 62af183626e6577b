"""The way of a draft: which step comes after which, and which of them has what a batch needs before it goes out."""
from collections.abc import Callable, Iterable
from functools import wraps
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from machi.tasks import forms, policies, prices
from machi.tasks.models import Batch, BatchForm, Import
from machi.tasks.queries import lacking_pieces
from machi.web.frame.found import one_or_404

TITLES = {"about": gettext_lazy("tasks.make.about"), "items": gettext_lazy("tasks.make.items"), "form": gettext_lazy("tasks.make.form"),
          "media": gettext_lazy("tasks.make.media"), "trial": gettext_lazy("tasks.make.trial"),
          "price": gettext_lazy("tasks.make.price"), "client": gettext_lazy("tasks.make.client"),
          "pay": gettext_lazy("tasks.make.pay")}
STEPS = tuple(TITLES)


def own_batch(request: HttpRequest, pk: int) -> Batch:
    """For those of its client who read work; for everybody else it is not here."""
    return one_or_404(list(Batch.objects.given_by(request.user).filter(pk=pk).select_related(
        "client", "client__person", "category", "topic")))


def of_a_draft(view: Callable) -> Callable:
    """The view is for whoever may write the draft. Others of its client read what is written so far; what is out has its own page."""
    @wraps(view)
    def door(request: HttpRequest, pk: int) -> HttpResponse:
        batch = own_batch(request, pk)
        if policies.can_edit_batch(request.user, batch):
            return view(request, batch)
        messages.warning(request, _("tasks.batch.edit_refused"))
        return redirect("tasks:run" if batch.is_out else "tasks:pay", pk)
    return door


class Beside(NamedTuple):
    """What is asked about a draft and does not stand in its own row."""

    import_state: str = ""              # of the file that was brought last
    has_form: bool = False
    has_media: bool = False             # its form shows pictures, sounds or films
    lacks_media: bool = False           # some are not in the town yet


def beside(batches: Iterable[Batch]) -> dict[int, Beside]:
    """Of all of them, in three questions."""
    pks = [batch.pk for batch in batches]
    brought = dict(Import.objects.filter(batch__in=pks).order_by("pk").values_list("batch", "state"))       # the last one stays
    parts = dict(BatchForm.objects.filter(batch__in=pks).order_by("version").values_list("batch", "parts"))
    lacking = lacking_pieces(pks)
    return {pk: Beside(brought.get(pk, ""), pk in parts, pk in parts and bool(forms.parse(parts[pk]).media), pk in lacking) for pk in pks}


def is_done(batch: Batch, step: str, known: Beside) -> bool:
    """Does this step have what a batch needs?"""
    match step:
        case "about":
            return bool(batch.title and batch.category_id)
        case "items":
            return batch.items_count > 0 and known.import_state not in ("waiting", "faulty")
        case "form":
            return known.has_form
        case "media":
            return not known.has_media or not known.lacks_media
        case "trial":
            return batch.seconds_each is not None
        case "price":
            return bool(batch.price_yen and batch.seconds_each and batch.price >= prices.least_price(batch.seconds_each))
        case "client":
            return bool((batch.client.name or not batch.client.is_organisation) and batch.client.address)
        case _:
            return batch.is_out


def steps_of(known: Beside) -> tuple[str, ...]:
    """Those of this draft: where nothing but text is shown, nothing else is brought."""
    return STEPS if known.has_media else tuple(step for step in STEPS if step != "media")


def first_open(batch: Batch, known: Beside | None = None) -> str:
    """Where to go on; the last step when every other one has what it needs."""
    known = known or beside([batch])[batch.pk]
    return next((step for step in STEPS[:-1] if not is_done(batch, step, known)), STEPS[-1])


def to_step(batch: Batch, step: str) -> HttpResponse:
    return redirect(f"tasks:{step}", batch.pk)


def after(batch: Batch, step: str) -> str:
    """The next one. Who the client is has mostly been said long ago: then that screen is left out."""
    known = beside([batch])[batch.pk]
    steps = steps_of(known)
    following = steps[steps.index(step) + 1]
    return "pay" if following == "client" and is_done(batch, "client", known) else following


def way_context(batch: Batch | None, step: str) -> dict:
    """What the page of every step shows: where one is, what is done, and the way back."""
    known = beside([batch])[batch.pk] if batch else Beside()
    steps = steps_of(known)
    number = steps.index(step)
    return {"batch": batch, "step": step, "title": TITLES[step], "number": number + 1, "of": len(steps),
            "before": reverse(f"tasks:{steps[number - 1]}", args=[batch.pk]) if batch and number else "",
            "steps": [(key, TITLES[key], is_done(batch, key, known), reverse(f"tasks:{key}", args=[batch.pk])) for key in steps
                      ] if batch else []}
