"""A maker's side of a contest: writing an entry, handing it in, changing it, taking it back. Locks: the post, then the entry."""
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from machi.activity import actions as activity
from machi.files.actions import forget, take_in
from machi.files.kinds import PICTURES
from machi.files.storing import StoredFile
from machi.jobs import actions as jobs
from machi.jobs.contests import Contest
from machi.jobs.models import Job
from machi.jobs.policies import acts_for_client
from machi.proposals import facts
from machi.proposals.contest_policies import can_enter, can_take_back, can_write_entry
from machi.proposals.entries import ENTRIES_AT_MOST, FILES_AT_MOST, LEAST_BYTES, LEAST_TEXT, Entry, EntryFile
from machi.proposals.lifecycle import ENTRY_LIFECYCLE, EntryState
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed


class Unfit(DomainError):
    """What is to be handed in lacks something; `field` says where."""

    def __init__(self, field: str, words: str):
        super().__init__(words)
        self.field = field


DRAWN = PICTURES | {"pdf"}


@transaction.atomic
def begin_entry(*, job: Job, by) -> Entry:
    """A new entry to write on. One that is begun and still empty is gone on with, so that two presses make one."""
    job = _open_job(job, by)
    own = Entry.objects.filter(job=job, worker=by)
    empty = own.filter(state=EntryState.DRAFT, title="", text="", files=None).order_by("pk").first()
    if empty is not None:
        return empty
    if own.exclude(state=EntryState.WITHDRAWN).count() >= ENTRIES_AT_MOST:
        raise DomainError(_("entry.too_many") % {"n": ENTRIES_AT_MOST})
    entry = Entry.objects.create(job=job, worker=by, drafted_at=clock.now(), saved_at=clock.now())
    activity.record(actor=by, fact=facts.ENTRY_DRAFTED, about=entry.reference)
    return entry


@transaction.atomic
def save_entry(*, entry: Entry, by, title: str, text: str, ai_note: str = "", files: Sequence[StoredFile] = (),
               version: int | None = None) -> Entry:
    """Keep what a maker is writing (自動保存). What is handed in already changes by `hand_in` only."""
    _job, entry = _locked(entry, by)
    if entry.state != EntryState.DRAFT:
        raise NotAllowed(_("entry.handed_in_already"))
    _check_version(entry, version)
    return _write(entry, by, "save", files, title=title, text=text, ai_note=ai_note)


@transaction.atomic
def hand_in(*, entry: Entry, by, title: str, text: str, ai_note: str = "", files: Sequence[StoredFile] = (), version: int | None = None,
            read: int | None = None) -> Entry:
    """Hand an entry in (出す), or change one that is (変える): a new version. Pressed twice, it is handed in once.

    `read` is the version of the post that stood beside it.
    """
    job, entry = _locked(entry, by)
    words = {"title": title, "text": text, "ai_note": ai_note}
    is_new = entry.state == EntryState.DRAFT
    if not is_new and not files and all(getattr(entry, name) == value for name, value in words.items()):
        return entry
    if read is not None and read != job.version:
        raise DomainError(_("apply.post_changed"))
    _check_version(entry, version)
    contest = Contest.objects.get(job=job)
    _check_whole(entry, contest, job, files, text, ai_note)
    if is_new and contest.is_full:
        raise DomainError(_("entry.pot_full") % {"n": contest.most_entries})
    entry.submitted_at = clock.now()
    if is_new:
        entry.number = jobs.number_entry(job=job)
        jobs.count_entry(job=job, by=1)
    _write(entry, by, "hand_in" if is_new else "change", files, **words)
    activity.record(actor=by, fact=facts.ENTRY_HANDED_IN, about=entry.reference, version=entry.version)
    return entry


def send_entry(*, is_kept: bool, read: int | None = None, **what) -> Entry:
    """What the form of an entry asks for: keep the draft, or hand it in."""
    return save_entry(**what) if is_kept else hand_in(read=read, **what)


