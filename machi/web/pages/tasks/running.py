"""A batch that is out, as its client sees it: how far it is, what it costs, and the deeds: pause, go on, more, a higher price, stop."""
import math

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.payments.queries import deposit_of, has_own_account, slots_place
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.tasks import actions, policies, prices
from machi.tasks.models import Batch, Slots
from machi.tasks.queries import Progress, back_if_stopped, progress_of, settled_in, waiting_slots
from machi.web.frame.acting import acting
from machi.web.frame.jinja import page, wants_part
from machi.web.pages.tasks.paying_forms import BackForm
from machi.web.pages.tasks.way import beside, first_open, own_batch, to_step

PER_PAGE = 20
LEAST_PACE = 20                                     # answers within a day: of fewer nothing is foretold
MOVES = ("pause", "resume")


@require_GET
def given(request):
    """What somebody gives, for the party for which they act: the newest first."""
    chosen = acting(request.user).chosen
    found = Batch.objects.given_by(request.user).filter(client=chosen.party if chosen else None)
    found = found.select_related("client", "client__person", "category").order_by("-pk")
    pages = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    done = settled_in(list(pages))
    known = beside(batch for batch in pages if not batch.is_out)
    rows = [(batch, done.get(batch.pk, 0), "" if batch.is_out else first_open(batch, known[batch.pk])) for batch in pages]
    return page(request, "tasks/client/given.html", {"pages": pages, "rows": rows})


@require_GET
def run(request, pk: int):
    """How far it is."""
    return shown_to_client(request, own_batch(request, pk))


def shown_to_client(request, batch: Batch, refusal: str = ""):
    """The page of a batch for whoever may read its answers (policies.can_read_answers); a draft leads to where it is written on."""
    if not batch.is_out:
        return to_step(batch, first_open(batch) if policies.can_edit_batch(request.user, batch) else "pay")
    return _run(request, batch, refusal, 409 if refusal else 200)


@require_POST
def move(request, pk: int):
    """Nobody takes a new bundle for a while; or they do again."""
    batch, wanted = own_batch(request, pk), request.POST.get("move", "")
    if not batch.is_out:
        return shown_to_client(request, batch)
    if wanted not in MOVES:
        return _run(request, batch, _("tasks.batch.move_refused"), 409)
    try:
        actions.move_batch(batch=batch, by=request.user, move=wanted)
    except DomainError as refusal:
        return _run(request, own_batch(request, pk), str(refusal), 409)
    messages.success(request, _("tasks.run.paused") if wanted == "pause" else _("tasks.run.resumed"))
    return redirect("tasks:run", pk)


@require_http_methods(["GET", "POST"])
def stop(request, pk: int):
    """For good, with what comes back and what goes on said first."""
    batch = own_batch(request, pk)
    if not batch.is_out:
        return shown_to_client(request, batch)
    form = BackForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return _stop(request, batch, "" if request.method == "GET" else _("state.moved_on"))
    try:
        actions.move_batch(batch=batch, by=request.user, move="stop", back=Yen(form.cleaned_data["back"]))
    except DomainError as refusal:
        return _stop(request, own_batch(request, pk), str(refusal))
    messages.success(request, _("tasks.run.stopped"))
    return redirect("tasks:run", pk)


def _stop(request, batch: Batch, refusal: str = ""):
    """What it comes to now; of a batch that cannot be stopped (any more): where it stands."""
    if not policies.can_move_batch(request.user, batch, "stop"):
        return shown_to_client(request, batch, _("tasks.batch.move_refused")) if refusal else to_step(batch, "run")
    return page(request, "tasks/client/stop.html", {
        "batch": batch, "progress": progress_of(batch), "back": back_if_stopped(batch), "refusal": refusal},
        status=409 if refusal else 200)


def _run(request, batch: Batch, refusal: str = "", status: int = 200):
    progress, slots = progress_of(batch), waiting_slots(batch) if has_own_account() else None
    may = {"pay": policies.can_pay_for_batch(request.user, batch), "judge": policies.can_judge(request.user, batch),
           "form": policies.can_change_form(request.user, batch),
           **{move: policies.can_move_batch(request.user, batch, move) for move in ("pause", "resume", "stop")}}
    return page(request, "tasks/client/run.html", {
        "batch": batch, "progress": progress, "may": may, "refusal": refusal, "is_low": prices.is_below_floor(batch),
        "least": prices.least_price(batch.seconds_each), "an_hour": prices.yen_an_hour(batch.price, batch.seconds_each),
        "days_left": _days_left(progress), "is_alive": batch.is_alive,
        "deposit": deposit_of(slots_place(slots.pk)) if slots else None,
        "paid_in": list(Slots.objects.filter(batch=batch).exclude(held_at=None).order_by("pk"))},
        part="live" if wants_part(request) else None, status=status)


def _days_left(progress: Progress) -> int:
    """At the pace of the last day; 0 where nothing can be said yet."""
    left, lately = progress.free + progress.tally.held, progress.tally.lately
    return math.ceil(left / lately) if left and lately >= LEAST_PACE else 0
