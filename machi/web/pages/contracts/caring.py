"""How it goes on the way (途中の様子), and the end of a long contract that the client says a month ahead (予告)."""
from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.contracts import actions, policies
from machi.contracts.between import between
from machi.contracts.longterm import first_last_day, is_long
from machi.contracts.models import CheckIn, Contract
from machi.shared.errors import DomainError
from machi.web.frame.fields import CleanText, DayField
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by, show_room, to_room
from machi.web.pages.contracts.standing import Seen

look = require_http_methods(["GET", "POST"])


class CheckInForm(forms.Form):
    """The question that stood on the screen, and the one press."""

    check_in = forms.IntegerField(min_value=1, max_value=2**62)
    answer = forms.ChoiceField(choices=CheckIn.Answer.choices)


class SwitchForm(forms.Form):
    switch = forms.ChoiceField(choices=[("off", "off"), ("on", "on")])


class EndForm(forms.Form):
    """The last day of the contract."""

    last_on = DayField(label=gettext_lazy("ending.last_on.label"), help_text=gettext_lazy("ending.last_on.hint"))


class ReasonForm(forms.Form):
    reason = CleanText(lines=True, rows=5, max_length=1000, label=gettext_lazy("ending.reason.label"),
                       help_text=gettext_lazy("ending.reason.hint"))


@look
def check_in(request, pk: int):
    """The worker says how it goes. Who may be later goes on to another day, who wants to talk to the letters."""
    contract = contract_for(request, pk)
    if request.method == "GET":
        return to_room(request, contract, "#check-in")
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return show_room(request, contract, refusal=_("checkin.over"), status=422)
    asked = next((one for one in between(contract).check_ins if one.pk == form.cleaned_data["check_in"]), None)
    if asked is None:
        raise Http404
    try:
        actions.answer_check_in(check_in=asked, by=request.user, answer=form.cleaned_data["answer"])
    except DomainError as refusal:
        return show_room(request, contract, refusal=str(refusal), status=409)
    return _onward(request, contract, form.cleaned_data["answer"])


@look
def check_ins(request, pk: int):
    """In this contract the worker is asked no more, or again."""
    contract = contract_for(request, pk)
    if request.method == "GET":
        return to_room(request, contract, "#check-in")
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return show_room(request, contract, refusal=_("checkin.over"), status=422)
    try:
        actions.switch_check_ins(contract=contract, by=request.user, on=form.cleaned_data["switch"] == "on")
    except DomainError as refusal:
        return show_room(request, contract, refusal=str(refusal), status=409)
    return to_room(request, contract, "#check-in")


@look
def ending(request, pk: int):
    """What the law asks, and the day; afterwards how it stands."""
    contract = contract_for(request, pk)
    context = ending_context(request.user, seen_by(request.user, contract))
    if request.method == "GET" and not context["notice"] and not context["can_give_notice"]:
        return to_room(request, contract)
    form = EndForm(sent(request), initial={"last_on": first_last_day()})
    if not form.is_valid():
        return _ending_page(request, contract, form, 422 if form.is_bound else 200)
    try:
        actions.give_notice(contract=contract, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _ending_page(request, contract, form, 409)
    return redirect("contracts:ending", pk)


@look
def why(request, pk: int):
    """The worker asks for the reason."""
    contract = contract_for(request, pk)
    notice = between(contract).notice
    if request.method == "GET" or notice is None:
        return redirect("contracts:ending", pk)
    try:
        actions.ask_end_reason(notice=notice, by=request.user)
        messages.success(request, _("ending.reason.asked"))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("contracts:ending", pk)


@look
def reason(request, pk: int):
    """The client tells it."""
    contract = contract_for(request, pk)
    notice = between(contract).notice
    if request.method == "GET" or notice is None:
        return redirect("contracts:ending", pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _ending_page(request, contract, EndForm(), 422, form)
    try:
        actions.tell_end_reason(notice=notice, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _ending_page(request, contract, EndForm(), 409, form)
    return redirect("contracts:ending", pk)


def ending_context(user, seen: Seen) -> dict:
    """The notice, and what this person may do about it."""
    contract, notice = seen.contract, between(seen.contract).notice
    can_give = notice is None and policies.can_give_notice(user, contract) and is_long(contract, seen.steps)
    return {"notice": notice, "can_give_notice": can_give, "can_read": policies.can_read_work(user, contract),
            "can_ask_reason": notice is not None and policies.can_ask_end_reason(user, notice),
            "can_tell_reason": notice is not None and policies.can_tell_end_reason(user, notice)}


def _onward(request, contract: Contract, answer: str):
    if answer == CheckIn.Answer.LATER:
        return redirect("contracts:date", contract.pk)
    return to_room(request, contract, "#letters" if answer == CheckIn.Answer.TALK else "#check-in")


def _ending_page(request, contract: Contract, form: EndForm, status: int, reason_form: ReasonForm | None = None):
    seen = seen_by(request.user, contract)
    return page(request, "contracts/ending.html", head_of(seen) | ending_context(request.user, seen) | {
        "form": form, "reason_form": reason_form or ReasonForm(), "status": status, "first": first_last_day()}, part="form", status=status)
