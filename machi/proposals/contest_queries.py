"""Questions about contests and their entries."""
import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject, Left

from machi.accounts.models import party_words_of
from machi.jobs.models import Job
from machi.proposals.entries import Entry, EntryFile, still_seen
from machi.proposals.lifecycle import EntryState
from machi.shared import clock
from machi.shared.question import Lines, Question, any_of

GLIMPSE = 100                           # letters of a text in the gallery: no more than `beginning_of` shows
_FILES = Prefetch("files", EntryFile.objects.select_related("file").order_by("pk"), to_attr="given_files")


def with_files(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with their files (`given_files`): one question more, however many there are."""
    return entries.prefetch_related(_FILES)


class SeenFile(NamedTuple):
    """A file of an entry, as far as its client may know it."""

    pk: int
    preview: str
    head: str
    name: str
    kind: str
    size: int
    width: int | None
    height: int | None

    @property
    def has_picture(self) -> bool:
        return self.preview == EntryFile.Preview.MADE and self.width is not None

    @property
    def preview_label(self) -> str:
        return str(EntryFile.Preview(self.preview).label)


class Card(NamedTuple):
    """An entry in the gallery: a number, how its text begins, and the file that stands for it."""

    pk: int
    number: int
    title: str
    head: str
    is_favourite: bool
    prize: int | None
    file: SeenFile | None


_seen_files = EntryFile.objects.filter(entry=OuterRef("pk")).order_by("pk").values_list(JSONObject(
    pk="pk", preview="preview", head="head", **{name: f"file__{name}" for name in ("name", "kind", "size", "width", "height")}))
_numbers = Question(lambda user, job, since: Entry.objects.for_client(user, since).filter(job=job).order_by("number").values_list("number"))
_liked_numbers = Question(lambda user, job, since: Entry.objects.for_client(user, since).filter(job=job, mark__is_favourite=True)
                          .order_by("number").values_list("number"))
_CARD = ("pk", "number", "title", Left("text", GLIMPSE), "mark__is_favourite", "prize", Lines(_seen_files))
_cards = Question(lambda user, job, since, numbers: Entry.objects.for_client(user, since).filter(any_of("number", numbers), job=job)
                  .order_by("number").values_list(*_CARD))


def numbers_in(job: Job, user, *, only_favourites: bool = False) -> list[int]:
    """The numbers of what this client may look at, in their order."""
    ask = _liked_numbers if only_favourites else _numbers
    return [number for number, in ask(user.pk, job.pk, still_seen())]


def gallery(job: Job, user, numbers: Sequence[int]) -> list[Card]:
    """The entries with these numbers, if this client may look at them: one question."""
    rows = _cards(user.pk, job.pk, still_seen(), list(numbers)) if numbers else []
    return [Card(pk, number, title, head, bool(is_liked), prize, _first_to_see([SeenFile(**file) for file in files]))
            for pk, number, title, head, is_liked, prize, files in rows]


def _first_to_see(files: list[SeenFile]) -> SeenFile | None:
    """The file that stands for an entry: the first with a picture, or else the first."""
    return next((file for file in files if file.has_picture), next(iter(files), None))


def numbered(job: Job, user, number: str) -> Entry | None:
    """The entry with the number that this client typed, if they may look at it."""
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    return Entry.objects.for_client(user).filter(job=job, number=int(number)).first() if is_number else None


def choosable(job: Job, user) -> list[tuple[int, str, bool]]:
    """What a prize can go to: (number, title, is it a favourite), favourites first."""
    found = Entry.objects.for_client(user).valid().filter(job=job).order_by("number").values_list("number", "title", "mark__is_favourite")
    return sorted(((number, title, bool(liked)) for number, title, liked in found), key=lambda one: (not one[2], one[0]))


def by_number(job: Job, numbers) -> dict[int, Entry]:
    """Entries of a contest by their numbers."""
    return {entry.number: entry for entry in Entry.objects.filter(job=job, number__in=numbers).select_related("worker").order_by("number")}


def entries_by_reference(references: Sequence[str]) -> dict[str, Entry]:
    """Entries by what the books call them (`entry:12`), each with its maker."""
    numbers = [int(text.removeprefix("entry:")) for text in references]
    found = Entry.objects.filter(pk__in=numbers).select_related("worker").order_by("pk") if numbers else []
    return {entry.reference: entry for entry in found}


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


class Win(NamedTuple):
    """A prize that somebody won, as their page shows it. `client`: a gap of a text and its value, as Party.words says them."""

    contest: str
    job: int
    prize: int
    day: datetime.date
    client: dict[str, str]
    is_there: bool                          # its post is for everybody: the client has not left


WINS_ON_A_PAGE = 10
_CLIENT = ("kind", "trade", "name", "person", "person__display_name", "person__closed_at", "person__erased_at")
_WIN = ("job__title", "job", "prize", "ended_at", *(f"job__client__{name}" for name in _CLIENT))
_wins = Question(lambda worker: Entry.objects.filter(worker=worker, state=EntryState.AWARDED, is_win_shown=True)
                 .order_by("-ended_at", "-pk").values_list(*_WIN)[:WINS_ON_A_PAGE])


def wins_of(worker: int) -> list[Win]:
    """What somebody won in contests and lets their page show, the newest first."""
    return [Win(title, job, prize, clock.day_of(ended_at), party_words_of(*client), not any(client[-2:]))
            for title, job, prize, ended_at, *client in _wins(worker)]


def about_wins(worker: int) -> list:
    """What `wins_of` asks, for `asked_together`."""
    return [_wins.about(worker)]
