"""The deeds of a contract, each on a page of its own: what will happen, one form, one button, and the way back.

A deed that is not possible any more leads back to the contract, which says how things stand. What was typed stays on screen.
"""
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from machi.contracts import actions, policies
from machi.contracts.models import Contract, Milestone
from machi.contracts.queries import Round, rounds
from machi.files.storing import stored
from machi.reviews import actions as reviews
from machi.reviews.policies import can_review, can_thank
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent
from machi.web.pages.contracts.forms import ChangesForm, DeliverForm, DeliveryForm, ReviewForm, ScreenForm, StepForm, ThanksForm
from machi.web.pages.contracts.showing import contract_for, head_of, is_asked_for, seen_by, show_room, step_on_screen, to_room, to_transfer
from machi.web.pages.contracts.standing import Seen

deed = require_http_methods(["GET", "POST"])
moves_money = proven("POST")         # not for a stranger at an open browser (trust.md T14)


@deed
@moves_money
def fund(request, pk: int):
    """The client puts the money in escrow (仮払い); the page names the sum before the button does."""
    contract = contract_for(request, pk)
    milestone = seen_by(request.user, contract).milestone
    if request.method == "GET" and (is_asked_for(milestone) or not policies.can_fund(request.user, milestone)):
        return to_transfer(request, contract, milestone)
    form = StepForm(sent(request), initial={"number": milestone.number})
    if not form.is_valid():
        return _ask(request, contract, "contracts/fund.html", form)
    try:
        actions.fund(contract=contract, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _refused(request, pk, refusal)
    return to_transfer(request, contract, milestone)


@deed
def deliver(request, pk: int):
    """The worker hands the work over (納品)."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    milestone = seen.milestone
    if request.method == "GET" and not policies.can_deliver(request.user, milestone):
        return to_room(request, contract)
    form = DeliverForm(sent(request), request.FILES or None, terms=contract.terms, initial=_token(milestone))
    if not form.is_valid():
        return _ask(request, contract, "contracts/deliver.html", form)
    try:
        with stored(form.cleaned_data.pop("files")) as files:
            actions.deliver(milestone=_step(seen, form), by=request.user, files=files, **form.cleaned_data)
    except DomainError as refusal:
        return _ask(request, contract, "contracts/deliver.html", form, refusal)
    return to_room(request, contract)


@deed
@moves_money
def accept(request, pk: int):
    """The client accepts (検収): both sides' money once more, then the button."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    milestone = seen.milestone
    if request.method == "GET" and not policies.can_accept_delivery(request.user, milestone):
        return to_room(request, contract)
    form = DeliveryForm(sent(request), initial=_token(milestone))
    if not form.is_valid():
        return _ask(request, contract, "contracts/accept.html", form)
    try:
        actions.accept_delivery(milestone=_step(seen, form), by=request.user, round=form.cleaned_data["round"])
    except DomainError as refusal:
        return _refused(request, pk, refusal)
    return to_room(request, contract)


@deed
def changes(request, pk: int):
    """The client asks for changes (直し), counted by the terms."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    milestone = seen.milestone
    if request.method == "GET" and not policies.can_ask_changes(request.user, milestone):
        return to_room(request, contract)
    form = ChangesForm(sent(request), initial=_token(milestone))
    if not form.is_valid():
        return _ask(request, contract, "contracts/changes.html", form)
    try:
        actions.ask_changes(milestone=_step(seen, form), by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _ask(request, contract, "contracts/changes.html", form, refusal)
    return to_room(request, contract)


@deed
def review(request, pk: int):
    """What one side saw in the other (評価); closed until both are written."""
    contract = contract_for(request, pk)
    if request.method == "GET" and not can_review(request.user, contract):
        return to_room(request, contract)
    form = ReviewForm(sent(request))
    if not form.is_valid():
        return _ask(request, contract, "contracts/review.html", form)
    try:
        reviews.write_review(contract=contract, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _ask(request, contract, "contracts/review.html", form, refusal)
    return to_room(request, contract, "#reviews")


@deed
def thanks(request, pk: int):
    """The client thanks the worker for this work (ありがとう)."""
    contract = contract_for(request, pk)
    if request.method == "GET" and not can_thank(request.user, contract):
        return to_room(request, contract)
    form = ThanksForm(sent(request))
    if not form.is_valid():
        return _ask(request, contract, "contracts/thanks.html", form)
    try:
        reviews.say_thanks(contract=contract, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _ask(request, contract, "contracts/thanks.html", form, refusal)
    return to_room(request, contract, "#reviews")


def _ask(request, contract: Contract, template: str, form=None, refusal: DomainError | None = None) -> HttpResponse:
    """The page of one deed: fresh, with what was wrong (422), or with the town's refusal (409)."""
    seen = seen_by(request.user, contract)
    if refusal is not None:
        form.add_error(None, str(refusal))
        if isinstance(form, ScreenForm):
            form.look_again(**_token(seen.milestone))
    status = 409 if refusal is not None else 422 if form is not None and form.is_bound else 200
    context = head_of(seen) | {"form": form, "status": status,
        "rounds": _rounds_of(seen) if policies.can_read_work(request.user, contract) else []}
    return page(request, template, context, part="form", status=status)


def _token(milestone: Milestone) -> dict[str, int]:
    """What a form remembers of the screen: the step, and its delivery."""
    return {"number": milestone.number, "round": milestone.revisions_used + 1}


def _step(seen: Seen, form) -> Milestone:
    return step_on_screen(seen, form.cleaned_data.pop("number"))


def _rounds_of(seen: Seen) -> list[Round]:
    """What was handed over for the step that counts now."""
    given = rounds(seen.contract) if seen.milestone.first_delivered_at else []
    return [one for one in given if one.delivery.milestone_id == seen.milestone.pk]


def _refused(request, pk: int, refusal: DomainError) -> HttpResponse:
    """Nothing was decided: the contract as it stands now, with the reason on top."""
    return show_room(request, contract_for(request, pk), refusal=str(refusal), status=409)
