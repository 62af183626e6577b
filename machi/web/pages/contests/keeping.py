"""What a maker keeps of a contest that is over: an entry among their works, a win on their page."""
import contextlib
from collections.abc import Iterator

from django.core.files import File as OnDisk
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from machi.files.kinds import PICTURES
from machi.files.storing import SHOWN, StoredFile, path_of
from machi.proposals import actions
from machi.proposals.contest_policies import can_show_as_piece
from machi.proposals.entries import Entry, EntryFile
from machi.shared.errors import DomainError
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.frame.taken import taken
from machi.web.pages.contests.entering import own_entry
from machi.web.pages.contests.forms import ShowForm


@require_http_methods(["GET", "POST"])
def show(request, pk):
    """An entry that is its maker's becomes a work on their page."""
    entry = own_entry(request, pk)
    if not can_show_as_piece(request.user, entry):
        raise Http404
    if entry.shown_piece:
        return redirect("portfolio:piece", pk=entry.piece_id)
    files = [one for one in entry.given_files if one.file.kind in SHOWN and one.preview != EntryFile.Preview.BROKEN]
    form = ShowForm(sent(request), entry=entry, pictures=[one for one in files if one.file.kind in PICTURES])
    if form.is_valid():
        try:
            with _copied(request, files) as copies:
                piece = actions.show_as_piece(entry=entry, by=request.user, files=list(zip(copies, map(form.alt_of, files), strict=True)),
                                              **form.words())
            return redirect("portfolio:piece", pk=piece.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return page(request, "contests/show.html", {"entry": entry, "job": entry.job, "form": form, "files": files},
                status=422 if form.errors else 200)


@require_POST
def win(request, pk):
    """A win on my page, or no longer there."""
    entry: Entry = own_entry(request, pk)
    with contextlib.suppress(DomainError):          # a stranger's or no win: the page itself says what it is
        actions.show_win(entry=entry, by=request.user, is_shown=request.POST.get("is_shown") == "1")
    return redirect("contests:entry", pk=entry.pk)


@contextlib.contextmanager
def _copied(request, files: list[EntryFile]) -> Iterator[list[StoredFile]]:
    """The files of an entry once more, as they are shown: drawn anew, without a mark. They stay only if the deed is done."""
    with contextlib.ExitStack() as opened:
        copies = []
        for one in files:
            try:
                content = opened.enter_context(path_of(one.file.stored_as).open("rb"))
            except OSError:
                raise DomainError(_("entry.show.gone") % {"name": one.file.name}) from None
            copies.append(opened.enter_context(taken(request, OnDisk(content, name=one.file.name))))
        yield copies
