"""Paying by card: the way to the page of the payment service and back, and the address to which the service sends its messages."""
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from machi.cards.actions import Forged, receive
from machi.payments import actions
from machi.payments.models import ExpectedDeposit
from machi.payments.queries import is_paid_by_card
from machi.shared.errors import DomainError

MOST_BYTES = 500_000                                # of a message


@require_GET                    # a link and no form: our Content-Security-Policy stops a form that is led on to somebody else's page
def go(request, pk: int):
    """On to the page where the card is typed. Nothing moves by it; opened again, it is the same page."""
    deposit = _asked(request, pk)
    try:
        back_to = settings.SITE_URL + reverse("cards:back", args=[deposit.pk])
        return redirect(actions.start_card(deposit=deposit, by=request.user, back_to=back_to).page_url)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    except OSError:
        messages.error(request, _("card.silent"))
    return redirect("payments:deposit", deposit.pk)


@require_GET
def back(request, pk: int):
    """Somebody comes back, paid or not: the service is asked. Should it be silent, or money stand still, the clock asks it later."""
    deposit = _asked(request, pk)
    try:
        if is_paid_by_card():
            actions.take_up_card(deposit=deposit)
    except (OSError, actions.MoneyStopped):
        messages.info(request, _("card.checking"))
    return redirect("payments:deposit", deposit.pk)


@csrf_exempt                    # no browser sends it: the service signs what it sends
@require_POST
@login_not_required
def messages_of_the_service(request):
    """200 for whatever is signed, however often; 400 for what is not. It is only kept here: what happened is asked (hear_cards)."""
    if not is_paid_by_card():
        raise Http404
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        receive(body, request.headers.get("Stripe-Signature", ""))
    except Forged:
        return HttpResponse(status=400)
    return HttpResponse(status=200)


def _asked(request, pk: int) -> ExpectedDeposit:
    return get_object_or_404(ExpectedDeposit.objects.visible_to(request.user), pk=pk)
