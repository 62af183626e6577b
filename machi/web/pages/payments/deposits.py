"""Where a client transfers to, and where money comes back to them, in a town with an account of its own (お振込みのご案内)."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.payments.account import town_account
from machi.payments.actions import ask_to_repay, name_refund_account
from machi.payments.figures import is_fee_theirs
from machi.payments.models import Debt, ExpectedDeposit
from machi.payments.queries import is_paid_by_card, refund_account_of, refund_accounts_of, repaying_now
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.proof import is_proven, proven
from machi.web.frame.sent import sent
from machi.web.pages.payments.account import names_typed, shown
from machi.web.pages.payments.forms import AccountForm, RepayForm


@require_GET
def deposit(request, pk: int):
    """The account of the town, the sum, the number to write before one's name, and until when: a page to print. Where clients pay by card
    it leads to the page for it.
    """
    asked = get_object_or_404(ExpectedDeposit.objects.visible_to(request.user).select_related("party", "party__person"), pk=pk)
    if is_paid_by_card():
        return page(request, "payments/by_card.html", {
            "deposit": asked, "work": _work_of(asked), "account": town_account() if asked.is_anew else None,
            "is_fee_theirs": is_fee_theirs()})
    return page(request, "payments/deposit.html", {"deposit": asked, "account": town_account(), "work": _work_of(asked)})


@require_http_methods(["GET", "POST"])
def debt(request, pk: int):
    """What a client owes the town, since when and why, and how it is repaid: at once, or in parts."""
    owed = get_object_or_404(Debt.objects.visible_to(request.user).select_related("party", "party__person"), pk=pk)
    form = RepayForm(sent(request), initial={"amount": int(owed.open)})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return redirect("payments:deposit", ask_to_repay(debt=owed, by=request.user, amount=form.cleaned_data["amount"]).pk)
        except DomainError as refused:
            form.add_error("amount", str(refused))
            status = 409
    return page(request, "payments/debt.html", {"debt": owed, "form": form, "waiting": repaying_now(owed)}, status=status)


@require_GET
def refund_accounts(request):
    """Of every party for which this person looks after money: where it comes back to."""
    parties = refund_accounts_of(request.user)
    return page(request, "payments/refund_accounts.html", {"rows": [(party, account and shown(account)) for party, account in parties]})


@require_http_methods(["GET", "POST"])
@proven("POST")
def refund_account(request, pk: int):
    """The form for one party."""
    party = get_object_or_404(Party.objects.acting_for(request.user, Power.PAYER).select_related("person"), pk=pk)
    form = AccountForm(sent(request))
    if not form.is_valid():
        now = refund_account_of(party)
        return page(request, "payments/refund_account.html", names_typed(form.data) | {
            "form": form, "party": party, "account": shown(now) if now else None, "is_proven": is_proven(request)},
            status=422 if form.is_bound else 200)
    name_refund_account(party=party, by=request.user, **form.cleaned_data)
    messages.success(request, _("account.bank.saved"))
    return redirect("payments:refund_account")


def _work_of(asked: ExpectedDeposit) -> str:
    kind, _colon, number = asked.about.partition(":")
    if kind == "debt":
        return reverse("payments:debt", args=[int(number)])
    return reverse({"job": "jobs:detail", "batch": "tasks:run"}.get(kind, "contracts:room"), args=[int(number)])
