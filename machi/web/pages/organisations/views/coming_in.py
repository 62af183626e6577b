"""Inviting somebody, taking it back, and coming in by a letter."""
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.accounts.queries import has_power
from machi.organisations import actions
from machi.organisations.models import Invitation
from machi.organisations.policies import can_keep
from machi.organisations.queries import invitation_with, waiting_for
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.organisations.forms import InviteForm
from machi.web.pages.organisations.showing import my_page, named, one_page, organisation_for


@require_http_methods(["GET", "POST"])
def invite(request, pk: int):
    """Ask an address to join. The answer is the same whether somebody lives here under it or not."""
    party = organisation_for(request, pk)
    if request.method == "GET" and not can_keep(request.user, party):
        return redirect("organisations:one", pk=pk)
    form, status = InviteForm(sent(request), initial={"powers": ["member"]}), 422
    if form.is_valid():
        try:
            actions.invite(party=party, by=request.user, **form.cleaned_data)
            messages.success(request, _("invitation.sent") % {"email": form.cleaned_data["email"]})
            return redirect("organisations:one", pk=pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "organisations/invite.html", {"form": form, "party": party}, part="form", status=status if form.is_bound else 200)


@require_POST
def withdraw(request, pk: int):
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("party"), pk=pk)
    try:
        actions.withdraw(invitation=invitation, by=request.user)
    except DomainError as refusal:
        return one_page(request, invitation.party, refusal=str(refusal), status=409)
    messages.success(request, _("invitation.withdrawn"))
    return redirect("organisations:one", pk=invitation.party_id)


@require_POST
def accept(request, pk: int):
    """Come in by an address that is one's own; no letter is needed."""
    invitation = next((one for one in waiting_for(request.user) if one.pk == pk), None)
    if invitation is None:
        raise Http404
    try:
        actions.accept(invitation=invitation, by=request.user)
    except DomainError as refusal:
        return my_page(request, refusal=str(refusal), status=409)
    messages.success(request, _("invitation.welcome") % {"client": invitation.party.name})
    return redirect("organisations:one", pk=invitation.party_id)


@login_not_required
@require_http_methods(["GET", "POST"])
def letter(request, token: str):
    """The page a letter leads to. It says the same to everybody who is not signed in, whoever the address belongs to."""
    invitation = invitation_with(token)
    if invitation is None:
        raise Http404
    if request.method == "GET" or not request.user.is_authenticated:
        return _letter_page(request, invitation) if request.method == "GET" else redirect_to_login(request.path)
    try:
        actions.accept(invitation=invitation, by=request.user, token=token)
    except DomainError as refusal:
        return _letter_page(request, invitation, refusal=str(refusal))
    messages.success(request, _("invitation.welcome") % {"client": invitation.party.name})
    return redirect("organisations:one", pk=invitation.party_id)


def _letter_page(request, invitation: Invitation, refusal: str = ""):
    if has_power(request.user, invitation.party_id):
        return redirect("organisations:one", pk=invitation.party_id)
    is_open = invitation.is_waiting and not refusal
    status = 409 if refusal else 200 if is_open else 410
    return page(request, "organisations/letter.html", {
        "invitation": invitation, "powers": named(invitation.powers), "is_open": is_open}, status=status)
