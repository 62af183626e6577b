"""By the clock: what items show comes to the town, out of parcels and from addresses; and what nobody asks for any more goes.

Each piece is kept or found faulty in a transaction of its own, so whatever breaks off goes on where it was. Pictures are drawn anew
in a child (files.pictures); sounds and films are taken by their content and kept as they are.
"""
import contextlib
import datetime
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from machi.files import actions as files
from machi.files.fetching import Unfetched, fetch
from machi.files.kinds import has_too_many_pixels, kind_of
from machi.files.storing import FULL, StoredFile, UnfitFile, forget_stored, path_of, store_all, store_shown
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.tasks.actions.media import end_parcel
from machi.tasks.forms.parts import FILE_KINDS
from machi.tasks.lifecycle import PARCEL_LIFECYCLE, PIECE_LIFECYCLE, BatchState, PieceFault, PieceState
from machi.tasks.models import Batch, Parcel, Piece
from machi.tasks.models.media import STRANGERS_SHOWN
from machi.tasks.parcels import IN_MEMORY, Found, Spoilt, as_upload, look_into, unpacked
from machi.tasks.stumbling import twice

ROUND_SECONDS, AT_ONCE, TRIES, AGAIN_MINUTES = 20, 4, 3, 1      # of one turn of the clock; lines at a time; to one address, and when again
LEAST_SECONDS = 2                                   # for the parcels of one batch: below, looking into them is all that is done
FORGOTTEN_AT_ONCE = 500


