"""Wishes about work, and the way from a past job to what one can hand somebody."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.journey import actions
from machi.journey.finder import from_career
from machi.journey.queries import wishes_of
from machi.portfolio.queries import TO_ME, cards_of
from machi.profiles.models import Career
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.sent import onward, sent
from machi.web.pages.journey.forms import DidForm, WishesForm
from machi.web.pages.profiles.forms import StrengthForm

WRITE = ["GET", "POST"]


@require_http_methods(WRITE)
def wishes(request):
    """Choose none, one or several; chosen anew, or cleared, at any time. `next`: right after joining, where somebody was going."""
    chosen, going = wishes_of(request.user), onward(request)
    form = WishesForm(sent(request), initial={"wishes": chosen})
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return page(request, "journey/wishes.html", {"form": form, "onward": going, "wishes": chosen}, status=status)
    actions.choose_wishes(by=request.user, kinds=form.cleaned_data["wishes"])
    if form.cleaned_data["wishes"] or chosen:
        messages.success(request, _("wishes.saved") if form.cleaned_data["wishes"] else _("wishes.cleared"))
    return redirect(going or "home")


@require_http_methods(WRITE)
def hand_me(request, pk):
    """From one line of a career to a strength: first what was done there, then three lines to edit (F21)."""
    career = get_object_or_404(Career, pk=pk, user=request.user)
    did = DidForm(sent(request), initial={"did": career.note})
    written = "statement" in request.POST
    form = StrengthForm(request.POST if written else None, initial=from_career(career, did["did"].value() or "") if did.is_bound else None)
    form.offer(cards_of(request.user.pk, TO_ME))
    if not (written and form.is_valid()):
        is_wrong = written or did.is_bound and not did.is_valid()
        shown = {"career": career, "did": did, "form": form if written or did.is_bound and did.is_valid() else None}
        return page(request, "journey/hand_me.html", shown, part="hand", status=422 if is_wrong else 200)
    try:
        actions.add_found(by=request.user, chosen=[form.cleaned_data])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return page(request, "journey/hand_me.html", {"career": career, "did": did, "form": form}, part="hand", status=409)
    messages.success(request, _("me.saved"))
    return redirect(f"{reverse('profiles:me')}#strength")
