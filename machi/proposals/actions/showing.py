"""What a maker does with an entry when its contest is over: show it among their works, or leave a win off their page."""
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.files.storing import StoredFile
from machi.portfolio import actions as portfolio
from machi.portfolio.models import Piece
from machi.proposals import facts
from machi.proposals.contest_policies import can_choose_to_show_win, can_show_as_piece
from machi.proposals.entries import Entry
from machi.shared import clock
from machi.shared.errors import NotAllowed


@transaction.atomic
def show_as_piece(*, entry: Entry, by, title: str, part: str, shown: str, files: Sequence[tuple[StoredFile, str]] = ()) -> Piece:
    """An entry becomes a work on its maker's page (作品), with files and what each shows in words. Pressed twice, it is one work; one that
    was taken off the page can be shown anew.
    """
    entry = Entry.objects.locked().get(pk=entry.pk)     # alone: whoever waited here would get the work beside it as it was before
    if not can_show_as_piece(by, entry):
        raise NotAllowed(_("entry.show.refused"))
    if entry.shown_piece:
        return entry.shown_piece
    first, alt = files[0] if files else (None, "")
    piece = portfolio.add_piece(by=by, title=title, part=part, category=entry.job.category, year=clock.day_of(entry.ended_at).year,
                                shown=shown, file=first, alt=alt)
    for file, words in files[1:]:
        portfolio.add_file(piece=piece, by=by, file=file, alt=words)
    entry.piece = piece
    entry.save(update_fields=["piece"])
    activity.record(actor=by, fact=facts.ENTRY_SHOWN, about=entry.reference, piece=piece.pk)
    return piece


@transaction.atomic
def show_win(*, entry: Entry, by, is_shown: bool) -> Entry:
    """Whether a win stands on the page of whoever won it."""
    entry = Entry.objects.locked().get(pk=entry.pk)
    if not can_choose_to_show_win(by, entry):
        raise NotAllowed(_("entry.show.refused"))
    entry.is_win_shown = is_shown
    entry.save(update_fields=["is_win_shown"])
    return entry