class _NoRoom(Exception):
    """The disk is full, or others are drawing: it is about the moment, and the next turn goes on."""


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """What cannot be written because there is no room says nothing about the file, nor about whoever gave it."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise _NoRoom from None
        raise


def take_in_media() -> int:
    """For some seconds; the next turn goes on. Parcels have one half of them and addresses the other, and every batch its part. Returns how
    many pieces came or were found faulty.
    """
    until = time.monotonic() + ROUND_SECONDS
    _forget_unwanted()
    with contextlib.suppress(_NoRoom), _room():
        return _read_parcels(until - ROUND_SECONDS / 2) + _fetch(until)
    return 0


def _forget_unwanted() -> None:
    with transaction.atomic():
        gone = list(Piece.objects.filter(is_wanted=False).select_related("file").order_by("pk").select_for_update(
            of=("self",), skip_locked=True)[:FORGOTTEN_AT_ONCE])
        Piece.objects.filter(pk__in=[piece.pk for piece in gone]).delete()
        files.forget([piece.file for piece in gone if piece.file])


# ---- parcels ----

def _read_parcels(until: float) -> int:
    """Of each batch for its share of what time is left; whose turn was longest ago comes first."""
    done = 0
    batches = _longest_waiting(Parcel.objects.filter(state="waiting"), "unpacked_at")
    for at, batch in enumerate(batches):
        if (now := time.monotonic()) >= until:
            break
        Batch.objects.filter(pk=batch).update(unpacked_at=clock.now())
        done += _read_parcels_of(batch, min(until, now + max(LEAST_SECONDS, (until - now) / (len(batches) - at))))
    return done


def _read_parcels_of(batch: int, until: float) -> int:
    done = 0
    for parcel in Parcel.objects.filter(batch=batch, state="waiting").select_related("file", "batch").order_by("pk"):
        if time.monotonic() >= until:
            break
        done += twice(partial(_read_parcel, parcel, until), partial(_end, parcel, "find_fault", fault=PieceFault.OURS), unless=(_NoRoom,))
    return done


def _longest_waiting(rows: QuerySet, served: str) -> list[int]:
    """The drafts that these rows belong to: first whose turn was longest ago, so that nobody waits behind ten thousand others."""
    return list(Batch.objects.filter(Exists(rows.filter(batch=OuterRef("pk")))).order_by(F(served).asc(nulls_first=True), "pk").values_list(
        "pk", flat=True))


def _read_parcel(parcel: Parcel, until: float) -> int:
    """As many of its files as there is time for, beginning where the turn before left off."""
    place = path_of(parcel.file.stored_as) if parcel.file else None
    if parcel.batch.state != BatchState.DRAFT or place is None or not place.exists():
        return _end(parcel, "find_fault", fault=PieceFault.GONE)
    named: dict[str, list[int]] = {}                # one name may stand for a picture and a sound
    for pk, source in Piece.objects.filter(batch=parcel.batch_id, is_address=False, is_wanted=True).order_by("number", "pk").values_list(
            "pk", "source"):
        named.setdefault(source, []).append(pk)
    with place.open("rb") as file:
        try:
            found = look_into(file, parcel.name, list(named))
        except Spoilt as spoilt:
            return _end(parcel, "find_fault", fault=spoilt.fault)
        done, at = 0, parcel.next_part
        try:
            while at < len(found):
                if (one := found[at]).answers:
                    if at > parcel.next_part and time.monotonic() >= until:         # one at least, however long it took to look into it
                        return done
                    done += sum(twice(partial(_take_out, pk, file, one), partial(_is_faulty, pk, PieceFault.OURS), unless=(_NoRoom,))
                                for pk in named[one.answers])
                at += 1
        finally:
            has_stayed = _goes_on(parcel, at)
    if has_stayed:
        strangers = [one.name[:200] for one in found if not one.answers]
        _end(parcel, "read", used_count=len(found) - len(strangers), strangers=strangers[:STRANGERS_SHOWN], strangers_count=len(strangers))
    return done


def _goes_on(parcel: Parcel, at: int) -> bool:
    """The next turn goes on here; unless another form or other items sent the parcel back to its beginning meanwhile."""
    has_stayed = bool(Parcel.objects.filter(pk=parcel.pk, state="waiting", next_part=parcel.next_part).update(next_part=at))
    parcel.next_part = at if has_stayed else 0
    return has_stayed


def _take_out(pk: int, file, found: Found) -> bool:
    """One file for one piece."""
    if found.is_twice:
        return _is_faulty(pk, PieceFault.TWICE)
    piece = Piece.objects.get(pk=pk)
    try:
        with _room(), unpacked(file, found, settings.TASK_PIECE_BYTES) as (upload, digest):
            if piece.came_as == digest:
                return False
            return _keep(piece, upload, came_as=digest)
    except Spoilt as spoilt:
        return _is_faulty(pk, spoilt.fault)


@transaction.atomic
def _end(parcel: Parcel, move: str, **columns) -> int:
    parcel = Parcel.objects.select_for_update(of=("self",)).select_related("file").get(pk=parcel.pk)
    if PARCEL_LIFECYCLE.allows(parcel.state, move):
        for name, value in columns.items():
            setattr(parcel, name, value)
        end_parcel(parcel, move, *columns)
    return 0


# ---- addresses ----

def _fetch(until: float) -> int:
    done, tried = 0, set()
    with ThreadPoolExecutor(AT_ONCE) as lines:
        while time.monotonic() < until and (waiting := _next(tried)):
            tried |= {piece.pk for piece in waiting}
            with contextlib.ExitStack() as opened:
                spooled = [opened.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)) for _piece in waiting]
                came = list(lines.map(_fetched, [piece.source for piece in waiting], spooled))
                for one in zip(waiting, spooled, came, strict=True):
                    done += twice(partial(_arrived, *one), partial(_is_faulty, one[0].pk, PieceFault.OURS), unless=(_NoRoom,))
    return done


def _next(tried: set[int]) -> list[Piece]:
    """A few that were not tried in this turn: one of each of the batches whose turn was longest ago, then of these more."""
    due = Piece.objects.filter(Q(again_at=None) | Q(again_at__lte=clock.now()), state=PieceState.WAITING, is_wanted=True,
                               batch__state=BatchState.DRAFT).exclude(pk__in=tried)
    batches = _longest_waiting(due, "fetched_at")[:AT_ONCE]
    for batch in batches:                           # one after the other, so that the last one of this time is the last one of the next
        Batch.objects.filter(pk=batch).update(fetched_at=clock.now())
    first = list(due.filter(batch__in=batches).order_by("batch", "pk").distinct("batch"))
    more = due.filter(batch__in=batches).exclude(pk__in=[piece.pk for piece in first]).order_by("pk")
    return first + list(more[:AT_ONCE - len(first)])


def _fetched(address: str, into) -> int | Exception:
    """On a thread of its own, which asks no database. Whatever fails is told with its piece, and the other lines go on."""
    try:
        with _room():
            return fetch(address, into, most_bytes=settings.TASK_PIECE_BYTES)
    except Exception as failure:
        return failure


def _arrived(piece: Piece, file, came: int | Exception) -> bool:
    if isinstance(came, Unfetched):
        if came.is_passing and piece.tries + 1 < TRIES:
            later = clock.now() + datetime.timedelta(minutes=AGAIN_MINUTES * (piece.tries + 1))
            Piece.objects.filter(pk=piece.pk, state=PieceState.WAITING).update(tries=piece.tries + 1, again_at=later)
            return False
        return _is_faulty(piece.pk, came.cause)
    if isinstance(came, Exception):
        raise came
    with _room():
        return _keep(piece, as_upload(file, piece.source.partition("?")[0], came))


# ---- both ----

def _keep(piece: Piece, upload, came_as: str = "") -> bool:
    """What came is stored as what it should be, or the piece is told what is wrong with it. Raises _NoRoom."""
    try:
        stored, fault = _stored(piece.kind, upload)
    except DomainError:
        raise _NoRoom from None
    if stored is None:
        return _is_faulty(piece.pk, fault, came_as)
    try:
        is_kept = _is_kept(piece.pk, stored, came_as)
    except BaseException:
        forget_stored(stored.stored_as)
        raise
    if not is_kept:
        forget_stored(stored.stored_as)
    return is_kept


def _stored(kind: str, upload) -> tuple[StoredFile | None, str]:
    if not upload.size:
        return None, PieceFault.EMPTY
    found = kind_of(upload)
    if found not in FILE_KINDS[kind]:
        is_page = found == "text" and upload.read(1_000).lstrip().startswith(b"<")
        return None, PieceFault.PAGE if is_page else PieceFault.BROKEN if has_too_many_pixels(upload) else PieceFault.KIND
    try:
        return (store_shown(upload) if kind == "picture" else store_all([upload])[0]), ""
    except UnfitFile:
        return None, PieceFault.BROKEN


@transaction.atomic
def _is_kept(pk: int, stored: StoredFile, came_as: str) -> bool:
    piece = _locked(pk)
    if piece is None:
        return False
    drafts = Piece.objects.filter(batch__client=piece.batch.client_id, batch__state=BatchState.DRAFT)   # many cost nothing
    others = drafts.exclude(pk=pk).aggregate(bytes=Sum("file__size"))["bytes"] or 0
    if others + stored.size > settings.TASK_PIECES_BYTES:
        _move(piece, "find_fault", fault=PieceFault.FULL, file=None)
        return False
    (file,) = files.take_in([stored], by=piece.asked_by)
    _move(piece, "keep", fault="", file=file, came_as=came_as)
    return True


@transaction.atomic
def _is_faulty(pk: int, fault: str, came_as: str = "") -> bool:
    piece = _locked(pk)
    if piece is None:
        return False
    _move(piece, "find_fault", fault=fault, file=None, came_as=came_as)
    return True


def _locked(pk: int) -> Piece | None:
    """Under its batch, as long as that is a draft: what people look at does not change under their eyes."""
    of = Piece.objects.filter(pk=pk).values_list("batch", flat=True).first()
    if of is None or Batch.objects.locked().get(pk=of).state != BatchState.DRAFT:
        return None
    piece = Piece.objects.select_for_update(of=("self",)).select_related("file", "asked_by", "batch").filter(pk=pk, is_wanted=True).first()
    return piece


def _move(piece: Piece, move: str, **columns) -> None:
    before = piece.file
    piece.state = PIECE_LIFECYCLE.next(piece.state, move)
    for name, value in columns.items():
        setattr(piece, name, value)
    piece.save(update_fields=["state", *columns])
    if before:
        files.forget([before])
