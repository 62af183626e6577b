"""Questions about reviews and thanks. What is not opened yet is never among the answers, except to its writer."""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet

from machi.accounts.models import party_words_of
from machi.contracts.models import Contract
from machi.contracts.queries import FACETS, TrackRecord, facets_of, finished_by
from machi.reviews.models import IssuedRecord, Review, Thanks
from machi.shared.question import Question
from machi.tasks.record import small_work_of


def reviews_of_worker(worker) -> QuerySet[Review]:
    """What clients wrote about a worker, opened ones only, the newest first."""
    return Review.objects.filter(worker=worker, side=Review.Side.CLIENT, opened_at__isnull=False).order_by("-pk")


def reviews_of_client(party) -> QuerySet[Review]:
    """What workers wrote about a client, opened ones only, the newest first; `work` is the title of the contract."""
    return (Review.objects.filter(client=party, side=Review.Side.WORKER, opened_at__isnull=False)
            .select_related("writer").annotate(work=F("contract__title")).order_by("-pk"))


_CLIENT = ("kind", "trade", "name", "person", "person__display_name", "person__closed_at", "person__erased_at")
ON_A_POST, ON_A_PAGE, THANKS_ON_A_PAGE, A_PAGE_OF_ALL = 3, 5, 20, 20     # so many stand on the page of a post, and of a person
_THANKED = ("text", "contract__title", *(f"contract__client__{name}" for name in _CLIENT))
_HEARD = ("again", "text", "contract__title", *(f"client__{name}" for name in _CLIENT))
_newest_of_client = Question(lambda party: reviews_of_client(party).only(
    "again", "text", "writer__display_name")[:ON_A_POST])
_newest_of_worker = Question(lambda worker: reviews_of_worker(worker).values_list(*_HEARD)[:ON_A_PAGE + 1])
_newest_thanks = Question(lambda worker: thanks_to(worker).values_list(*_THANKED)[:THANKS_ON_A_PAGE + 1])


class Heard(NamedTuple):
    """What a client said of a worker, as a page shows it. `client` is a gap of a text and its value, as Party.words says them."""

    text: str
    work: str
    client: dict[str, str]
    again: str = ""                         # one of Review.Again; thanks have none


def about_client(party: int) -> list:
    """What `newest_reviews_of_client` asks, for `asked_together`."""
    return [_newest_of_client.about(party)]


def newest_reviews_of_client(party) -> list[Review]:
    """What stands on the page of a post."""
    return _newest_of_client(party.pk)


def newest_reviews_of_worker(worker) -> list[Heard]:
    """What stands on the page of a person; one more than ON_A_PAGE when there are older ones."""
    return [_heard(*row) for row in _newest_of_worker(worker.pk)]


def all_reviews_of_worker(worker, number) -> Page:
    """Page `number` of all that clients wrote about a worker, twenty a page, the newest first."""
    return _page(reviews_of_worker(worker).values_list(*_HEARD), _heard, number)


def _heard(again: str, text: str, work: str, *client) -> Heard:
    return Heard(text, work, party_words_of(*client), again)


def newest_thanks_to(worker) -> list[Heard]:
    """What stands on the page of a person; one more than THANKS_ON_A_PAGE when there are older ones."""
    return [_thanked(*row) for row in _newest_thanks(worker.pk)]


def all_thanks_to(worker, number) -> Page:
    """Page `number` of all thanks that a worker received, twenty a page, the newest first."""
    return _page(thanks_to(worker).values_list(*_THANKED), _thanked, number)


def _thanked(text: str, work: str, *client) -> Heard:
    return Heard(text, work, party_words_of(*client))


def _page(rows: QuerySet, heard: Callable[..., Heard], number) -> Page:
    pages = Paginator(rows, A_PAGE_OF_ALL).get_page(number)
    pages.object_list = [heard(*row) for row in pages.object_list]
    return pages


def about_worker(pk: int, *, with_reviews: bool = True) -> list:
    """What a page about somebody asks here, for `asked_together`."""
    reviews = [_newest_of_worker.about(pk)] if with_reviews else []
    return [_records.about([pk]), _newest_thanks.about(pk), *reviews]


def thanks_to(worker) -> QuerySet[Thanks]:
    """Thanks a worker received, the newest first."""
    return Thanks.objects.filter(worker=worker).select_related("contract", "contract__client", "contract__client__person").order_by("-pk")


def readable(reviews: Iterable[Review], user) -> list[Review]:
    """Of these reviews those that this person may read."""
    return [review for review in reviews if review.opened_at or review.writer_id == user.pk]


def written_about(contract: Contract) -> list[Review]:
    """Both reviews of a contract, also while they are nobody's to read."""
    return _written(contract.pk)


_written = Question(lambda contract: Review.objects.filter(contract=contract).select_related("writer").order_by("pk"))


def reviewed_by(user, contracts) -> set[int]:
    """Of these contracts, the numbers of those about which this person's side has written already."""
    written = Review.objects.filter(contract__in=[contract.pk for contract in contracts]).order_by("pk")
    return {contract for contract, side, worker in written.values_list("contract", "side", "worker")
            if (side == Review.Side.WORKER) == (worker == user.pk)}


def good_counts(workers) -> dict[int, tuple[int, int]]:
    """For several workers: how many opened reviews, and how many of them would work together again. One question."""
    counts = {worker.pk: (0, 0) for worker in workers}
    for worker, again in Review.objects.filter(worker__in=counts, side=Review.Side.CLIENT, opened_at__isnull=False).order_by(
            "pk").values_list("worker", "again"):
        written, yes = counts[worker]
        counts[worker] = written + 1, yes + (again == Review.Again.YES)
    return counts


@dataclass(frozen=True, slots=True)
class Record(TrackRecord):
    """The track record (実績) as pages show it: facets with their denominators. There is no sum of them."""

    thanks_count: int = 0


def records_of(workers) -> dict[int, Record]:
    """The records of several workers: one question however many people."""
    ids = [worker.pk for worker in workers]
    rows = _records(ids)
    thanks = dict.fromkeys(ids, 0)
    for worker, *_facets, count in rows:
        thanks[worker] += count
    return {pk: Record(**facets, thanks_count=thanks[pk]) for pk, facets in facets_of(ids, rows).items()}


def record_of(worker) -> Record:
    """One worker's record."""
    return records_of([worker])[worker.pk]


_records = Question(lambda workers: finished_by(workers).annotate(thanks=Count("contract__thanks")).values_list(*FACETS, "thanks"))


def has_record(worker) -> bool:
    """Is there anything to take along: a finished work, or a finished bundle of tasks?"""
    return bool(record_of(worker).completed_count or small_work_of(worker.pk))


def issued_to(person) -> QuerySet[IssuedRecord]:
    """The signed records of somebody that are in use, the newest first."""
    return IssuedRecord.objects.in_use().filter(user=person).order_by("-pk")
