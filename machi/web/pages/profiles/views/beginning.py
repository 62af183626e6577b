"""The first words of a page: three questions, one a screen, each saved by itself; or the whole page in one form."""
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from machi.accounts.models import User
from machi.profiles import actions
from machi.profiles.queries import Page, own_names, own_of, page_of, said_at_once
from machi.shared.errors import DomainError
from machi.shared.seals import seal
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.profiles.forms.begin import CallForm, ExpertForm, HeartForm, OneStrengthForm


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the three questions."""

    form: type[forms.Form]
    write: Callable
    is_answered: Callable[[Page], bool]
    known: Callable[[User], dict] = lambda person: {}           # what stands there already


QUESTIONS = {
    "name": Asked(CallForm, actions.be_called, lambda page: bool(page.user.display_name), own_names),
    "strength": Asked(OneStrengthForm, actions.add_strength, lambda page: bool(page.strengths)),
    "heart": Asked(HeartForm, actions.tell_from_the_heart, lambda page: bool(page.hobbies or page.careers)),
}


@require_GET
def begin(request):
    """Where somebody left off: the first question without an answer."""
    written = page_of(request.user)
    open_one = next((step for step, asked in QUESTIONS.items() if not asked.is_answered(written)), None)
    return redirect("profiles:question", asked=open_one) if open_one else redirect("profiles:begun")


@require_http_methods(["GET", "POST"])
def question(request, asked):
    """One question, and a way past it."""
    if asked not in QUESTIONS:
        raise Http404
    chosen = QUESTIONS[asked]
    known = chosen.known(request.user)
    form = chosen.form(sent(request), initial=known).read(seal(known))
    if not form.is_valid():
        return _screen(request, asked, form, status=422 if form.is_bound else 200)
    try:
        chosen.write(by=request.user, **form.cleaned_data, **({"seen": form.seal} if known else {}))
    except DomainError as refusal:
        form.refuse(refusal, chosen.known(request.user))
        return _screen(request, asked, form, status=409)
    return _after(asked)


@require_GET
def begun(request):
    """What the answers have made: a page that can apply, or one that waits."""
    written = page_of(request.user)
    open_one = next((step for step, asked in QUESTIONS.items() if not asked.is_answered(written)), "")
    return page(request, "profiles/begun.html", {"written": written, "open_one": open_one})


@require_http_methods(["GET", "POST"])
def expert(request):
    """A whole page in one form (F08)."""
    written, own = page_of(request.user), own_of(request.user)
    known, shown = said_at_once(written, own), {"written": written, "pay": own.pay}
    form = ExpertForm(sent(request), initial=known, has_strength=bool(written.strengths))
    form.read(seal(known))
    if not form.is_valid():
        return page(request, "profiles/expert.html", shown | {"form": form}, status=422 if form.is_bound else 200)
    try:
        stayed = actions.write_at_once(by=request.user, seen=form.seal, **form.said())
    except DomainError as refusal:
        form.refuse(refusal, said_at_once(page_of(request.user), own_of(request.user)))
        return page(request, "profiles/expert.html", shown | {"form": form}, status=409)
    messages.success(request, _("expert.stayed") % {"lines": "".join(f"「{line}」" for line in stayed)} if stayed else _("expert.saved"))
    return redirect("profiles:me")


def _screen(request, asked: str, form, *, status: int):
    steps = list(QUESTIONS)
    number = steps.index(asked)
    return page(request, "profiles/begin.html", {
        "step": asked, "form": form, "number": number + 1, "of": len(steps), "past": _after(asked).url,
        "before": steps[number - 1] if number else ""}, part="question", status=status)


def _after(step: str):
    steps = list(QUESTIONS)
    return redirect("profiles:question", asked=steps[steps.index(step) + 1]) if step != steps[-1] else redirect("profiles:begun")

