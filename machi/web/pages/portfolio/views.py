"""A piece of work: as others see it, and the deeds of its person. What was typed stays, whatever is refused."""
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.files.storing import UnfitFile
from machi.portfolio import actions
from machi.portfolio.queries import removed_file_lately
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.seals import Overtaken, seal
from machi.web.frame.jinja import lead, page
from machi.web.frame.public import public as kept_for_everybody
from machi.web.frame.sent import sent
from machi.web.frame.taken import taken
from machi.web.pages.portfolio.forms import AddForm, ChangeForm, words_of
from machi.web.pages.portfolio.seeing import own_piece, own_piece_or_gone, own_removed_piece, piece_for

WRITE = ["GET", "POST"]


@require_GET
@kept_for_everybody(seconds=5)
def piece(request, pk: int):
    """One piece with its pictures; for its person also what can be done with it."""
    found = piece_for(request.user, pk)
    is_own = found.user_id == request.user.pk
    removed = removed_file_lately(found, clock.now() - actions.BROUGHT_BACK_WITHIN) if is_own else None
    return page(request, "portfolio/piece.html", {"piece": found, "is_own": is_own, "removed": removed,
                                                  "is_full": len(found.shown_files) >= actions.FILES_AT_MOST})


@require_http_methods(WRITE)
def add(request):
    """A new piece: words, a link, one file; more files stand beside it later."""
    form = AddForm(sent(request), request.FILES or None)
    if not form.is_valid():
        return _form(request, form)
    try:
        with taken(request, form.cleaned_data.pop("file")) as file:
            made = actions.add_piece(by=request.user, file=file, **form.cleaned_data)
    except DomainError as refusal:
        return _form(request, form, refused(form, refusal))
    return saved(request, made.pk)


@require_http_methods(WRITE)
def change(request, pk: int):
    """Other words for a piece. When another window was quicker, both texts stand there, and the second saving is a choice."""
    found = own_piece_or_gone(request.user, pk) if request.method == "POST" else own_piece(request.user, pk)
    if found is None:
        return _as_new(request)
    form = ChangeForm(sent(request), initial=words_of(found)).read(_seal_of(found))
    if not form.is_valid():
        return _form(request, form, piece=found)
    try:
        actions.change_piece(piece=found, by=request.user, seen=form.seal, is_back="back" in request.POST, **form.cleaned_data)
    except DomainError as refusal:
        return _unchanged(request, form, refusal, pk)
    return saved(request, pk)


@require_POST
def move(request, pk: int):
    """One place up or down, with a button each."""
    actions.move_piece(piece=own_piece(request.user, pk), by=request.user, up=request.POST.get("way") == "up")
    return redirect(f"{reverse('profiles:me')}#portfolio")


@require_POST
def remove(request, pk: int):
    """Take a piece off the page; for a while my page offers to bring it back."""
    actions.remove_piece(piece=own_piece(request.user, pk), by=request.user)
    return redirect(f"{reverse('profiles:me')}#portfolio")


@require_POST
def bring_back(request, pk: int):
    """The piece stands where it stood, with its files."""
    try:
        actions.bring_back_piece(piece=own_removed_piece(request.user, pk), by=request.user)
        messages.success(request, _("piece.brought_back"))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect(f"{reverse('profiles:me')}#portfolio")


def refused(form, refusal: DomainError) -> int:
    """The town's sentence on the form, beside the file if it is about the file; and the status it means."""
    is_about_file = isinstance(refusal, UnfitFile) and "file" in form.fields
    form.add_error("file" if is_about_file else None, str(refusal))
    return 422 if is_about_file else 409


def saved(request, pk: int):
    """On to the piece as others see it, also when a part of the form's page was waiting for an answer."""
    messages.success(request, _("me.saved"))
    address = reverse("portfolio:piece", args=[pk])
    return lead(request, address)


def _form(request, form, status: int = 0, *, piece=None):
    status = status or (422 if form.is_bound else 200)
    return page(request, "portfolio/form.html", {"form": form, "piece": piece}, part="form", status=status)


def _seal_of(piece) -> str:
    return seal(actions.words_as_saved(piece))


def _unchanged(request, form, refusal: DomainError, pk: int):
    """409: what was typed stays, beside what another window saved; or it took the piece off the page, and it can come back."""
    now = own_piece_or_gone(request.user, pk)
    if now is None:
        return _as_new(request)
    if isinstance(refusal, Overtaken):
        form.meet(words_of(now))
        form.seal = _seal_of(now)
    elif now.removed_at:
        refusal = DomainError(_("piece.taken_off"))
    return _form(request, form, refused(form, refusal), piece=now)


def _as_new(request):
    """The piece was taken off for good: what was typed is ready to be added as a new one."""
    form = AddForm(sent(request))
    if form.is_valid():
        form.add_error(None, _("piece.gone.add"))
    return _form(request, form, 409)
