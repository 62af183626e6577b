"""Showing work: pieces, their files, their order. What is taken away can be brought back for a while; then its files are forgotten.

Locks: the person, then the piece. The limits are counted under the lock of the person, so two windows never exceed them.
"""
import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.files.actions import forget, take_in
from machi.files.kinds import PICTURES
from machi.files.models import File
from machi.files.storing import StoredFile
from machi.portfolio import facts, policies
from machi.portfolio.models import Piece, PieceFile, PieceTopic
from machi.shared import clock, order
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.seals import refuse_if_overtaken, values_of
from machi.taxonomy import following
from machi.taxonomy.actions import topic_named
from machi.taxonomy.models import Topic

PIECES_AT_MOST, FILES_AT_MOST, TOPICS_AT_MOST = 30, 6, 3
WORDS = ("title", "part", "link", "category", "year", "shown")
BYTES_AT_MOST = 200_000_000                             # of all files of one person's pieces
BROUGHT_BACK_WITHIN = datetime.timedelta(minutes=10)
FORGOTTEN_AT_ONCE = 500


@transaction.atomic
def add_piece(*, by, title: str, part: str, link: str = "", category=None, topics: Sequence[str] = (), year: int | None = None,
              shown: str = Piece.Shown.EVERYBODY, file: StoredFile | None = None, alt: str = "") -> Piece:
    """A person shows a piece of work: what it is and what part of it was theirs; with a link, a file, both, or for now neither.

    One that says exactly this, with this file, is there once, however often somebody presses.
    """
    User.objects.select_for_update().get(pk=by.pk)
    named, now, own = _topics(topics), clock.now(), Piece.objects.here().filter(user=by)
    piece = Piece(user=by, title=title, part=part, link=link, category=category, year=year, shown=shown, added_at=now, changed_at=now)
    if there := _saying(own, values_of(piece, WORDS) | {"topics": sorted(named)}, file, alt):
        return there
    if own.count() >= PIECES_AT_MOST:
        raise DomainError(_("piece.full") % {"n": PIECES_AT_MOST})
    piece.position = (Piece.objects.filter(user=by).aggregate(last=Max("position"))["last"] or 0) + 1
    piece.save()
    _name_topics(piece, named)
    if file:
        _put_beside(piece, by, file, alt)
    activity.record(actor=by, fact=facts.PIECE_ADDED, about=f"user:{by.pk}", piece=piece.pk)
    return piece


@transaction.atomic
def change_piece(*, piece: Piece, by, seen: str | None = None, topics: Sequence[str] = (), is_back: bool = False, **words) -> Piece:
    """Other words. `seen` is the seal of what stood on the screen: raises Overtaken when another window was quicker.

    `is_back`: the piece was taken off the page meanwhile, and with these words it stands there again.
    """
    if is_back:
        bring_back_piece(piece=piece, by=by)
    piece = _locked(piece, by)
    saved, named = words_as_saved(piece), _topics(topics)
    for name, value in words.items():
        setattr(piece, name, value)
    refuse_if_overtaken(seen, saved, values_of(piece, WORDS) | {"topics": sorted(named)})
    piece.changed_at = clock.now()
    piece.save()
    _name_topics(piece, named)
    activity.record(actor=by, fact=facts.PIECE_CHANGED, about=f"user:{by.pk}", piece=piece.pk)
    return piece


@transaction.atomic
def add_file(*, piece: Piece, by, file: StoredFile, alt: str = "") -> PieceFile:
    """One more file beside a piece. A picture says in words what it shows."""
    User.objects.select_for_update().get(pk=by.pk)
    return _put_beside(_locked(piece, by), by, file, alt)


@transaction.atomic
def remove_file(*, file: PieceFile, by) -> None:
    """Take a file off a piece; it can be brought back for a while."""
    _locked(file.piece, by)
    PieceFile.objects.filter(pk=file.pk, removed_at=None).update(removed_at=clock.now())


@transaction.atomic
def bring_back_file(*, file: PieceFile, by) -> None:
    """The file stands beside its piece again. Refuses when its time is over, or when others took its place."""
    User.objects.select_for_update().get(pk=by.pk)
    piece = _locked(file.piece, by)
    file = PieceFile.objects.filter(pk=file.pk).first()
    if file is None or file.removed_at and clock.now() - file.removed_at > BROUGHT_BACK_WITHIN:
        raise DomainError(_("piece.gone"))
    if file.removed_at and piece.files.filter(removed_at=None).count() >= FILES_AT_MOST:
        raise DomainError(_("piece.files_full") % {"n": FILES_AT_MOST})
    PieceFile.objects.filter(pk=file.pk).update(removed_at=None)


@transaction.atomic
def move_piece(*, piece: Piece, by, up: bool) -> None:
    """One place up or down in the person's own order. At the end nothing happens."""
    User.objects.select_for_update().get(pk=by.pk)
    if not policies.can_change_piece(by, piece):
        raise NotAllowed(_("profile.not_yours"))
    pieces = list(Piece.objects.here().filter(user=by).in_order())
    if order.step(pieces, piece.pk, up=up):
        Piece.objects.bulk_update(pieces, ["position"])


@transaction.atomic
def remove_piece(*, piece: Piece, by) -> None:
    """Take a piece off the page. For a while it can be brought back as it was; then it is forgotten with its files."""
    piece = _locked(piece, by)
    piece.removed_at = clock.now()
    piece.save(update_fields=["removed_at"])
    activity.record(actor=by, fact=facts.PIECE_REMOVED, about=f"user:{by.pk}", piece=piece.pk)


