"""Who goes on if the worker suddenly cannot (交代の人): naming somebody, answering, calling them."""
import re
import unicodedata
from collections.abc import Iterable

from django import forms
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.accounts.models import User
from machi.contracts import actions, policies
from machi.contracts.actions.standing_in import LEAST_KEPT, MOST_KEPT
from machi.contracts.between import between
from machi.contracts.models import Contract, StandIn
from machi.contracts.queries import current, steps_of
from machi.contracts.terms import parted
from machi.shared.errors import DomainError
from machi.web.frame.fields import CleanText
from machi.web.frame.jinja import lead, page
from machi.web.frame.sent import sent
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by, to_room
from machi.web.pages.contracts.standing import CLIENT, WORKER, client_called

PERCENTS = range(LEAST_KEPT, MOST_KEPT + 1, 10)
ANSWERS = {"agree": actions.agree_to_stand_in, "decline": actions.decline_stand_in, "withdraw": actions.withdraw_stand_in}
look = require_http_methods(["GET", "POST"])


def _shares(percents: Iterable[int]) -> list[tuple[int, str]]:
    """How a step may be shared: what the worker keeps, and what is for whoever goes on."""
    return [(percent, _("standin.kept.choice") % {"mine": percent, "theirs": 100 - percent}) for percent in percents]


class NameForm(forms.Form):
    """Whose page it is, and how the step that is under way would be shared."""

    person = CleanText(max_length=200, label=gettext_lazy("standin.person.label"), help_text=gettext_lazy("standin.person.hint"))
    kept_percent = forms.TypedChoiceField(coerce=int, initial=50, label=gettext_lazy("standin.kept.label"),
                                          help_text=gettext_lazy("standin.kept.hint"))

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.fields["kept_percent"].choices = _shares(PERCENTS)

    def clean_person(self) -> User:
        """The page's address, or its number. Everybody who lives here has a page."""
        found = re.fullmatch(r"(?:.*/people/)?(\d{1,18})/?", unicodedata.normalize("NFKC", self.cleaned_data["person"]).strip())
        person = User.objects.filter(pk=int(found[1]), is_active=True, closed_at=None).first() if found else None
        if person is None:
            raise forms.ValidationError(_("standin.person.unknown"))
        return person


class CallForm(forms.Form):
    """What the worker keeps of the step at most, and a word for whoever goes on."""

    kept_percent = forms.TypedChoiceField(coerce=int, label=gettext_lazy("standin.kept.label"),
                                          help_text=gettext_lazy("standin.kept.less.hint"))
    note = CleanText(lines=True, rows=6, max_length=2000, required=False, label=gettext_lazy("standin.note.label"),
                     help_text=gettext_lazy("standin.note.hint"))

    def __init__(self, *args, most: int, **named):
        super().__init__(*args, initial={"kept_percent": most}, **named)
        self.fields["kept_percent"].choices = _shares(sorted({*(one for one in PERCENTS if one < most), most}))


class PressForm(forms.Form):
    answer = forms.ChoiceField(choices=[(one, one) for one in ANSWERS])


@look
def stand_in(request, pk: int):
    """The worker names somebody. Where somebody is named already, everybody comes to their page."""
    contract = contract_for(request, pk)
    there = between(contract).stand_in
    if there is not None and (there.is_open or request.method == "GET") and there.contract_id == contract.pk:
        return redirect("contracts:stand_in_one", there.pk)
    if not policies.can_name_stand_in(request.user, contract):
        return to_room(request, contract)
    form = NameForm(sent(request))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            named = actions.name_stand_in(contract=contract, by=request.user, **form.cleaned_data)
            return lead(request, reverse("contracts:stand_in_one", args=[named.pk]))
        except DomainError as refusal:
            form.add_error("person", str(refusal))
            status = 409
    return page(request, "contracts/stand_in_ask.html", head_of(seen_by(request.user, contract)) | {"form": form, "status": status},
                part="form", status=status)


@look
def one(request, pk: int):
    """For all three: what is agreed, how it would be shared, and the answer that is theirs to give."""
    found = _for(request, pk)
    form = PressForm(sent(request))
    if not form.is_bound:
        return _page(request, found)
    if not form.is_valid():
        return _page(request, found, _("standin.answer_refused"), 422)
    try:
        ANSWERS[form.cleaned_data["answer"]](stand_in=found, by=request.user)
    except DomainError as refusal:
        return _page(request, _for(request, pk), str(refusal), 409)
    return redirect("contracts:stand_in_one", pk)


@look
def call(request, pk: int):
    """Ask whoever stands by to take over now: the worker says how to share and what to know, the client only that it is time."""
    found = _for(request, pk)
    context = _context(request.user, found)
    if not context["can_call"] and request.method == "GET":
        return redirect("contracts:stand_in_one", pk)
    is_worker = request.user.pk == found.contract.worker_id
    form = CallForm(sent(request), most=found.kept_percent)
    if not is_worker:
        del form.fields["kept_percent"], form.fields["note"]
    status = 422 if form.is_bound else 200
    if form.is_bound and (form.is_valid() or not context["can_call"]):       # too late: what was typed stays, with the reason
        try:
            actions.call_stand_in(stand_in=found, by=request.user, **form.cleaned_data)
            return lead(request, reverse("contracts:stand_in_one", args=[pk]))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return page(request, "contracts/stand_in_call.html", context | {"form": form, "status": status}, part="form", status=status)


def _for(request, pk: int) -> StandIn:
    """For the three whom it concerns; for everybody else it does not exist."""
    ours = StandIn.objects.visible_to(request.user)
    return get_object_or_404(ours.select_related("person", "contract__client__person", "contract__worker", "contract__offer"), pk=pk)


def _page(request, found: StandIn, refusal: str = "", status: int = 200):
    return page(request, "contracts/stand_in.html", _context(request.user, found) | {"refusal": refusal}, status=status)


def _context(user, found: StandIn) -> dict:
    contract = found.contract
    steps = steps_of(contract)
    step = current(steps)
    side = "stand_in" if user.pk == found.person_id else WORKER if user.pk == contract.worker_id else CLIENT
    kept, rest = parted(step, found.kept_percent, found.person) if not step.is_closed and contract.goes_on else (None, None)
    called = found.offers.filter(state="open").first()
    return {
        "form": None, "refusal": "", "stand_in": found, "contract": contract, "side": side, "step": step, "kept": kept, "rest": rest,
        "called": called,
        "later": [one for one in steps if one.is_unfunded and one.pk != step.pk], "client_name": client_called(contract.client),
        "can_answer": policies.can_answer_stand_in(user, found), "can_withdraw": policies.can_withdraw_stand_in(user, found),
        "can_call": called is None and policies.can_call_stand_in(user, found, step),
        "after": Contract.objects.visible_to(user).filter(takes_over=contract).first() if found.has_taken_over else None,
    }
