"""My page: one thing at a time, every line saved by itself; and the same page as others see it."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.accounts.models import User
from machi.profiles import actions
from machi.profiles.queries import page_of
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.question import Question
from machi.taxonomy.queries import topics_like
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page
from machi.web.frame.public import public as kept_for_everybody
from machi.web.pages.profiles import undo
from machi.web.pages.profiles.lines import KINDS, LINES
from machi.web.pages.profiles.sections import FOR_ME, FOR_OTHERS, shown

WRITE = ["GET", "POST"]


@require_GET
def me(request):
    """Everything on my page, ready to be changed line by line."""
    return _editor(request)


@require_http_methods(WRITE)
def line(request, line):
    """Change one line about the person: what to be called, the headline, the introduction, the working conditions."""
    chosen = _one_of(LINES, line)
    form = chosen.form(_posted(request), initial=chosen.initial(page_of(request.user)))
    if not form.is_valid():
        return _editor(request, line, form)
    chosen.write(by=request.user, **form.cleaned_data)
    return _saved(request, "words")


@require_http_methods(WRITE)
def add(request, kind):
    """One more strength, hobby or past job. Taking back a removal is the same deed with the same words."""
    chosen = _one_of(KINDS, kind)
    form = chosen.form(_posted(request), initial={"topic": request.GET.get("topic", "")[:40]})        # a hobby, from the list of topics
    if not form.is_valid():
        return _editor(request, kind, form)
    try:
        chosen.add(by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _editor(request, kind, form, status=409)
    undo.forget(request)
    return _saved(request, kind)


@require_http_methods(WRITE)
def change(request, kind, pk):
    """Change one entry."""
    chosen = _one_of(KINDS, kind)
    entry = get_object_or_404(chosen.model, pk=pk, user=request.user)
    form = chosen.form(_posted(request), initial=chosen.values(entry))
    if not form.is_valid():
        return _editor(request, kind, form, pk=pk)
    try:
        actions.change_entry(entry=entry, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _editor(request, kind, form, pk=pk, status=409)
    return _saved(request, kind)


@require_POST
def remove(request, kind, pk):
    """Take one entry off the page; what it said waits for a while, so that one click brings it back."""
    chosen = _one_of(KINDS, kind)
    entry = get_object_or_404(chosen.model, pk=pk, user=request.user)
    values = chosen.values(entry)
    actions.remove_entry(entry=entry, by=request.user)
    undo.remember(request, kind, values)
    return redirect(f"{reverse('profiles:me')}#{kind}")


@require_GET
def topics(request):
    """Topics by what is being typed of them, as options."""
    typed = request.GET.get("topic", "")[:40]
    return page(request, "profiles/topics.html", {"topics": topics_like(typed), "typed": typed})


_person = Question(lambda pk: User.objects.filter(pk=pk, is_active=True).order_by("pk"))


@require_GET
@kept_for_everybody(seconds=5)
def public(request, pk):
    """A person as everybody sees them: strengths first, what was counted apart from what they say themselves."""
    person = one_or_404(_person(pk))
    written = page_of(person)
    return page(request, "profiles/public.html", shown(FOR_OTHERS, person, written) | {
        "somebody": person, "written": written, "is_own": person == request.user, "today": clock.today()})


def _editor(request, opened="", form=None, *, pk=None, status=None):
    """The page, with at most one form open."""
    status = status or (422 if form is not None and form.is_bound else 200)
    written = page_of(request.user)
    return page(request, "profiles/me.html", shown(FOR_ME, request.user, written) | {
        "written": written, "opened": opened, "opened_pk": pk, "form": form,
        "removed": undo.remembered(request)}, part="editor", status=status)


def _saved(request, place: str):
    messages.success(request, _("me.saved"))
    return redirect(f"{reverse('profiles:me')}#{place}")


def _posted(request):
    return request.POST if request.method == "POST" else None


def _one_of(table: dict, name: str):
    if name not in table:
        raise Http404
    return table[name]
