"""My page: one thing at a time, every section saved by itself."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.profiles import actions
from machi.profiles.queries import about_own, line_of, own_of, page_of, was_removed
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.prepared import asked_together
from machi.shared.seals import Overtaken, seal
from machi.taxonomy.queries import skills_like, topics_like
from machi.web.frame import look
from machi.web.frame.jinja import page, wants_part
from machi.web.frame.sent import sent
from machi.web.pages.profiles import undo
from machi.web.pages.profiles.forms import EvidenceForm
from machi.web.pages.profiles.lines import KINDS, LINES
from machi.web.pages.profiles.sections import FOR_ME, about_my_page, shown

WRITE = ["GET", "POST"]


@require_GET
def me(request):
    """Everything on my page, ready to be changed section by section."""
    return _editor(request)


@require_http_methods(WRITE)
def line(request, line):
    """Change one section: the names, the headline, the introduction, the conditions, the pay, the availability."""
    chosen = _one_of(LINES, line)
    written, own = page_of(request.user), own_of(request.user)
    saved, typed = chosen.saved(written, own), own.typed(line) if "saved" not in request.GET else None
    form = chosen.form(sent(request), initial=saved | (typed or {})).read(seal(saved))
    form.is_unsaved = bool(typed) and not form.is_bound
    if not form.is_valid():
        return _editor(request, line, form)
    try:
        chosen.write(by=request.user, seen=form.seal, **form.cleaned_data)
    except DomainError as refusal:
        saved = chosen.saved(page_of(request.user), own_of(request.user))
        return _refused(request, line, form, refusal, saved=saved, now=seal(saved))
    return _saved(request, line)


@require_POST
def unsaved(request, line):
    """What is being typed into a long field waits here. Others go on reading what was saved."""
    chosen = _one_of(LINES, line)
    if not chosen.is_long:
        raise Http404
    form = chosen.form(request.POST)
    if not form.is_valid():
        return page(request, "profiles/unsaved.html", {"form": form, "line": line, "saved_at": None}, status=422)
    actions.keep_unsaved(by=request.user, place=line, values=form.cleaned_data)
    if wants_part(request):
        return page(request, "profiles/unsaved.html", {"form": form, "line": line, "saved_at": clock.now()})
    messages.success(request, _("me.unsaved.kept"))
    return redirect(f"{reverse('profiles:me')}#{line}")


@require_POST
def evenings(request):
    """平日の夜と土日, in one tap (F09). Where another window chose hours meanwhile, both stand in the form."""
    try:
        actions.like_evenings(by=request.user)
    except DomainError as refusal:
        saved = LINES["conditions"].saved(page_of(request.user), own_of(request.user))
        form = LINES["conditions"].form(saved | {"bands": actions.EVENINGS})
        return _refused(request, "conditions", form, refusal, saved=saved, now=seal(saved))
    return _saved(request, "conditions")


@require_http_methods(WRITE)
def add(request, kind):
    """One more entry. Taking back a removal is the same deed with the same words."""
    chosen = _one_of(KINDS, kind)
    named = {name: request.GET.get(name, "")[:40] for name in ("topic", "skill")}       # from the page of topics
    form = chosen.form(sent(request), initial=named)
    if not form.is_valid():
        return _editor(request, kind, form)
    try:
        chosen.add(by=request.user, place=undo.place(request, kind), **form.cleaned_data)
    except DomainError as refusal:
        return _refused(request, kind, form, refusal)
    undo.forget(request)
    return _saved(request, kind)


@require_http_methods(WRITE)
def change(request, kind, pk):
    """Change one entry."""
    chosen = _one_of(KINDS, kind)
    entry = line_of(request.user, chosen.model, pk)
    if entry is None:
        return _gone(request, kind, chosen, pk)
    form = chosen.form(sent(request), initial=chosen.values(entry)).read(chosen.seal(entry))
    if not form.is_valid():
        return _editor(request, kind, form, pk=entry.pk)
    try:
        actions.change_entry(entry=entry, by=request.user, seen=form.seal, **form.cleaned_data)
    except DomainError as refusal:
        entry = line_of(request.user, chosen.model, pk)
        if entry is None:                               # between the two looks another window took it off
            return _gone(request, kind, chosen, pk)
        told = refusal if entry.pk == pk else Overtaken(_("me.joined"))
        return _refused(request, kind, form, told, pk=entry.pk, saved=chosen.values(entry), now=chosen.seal(entry))
    return _saved(request, kind)


@require_POST
def move(request, kind, pk):
    """One place up or down, with a button each."""
    chosen = _one_of(KINDS, kind)
    entry = get_object_or_404(chosen.model, pk=pk, user=request.user)
    way = "up" if request.POST.get("way") == "up" else "down"
    actions.move_entry(entry=entry, by=request.user, up=way == "up")
    return redirect(f"{reverse('profiles:me')}?moved={kind}-{pk}-{way}#{kind}")


@require_POST
def remove(request, kind, pk):
    """Take one entry off the page; what it said waits for a while, so that one click brings it back."""
    chosen = _one_of(KINDS, kind)
    entry = get_object_or_404(chosen.model, pk=pk, user=request.user)
    undo.remember(request, kind, entry, chosen.values(entry))
    actions.remove_entry(entry=entry, by=request.user)
    return redirect(f"{reverse('profiles:me')}#{kind}")


@require_GET
def topics(request):
    """Topics that begin with what is being typed, as options."""
    typed = (request.GET.get("topic") or request.GET.get("words", ""))[:40]      # `words`: of the first-day question
    return page(request, "profiles/offered.html", {"offered": topics_like(typed), "typed": typed})


@require_GET
def skills(request):
    """Skills, in the same way."""
    typed = request.GET.get("skill", "")[:40]
    return page(request, "profiles/offered.html", {"offered": skills_like(typed), "typed": typed})


def _editor(request, opened="", form=None, *, pk=None, status=None, theirs=None):
    """The page, with at most one form open. `theirs`: what another window saved meanwhile."""
    status = status or (422 if form is not None and form.is_bound else 200)
    with asked_together(*about_own(request.user.pk), *about_my_page(request.user.pk), *look.about_around(request.user.pk)):
        look.look_around(request.user)
        written, own = page_of(request.user), own_of(request.user)
        sections = shown(FOR_ME, request.user, written)
    if isinstance(form, EvidenceForm):
        form.offer(sections["works"])
    if theirs is not None:
        form.meet(theirs)
    return page(request, "profiles/me.html", sections | {
        "written": written, "own": own, "opened": opened, "opened_pk": pk, "form": form, "today": clock.today(),
        "removed": undo.remembered(request), "moved": request.GET.get("moved", "")}, part="editor", status=status)


def _saved(request, place: str):
    messages.success(request, _("me.saved"))
    return redirect(f"{reverse('profiles:me')}#{place}")


def _refused(request, opened: str, form, refusal: DomainError, *, pk=None, saved=None, now=None):
    """409: what was typed stays. Where another window was quicker, its words stand beside it, and saving once more is a choice."""
    is_overtaken = isinstance(refusal, Overtaken)
    form.seal = now if is_overtaken else form.seal
    form.add_error(None, str(refusal))
    return _editor(request, opened, form, pk=pk, status=409, theirs=saved if is_overtaken else None)


def _gone(request, kind: str, chosen, pk: int):
    """The entry was taken off the page in another window: the words that were typed are ready to be added again."""
    if request.method != "POST" or not was_removed(request.user, chosen.model, pk):
        raise Http404
    form = chosen.form(request.POST)
    if not form.is_valid():
        return _editor(request, kind, form)
    form.add_error(None, _("me.gone"))
    return _editor(request, kind, form, status=409)


def _one_of(table: dict, name: str):
    if name not in table:
        raise Http404
    return table[name]
