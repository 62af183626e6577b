"""Money that goes back to clients by somebody's transfer (返金待ち): to whom, how much, since when, and, of one, to which account."""
from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from machi.banking.banks import bank_name, branch_name
from machi.payments.actions import look_at_refund_account
from machi.payments.models import Refund
from machi.payments.queries import refunds_by_transfer, waits_for_its_card, why_not_sent
from machi.shared.errors import NotAllowed
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page

SHOWN = 30
KINDS = {"1": _("account.bank.ordinary"), "2": _("account.bank.current"), "4": _("account.bank.savings")}


@at_desk("finance")
@require_GET
def refunds(request):
    """Who waits longest comes first."""
    waiting = refunds_by_transfer()
    pages = Paginator(waiting, SHOWN).get_page(request.GET.get("page"))
    return page(request, "desk/refunds/list.html", {
        "pages": pages, "rows": [(one, why_not_sent(one)) for one in pages], "sum": waiting.aggregate(yen=Sum("amount_yen"))["yen"]})


@at_desk("finance")
@require_GET
def refund(request, pk: int):
    """One of them. Where it goes to stands here whole, for as long as it may be sent, and the client can read who looked."""
    found = get_object_or_404(Refund.objects.select_related("party", "party__person", "party__refund_account"), pk=pk)
    try:
        account, refusal = look_at_refund_account(refund=found, by=request.user), ""
    except NotAllowed as refused:
        account, refusal = None, str(refused)
    waits = refunds_by_transfer().filter(pk=pk).exists()
    return page(request, "desk/refunds/one.html", {
        "one": found, "to": _in_words(account) if account else [], "waits": waits,
        "at_card": not refusal and waits and waits_for_its_card(found), "why": refusal or (why_not_sent(found) if waits else "")})


def _in_words(account) -> list[tuple]:
    """All that a bank asks for, as it is typed in there."""
    bank, branch = bank_name(account.bank_code) or "", branch_name(account.bank_code, account.branch_code) or ""
    return [(_("account.bank.bank"), f"{bank} {account.bank_code}"), (_("account.bank.branch.name"), f"{branch} {account.branch_code}"),
            (_("account.bank.kind"), KINDS[account.kind]), (_("account.bank.number"), account.number),
            (_("account.bank.holder"), account.holder_kana)]