@transaction.atomic
def remove_entry_file(*, file: EntryFile, by) -> Entry:
    """Take a file away from an entry. What is handed in keeps something to look at."""
    job, entry = _locked(file.entry, by)
    file = EntryFile.objects.select_related("file").filter(pk=file.pk, entry=entry).first()
    if file is None:
        return entry
    is_last = entry.files.count() == 1
    if entry.state == EntryState.SUBMITTED and is_last and (len(entry.text) < LEAST_TEXT or Contest.objects.get(job=job).takes == "files"):
        raise DomainError(_("entry.last_file"))
    file.delete()
    forget([file.file])
    entry.state = ENTRY_LIFECYCLE.next(entry.state, "change" if entry.state == EntryState.SUBMITTED else "save")
    entry.version += 1
    entry.saved_at = clock.now()
    entry.submitted_at = entry.saved_at if entry.state == EntryState.SUBMITTED else None
    entry.save(update_fields=["state", "version", "saved_at", "submitted_at"])
    return entry


@transaction.atomic
def take_back_entry(*, entry: Entry, by) -> Entry:
    """Take an entry back before the closing day is over (取り消す), or put a draft away. It stays its maker's, and is seen by nobody."""
    job = Job.objects.locked().get(pk=entry.job_id)
    entry = Entry.objects.locked().get(pk=entry.pk)
    entry.job = job
    if not can_take_back(by, entry):
        raise NotAllowed(_("entry.take_back_refused"))
    was_handed_in = entry.state == EntryState.SUBMITTED
    entry.state = ENTRY_LIFECYCLE.next(entry.state, "withdraw" if was_handed_in else "discard")
    entry.save(update_fields=["state"])
    if was_handed_in:
        jobs.count_entry(job=job, by=-1)
    activity.record(actor=by, fact=facts.ENTRY_WITHDRAWN, about=entry.reference)
    return entry


def _open_job(job: Job, by) -> Job:
    job = Job.objects.locked().select_related("client").get(pk=job.pk)
    if acts_for_client(by, job):
        raise NotAllowed(_("proposal.own_organisation") if job.client.is_organisation else _("proposal.own_post"))
    if not can_enter(by, job):
        raise NotAllowed(_("entry.closed"))
    return job


def _locked(entry: Entry, by) -> tuple[Job, Entry]:
    job = Job.objects.locked().select_related("client").get(pk=entry.job_id)
    entry = Entry.objects.locked().get(pk=entry.pk)
    entry.job = job
    if not can_write_entry(by, entry):
        raise NotAllowed(_("entry.closed"))
    return job, entry


def _check_version(entry: Entry, version: int | None) -> None:
    if version is not None and version != entry.version:
        raise DomainError(_("proposal.changed_meanwhile"))


def _check_whole(entry: Entry, contest: Contest, job: Job, files: Sequence[StoredFile], text: str, ai_note: str) -> None:
    """Is there something that can be looked at, of the kind the client asked for?"""
    sizes = [file.size for file in files] + list(entry.files.exclude(preview=EntryFile.Preview.BROKEN).order_by("pk")
                                                 .values_list("file__size", flat=True))
    has_file, has_text = any(size >= LEAST_BYTES for size in sizes), len(text.strip()) >= LEAST_TEXT
    if contest.takes == Contest.Takes.FILES and not has_file:
        raise Unfit("files", _("entry.needs_file"))
    if contest.takes == Contest.Takes.TEXT and not has_text:
        raise Unfit("text", _("entry.needs_text") % {"n": LEAST_TEXT})
    if not has_file and not has_text:
        raise Unfit("text", _("entry.needs_something") % {"n": LEAST_TEXT})
    if job.ai == Job.AI.DECLARED and not ai_note.strip():
        raise Unfit("ai_note", _("contract.deliver.ai_needed"))


def _write(entry: Entry, by, move: str, files: Sequence[StoredFile], **words) -> Entry:
    if entry.files.count() + len(files) > FILES_AT_MOST:
        raise Unfit("files", _("entry.files_full") % {"n": FILES_AT_MOST})
    entry.state = ENTRY_LIFECYCLE.next(entry.state, move)
    for name, value in words.items():
        setattr(entry, name, value)
    entry.saved_at, entry.version = clock.now(), entry.version + 1
    entry.save()
    EntryFile.objects.bulk_create(EntryFile(entry=entry, file=file, preview=_first_preview(file.kind)) for file in take_in(files, by=by))
    return entry


def _first_preview(kind: str) -> str:
    """What can be drawn or read waits for its preview; of everything else there is only the name and the size."""
    return EntryFile.Preview.WAITING if kind in DRAWN or kind == "text" else EntryFile.Preview.NONE
