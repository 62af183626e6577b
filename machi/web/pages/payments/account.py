"""The bank account of a worker (口座): named, checked, and shown by its ending only."""
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.banking.banks import bank_name, branch_name
from machi.payments.actions import name_bank_account
from machi.payments.queries import bank_account_of, came_back, has_own_account, next_payment, pause_of, why_held
from machi.profiles.actions import write_names
from machi.profiles.queries import own_names
from machi.web.frame.at_a_bank import Digits
from machi.web.frame.jinja import page
from machi.web.frame.proof import is_proven, proven
from machi.web.frame.sent import sent
from machi.web.pages.payments.forms import AccountForm


@require_http_methods(["GET", "POST"])
@proven("POST")
def account(request):
    """Where the money goes now, and the form to say so or to change it."""
    names = own_names(request.user)
    form = AccountForm(sent(request), names=names if has_own_account() else None)
    if not form.is_valid():
        return page(request, "payments/account.html", _context(request, form), status=422 if form.is_bound else 200)
    _say(request.user, names, form)
    name_bank_account(by=request.user, legal_kana=form.legal_kana, **form.cleaned_data)
    messages.success(request, _("account.bank.saved"))
    return redirect("payments:account")


@require_GET
def names(request):
    """The names of a bank and of its branch, while somebody types their codes."""
    return page(request, "payments/names.html", names_typed(request.GET))


def names_typed(typed) -> dict:
    """What the codes that somebody has typed so far are called."""
    bank, branch = (_code(typed.get(name, ""), digits) for name, digits in (("bank_code", 4), ("branch_code", 3)))
    return {"bank": bank_name(bank), "branch": branch_name(bank, branch), "asked": bool(bank)}


def _say(person, names: dict, form: AccountForm) -> None:
    """What papers call somebody, where they said it together with their account."""
    if form.said_names:
        write_names(by=person, **names | form.said_names)


def _code(text: str, digits: int) -> str:
    code = Digits(digits=digits).to_python(text[:40])
    return code if len(code) == digits else ""


def _context(request, form: AccountForm) -> dict:
    now = bank_account_of(request.user)
    return names_typed(form.data) | {"form": form, "came_back": came_back(request.user), "next": next_payment(request.user),
                                "is_proven": is_proven(request), "held": why_held(now, pause_of(request.user)) if now else "",
                                "account": shown(now) if now else None}


def shown(account) -> dict:
    """An account as its person may see it: names, and the last three digits."""
    return {"bank": bank_name(account.bank_code), "branch": branch_name(account.bank_code, account.branch_code),
            "ending": account.ending, "holder": account.holder_kana, "changed_at": account.changed_at}
