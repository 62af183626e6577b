"""One entry: its maker sees all of it, its client a preview until a prize is paid. Files, pictures, and the paper of the rights."""
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from machi.files.storing import VIEWS
from machi.payments.models import Earning
from machi.privacy.queries import copies_about
from machi.proposals import actions
from machi.proposals.contest_policies import can_award, can_open_original, can_show_as_piece, can_take_back, can_write_entry
from machi.proposals.contest_queries import with_files
from machi.proposals.entries import Entry, EntryFile, RightsPaper, beginning_of
from machi.proposals.papers import receipt_rows
from machi.shared.errors import DomainError
from machi.shared.seals import fingerprint
from machi.web.frame import given
from machi.web.frame.jinja import page
from machi.web.frame.sent import sent
from machi.web.pages.contests.forms import NoteForm
from machi.web.pages.contests.showing import terms


@require_http_methods(["GET", "POST"])
def entry(request, pk):
    """What was handed in. A client notes something beside it, for themselves."""
    found = seen_entry(request, pk)
    is_maker = found.worker_id == request.user.pk
    if is_maker and request.method == "POST":
        raise Http404
    form = NoteForm(None if is_maker else sent(request), initial={"note": getattr(getattr(found, "mark", None), "note", "")})
    if form.is_bound and form.is_valid():
        try:
            actions.mark_entry(entry=found, by=request.user, note=form.cleaned_data["note"])
            return redirect("contests:entry", pk=found.pk)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    is_whole = can_open_original(request.user, found)
    context = terms(found.job) | {
        "entry": found, "job": found.job, "form": form, "is_maker": is_maker, "is_whole": is_whole, "head": beginning_of(found.text),
        "can_award": can_award(request.user, found.job), "can_write": can_write_entry(request.user, found),
        "can_take_back": can_take_back(request.user, found), "earning": _earning(found),
        "can_show": can_show_as_piece(request.user, found), "piece": found.shown_piece, "copied": copies_about(request.user, _won(found))}
    return page(request, "contests/entry.html", context, status=422 if form.errors else 200)


@require_GET
def receipt(request, pk):
    """For a winner and the client: what, from whom to whom, on which day, which rights, for how much, and the fingerprints of the files."""
    found = seen_entry(request, pk)
    issued = get_object_or_404(RightsPaper, entry=found)
    return page(request, "contests/receipt.html", {
        "entry": found, "job": found.job, "issued": issued, "paper": issued.paper, "rows": receipt_rows(issued.paper),
        "copied": copies_about(request.user, [found]), "is_unchanged": fingerprint(issued.paper) == issued.paper_hash,
        "known_files": {one.file.sha256: one.pk for one in found.given_files}})


@require_GET
def file(request, pk, file_pk):
    """The original: its maker's, and the client's once a prize is paid for it. Always a download."""
    found = seen_entry(request, pk)
    if not can_open_original(request.user, found):
        raise Http404
    return given.attachment(_beside(found, file_pk).file)


@require_GET
def preview(request, pk, file_pk, view):
    """A picture with a mark across it, which the town made."""
    if view not in VIEWS:
        raise Http404
    return given.picture(request, _beside(seen_entry(request, pk), file_pk).file, view, is_public=False)


def seen_entry(request, pk: int) -> Entry:
    seen = with_files(Entry.objects.visible_to(request.user))
    return get_object_or_404(seen.select_related("job", "job__client", "job__client__person", "job__category", "job__contest", "worker",
                                                 "mark", "piece"), pk=pk)


def _beside(found: Entry, file_pk: int) -> EntryFile:
    return get_object_or_404(EntryFile.objects.select_related("file"), entry=found, pk=file_pk)


def _won(found: Entry) -> list[Entry]:
    return [found] if found.prize else []


def _earning(found: Entry) -> Earning | None:
    return Earning.objects.filter(reference=found.reference).select_related("payout").first() if found.reward_yen else None
