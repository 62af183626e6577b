"""A client's file becomes items: walked through twice, first looking, then taking in. Nothing of it is taken in before all of it is clean.

It happens in the background and survives a page that is closed; how far it is stands in a row of its own, written beside the long
transaction. A file of a million rows is never held as a whole.
"""
from collections.abc import Iterator
from functools import partial
from json.encoder import encode_basestring as _quoted  # a text of JSON, its letters as they are

from django.db import connection, transaction
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.files import actions as files
from machi.files.storing import StoredFile, path_of
from machi.shared import clock
from machi.shared.errors import NotAllowed
from machi.tasks import facts, forms, policies
from machi.tasks.actions.media import lay_out
from machi.tasks.intake import FAULTS_SHOWN, Fault, Refused, Row, read
from machi.tasks.lifecycle import IMPORT_LIFECYCLE, ImportState
from machi.tasks.models import Batch, Import, Item
from machi.tasks.queries import form_of
from machi.tasks.stumbling import twice

MOST_OF_A_KEY, MOST_OF_A_WHY = 100, 1_000           # letters
TOLD_EVERY = 20_000                                 # rows
_COLUMNS = "batch_id, number, key, cells, truth, why, places_count, places_free, outcome"


@deed
def bring_file(*, batch: Batch, by, file: StoredFile, key_column: str = "", gold_column: str = "", why_column: str = "") -> Import:
    """A file was brought; the background reads it. Brought again, it takes the place of the one before, and so do its items."""
    batch = Batch.objects.locked().get(pk=batch.pk)
    if not policies.can_edit_batch(by, batch):
        raise NotAllowed(_("tasks.batch.edit_refused"))
    if again := Import.objects.filter(batch=batch, file__stored_as=file.stored_as).first():     # pressed twice
        return again
    for before in Import.objects.filter(batch=batch, state__in=(ImportState.WAITING, ImportState.FAULTY)).order_by("pk"):
        _end(before, "leave")
    (kept,) = files.take_in([file], by=by)
    brought = Import.objects.create(
        batch=batch, name=file.name, file=kept, bytes_count=file.size, key_column=key_column, gold_column=gold_column,
        why_column=why_column, brought_by=by, brought_at=clock.now())
    activity.record(actor=by, fact=facts.BATCH_FILE_BROUGHT, about=batch.reference, file=file.name)
    return brought


@deed
def leave_import(*, brought: Import, by) -> Import:
    """Whoever brought the wrong file need not wait for it."""
    batch = Batch.objects.locked().get(pk=brought.batch_id)
    if not policies.can_edit_batch(by, batch):
        raise NotAllowed(_("tasks.batch.edit_refused"))
    brought = Import.objects.select_for_update(of=("self",)).get(pk=brought.pk)
    _end(brought, "leave")
    return brought


def take_in_files() -> int:
    """By the clock, one process at a time: read what was brought. Returns how many files were taken in, or told what is wrong with them."""
    done = 0
    for pk in list(Import.objects.filter(state=ImportState.WAITING).order_by("pk").values_list("pk", flat=True)):
        done += twice(partial(_read, pk), partial(_is_faulty, pk, fault=_("tasks.file.ours")))
    return done


def _read(pk: int) -> bool:
    brought = Import.objects.select_related("file", "batch").get(pk=pk)
    if brought.state != ImportState.WAITING:
        return False
    place = path_of(brought.file.stored_as)
    if not place.exists():                          # it was on its way in for longer than the town keeps what nobody takes in
        return _is_faulty(pk, fault=_("tasks.file.gone"))
    with place.open("rb") as file:
        try:
            columns, count, faults, faults_count = _look_through(brought, file)
        except Refused as refusal:
            return _is_faulty(pk, fault=str(refusal))
        if faults_count or not count:
            return _is_faulty(pk, fault="" if faults_count else _("tasks.file.empty"), faults=faults, faults_count=faults_count,
                              columns=columns)
        return _take_in(brought, file, columns, count)


def _look_through(brought: Import, file) -> tuple[tuple[str, ...], int, list, int]:
    """Its columns, how many items it holds, what is wrong with the first rows that cannot become one, and how many there are of these."""
    table = read(file)
    places = _places(brought, table.columns)
    keys: set[int] = set()                          # by their hashes: of a million names only so many bytes are held
    count, faults, faults_count = 0, [], 0
    for row in table.rows:
        if wrong := row.said if isinstance(row, Fault) else _wrong(row, places, keys):
            faults_count += 1
            if len(faults) < FAULTS_SHOWN:
                faults.append([row.line, wrong])
            continue
        count += 1
        if count % TOLD_EVERY == 0:
            _tell(brought.pk, read_count=count)
    return table.columns, count, faults, faults_count


