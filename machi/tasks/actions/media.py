"""Which pictures, sounds and films a batch needs, by its form and its items; and what a client does so that they come."""
import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.files import actions as files
from machi.files.fetching import Cause, is_address
from machi.files.storing import StoredFile
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import save_all
from machi.tasks import facts, policies
from machi.tasks.forms import Form
from machi.tasks.lifecycle import PARCEL_LIFECYCLE, PieceFault, PieceState
from machi.tasks.models import Batch, Parcel, Piece
from machi.tasks.models.media import LONGEST_SOURCE

MOST_WAITING = 50                                   # parcels of one batch


def lay_out(batch: Batch, form: Form, *, by) -> None:
    """Of a draft, whose row is locked: what its items name in the columns that the form shows. What is there already stays; what nobody
    asks for any more is forgotten by the clock.
    """
    known = {(piece.digest, piece.kind): piece for piece in Piece.objects.filter(batch=batch)}
    wanted = _named(batch, form, by)
    changed = []
    for key, piece in known.items():
        now = (key in wanted, wanted[key].number, wanted[key].column) if key in wanted else (False, piece.number, piece.column)
        if now != (piece.is_wanted, piece.number, piece.column):
            piece.is_wanted, piece.number, piece.column = now
            changed.append(piece)
    save_all(changed, fields=["is_wanted", "number", "column"])
    new = Piece.objects.bulk_create([piece for key, piece in wanted.items() if key not in known], batch_size=1_000)
    if new or changed:                              # it may lie in the part of a ZIP that was read already
        Parcel.objects.filter(batch=batch, state="waiting").update(next_part=0)


def _named(batch: Batch, form: Form, by) -> dict[tuple[str, str], Piece]:
    """Each once, in the order of the items; no more than a batch may hold."""
    found: dict[tuple[str, str], Piece] = {}
    for column, kind in form.media:
        if column not in batch.columns:
            continue
        with connection.cursor() as db:
            db.execute("""SELECT cells->>%s AS source, min(number) FROM tasks_item WHERE batch_id = %s AND cells->>%s <> ''
                          GROUP BY 1 ORDER BY 2 LIMIT %s""",
                       [at := batch.columns.index(column), batch.pk, at, settings.TASK_PIECES - len(found)])
            for source, number in db.fetchall():
                piece = _piece(batch, kind, source, number, column, by)
                found.setdefault((piece.digest, kind), piece)
    return found


def _piece(batch: Batch, kind: str, source: str, number: int, column: str, by) -> Piece:
    piece = Piece(batch=batch, kind=kind, source=source[:LONGEST_SOURCE], digest=hashlib.sha256(source.encode()).hexdigest(),
                  is_address=is_address(source), number=number, column=column, asked_by=by)
    if len(source) > LONGEST_SOURCE:
        piece.state, piece.fault = PieceState.FAULTY, Cause.ADDRESS
    elif piece.is_address:
        piece.state = PieceState.WAITING
    return piece


@deed
def bring_media(*, batch: Batch, by, files_: Sequence[StoredFile]) -> list[Parcel]:
    """Files for the names in a column, or ZIPs of them; the background takes out what an item shows."""
    batch = _editable(batch, by)
    waiting = Parcel.objects.filter(batch=batch, state="waiting")
    if waiting.count() + len(files_) > MOST_WAITING:
        raise DomainError(_("tasks.media.many_waiting"))
    kept = files.take_in(files_, by=by)
    brought = Parcel.objects.bulk_create(
        Parcel(batch=batch, name=file.name, file=file, brought_by=by, brought_at=clock.now()) for file in kept)
    activity.record(actor=by, fact=facts.BATCH_MEDIA_BROUGHT, about=batch.reference, files=len(kept))
    return brought


@deed
def try_media_again(*, batch: Batch, by) -> int:
    """Whatever could not be fetched is asked for once more. Returns how many."""
    batch = _editable(batch, by)
    return Piece.objects.filter(batch=batch, state=PieceState.FAULTY, is_address=True, is_wanted=True).exclude(
        fault=Cause.ADDRESS).update(state=PieceState.WAITING, fault="", tries=0, again_at=None)


@deed
def leave_media(*, batch: Batch, by) -> None:
    """Nothing more is fetched or unpacked; what is there stays."""
    batch = _editable(batch, by)
    Piece.objects.filter(batch=batch, state=PieceState.WAITING).update(state=PieceState.FAULTY, fault=PieceFault.LEFT)
    for parcel in Parcel.objects.filter(batch=batch, state="waiting").select_related("file").order_by("pk").select_for_update(of=("self",)):
        end_parcel(parcel, "leave")


def end_parcel(parcel: Parcel, move: str, *columns: str) -> None:
    """What was taken out of it is kept; the parcel itself is not needed any more."""
    file = parcel.file
    parcel.state, parcel.ended_at, parcel.file = PARCEL_LIFECYCLE.next(parcel.state, move), clock.now(), None
    parcel.save(update_fields=["state", "ended_at", "file", *columns])
    if file:
        files.forget([file])


def _editable(batch: Batch, by) -> Batch:
    batch = Batch.objects.locked().get(pk=batch.pk)
    if not policies.can_edit_batch(by, batch):
        raise NotAllowed(_("tasks.batch.edit_refused"))
    return batch
