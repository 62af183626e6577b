"""Asking the other side to talk (価格の協議、配慮の相談): one page that asks, shows what was asked, and answers."""
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from machi.contracts import actions, policies
from machi.contracts.between import between
from machi.contracts.longterm import is_long
from machi.contracts.models import Contract, Talk
from machi.shared.errors import DomainError
from machi.web.frame.jinja import lead, page
from machi.web.frame.sent import sent
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by
from machi.web.pages.contracts.talk_forms import AnswerTalkForm, CareForm, PriceForm

look = require_http_methods(["GET", "POST"])


@look
def ask(request, pk: int, about: str):
    """Ask, or read what was asked."""
    contract = contract_for(request, pk)
    talk = newest(contract, about)
    if request.method == "GET" and not (talk and talk.is_open and policies.side_of(request.user, contract)
                                        or policies.can_ask_to_talk(request.user, contract, about)):
        return redirect("contracts:law", pk)
    form = _form(contract, about, sent(request))
    if not form.is_valid():
        return _page(request, contract, about, form=form, status=422 if form.is_bound else 200)
    try:
        actions.ask_to_talk(contract=contract, by=request.user, about=about, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, contract, about, form=form, status=409)
    return to_log(request, contract)


@look
def answer(request, pk: int, about: str):
    """The other side answers. A yes to another price goes on to the change that both sign."""
    contract = contract_for(request, pk)
    if request.method == "GET":
        return redirect(f"contracts:{about}", pk)
    form = AnswerTalkForm(request.POST, about=about)
    if not form.is_valid():
        return _page(request, contract, about, answer_form=form, status=422)
    talk = get_object_or_404(Talk, pk=form.cleaned_data["talk"], contract=contract, about=about)
    try:
        talk = actions.answer_talk(talk=talk, by=request.user, answer=form.cleaned_data["answer"], words=form.cleaned_data["words"])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, contract, about, answer_form=form, status=409)
    return lead(request, change_way(talk)) if is_to_be_signed(talk) else to_log(request, contract)


def is_to_be_signed(talk: Talk) -> bool:
    """A yes to another price becomes an ordinary change. By the hour the pay of an hour stays as long as the contract."""
    return talk.about == Talk.About.PRICE and talk.answer == Talk.Answer.YES and not talk.contract.is_hourly


def change_way(talk: Talk) -> str:
    return f"{reverse('contracts:change', args=[talk.contract_id])}?talk={talk.pk}"


def to_log(request, contract: Contract) -> HttpResponse:
    return lead(request, reverse("contracts:law", args=[contract.pk]) + "#talks")


def newest(contract: Contract, about: str) -> Talk | None:
    return next((one for one in reversed(between(contract).talks) if one.about == about), None)


def _form(contract: Contract, about: str, data=None) -> PriceForm | CareForm:
    return CareForm(data) if about == Talk.About.CARE else PriceForm(data, is_hourly=contract.is_hourly)


def _page(request, contract: Contract, about: str, *, form=None, answer_form=None, status: int = 200) -> HttpResponse:
    """With what was wrong, and what was typed; what is open is read by whoever deals with the contract."""
    user, seen = request.user, seen_by(request.user, contract)
    talk = newest(contract, about) if policies.side_of(user, contract) else None
    is_open = talk is not None and talk.is_open
    return page(request, "contracts/talk.html", head_of(seen) | {
        "about": about, "talk": talk if is_open else None, "is_mine": is_open and talk.side == policies.side_of(user, contract),
        "can_answer": is_open and policies.can_answer_talk(user, talk), "is_long": is_long(contract, seen.steps),
        "form": form or _form(contract, about), "status": status,
        "answer_form": answer_form or AnswerTalkForm(about=about, initial={"talk": talk.pk if is_open else None}),
    }, part="form", status=status)
