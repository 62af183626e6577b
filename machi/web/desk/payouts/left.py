"""Somebody who has left for good, and whose money came back: how much, since when, and the account that they named in writing."""
from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from machi.accounts.models import User
from machi.banking.banks import bank_name
from machi.payments import actions
from machi.payments.queries import bank_account_of, late_account_of, left_with_money
from machi.shared.errors import DomainError
from machi.web.frame.at_a_bank import AtABankForm
from machi.web.frame.desks import at_desk
from machi.web.frame.fields import CleanText
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent


class LetterForm(AtABankForm):
    """The account that stands in their letter, and which letter that is."""

    words = CleanText(label=gettext_lazy("desk.left.letter"), help_text=gettext_lazy("desk.left.letter.hint"), max_length=300,
                      error_messages={"required": gettext_lazy("adjust.words.missing")})


class ReadForm(forms.Form):
    answer = forms.ChoiceField(choices=[("sign", ""), ("refuse", "")])


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def left(request, pk: int):
    """What is owed to them; and typing in the account."""
    worker, form = get_object_or_404(left_with_money(), pk=pk), LetterForm(sent(request))
    if not form.is_valid():
        return _left(request, worker, form, status=422 if form.is_bound else 200)
    try:
        actions.ask_late_account(worker=worker, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _left(request, worker, form, status=409)
    messages.success(request, _("desk.left.asked"))
    return redirect("desk:left", pk)


@at_desk("finance")
@require_POST
@proven("POST")
def answer_left(request, pk: int):
    """Somebody else has read the letter: it is this account, or it is not."""
    worker, form = get_object_or_404(left_with_money(), pk=pk), ReadForm(request.POST)
    late = late_account_of(worker)
    if not form.is_valid() or late is None:
        return _left(request, worker, LetterForm(), refusal=_("state.moved_on"), status=422)
    deed = actions.sign_late_account if form.cleaned_data["answer"] == "sign" else actions.refuse_late_account
    try:
        deed(late=late, by=request.user)
    except DomainError as refusal:
        return _left(request, worker, LetterForm(), refusal=str(refusal), status=409)
    messages.success(request, _("desk.payee.done"))
    return redirect("desk:left", pk)


def _left(request, worker: User, form: LetterForm, *, refusal: str = "", status: int = 200):
    late = late_account_of(worker)
    return page(request, "desk/payouts/left.html", {
        "worker": worker, "form": form, "late": late, "account": bank_account_of(worker), "refusal": refusal,
        "bank": bank_name(late.account["bank_code"]) if late else "", "is_own": late is not None and late.asked_by_id == request.user.pk},
        status=status)
