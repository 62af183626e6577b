"""Cards at the finance desk (カード): what banks took back and until when it is answered, what a card could not take, and what is odd."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.cards.actions import close_quarantine
from machi.cards.models import Quarantine
from machi.cards.queries import chargebacks, quarantined
from machi.payments.actions import ask_to_stand_in
from machi.payments.models import Taken
from machi.payments.queries import lost_held, open_debts, refunds_not_by_card
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.desk.cards.forms import LookedForm, StandInForm
from machi.web.desk.works import works
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent

SHOWN = 30


@at_desk("finance")
@require_GET
def cards(request):
    """What is lost and waits for somebody, what banks took back, what no card takes, and what is odd."""
    taken_back = Paginator(chargebacks(), SHOWN).get_page(request.GET.get("page"))
    lost, debts = list(lost_held()[:SHOWN]), list(open_debts()[:SHOWN])
    return page(request, "desk/cards/board.html", {
        "taken_back": taken_back, "stuck": refunds_not_by_card()[:SHOWN], "lost": lost,
        "works": works([*(one.reference for one in (*lost, *debts)), *(one.intent.place for one in taken_back)], request.user),
        "debts": [(one, (clock.today() - clock.day_of(one.since_at)).days) for one in debts], "odd": quarantined()[:SHOWN]})


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def held(request, pk: int):
    """Held money that is lost: one person asks that the town stands in for the client, and another signs where corrections are signed."""
    taken, form = get_object_or_404(lost_held(), pk=pk), StandInForm(sent(request))
    if not form.is_valid():
        return _held(request, taken, form, status=422 if form.is_bound else 200)
    try:
        asked = ask_to_stand_in(taken=taken, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _held(request, taken, form, status=409)
    messages.success(request, _("adjust.asked"))
    return redirect("desk:adjustment", asked.pk)


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def odd(request, pk: int):
    """One odd thing: what is wrong, and what was done about it."""
    found, form = get_object_or_404(Quarantine, pk=pk), LookedForm(sent(request))
    if not form.is_valid():
        return page(request, "desk/cards/odd.html", {"odd": found, "form": form}, status=422 if form.is_bound else 200)
    try:
        close_quarantine(odd=found, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return page(request, "desk/cards/odd.html", {"odd": found, "form": form}, status=409)
    messages.success(request, _("desk.cards.looked"))
    return redirect("desk:cards")


def _held(request, taken: Taken, form: StandInForm, *, status: int):
    return page(request, "desk/cards/held.html", {
        "taken": taken, "form": form, "work": works([taken.reference], request.user)[taken.reference]}, status=status)
