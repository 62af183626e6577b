"""Asking for a service: one short form, and then it is an offer like any other."""
import re
import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.accounts.queries import chosen_role, has_power, roles_of
from machi.contracts.actions import order_package
from machi.contracts.models import Offer
from machi.packages.models import Package
from machi.packages.policies import can_read_package
from machi.shared.errors import DomainError
from machi.shared.japanese import cleaned
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import lead, page
from machi.web.frame.sent import sent
from machi.web.pages.packages.forms import FirstOrderForm, OrderForm
from machi.web.pages.packages.showing import both_sides

LONGEST = 1000                                      # letters of what a client needs
_KEY = re.compile(r"[A-Za-z0-9_-]{20,40}")


@require_http_methods(["GET", "POST"])
def order(request, pk: int):
    """What the client needs, and once who they are. The terms are frozen as the page shows them."""
    package = one_or_404(list(Package.objects.once_seen_by(request.user).filter(pk=pk).select_related("worker", "category")))
    if not can_read_package(request.user, package):
        return _not_now(request)
    client = Party.objects.get(pk=_in_the_name_of(request))
    seen = both_sides(package, request.user, client)
    key = request.GET.get("key", "")
    if request.method == "GET" and (place := _elsewhere(request, package, client, seen, key)):
        return redirect(place)
    form = _form_for(client)(sent(request), client=client.pk, initial={"key": key, "version": package.version})
    if not form.is_valid():
        return _show(request, package, form, seen, 422 if form.is_bound else 200)
    try:
        offer = order_package(package=package, client=client, by=request.user, **form.values())
    except DomainError as refusal:
        return _refused(request, package, client, form, refusal)
    if (offer.package_id, offer.terms["order"]) != (package.pk, form.cleaned_data["words"]):     # ordered before, from this very form
        return _again(request, package, form, seen, 409)
    return lead(request, reverse("contracts:offer", args=[offer.pk]))


def _in_the_name_of(request) -> int:
    """The party in whose name the form was opened, for as long as this person acts for it; else the one that is chosen."""
    asked = request.POST.get("client", "")
    mine = {str(party) for party in roles_of(request.user)}
    return int(asked) if asked in mine else chosen_role(request.user).party


def _not_now(request):
    """It was paused while somebody wrote: nothing is sent, what was typed stays to be copied, and what it said is nobody's to read now.
    Whoever comes without the form has seen nothing of it, and sees nothing now.
    """
    if not request.POST.get("key"):
        raise Http404
    return page(request, "packages/not_now.html", {"typed": cleaned(request.POST.get("words", ""))[:LONGEST]}, status=409)


def _elsewhere(request, package: Package, client: Party, seen: dict, key: str) -> str:
    """Where there is no form to show: whoever cannot ask reads the service. Each form has its key in its address, so that pressing back
    comes to the same form, and once it was sent to the order that it became.
    """
    if not _may_begin(request, seen, client):
        return reverse("packages:detail", args=[package.pk])
    if not _KEY.fullmatch(key):
        return f"{request.path}?key={_fresh_key()}"
    made = Offer.objects.filter(client=client, order_key=key).first()
    return reverse("contracts:offer", args=[made.pk]) if made else ""


def _fresh_key() -> str:
    return secrets.token_urlsafe(16)


def _may_begin(request, seen: dict, client: Party) -> bool:
    """Of an organisation that has not said who it is, only a keeper can say it: nobody fills in a form for nothing."""
    if seen["can_order"] and _form_for(client) is FirstOrderForm and not has_power(request.user, client.pk, Power.KEEPER):
        messages.warning(request, _("package.order.who"))
        return False
    return seen["can_order"]


def _form_for(client: Party) -> type[OrderForm]:
    return OrderForm if client.name and client.address and client.contact else FirstOrderForm


def _refused(request, package: Package, client: Party, form: OrderForm, refusal: DomainError):
    """409: everything typed stays. Where the service changed meanwhile the page shows it as it is now, and whoever agrees asks again."""
    package = Package.objects.select_related("worker", "category").get(pk=package.pk)
    form.add_error(None, str(refusal))
    form.data = form.data.copy()
    form.data["version"] = str(package.version)
    return _show(request, package, form, both_sides(package, request.user, client), 409)


def _show(request, package: Package, form: OrderForm, seen: dict, status: int):
    if form.is_bound and {"key", "client"} & form.errors.keys():        # the form was cut, or is of another time
        return _again(request, package, form, seen, status)
    return _page(request, package, form, seen, status)


def _again(request, package: Package, form: OrderForm, seen: dict, status: int):
    """The same words in a form with a key of its own, in the name that the page shows: nothing is lost, and nothing was sent."""
    form.add_error(None, _("message.form_old"))
    form.data = form.data.copy()
    form.data.update({"key": _fresh_key(), "client": form.party})
    return _page(request, package, form, seen, status)


def _page(request, package: Package, form: OrderForm, seen: dict, status: int):
    role = roles_of(request.user).get(form.party)
    return page(request, "packages/order.html", seen | {
        "package": package, "form": form, "action": reverse("packages:order", args=[package.pk]),
        "party": role.name if role and role.is_organisation else ""}, part="form", status=status)
