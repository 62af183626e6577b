"""A client gives more than the price, after the work (おひねり): a form, and a look at both sides' money before it is given."""
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from machi.contracts import actions, policies
from machi.contracts.counting import bonus_in, withholding_in
from machi.contracts.models import Bonus, Contract
from machi.payments.paydays import pay_day
from machi.payments.queries import deposit_of, has_own_account
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.web.frame.fields import CleanText, YenField
from machi.web.frame.jinja import lead, page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent
from machi.web.pages.contracts.forms import ScreenForm
from machi.web.pages.contracts.letters_shown import fresh_key
from machi.web.pages.contracts.showing import contract_for, head_of, seen_by, to_room
from machi.web.pages.contracts.standing import Seen

_OLD = dict.fromkeys(("required", "max_length"), gettext_lazy("message.form_old"))


class BonusForm(ScreenForm):
    """The sum is whatever somebody writes: none is proposed. `seen` is the sum whose two sides stood on the screen."""

    price = YenField(label=gettext_lazy("bonus.price.label"), at_least=policies.LEAST, at_most=policies.MOST_BONUS)
    words = CleanText(lines=True, rows=4, max_length=300, required=False, label=gettext_lazy("bonus.words.label"),
                      help_text=gettext_lazy("bonus.words.hint"))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, error_messages=_OLD)
    seen = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput, error_messages=_OLD)

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.fields["price"].help_text = policies.bonus_range()

    @property
    def is_sure(self) -> bool:
        """Did they see both sides of this very sum, and not ask to write it anew?"""
        return self.is_valid() and self.cleaned_data["seen"] == str(int(self.cleaned_data["price"])) and "again" not in self.data


@require_http_methods(["GET", "POST"])
@proven("POST")
def bonus(request, pk: int):
    """The form, then a look at what the worker will receive; only then it is given."""
    contract = contract_for(request, pk)
    seen = seen_by(request.user, contract)
    if request.method == "GET" and not policies.can_give_bonus(request.user, contract, seen.steps):
        return to_room(request, contract)
    form = BonusForm(sent(request), initial={"key": fresh_key()})
    if not form.is_sure:
        return _shown(request, seen, form)
    told = form.cleaned_data
    try:
        given = actions.give_bonus(contract=contract, by=request.user, price=told["price"], words=told["words"], key=told["key"])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, seen, form, status=409)
    return _onward(request, contract, given)


def _shown(request, seen: Seen, form: BonusForm, *, status: int = 200) -> HttpResponse:
    """The form as long as something is to be written; else the look."""
    if not form.is_bound or form.errors or "again" in form.data:
        status = 422 if form.errors and status == 200 else status
        form.look_again(seen="") if form.is_bound else None
        return page(request, "contracts/bonus.html", head_of(seen) | {"form": form}, part="form", status=status)
    price = form.cleaned_data["price"]
    form.look_again(seen=str(int(price)))
    return page(request, "contracts/bonus_look.html", head_of(seen) | {
        "form": form, "gift": bonus_in(seen.contract).money(price), "gift_on": pay_day(clock.today(), acceptance_days=0),
        "tax_why": withholding_in(seen.contract.terms)}, part="form")


def _onward(request, contract: Contract, given: Bonus) -> HttpResponse:
    """Where money comes by a transfer: to the page that says where to."""
    asked = deposit_of(given.reference) if given.is_waited_for and has_own_account() else None
    return lead(request, reverse("payments:deposit", args=[asked.pk])) if asked else to_room(request, contract, "#bonuses")
