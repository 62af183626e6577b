"""The client pays in (仮払い): a batch goes out, gets more answers, brings more; each time every part of the sum is said before."""
from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.jobs.errors import WordsStopped
from machi.notifications.words import yen
from machi.payments.paydays import pay_day
from machi.payments.queries import deposit_of, has_own_account, slots_place
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.tasks import actions, forms, policies, prices
from machi.tasks.actions.publishing import asked_for
from machi.tasks.models import Batch, Item, Slots
from machi.tasks.queries import cells_of, form_of, may_be_free, unpublishable, waiting_slots
from machi.web.frame.jinja import lead, page
from machi.web.frame.media import media_of
from machi.web.frame.proof import proven
from machi.web.pages.tasks.drawing import drawn
from machi.web.pages.tasks.paying_forms import AmountForm, MoreForm, RaiseForm
from machi.web.pages.tasks.way import first_open, own_batch, to_step, way_context

deed = require_http_methods(["GET", "POST"])
moves_money = proven("POST")                        # not for a stranger at an open browser (trust.md T14)


@deed
@moves_money
def pay(request, pk: int):
    """The last step: the batch as people will read it, every part of the sum, and the one button that brings it out."""
    batch = own_batch(request, pk)
    if batch.is_out:
        return to_step(batch, "run")
    form = AmountForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _pay(request, batch, "" if request.method == "GET" else _("post.changed_meanwhile"), 200 if request.method == "GET" else 409)
    try:
        actions.publish_batch(batch=batch, by=request.user, amount=form.yen("amount"), version=form.cleaned_data["version"])
    except DomainError as refusal:
        return _pay(request, own_batch(request, pk), str(refusal), 422 if isinstance(refusal, WordsStopped) else 409)
    return to_transfer(request, batch)


@deed
@moves_money
def top_up(request, pk: int):
    """More answers, for what people disagree about: how many, then what they cost, then the button."""
    return _more(request, own_batch(request, pk), TOP_UP)


@deed
@moves_money
def raise_price(request, pk: int):
    """A higher price: how much, then what it costs for all that nobody has taken yet, then the button."""
    return _more(request, own_batch(request, pk), RAISE)


class More(NamedTuple):
    """A deed that costs something more: its words, its form, what it comes to, and the action."""

    why: str
    step: str
    title: Promise
    lead: Promise
    form: type[MoreForm] | type[RaiseForm]
    asked: Callable[[Batch, dict], Yen]
    act: Callable


TOP_UP = More(Slots.Why.TOP_UP, "top_up", gettext_lazy("tasks.run.more"), gettext_lazy("tasks.run.more.lead"), MoreForm,
              lambda batch, said: asked_for(batch, Slots.Why.TOP_UP, said["count"], batch.price_yen),
              lambda form, **named: actions.top_up(pot=form.yen("pot"), **named))
RAISE = More(Slots.Why.RAISE, "raise", gettext_lazy("tasks.run.raise"), gettext_lazy("tasks.run.raise.lead"), RaiseForm,
             lambda batch, said: asked_for(batch, Slots.Why.RAISE, 0, int(said["price"])),
             lambda form, **named: actions.raise_price(**named))


def _more(request, batch: Batch, more: More) -> HttpResponse:
    if not policies.can_pay_for_batch(request.user, batch) or not batch.is_out:
        return to_step(batch, "run")
    told = more.form(request.POST if request.method == "POST" else request.GET or None, batch=batch)
    if not told.is_valid():
        return _ask_more(request, batch, more, told, status=422 if told.is_bound else 200)
    form = AmountForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return _ask_more(request, batch, more, told, "" if request.method == "GET" else _("post.changed_meanwhile"))
    try:
        more.act(form, batch=batch, by=request.user, amount=form.yen("amount"), **told.said)
    except DomainError as refusal:
        return _ask_more(request, own_batch(request, batch.pk), more, told, str(refusal))
    return to_transfer(request, batch)


def to_transfer(request, batch: Batch) -> HttpResponse:
    """Where money comes by a transfer or by card: on to the page that says how. Else it is held already."""
    slots = waiting_slots(batch) if has_own_account() else None
    asked = deposit_of(slots_place(slots.pk)) if slots else None
    return lead(request, reverse("payments:deposit", args=[asked.pk]) if asked else reverse("tasks:run", args=[batch.pk]))


def _ask_more(request, batch: Batch, more: More, told, refusal: str = "", status: int = 0) -> HttpResponse:
    is_told = told.is_valid()
    amount = more.asked(batch, told.said) if is_told else None
    return page(request, "tasks/client/more.html", {
        "batch": batch, "more": more, "told": told, "amount": amount, "refusal": refusal, "free": may_be_free(batch),
        "here": reverse(f"tasks:{more.step}", args=[batch.pk]), "said": told.said if is_told else {},
        "deed": _("tasks.pay.deed") % {"gross": yen(amount)} if amount else ""}, status=status or (409 if refusal else 200))


def _pay(request, batch: Batch, refusal: str = "", status: int = 200) -> HttpResponse:
    missing, form, slots = unpublishable(batch), form_of(batch), waiting_slots(batch)
    item = Item.objects.filter(batch=batch, truth__isnull=True).order_by("number").first()
    asked, extra, of_golds = prices.slots_wanted(batch, items=batch.items_count, golds=batch.golds_count)
    count = asked + extra + of_golds
    money = prices.settlement_of(batch, Yen(batch.price_yen * count)) if batch.price_yen and count else None
    parts, cells = forms.parse(form.parts) if form else None, cells_of(item, batch) if item else {}
    return page(request, "tasks/client/pay.html", way_context(batch, "pay") | terms_of(batch) | {
        "missing": missing, "refusal": refusal, "form": form, "asked": asked, "extra": extra, "of_golds": of_golds,
        "count": count, "money": money, "amount": money.client_pays if money else None, "open_step": first_open(batch),
        "can_pay": policies.can_pay_for_batch(request.user, batch), "can_edit": policies.can_edit_batch(request.user, batch),
        "drawn": drawn(parts, cells, media=media_of(parts, cells, batch)) if parts and item else None,
        "deposit": deposit_of(slots_place(slots.pk)) if slots and has_own_account() else None}, status=status)


def terms_of(batch: Batch) -> dict:
    """What somebody reads before they take a bundle."""
    one, seconds = batch.price, batch.seconds_each
    return {"an_hour": prices.yen_an_hour(one, seconds) if one and seconds else None,
            "first_pay_day": pay_day(clock.today(), acceptance_days=batch.acceptance_days)}
