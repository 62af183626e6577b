"""My organisations, one of them, its members, and for whom I act."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.accounts import actions as accounts
from machi.accounts.queries import roles_of
from machi.jobs import actions as jobs
from machi.notifications.words import called
from machi.organisations import actions
from machi.organisations.policies import can_keep
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.sent import onward, sent
from machi.web.pages.organisations.forms import HandOverForm, PowersForm, WhoForm
from machi.web.pages.organisations.showing import ending, membership_for, my_page, one_page, organisation_for, others_than


@require_GET
def index(request):
    """Where I belong, who has invited me, and how to make one."""
    return my_page(request)


@require_http_methods(["GET", "POST"])
def new(request):
    """Make an organisation: who it is, as it will stand on its posts."""
    form, status = WhoForm(sent(request)), 422
    if form.is_valid():
        try:
            party = accounts.found_organisation(by=request.user, **form.cleaned_data)
            messages.success(request, _("organisation.made") % {"client": party.name})
            return redirect("organisations:one", pk=party.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "organisations/new.html", {"form": form}, part="form", status=status if form.is_bound else 200)


@require_GET
def one(request, pk: int):
    """Who we are, who belongs to us and may do what, and whom we have invited."""
    return one_page(request, organisation_for(request, pk))


@require_http_methods(["GET", "POST"])
def describe(request, pk: int):
    """Who we are, as the law wants it on every post. Posts that are out keep what they said."""
    party = organisation_for(request, pk)
    if request.method == "GET" and not can_keep(request.user, party):
        return redirect("organisations:one", pk=pk)
    form, status = WhoForm.of(party, sent(request)), 422
    if form.is_valid():
        try:
            accounts.describe_client(party=party, by=request.user, seen=form.seal, **form.cleaned_data)
            return redirect("organisations:one", pk=pk)
        except DomainError as refusal:
            form.refuse(refusal, WhoForm.of(organisation_for(request, pk)).initial)
            status = 409
    return page(request, "organisations/describe.html", {"form": form, "party": party}, part="form",
                status=status if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def powers(request, pk: int):
    """What somebody may do. A keeper changes it; everybody else is led to the page where it stands."""
    membership = membership_for(request, pk)
    if request.method == "GET" and not can_keep(request.user, membership.party):
        return redirect("organisations:one", pk=membership.party_id)
    form, status = PowersForm(sent(request), initial={"powers": sorted(membership.powers)}), 422
    if form.is_valid():
        try:
            actions.change_powers(membership=membership, by=request.user, powers=form.cleaned_data["powers"])
            return redirect("organisations:one", pk=membership.party_id)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "organisations/powers.html", {"form": form, "membership": membership, "party": membership.party},
                part="form", status=status if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def end(request, pk: int):
    """Leave, or take somebody out: what they looked after goes to another member, who is named here."""
    membership = membership_for(request, pk)
    form, status = HandOverForm(sent(request), others=others_than(membership)), 422
    if form.is_valid():
        try:
            jobs.end_membership(membership=membership, by=request.user, to=form.cleaned_data["to"])
            return _after_the_end(request, membership)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "organisations/end.html", ending(request, membership) | {"form": form}, part="form",
                status=status if form.is_bound else 200)


def _after_the_end(request, membership):
    said = _("organisation.left_now") if membership.user_id == request.user.pk else _("organisation.ended")
    messages.success(request, said % {"client": membership.party.name, "name": called(membership.user.name)})
    return redirect("organisations:one", pk=membership.party_id) if membership.party_id in roles_of(request.user) else redirect(
        "organisations:list")


@require_POST
def acting(request):
    """For whom I act from now on: myself, or one of my organisations. Back to where I was."""
    chosen = request.POST.get("party", "")
    role = roles_of(request.user).get(int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else None
    if role is None:
        raise Http404
    try:
        accounts.act_for(party=role.party, by=request.user)
    except DomainError as refusal:
        return my_page(request, refusal=str(refusal), status=409)
    return redirect(onward(request) or "home")
