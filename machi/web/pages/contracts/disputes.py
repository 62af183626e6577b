"""A difference about a step (食い違い): the page on which one side tells it and the other answers, the way to take it back, and the page on
which both answer what a person of the town proposes.
"""
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.contracts import actions, policies
from machi.contracts.between import Between, between, files_beside
from machi.contracts.models import Dispute, DisputeFile
from machi.files.storing import stored
from machi.shared.errors import DomainError
from machi.web.frame.given import attachment
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent
from machi.web.pages.contracts.between_two import Difference, dispute_context, silence_settles
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by, show_room, step_on_screen, to_room
from machi.web.pages.contracts.standing import Seen
from machi.web.pages.contracts.wish_forms import DisputeForm, SplitAnswerForm


@require_http_methods(["GET", "POST"])
def dispute(request, pk: int, number: int | None = None):
    """Tell what is different; or, when the other side has told it, answer. `number`: the week by the hour that it is about."""
    contract = contract_for(request, pk)
    seen, now = seen_by(request.user, contract, number), between(contract)
    found = _dispute_about(seen, now)
    can_answer = found is not None and policies.can_answer_dispute(request.user, found)
    if request.method == "GET" and not can_answer and not policies.can_dispute(request.user, seen.milestone, now.told):
        return to_room(request, contract, "#dispute")
    token = {"number": seen.milestone.number, "answers": found.pk if found else None}
    form = DisputeForm(sent(request), request.FILES or None, initial=token)
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        try:
            _tell(seen, found, request.user, **form.cleaned_data)
            return to_room(request, contract, "#dispute")
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            form.look_again(**token)
            status = 409
    return _page(request, seen, found, form, status)


def _page(request, seen: Seen, found: Dispute | None, form: DisputeForm, status: int):
    can_answer = found is not None and policies.can_answer_dispute(request.user, found)
    return page(request, "contracts/dispute_ask.html", head_of(seen) | {
        "form": form, "status": status, "dispute": found, "can_answer": can_answer,
        "files": files_beside(found, found.side) if can_answer else [],
        "silence_settles": found is not None and silence_settles(found)}, part="form", status=status)


@require_http_methods(["GET", "POST"])
def take_back(request, pk: int, number: int | None = None):
    """Whoever told it takes it back."""
    contract = contract_for(request, pk)
    found = _dispute_about(seen_by(request.user, contract, number), between(contract))
    if request.method == "GET" or found is None:
        return to_room(request, contract, "#dispute") if request.method == "GET" else show_room(
            request, contract, refusal=_("dispute.answer_refused"), status=409)
    try:
        actions.withdraw_dispute(dispute=found, by=request.user)
    except DomainError as refusal:
        return show_room(request, contract_for(request, pk), refusal=str(refusal), status=409)
    return to_room(request, contract)


@require_http_methods(["GET", "POST"])
@proven("POST")
def split(request, pk: int, number: int | None = None):
    """What the town proposes (仲介の案), with both sides' money; agree to it, or not."""
    contract = contract_for(request, pk)
    seen, now = seen_by(request.user, contract, number), between(contract)
    found = _split_about(request.user, seen, now)
    form = SplitAnswerForm(sent(request))
    if request.method == "GET" or found is None:
        if found is None or not found.can_answer_proposal:
            return to_room(request, contract, "#dispute") if request.method == "GET" else show_room(
                request, contract, refusal=_("mediation.answer_refused"), status=409)
        return _split(request, seen, found, form, 200)
    if not form.is_valid():
        return _split(request, seen, found, form, 422)
    try:
        _answer_split(found.dispute, request.user, **form.cleaned_data)
    except DomainError as refusal:
        return show_room(request, contract_for(request, pk), refusal=str(refusal), status=409)
    return to_room(request, contract, "#dispute")


def _split_about(user, seen: Seen, now: Between) -> Difference | None:
    """What was proposed about this step, or about another one where several go on."""
    found = [one for one in dispute_context(user, seen, now)["differences"] if one.proposed]
    return next((one for one in found if one.step.pk == seen.milestone.pk), found[0] if found else None)


def _split(request, seen: Seen, found: Difference, form: SplitAnswerForm, status: int):
    return page(request, "contracts/dispute_split.html", head_of(seen) | {"form": form, "one": found, "status": status}, status=status)


def _answer_split(found: Dispute, by, *, answer: str, words: str) -> None:
    if answer == "agree":
        actions.agree_to_split(dispute=found, by=by)
    else:
        actions.refuse_split(dispute=found, by=by, words=words)


@require_GET
def file(request, pk: int, file_pk: int):
    """A file that one side put beside its words: for both sides, as what was handed over (views.file)."""
    contract = contract_for(request, pk)
    found = get_object_or_404(DisputeFile.objects.select_related("file"), pk=file_pk, dispute__milestone__contract=contract)
    if not policies.can_read_work(request.user, contract):
        raise Http404
    return attachment(found.file)


def _dispute_about(seen: Seen, now: Between) -> Dispute | None:
    found = next((one for one in now.disputes if one.milestone_id == seen.milestone.pk), None)
    if found:
        found.milestone = seen.milestone
    return found


def _tell(seen: Seen, found: Dispute | None, by, *, text: str, files: list, number: int | None, answers: int | None) -> None:
    """About the step, and in answer to the difference, that stood on the screen."""
    if answers != (found.pk if found else None):
        raise DomainError(_("dispute.other_told"))
    with stored(files) as kept:
        if found is None:
            actions.open_dispute(milestone=step_on_screen(seen, number), by=by, reason=text, files=kept)
        else:
            actions.answer_dispute(dispute=found, by=by, answer=text, files=kept)