def _places(brought: Import, columns: tuple[str, ...]) -> dict[str, int]:
    """Where the columns stand that mean something to the town. Raises Refused where one that was named is not there."""
    named = {"key": brought.key_column, "gold": brought.gold_column, "why": brought.why_column}
    if missing := next((name for name in named.values() if name and name not in columns), ""):
        raise Refused(_("tasks.file.no_column") % {"column": missing})
    return {what: columns.index(name) for what, name in named.items() if name}


def _wrong(row: Row, places: dict[str, int], keys: set[int]) -> str:
    if "key" in places:
        key = row.cells[places["key"]].strip()
        if not key:
            return _("tasks.file.no_key")
        if len(key) > MOST_OF_A_KEY:
            return _("tasks.file.long_key") % {"n": MOST_OF_A_KEY}
        if hash(key) in keys:
            return _("tasks.file.key_twice") % {"key": key[:40]}
        keys.add(hash(key))
    if "why" in places and len(row.cells[places["why"]]) > MOST_OF_A_WHY:
        return _("tasks.file.long_cell") % {"column": _("tasks.file.why"), "n": f"{MOST_OF_A_WHY:,}"}
    return ""


@transaction.atomic
def _take_in(brought: Import, file, columns: tuple[str, ...], count: int) -> bool:
    """All of it in one transaction: the items of before go, these take their place."""
    batch = Batch.objects.locked().get(pk=brought.batch_id)
    brought = Import.objects.select_for_update(of=("self",)).select_related("file").get(pk=brought.pk)
    if not IMPORT_LIFECYCLE.allows(brought.state, "take_in"):
        return False
    places = _places(brought, columns)
    kept = [at for at in range(len(columns)) if at not in (places.get("gold"), places.get("why"))]
    with connection.cursor() as db:                 # of a draft nobody has answered anything: no row points at them, however many they are
        db.execute("DELETE FROM tasks_item WHERE batch_id = %s", [batch.pk])
        # Each row that went is looked up when this is committed, by a plan that this connection made when it needed one first: of an almost
        # empty table that plan reads the whole table, a hundred thousand times. It is made anew, now that the table is as large as it is.
        db.execute("DISCARD PLANS")
    with connection.cursor() as db, db.copy(f"COPY tasks_item ({_COLUMNS}) FROM STDIN") as copy:
        copy.set_types(["int8", "int4", "text", "text", "text", "text", "int4", "int4", "text"])
        for number, row in enumerate(_rows(file), 1):
            copy.write_row(_item(batch, number, row, places, kept))
    batch.columns = [columns[at] for at in kept]
    batch.items_count = Item.objects.filter(batch=batch, truth__isnull=True).count()
    batch.golds_count = count - batch.items_count
    batch.laid_each = batch.answers_each
    batch.version += 1
    batch.changed_at = clock.now()
    batch.save(update_fields=["columns", "items_count", "golds_count", "laid_each", "version", "changed_at"])
    brought.rows_count = brought.read_count = count
    brought.columns = list(columns)
    _end(brought, "take_in", "rows_count", "read_count", "columns")
    if last := form_of(batch):
        lay_out(batch, forms.parse(last.parts), by=brought.brought_by)
    activity.record(actor=brought.brought_by, fact=facts.BATCH_FILE_TAKEN_IN, about=batch.reference, rows=count)
    return True


def _rows(file) -> Iterator[Row]:
    """Once more from the beginning: it was clean, and lies where nobody changes it."""
    return (row for row in read(file).rows if isinstance(row, Row))


def _item(batch: Batch, number: int, row: Row, places: dict[str, int], kept: list[int]) -> tuple:
    known = row.cells[places["gold"]].strip() if "gold" in places else ""
    laid = 0 if known else batch.answers_each
    return (batch.pk, number, row.cells[places["key"]].strip() if "key" in places else "",
            f"[{', '.join([_quoted(row.cells[at]) for at in kept])}]", f'{{"text": {_quoted(known)}}}' if known else None,
            row.cells[places["why"]].strip() if known and "why" in places else "", laid, laid, "waiting")


@transaction.atomic
def _is_faulty(pk: int, **columns) -> bool:
    brought = Import.objects.select_for_update(of=("self",)).select_related("file").get(pk=pk)
    if not IMPORT_LIFECYCLE.allows(brought.state, "find_faults"):
        return False
    for name, value in columns.items():
        setattr(brought, name, list(value) if name == "columns" else value)
    _end(brought, "find_faults", *columns)
    return True


def _end(brought: Import, move: str, *columns: str) -> None:
    """What was read is kept as items, or not at all: the file itself is not needed any more."""
    file = brought.file
    brought.state, brought.ended_at, brought.file = IMPORT_LIFECYCLE.next(brought.state, move), clock.now(), None
    brought.save(update_fields=["state", "ended_at", "file", *columns])
    if file:
        files.forget([file])


def _tell(pk: int, **columns) -> None:
    """Beside the walk, so that a page can show it."""
    Import.objects.filter(pk=pk).update(**columns)
