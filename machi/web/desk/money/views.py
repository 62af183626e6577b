"""The town's own account (街の口座): its statement is taken in, and what waits in suspense is worked off, line by line."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.banking.arriving import MOST_BYTES
from machi.banking.queries import imports
from machi.payments import actions
from machi.payments.account import TownAccount, town_account
from machi.payments.models import BankLine
from machi.payments.queries import in_suspense, lines_in_suspense, of_whom, words_of
from machi.shared.errors import DomainError
from machi.web.desk.money.forms import ConfirmForm, PlaceForm, StatementForm
from machi.web.desk.money.kept import balance_at_the_bank, keep, kept, let_go, preview_of
from machi.web.desk.money.placing import choices_for, place
from machi.web.frame.arriving import takes_up_to
from machi.web.frame.desks import at_desk
from machi.web.frame.jinja import page
from machi.web.frame.proof import proven
from machi.web.frame.sent import sent

PAST, SHOWN = 10, 30


@takes_up_to(MOST_BYTES)
@at_desk("finance")
@require_http_methods(["GET", "POST"])
def bank(request):
    """The account, what was read last, and the form for the next file, which is shown before anything is taken in."""
    account = town_account()
    form = StatementForm(sent(request), request.FILES or None, initial={"profile": account.profile} if account else None)
    if account is None or not form.is_valid():
        return _board(request, account, form, status=422 if form.is_bound else 200)
    file, profile = form.cleaned_data["file"], form.cleaned_data["profile"]
    try:
        preview = preview_of(file, form.layouts[profile], account.told_as)
    except DomainError as refusal:
        form.add_error("file", str(refusal))
        return _board(request, account, form, status=422)
    keep(file, request.user)
    return page(request, "desk/money/preview.html", {"preview": preview, "profile": profile, "account": account})


@at_desk("finance")
@require_POST
@proven("POST")
def take_in(request):
    """The file that was shown is booked; what says by itself whose it is, is placed."""
    account, form, blank = town_account(), ConfirmForm(request.POST), StatementForm()
    layout = blank.layouts.get(form.cleaned_data["profile"]) if form.is_valid() else None
    if account is None or layout is None:
        return _board(request, account, blank, refusal=_("desk.bank.gone"), status=422)
    try:
        with kept(request.user, form.cleaned_data["sha256"]) as file:
            brought = actions.take_in_statement(file=file, account=account.told_as, layout=layout, profile=form.cleaned_data["profile"],
                                                by=request.user)
    except DomainError as refusal:
        return _board(request, account, blank, refusal=str(refusal), status=409)
    let_go(request.user)
    waiting, _waiting_yen = in_suspense()
    said = _("desk.bank.taken_and_waiting") if waiting else _("desk.bank.taken")
    messages.success(request, said % {"n": brought.new_count, "waiting": waiting})
    return redirect("desk:suspense" if waiting else "desk:bank")


@at_desk("finance")
@require_GET
def suspense(request):
    """What nobody has placed yet, and what the bank was asked to send back."""
    waiting = lines_in_suspense()
    pages = Paginator(waiting, SHOWN).get_page(request.GET.get("page"))
    return page(request, "desk/money/suspense.html", {"pages": pages, "lines": [(one, words_of(one)) for one in pages]})


@at_desk("finance")
@require_http_methods(["GET", "POST"])
@proven("POST")
def line(request, pk: int):
    """One line: what it may be, why, and the one word that places it."""
    found = get_object_or_404(BankLine.objects.select_related("row__words", "decided_by"), pk=pk)
    form = PlaceForm(sent(request), choices=choices_for(found))
    if not form.is_valid():
        return _line(request, found, form, status=422 if form.is_bound else 200)
    try:
        place(found, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _line(request, found, form, status=409)
    messages.success(request, _("desk.line.placed"))
    return redirect("desk:suspense")


def _line(request, found: BankLine, form: PlaceForm, *, status: int):
    return page(request, "desk/money/line.html", {
        "line": found, "words": words_of(found), "form": form, "can_place": found.is_open, "whose": of_whom(found)}, status=status)


def _board(request, account: TownAccount | None, form: StatementForm, *, refusal: str = "", status: int):
    waiting, waiting_yen = in_suspense()
    return page(request, "desk/money/board.html", {
        "account": account, "form": form, "refusal": refusal, "balance": balance_at_the_bank(account.told_as) if account else None,
        "past": list(imports(account.told_as)[:PAST]) if account else [], "waiting": waiting, "waiting_yen": waiting_yen},
        status=status)
