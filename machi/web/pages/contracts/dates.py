"""Another due date by agreement (納品日の相談): the form in which one asks, and the three answers that stand in the contract."""
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.contracts import actions, policies
from machi.contracts.models import Contract, DateRequest
from machi.contracts.queries import dates_of
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.contracts.forms import AnswerForm, DateForm
from machi.web.pages.contracts.showing import contract_for, dates_context, head_of, seen_by, show_room, step_on_screen, to_room

ANSWERS = {"agree": actions.agree_on_date, "keep": actions.keep_date, "withdraw": actions.withdraw_date}


@require_http_methods(["GET", "POST"])
def ask(request, pk: int):
    """Ask for a later due date, or name another day than the one the other side wishes for."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    milestone = seen.milestone
    asked = dates_of(milestone).asked
    is_theirs = asked is not None and asked.side != policies.side_of(request.user, contract)
    if request.method == "GET" and (not policies.can_ask_for_date(request.user, milestone) or asked and not is_theirs):
        return to_room(request, contract, "#date")
    token = {"answers": asked.pk if is_theirs else None, "number": milestone.number}
    form = DateForm(sent(request), due_on=milestone.due_on, initial=token)
    if not form.is_valid():
        return _form_page(request, contract, form, 422 if form.is_bound else 200)
    try:
        actions.ask_for_date(milestone=step_on_screen(seen, form.cleaned_data.pop("number")), by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        form.look_again(**token)
        return _form_page(request, contract, form, 409)
    return to_room(request, contract, "#date")


@require_http_methods(["GET", "POST"])
def answer(request, pk: int):
    """Agree, keep the day as it is, or take one's own wish back."""
    contract = contract_for(request, pk)
    if request.method == "GET":
        return to_room(request, contract, "#date")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show_room(request, contract, refusal=_("dates.answer_refused"), status=422)
    wish = get_object_or_404(DateRequest, pk=form.cleaned_data["wish"], milestone__contract=contract)
    try:
        ANSWERS[form.cleaned_data["answer"]](request=wish, by=request.user)
    except DomainError as refusal:
        return show_room(request, contract_for(request, pk), refusal=str(refusal), status=409)
    return to_room(request, contract, "#date")


def _form_page(request, contract: Contract, form: DateForm, status: int):
    seen = seen_by(request.user, contract)
    context = head_of(seen) | dates_context(request.user, seen) | {"form": form, "status": status}
    return page(request, "contracts/date_ask.html", context, part="form", status=status)
