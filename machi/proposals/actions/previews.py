"""What a client sees of an entry before a prize is paid: made by the clock, file by file, in the child process of the files room."""
import logging

from django.db import transaction

from machi.files.kinds import PICTURES
from machi.files.models import File
from machi.files.pictures import Busy, CannotDraw
from machi.files.storing import head_of, show_marked
from machi.notifications import actions as notifications
from machi.proposals.actions.entering import DRAWN
from machi.proposals.entries import HEAD, EntryFile, beginning_of
from machi.shared.errors import DomainError

log = logging.getLogger(__name__)
TRIED = 10                              # files that are looked at for each that is made, at most


def make_previews(*, at_most: int = 20) -> int:
    """Make the previews that wait, the oldest first; return how many are done. While the machine is busy they go on waiting."""
    done = 0
    waiting = EntryFile.objects.filter(preview=EntryFile.Preview.WAITING).order_by("pk")
    for one in waiting.select_related("file", "entry__job", "entry__worker")[:at_most * TRIED]:      # one that is lost holds up nobody
        if done == at_most:
            break
        try:
            _make(one)
        except Busy:
            break
        except (OSError, DomainError):              # gone in this very moment, or no room on the disk: the next turn sees
            log.warning("no preview of file %s could be made", one.file_id)
            continue
        done += 1
    return done


def _make(one: EntryFile) -> None:
    file = one.file
    if file.kind not in DRAWN:
        _keep(one, EntryFile.Preview.MADE, head=beginning_of(head_of(file.stored_as, 2 * HEAD)))
        return
    try:
        drawn = show_marked(file.stored_as, file.kind, f"MACHI {one.entry.job_id} PREVIEW")
    except Busy:
        raise
    except CannotDraw:
        _keep(one, EntryFile.Preview.BROKEN if file.kind in PICTURES else EntryFile.Preview.NONE)
        return
    _keep(one, EntryFile.Preview.MADE, width=drawn.width, height=drawn.height)


@transaction.atomic
def _keep(one: EntryFile, preview: str, head: str = "", **size) -> None:
    """Written down once, and not at all for a file that was taken away meanwhile."""
    is_kept = EntryFile.objects.filter(pk=one.pk, preview=EntryFile.Preview.WAITING).update(preview=preview, head=head)
    if is_kept and size:
        File.objects.filter(pk=one.file_id).update(**size)
    if is_kept and preview == EntryFile.Preview.BROKEN:
        notifications.queue(to=one.entry.worker, kind="entry.broken_file", about=one.entry.reference, job=one.entry.job.title,
                            file=one.file.name)
