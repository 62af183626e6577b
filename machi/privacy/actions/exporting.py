"""Asking for an export, making it, taking it home, clearing it away."""
import contextlib
import datetime
import logging
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts.models import User
from machi.activity import actions as activity
from machi.notifications import actions as notifications
from machi.privacy import facts, policies
from machi.privacy.lifecycle import EXPORT_LIFECYCLE, ExportState
from machi.privacy.models import Export
from machi.privacy.taking_home import Stopped, write
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed

log = logging.getLogger(__name__)
TRIES_AT_MOST = 5
OPEN = (ExportState.REQUESTED, ExportState.MAKING)


@transaction.atomic
def ask_for_export(*, by) -> Export:
    """A person wants to take everything home. One at a time: while one is being made it is that one; a finished one gives way."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    before = Export.objects.select_for_update().filter(user=by).exclude(state=ExportState.GONE).first()
    if before and before.is_running:
        return before
    if before:
        _drop(before)
    export = Export.objects.create(user=by, stored_as=secrets.token_hex(32), requested_at=clock.now())
    activity.record(actor=by, fact=facts.EXPORT_ASKED, about=f"user:{by.pk}")
    return export


@transaction.atomic
def take_export(*, export: Export, by) -> Path:
    """The person takes their file; that they did is written down. Returns where it lies."""
    export = Export.objects.select_for_update().get(pk=export.pk)
    if not policies.can_take(by, export) or not place_of(export).exists():
        raise NotAllowed(_("export.not_there"))
    export.taken_at = clock.now()
    export.save(update_fields=["taken_at"])
    activity.record(actor=by, fact=facts.EXPORT_TAKEN, about=f"user:{by.pk}")
    return place_of(export)


def make_exports() -> int:
    """Make the exports that wait, one after the other; return how many are done. Only one process is ever at this.

    What says `making` was begun by a process that is dead: it is made again from the beginning.
    """
    done = 0
    while (export := Export.objects.filter(state__in=OPEN).order_by("tried_count", "pk").select_related("user").first()) is not None:
        try:
            done += _make(export)
        except Exception:
            log.exception("export %s could not be made", export.pk)
            _give_up_or_wait(export)
            break                                   # the disk may be full: the next turn tries again
    return done


def clear_exports() -> int:
    """Delete the files whose day is over, and whatever lies there without a row. Returns how many exports ended."""
    over = list(Export.objects.filter(state=ExportState.READY, until_at__lte=clock.now()).order_by("pk")[:500])
    for export in over:
        with transaction.atomic():
            _drop(Export.objects.select_for_update().get(pk=export.pk))
    known = set(Export.objects.exclude(state=ExportState.GONE).order_by("pk").values_list("stored_as", flat=True))
    for file in _folder().iterdir():
        if file.name.partition(".")[0] not in known and time.time() - file.stat().st_mtime > 3600:
            file.unlink(missing_ok=True)
    return len(over)


def drop_exports_of(user) -> None:
    """Somebody leaves: nothing of theirs lies here any more."""
    for export in Export.objects.select_for_update().filter(user=user).exclude(state=ExportState.GONE):
        _drop(export)


def place_of(export: Export) -> Path:
    return _folder() / f"{export.stored_as}.zip"


def _held(export: Export) -> Export | None:
    """As it is now, until the transaction ends. Not its person: whoever asks holds them first, and would wait in a circle."""
    return Export.objects.select_for_update(of=("self",)).select_related("user").filter(pk=export.pk).first()


def _make(export: Export) -> bool:
    if not _begin(export):
        return False
    part = place_of(export).with_suffix(".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.close(handle)
        size = write(part, export.user, lambda done, of: _tell(export, done, of))
        with open(part, "rb") as written:
            os.fsync(written.fileno())
        return _finish(export, part, size)
    except Stopped:
        return False
    finally:
        part.unlink(missing_ok=True)


@transaction.atomic
def _begin(export: Export) -> bool:
    export = _held(export)
    if export is None or not EXPORT_LIFECYCLE.allows(export.state, "begin"):
        return False
    export.state = EXPORT_LIFECYCLE.next(export.state, "begin")
    export.tried_count += 1
    export.save(update_fields=["state", "tried_count"])
    return True


def _tell(export: Export, done: int, of: int) -> None:
    """How far it is, for whoever looks. Nobody waits any more when the row is gone or has moved on."""
    if not Export.objects.filter(pk=export.pk, state=ExportState.MAKING).update(done_count=done, of_count=of):
        raise Stopped


@transaction.atomic
def _finish(export: Export, part: Path, size: int) -> bool:
    export = _held(export)
    if export is None or not EXPORT_LIFECYCLE.allows(export.state, "finish"):
        return False
    part.rename(place_of(export))
    export.state, export.size = EXPORT_LIFECYCLE.next(export.state, "finish"), size
    export.ready_at = clock.now()
    export.until_at = export.ready_at + datetime.timedelta(days=settings.EXPORT_DAYS)
    export.save(update_fields=["state", "size", "ready_at", "until_at"])
    activity.record(actor=None, fact=facts.EXPORT_MADE, about=f"user:{export.user_id}", bytes=size)
    notifications.queue(to=export.user, kind="export.ready", about="export", until_at=export.until_at)
    return True


@transaction.atomic
def _give_up_or_wait(export: Export) -> None:
    export = _held(export)
    if export and export.is_running and export.tried_count >= TRIES_AT_MOST:
        _drop(export)
        notifications.queue(to=export.user, kind="export.not_made", about="export")


def _drop(export: Export) -> None:
    """The file goes with the row's state; a file that is not there any more is no trouble."""
    if not policies.can_drop(export):
        raise DomainError(_("state.moved_on"))
    export.state = EXPORT_LIFECYCLE.next(export.state, "drop")
    export.save(update_fields=["state"])
    transaction.on_commit(lambda: place_of(export).unlink(missing_ok=True))


def _folder() -> Path:
    folder = Path(settings.EXPORT_FOLDER)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(parents=True, mode=0o700)
    return folder
