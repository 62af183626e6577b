"""An offer (お願い): the frozen terms as a paper one can read and print, and the answer to it."""
import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.contracts import actions, policies
from machi.contracts.counting import withholding_in
from machi.contracts.models import Offer
from machi.contracts.papers import addition_rows, terms_rows
from machi.contracts.queries import additions_to, newest_version, version_before
from machi.contracts.terms import terms_of
from machi.contracts.weeks import Hours, hours_in
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.web.frame.jinja import lead, page
from machi.web.frame.sent import sent
from machi.web.pages.contracts.forms import AcceptForm, ChangeHoursForm, ChangeOfferForm
from machi.web.pages.contracts.standing import CLIENT, WORKER, client_called


def offer_for(request, pk: int) -> Offer:
    """The offer, for the two people it concerns."""
    ours = Offer.objects.visible_to(request.user).select_related("client", "client__person", "worker", "contract")
    return get_object_or_404(ours, pk=pk)


@require_GET
def offer(request, pk: int):
    """For the worker: the terms, the money, and the answer. For the client: what was sent, and how it stands."""
    return _show(request, offer_for(request, pk))


@require_http_methods(["GET", "POST"])
def accept(request, pk: int):
    """The worker agrees to the terms whose fingerprint the form carries (契約)."""
    offer = offer_for(request, pk)
    if request.method == "GET":
        return redirect("contracts:offer", pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _show(request, offer, refusal=_("offer.terms_changed"), status=422)
    try:
        contract = actions.accept_offer(offer=offer, by=request.user, terms_hash=form.cleaned_data["terms_hash"])
    except DomainError as refusal:
        return _as_it_stands(request, offer, refusal)
    return redirect("contracts:room", contract.pk)


@require_http_methods(["GET", "POST"])
def refuse(request, pk: int):
    """The worker says no. It harms nobody's record."""
    offer = offer_for(request, pk)
    if request.method == "GET":
        can_answer = policies.can_answer_offer(request.user, offer)
        return page(request, "contracts/refuse.html", _context(request, offer)) if can_answer else redirect("contracts:offer", pk)
    try:
        actions.refuse_offer(offer=offer, by=request.user)
    except DomainError as refusal:
        return _as_it_stands(request, offer, refusal)
    return redirect("contracts:offer", pk)


@require_http_methods(["GET", "POST"])
def change(request, pk: int):
    """The client proposes another day or another reward, as long as the worker has not answered."""
    offer = offer_for(request, pk)
    if request.method == "GET" and not policies.can_change_offer(request.user, offer):
        return redirect("contracts:offer", pk)
    form = _change_form(request, offer)
    if not form.is_valid():
        return _change_page(request, offer, form, 422 if form.is_bound else 200)
    try:
        said = {"hours": Hours(**form.cleaned_data)} if "hourly" in offer.terms else form.cleaned_data
        after = actions.change_offer(offer=offer, by=request.user, **said)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _change_page(request, offer, form, 409)
    address = reverse("contracts:offer", args=[after.pk])
    return lead(request, address)


def _change_form(request, offer: Offer) -> ChangeOfferForm | ChangeHoursForm:
    terms = offer.terms
    if "hourly" in terms:
        return ChangeHoursForm(sent(request), job=offer.job, initial=hours_in(terms)._asdict())
    return ChangeOfferForm(sent(request), job=offer.job, initial={"due_on": terms["due_on"], "reward": terms["price_yen"]})


def _change_page(request, offer: Offer, form: ChangeOfferForm | ChangeHoursForm, status: int) -> HttpResponse:
    return page(request, "contracts/offer_change.html", _context(request, offer) | {"form": form}, part="form", status=status)


def _as_it_stands(request, offer: Offer, refusal: DomainError) -> HttpResponse:
    """Nothing was decided: the terms as they are now, with a mark on what changed."""
    newest = newest_version(offer)
    why = _("error.409") if newest.pk != offer.pk else str(refusal)
    return _show(request, newest, refusal=why, status=409)


def _show(request, offer: Offer, *, refusal: str = "", status: int = 200) -> HttpResponse:
    return page(request, "contracts/offer.html", _context(request, offer) | {"refusal": refusal}, status=status)


def _context(request, offer: Offer) -> dict:
    before = version_before(offer) if offer.version > 1 else None
    contract = getattr(offer, "contract", None)
    can_answer, can_change = policies.can_answer_offer(request.user, offer), policies.can_change_offer(request.user, offer)
    is_waiting = policies.is_waiting(offer)
    return {
        "offer": offer, "terms": terms_rows(offer.terms, before.terms if before else None), "money": terms_of(offer),
        "tax_why": withholding_in(offer.terms),
        "is_hourly": "hourly" in offer.terms, "is_last": len(offer.terms.get("steps", ())) > 1,
        "net": Yen(offer.terms["net_yen"]), "side": WORKER if offer.worker_id == request.user.pk else CLIENT,
        "client_name": client_called(offer.client), "contract": contract,
        "additions": [addition_rows(one, offer.terms) for one in additions_to(contract)] if contract else [],
        "can_answer": can_answer, "can_change": can_change, "is_waiting": is_waiting,
        "pay_on": datetime.date.fromisoformat(offer.terms["pay_on"]), "due_on": datetime.date.fromisoformat(offer.terms["due_on"]),
        "badge": ("offered" if is_waiting else offer.state, str(offer.get_state_display())),
        "newest": newest_version(offer) if offer.is_replaced and not offer.stand_in_id else None,
    }