@transaction.atomic
def bring_back_piece(*, piece: Piece, by) -> Piece:
    """The piece stands where it stood. Refuses when its time is over, or when others took its place."""
    User.objects.select_for_update().get(pk=by.pk)
    if not policies.can_change_piece(by, piece):
        raise NotAllowed(_("profile.not_yours"))
    piece = Piece.objects.locked().filter(pk=piece.pk).first()
    if piece is None or piece.removed_at and clock.now() - piece.removed_at > BROUGHT_BACK_WITHIN:
        raise DomainError(_("piece.gone"))
    if piece.removed_at is None:
        return piece
    if Piece.objects.here().filter(user=by).count() >= PIECES_AT_MOST:
        raise DomainError(_("piece.full") % {"n": PIECES_AT_MOST})
    piece.removed_at = None
    piece.save(update_fields=["removed_at"])
    activity.record(actor=by, fact=facts.PIECE_BROUGHT_BACK, about=f"user:{by.pk}", piece=piece.pk)
    return piece


def forget_removed() -> int:
    """By the clock: pieces and files whose time to be brought back is over go for good, with what lies on the disk."""
    return _forget_pieces() + _forget_files()


@transaction.atomic
def _forget_pieces() -> int:
    over = Piece.objects.filter(removed_at__lt=clock.now() - BROUGHT_BACK_WITHIN).locked()[:FORGOTTEN_AT_ONCE]
    numbers = [piece.pk for piece in over]
    _forget_beside(PieceFile.objects.filter(piece__in=numbers))
    Piece.objects.filter(pk__in=numbers).delete()
    return len(numbers)


@transaction.atomic
def _forget_files() -> int:
    over = PieceFile.objects.filter(removed_at__lt=clock.now() - BROUGHT_BACK_WITHIN).order_by("pk").select_for_update(of=("self",))
    return _forget_beside(PieceFile.objects.filter(pk__in=[one.pk for one in over[:FORGOTTEN_AT_ONCE]]))


def _forget_beside(beside: QuerySet[PieceFile]) -> int:
    """The files of pieces, and what lies on the disk."""
    files = [one.file for one in beside.select_related("file").order_by("pk")]
    beside.delete()
    forget(files)
    return len(files)


def _locked(piece: Piece, by) -> Piece:
    """The piece as it is now. Raises NotAllowed for somebody else's, DomainError for one that is not there any more."""
    if not policies.can_change_piece(by, piece):
        raise NotAllowed(_("profile.not_yours"))
    piece = Piece.objects.here().filter(pk=piece.pk).locked().first()
    if piece is None:
        raise DomainError(_("piece.gone"))
    return piece


def _saying(own: QuerySet[Piece], said: dict, file: StoredFile | None, alt: str) -> Piece | None:
    """The piece that has these words and this file with what it shows in words, and no other."""
    shown = [(file.sha256, alt)] if file else []
    for piece in own.filter(title=said["title"], part=said["part"]):
        beside = piece.files.filter(removed_at=None).values_list("file__sha256", "alt")
        if words_as_saved(piece) == said and list(beside) == shown:
            return piece
    return None


def _put_beside(piece: Piece, by, file: StoredFile, alt: str) -> PieceFile:
    if file.kind in PICTURES and not alt:
        raise DomainError(_("piece.alt.required"))
    beside = piece.files.filter(removed_at=None)
    if beside.count() >= FILES_AT_MOST:
        raise DomainError(_("piece.files_full") % {"n": FILES_AT_MOST})
    taken = File.objects.filter(pk__in=PieceFile.objects.filter(piece__user=by).values("file")).aggregate(bytes=Sum("size"))["bytes"] or 0
    if taken + file.size > BYTES_AT_MOST:
        raise DomainError(_("piece.no_more_bytes") % {"mb": BYTES_AT_MOST // 1_000_000})
    last = piece.files.aggregate(last=Max("position"))["last"] or 0
    [kept] = take_in([file], by=by)
    return PieceFile.objects.create(piece=piece, file=kept, alt=alt, position=last + 1)


def words_as_saved(piece: Piece) -> dict:
    """What can be written anew about a piece, and what a form that shows it has read."""
    return values_of(piece, WORDS) | {"topics": sorted(one.topic_before_id or one.topic_id for one in piece.piece_topics.all())}


def _topics(names: Sequence[str]) -> dict[int, Topic]:
    return {topic.pk: topic for topic in map(topic_named, names) if topic}


def _name_topics(piece: Piece, topics: dict[int, Topic]) -> None:
    PieceTopic.objects.filter(piece=piece).exclude(topic__in=topics).delete()
    PieceTopic.objects.bulk_create([PieceTopic(piece=piece, topic=topic) for topic in topics.values()], ignore_conflicts=True)


def follow_topics() -> int:
    """Topics were merged or parted: pieces name the topic that theirs stands for now. Reads the facts in the order of their commits."""
    return following.follow(reader="portfolio.topics", lead=lead_pieces)


def lead_pieces(chosen: int, standing: int) -> None:
    """Pieces for which one topic was chosen name what it stands for. A piece that named both names the one once."""
    there = PieceTopic.objects.filter(piece=OuterRef("piece"), topic=standing)
    astray = following.naming(PieceTopic.objects.all(), chosen).exclude(topic=standing)
    astray.filter(Exists(there)).delete()
    astray.update(**following.anew(chosen, standing))
