"""Questions about contests and their entries."""
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Left

from machi.jobs.models import Job
from machi.proposals.entries import Entry, EntryFile
from machi.proposals.lifecycle import EntryState

GLIMPSE = 120                           # letters of a text in the gallery
_FILES = Prefetch("files", EntryFile.objects.select_related("file").order_by("pk"), to_attr="given_files")


def with_files(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with their files (`given_files`): one question more, however many there are."""
    return entries.prefetch_related(_FILES)


def gallery(job: Job, user, *, only_favourites: bool = False) -> QuerySet[Entry]:
    """What this client may look at, by number, each with its mark."""
    found = Entry.objects.for_client(user).filter(job=job).select_related("mark").defer("text").annotate(
        head=Left("text", GLIMPSE)).order_by("number")
    return with_files(found.filter(mark__is_favourite=True) if only_favourites else found)


def choosable(job: Job, user) -> list[tuple[int, str, bool]]:
    """What a prize can go to: (number, title, is it a favourite), favourites first."""
    found = Entry.objects.for_client(user).valid().filter(job=job).order_by("number").values_list("number", "title", "mark__is_favourite")
    return sorted(((number, title, bool(liked)) for number, title, liked in found), key=lambda one: (not one[2], one[0]))


def by_number(job: Job, numbers) -> dict[int, Entry]:
    """Entries of a contest by their numbers."""
    return {entry.number: entry for entry in Entry.objects.filter(job=job, number__in=numbers).select_related("worker").order_by("number")}


def own_entries(job: Job, user) -> list[Entry]:
    """What this person made for a contest, the newest first, without what they took back."""
    if not user.is_authenticated:
        return []
    return list(Entry.objects.filter(job=job, worker=user).exclude(state=EntryState.WITHDRAWN).order_by("-pk"))


def entries_of(worker, *, at_most: int = 20) -> list[Entry]:
    """A person's entries in all contests, the newest first."""
    return list(Entry.objects.filter(~Q(state=EntryState.WITHDRAWN), worker=worker).select_related("job").order_by("-pk")[:at_most])


def was_split(job: Job) -> bool:
    """Did nobody choose, so that the town shared the prizes out?"""
    return Entry.objects.filter(job=job, state=EntryState.SHARED).exists()


def winners_of(job: Job) -> list[Entry]:
    """The entries that were chosen, by their prize."""
    return list(Entry.objects.filter(job=job, state=EntryState.AWARDED).select_related("worker").order_by("prize"))
