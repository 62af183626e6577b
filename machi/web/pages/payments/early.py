"""Being paid before the pay date (早めに受け取る): how much, on which day, and one press."""
from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from machi.payments.actions import ask_early
from machi.payments.queries import bank_account_of, early_pay
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from machi.web.frame.jinja import page
from machi.web.pages.payments.account import shown


class EarlyForm(forms.Form):
    """The sum that stood on the screen."""

    amount_yen = forms.IntegerField(min_value=1)


@require_http_methods(["GET", "POST"])
def early(request):
    """What could come earlier, and asking for it."""
    form = EarlyForm(request.POST or None)
    if not form.is_valid():
        is_post = request.method == "POST"
        return _early(request, refusal=_("early.changed") if is_post else "", status=422 if is_post else 200)
    try:
        ask_early(by=request.user, amount=Yen(form.cleaned_data["amount_yen"]))
    except DomainError as refusal:
        return _early(request, refusal=str(refusal), status=409)
    messages.success(request, _("early.done"))
    return redirect("payments:earnings")


def _early(request, *, refusal: str, status: int):
    account = bank_account_of(request.user)
    return page(request, "payments/early.html", {"early": early_pay(request.user), "account": shown(account) if account else None,
                                                 "refusal": refusal}, status=status)
