"""Who sees which piece. A client sees what somebody shows to those they applied to; only the roof knows both rooms."""
from collections import defaultdict
from collections.abc import Iterable

from django.http import Http404

from machi.portfolio.actions import BROUGHT_BACK_WITHIN
from machi.portfolio.models import Piece
from machi.portfolio.queries import TO_CLIENTS, TO_EVERYBODY, Card, cards_of, was_removed, whole
from machi.profiles.queries import Page
from machi.proposals.queries import applied_to, has_applied_to
from machi.shared import clock
from machi.web.frame.found import one_or_404


def piece_for(user, pk: int) -> Piece:
    """The piece as this person may see it. Somebody else's hidden one is as missing as one that never was."""
    return one_or_404(list(whole(Piece.objects.seen(user.pk or 0, applicants=applied_to(user)).filter(
        pk=pk, user__is_active=True, user__closed_at=None).select_related("user").order_by("pk"))))


def own_piece(user, pk: int) -> Piece:
    """A piece that this person may change."""
    return one_or_404(list(whole(Piece.objects.here().filter(pk=pk, user=user).select_related("user").order_by("pk"))))


def own_piece_or_gone(user, pk: int) -> Piece | None:
    """A piece of this person's, on the page or taken off it a moment ago; nothing for one that was taken off for good."""
    found = list(whole(Piece.objects.filter(pk=pk, user=user).select_related("user").order_by("pk")))
    if not found and not was_removed(user.pk, pk):
        raise Http404
    return found[0] if found and (not found[0].removed_at or clock.now() - found[0].removed_at <= BROUGHT_BACK_WITHIN) else None


def own_removed_piece(user, pk: int) -> Piece:
    """A piece of this person's, on the page or taken off it."""
    return one_or_404(list(Piece.objects.filter(pk=pk, user=user).order_by("pk")))


def works_for(user, owner) -> list[Card]:
    """What stands on somebody's page. Its person reads there what everybody reads."""
    is_client = user.is_authenticated and user != owner and has_applied_to(owner, user)
    return cards_of(owner.pk, TO_CLIENTS if is_client else TO_EVERYBODY)


def works_named_by(pages: Iterable[Page], user) -> dict[int, list[Piece]]:
    """By the number of each person: the pieces that show their strengths and hobbies, as far as whoever asks may open them."""
    named = {line.evidence_piece_id for page in pages for line in (*page.strengths, *page.hobbies) if line.evidence_piece_id}
    works = defaultdict(list)
    for piece in Piece.objects.seen(user.pk, applicants=applied_to(user)).filter(pk__in=named).only("title", "user"):
        works[piece.user_id].append(piece)
    return works


def beside(piece: Piece, file_pk: int):
    """A file that stands beside this piece."""
    found = next((one for one in piece.shown_files if one.pk == file_pk), None)
    if found is None:
        raise Http404
    return found
