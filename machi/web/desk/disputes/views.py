"""Differences of two (食い違い): a moderator takes one up, proposes and, where they do not agree, writes a ruling; finance signs it.
What the two wrote is read only by whoever took it up, and by who signs; each time is written down.
"""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.contracts import actions, outside
from machi.contracts.differences import is_late, part_for, waiting_differences
from machi.contracts.models import Dispute, DisputeFile, Ruling
from machi.contracts.papers import terms_rows
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.web.desk.disputes.forms import SignForm, SplitForm
from machi.web.frame.desks import at_desk
from machi.web.frame.given import attachment
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent

PER_PAGE = 20


@at_desk("moderator", "finance")
@require_GET
def disputes(request):
    """What both have told and is not over, the oldest first. The words of the two do not stand here."""
    pages = Paginator(waiting_differences(), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "desk/disputes/list.html", {"pages": pages, "lines": [(one, is_late(one)) for one in pages]})


@at_desk("moderator", "finance")
@require_http_methods(["GET", "POST"])
def dispute(request, pk: int):
    """One difference; for whoever took it up both sides' words, and the form for what they propose or rule."""
    found = _dispute_or_404(pk)
    form, can_write = SplitForm(sent(request), step=found.milestone), outside.can_propose(request.user, found)
    if request.method == "GET" or not form.is_valid():
        return _one(request, found, form=form, status=422 if form.is_bound else 200)
    try:
        if form.cleaned_data.pop("deed") != ("propose" if can_write else "rule"):     # thirty days were over meanwhile
            raise DomainError(_("state.moved_on"))
        write = actions.propose_split if can_write else actions.write_ruling
        write(dispute=found, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _one(request, found, form=form, status=409)
    messages.success(request, _("desk.dispute.proposed") if can_write else _("desk.dispute.ruled"))
    return redirect("desk:dispute", pk)


@at_desk("moderator")
@require_POST
def take(request, pk: int):
    """Take it up, or over from another moderator; both hear who it is."""
    found = _dispute_or_404(pk)
    try:
        actions.take_up_dispute(dispute=found, by=request.user)
    except DomainError as refusal:
        return _one(request, found, refusal=str(refusal), status=409)
    messages.success(request, _("desk.dispute.taken"))
    return redirect("desk:dispute", pk)


@at_desk("finance")
@require_POST
@proven("POST")
def sign(request, pk: int):
    """Sign the ruling on the screen, or hand it back with why."""
    found, form = _dispute_or_404(pk), SignForm(request.POST)
    if not form.is_valid():
        return _one(request, found, sign_form=form, refusal="" if "words" in form.errors else _("state.moved_on"), status=422)
    ruling, answer = get_object_or_404(Ruling, pk=form.cleaned_data.pop("ruling"), dispute=found), form.cleaned_data["answer"]
    try:
        _answer(ruling, request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _one(request, _dispute_or_404(pk), sign_form=form, refusal=str(refusal), status=409)
    messages.success(request, _("desk.dispute.signed") if answer == "sign" else _("desk.dispute.handed_back"))
    return redirect("desk:disputes")


@at_desk("moderator", "finance")
@require_GET
def file(request, pk: int, file_pk: int):
    """A file beside the words of one side, for whoever may read them."""
    found = _dispute_or_404(pk)
    one = get_object_or_404(DisputeFile.objects.select_related("file"), pk=file_pk, dispute=found)
    if not outside.can_read_dispute(request.user, found):
        raise Http404
    actions.read_dispute(dispute=found, by=request.user)
    return attachment(one.file)


def _answer(ruling: Ruling, by, *, answer: str, words: str) -> None:
    if answer == "sign":
        actions.sign_ruling(ruling=ruling, by=by)
    else:
        actions.hand_back_ruling(ruling=ruling, by=by, words=words)


def _dispute_or_404(pk: int) -> Dispute:
    return get_object_or_404(waiting_differences(), pk=pk)


def _one(request, found: Dispute, *, form: SplitForm | None = None, sign_form: SignForm | None = None, refusal: str = "",
         status: int = 200):
    user, contract, ruling = request.user, found.milestone.contract, found.rulings.order_by("-pk").first()
    reads = outside.can_read_dispute(user, found)
    if reads:
        actions.read_dispute(dispute=found, by=user)
    proposal = getattr(found, "proposal", None)
    return page(request, "desk/disputes/one.html", {
        "dispute": found, "step": found.milestone, "contract": contract, "reads": reads, "refusal": refusal, "is_late": is_late(found),
        "form": form or SplitForm(step=found.milestone), "sign_form": sign_form or SignForm(), "proposal": proposal, "ruling": ruling,
        "proposed": part_for(found.milestone, Yen(proposal.price_yen)) if proposal and reads else None,
        "ruled": part_for(found.milestone, Yen(ruling.price_yen)) if ruling and reads else None,
        "terms": terms_rows(contract.terms) if reads else [],
        "files": list(found.files.select_related("file").order_by("pk")) if reads else [],
        "deliveries": list(found.milestone.deliveries.order_by("round").values_list("round", "delivered_at")),
        "may": {"take": outside.can_take_up(user, found), "propose": outside.can_propose(user, found),
                "rule": outside.can_write_ruling(user, found),
                "sign": ruling is not None and outside.can_sign_ruling(user, found, ruling)}}, status=status)
