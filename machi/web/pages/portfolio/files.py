"""Files beside a piece: put there one at a time, looked at as a picture that the town drew, or taken home as they are."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from machi.files.storing import VIEWS
from machi.portfolio import actions
from machi.portfolio.models import PieceFile
from machi.shared.errors import DomainError
from machi.web.frame import given
from machi.web.frame.found import one_or_404
from machi.web.frame.jinja import page
from machi.web.frame.public import public as kept_for_everybody
from machi.web.frame.sent import sent
from machi.web.frame.taken import taken
from machi.web.pages.portfolio.forms import FileForm
from machi.web.pages.portfolio.seeing import beside, own_piece, piece_for
from machi.web.pages.portfolio.views import WRITE, refused, saved


@require_http_methods(WRITE)
def add(request, pk: int):
    """One more file, with what it tells somebody who cannot see it."""
    piece = own_piece(request.user, pk)
    form = FileForm(sent(request), request.FILES or None)
    if not form.is_valid():
        return _form(request, form, piece)
    try:
        with taken(request, form.cleaned_data["file"]) as file:
            actions.add_file(piece=piece, by=request.user, file=file, alt=form.cleaned_data["alt"])
    except DomainError as refusal:
        return _form(request, form, piece, refused(form, refusal))
    return saved(request, pk)


@require_GET
@kept_for_everybody(seconds=0)
def file(request, pk: int, file_pk: int):
    """The original, where it was kept: always a download."""
    return given.attachment(beside(piece_for(request.user, pk), file_pk).file)


@require_GET
@kept_for_everybody(seconds=0)
def picture(request, pk: int, file_pk: int, view: str):
    """A picture that the town drew. A browser may keep, for an hour, one that everybody may see."""
    piece = piece_for(request.user, pk)
    if view not in VIEWS:
        raise Http404
    return given.picture(request, beside(piece, file_pk).file, view, is_public=piece.is_for_everybody)


@require_POST
def remove(request, pk: int, file_pk: int):
    """Take a file off a piece; for a while the piece offers to bring it back."""
    actions.remove_file(file=beside(own_piece(request.user, pk), file_pk), by=request.user)
    return redirect("portfolio:piece", pk=pk)


@require_POST
def bring_back(request, pk: int, file_pk: int):
    """The file stands beside its piece again."""
    removed = PieceFile.objects.filter(pk=file_pk, piece=own_piece(request.user, pk)).select_related("piece").order_by("pk")
    try:
        actions.bring_back_file(file=one_or_404(list(removed)), by=request.user)
        messages.success(request, _("piece.brought_back"))
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    return redirect("portfolio:piece", pk=pk)


def _form(request, form, piece, status: int = 0):
    status = status or (422 if form.is_bound else 200)
    return page(request, "portfolio/file.html", {"form": form, "piece": piece}, part="form", status=status)
