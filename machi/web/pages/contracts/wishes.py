"""What both must sign after the contract was made (条件の相談): the three forms in which one side asks, and the page on which the other
reads it, with both sides' money, and answers.
"""
from collections.abc import Callable

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.contracts import actions, policies
from machi.contracts.between import between
from machi.contracts.models import ChangeOrder, Milestone
from machi.jobs.plans import Step
from machi.shared.errors import DomainError, NotAllowed
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent
from machi.web.pages.contracts.between_two import going_on, wish_context
from machi.web.pages.contracts.forms import AnswerForm
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by, show_room, to_room
from machi.web.pages.contracts.standing import Seen
from machi.web.pages.contracts.wish_forms import MonthsForm, PricesForm, TermsForm, WishForm

ANSWERS = {"agree": actions.agree_to_change, "keep": actions.keep_terms, "withdraw": actions.withdraw_change}


@require_http_methods(["GET", "POST"])
def change(request, pk: int):
    """Ask for other terms: the steps that are not funded yet, and what changes in words."""
    def make(seen: Seen, **named) -> TermsForm:
        waiting = [step for step in seen.steps if step.is_unfunded]
        others = sum(step.funded_at is not None for step in seen.steps)
        said_yes = next((one for one in between(seen.contract).talks if str(one.pk) == request.GET.get("talk")), None)
        return TermsForm(waiting=waiting, others=others, is_hourly=seen.contract.is_hourly, talk=said_yes, **named)
    return _ask(request, pk, "contracts/change_ask.html", make,
                lambda seen, form: actions.ask_for_terms(contract=seen.contract, by=request.user, **form.values()))


@require_http_methods(["GET", "POST"])
def go_on(request, pk: int):
    """Ask for more months on the same terms."""
    def to_come(seen: Seen) -> list[Step]:
        found = going_on(request.user, seen, between(seen.contract))
        return found.to_come if found else []
    return _ask(request, pk, "contracts/go_on_ask.html", lambda seen, **named: MonthsForm(to_come=to_come(seen), **named),
                lambda seen, form: actions.ask_to_go_on(contract=seen.contract, by=request.user, **form.cleaned_data), may=to_come)


@require_http_methods(["GET", "POST"])
def part(request, pk: int, number: int | None = None):
    """Ask that of a step whose money is held only a part is paid, or nothing. `number`: the week by the hour that it is about."""
    return _ask(request, pk, "contracts/part_ask.html", lambda seen, **named: PricesForm(running=[seen.milestone], **named),
                lambda seen, form: actions.ask_for_part(
                    milestone=seen.milestone, by=request.user, price=form.prices()[seen.milestone.number],
                    words=form.cleaned_data["words"], answers=form.cleaned_data["answers"]),
                number=number, may=lambda seen: seen.milestone.is_running)


@require_http_methods(["GET", "POST"])
def end(request, pk: int):
    """Ask to end the contract."""
    return _ask(request, pk, "contracts/end_ask.html", lambda seen, **named: PricesForm(running=_running(seen), **named),
                lambda seen, form: actions.ask_to_end(contract=seen.contract, by=request.user, prices=form.prices(),
                                                      words=form.cleaned_data["words"], answers=form.cleaned_data["answers"]))


@require_http_methods(["GET", "POST"])
@proven("POST")
def wish(request, pk: int):
    """Read what is asked, with both sides' money, and answer it."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    if request.method == "GET":
        asked = between(contract).asked
        if asked is None or not policies.can_read_work(request.user, contract):
            return to_room(request, contract)
        return page(request, "contracts/wish.html", head_of(seen) | wish_context(request.user, seen) | {"form": None})
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show_room(request, contract, refusal=_("change.answer_refused"), status=422)
    order = get_object_or_404(ChangeOrder, pk=form.cleaned_data["wish"], contract=contract)
    try:
        ANSWERS[form.cleaned_data["answer"]](order=order, by=request.user)
    except DomainError as refusal:
        return show_room(request, contract_for(request, pk), refusal=str(refusal), status=409)
    return to_room(request, contract)


def _running(seen: Seen) -> list[Milestone]:
    return [step for step in seen.steps if step.is_running]


def _ask(request, pk: int, template: str, make: Callable[..., WishForm], do: Callable, *, number: int | None = None,
         may: Callable = bool):
    """One form: fresh, with what was wrong (422), with the town's refusal (409), or done. `may`: of what is seen, may it be asked now?"""
    contract = contract_for(request, pk)
    seen, now = seen_by(request.user, contract, number), between(contract)
    is_theirs = now.asked is not None and now.asked.side != policies.side_of(request.user, contract)
    is_possible = policies.can_ask_for_change(request.user, contract) and bool(may(seen))
    is_waiting = now.asked is not None and not is_theirs
    if request.method == "GET" and (is_waiting or not is_possible):     # what somebody has typed meanwhile stays on their screen
        return to_room(request, contract)
    token = {"answers": now.asked.pk if is_theirs else None}
    form = make(seen, data=sent(request), initial=token)
    status = _asked(seen, form, do, token, may=is_possible) if form.is_bound else 200
    if status is None:
        return to_room(request, contract)
    context = head_of(seen) | wish_context(request.user, seen, now)
    return page(request, template, context | {"form": form, "status": status}, part="form", status=status)


def _asked(seen: Seen, form: WishForm, do: Callable, token: dict, *, may: bool) -> int | None:
    """Nothing when it is asked; 422 with what was wrong, 409 with the town's refusal: then what was typed stays."""
    if not form.is_valid() and may:
        return 422
    try:
        if not may:
            raise NotAllowed(_("change.refused"))
        do(seen, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        form.look_again(**token)
        return 409
    return None
