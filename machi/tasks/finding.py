"""Finding micro-tasks (タスクをさがす): batches of which somebody can take a bundle now.

Whether anything is left of one is asked of its first free place, never counted: a batch of a million items is found as fast as one of ten.
"""
from decimal import Decimal
from typing import NamedTuple

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value

from machi.jobs.wages import wage
from machi.payments.queries import paid_works_count
from machi.shared.money import Yen
from machi.tasks.lifecycle import AnswerState, BatchState
from machi.tasks.models import Answer, Batch, BatchForm, Closing, Item
from machi.tasks.policies import NO_RECORD
from machi.tasks.prices import MEASURED_FROM, answers_in, is_withheld, settlement_of, yen_an_hour

PAGE = 20
TOPICS = 12                                         # to choose from, those with most batches first
LEFT_AT_MOST = 1_000                                # items that are looked at to say how many answers are left
RECORD_AT_MOST = 100
FEWEST = 30                                         # answers: of fewer no share is said (voice.md)
# What is not only text: it is looked at, listened to, or drawn on.
_LOOKED_AT = '$.parts[*] ? (@.kind == "image" || @.kind == "audio" || @.kind == "video" || @.kind == "boxes" || @.kind == "transcription"' \
             ' || @.kind == "file" || @.shown_as == "image")'
# What is small work for a thumb on a small screen: to draw to the point, to type minutes of speech, to have a file at hand. It can be done
# there, and takes longer than the page says.
_WANTS_ROOM = '$.parts[*] ? (@.kind == "boxes" || @.kind == "transcription" || @.kind == "file")'


class Wanted(NamedTuple):
    """What somebody looks for. `minutes`: how much time they have; 0: they do not say."""

    minutes: int = 0
    category: str = ""
    topic: int = 0
    text_only: bool = False
    phone: bool = False                             # easily done on a small screen
    order: str = "pay"                              # or "new"


class Found(NamedTuple):
    """One page of what was found, and how many there would be with each facet."""

    rows: list[Batch]
    count: int
    number: int                                     # of the page
    categories: dict[str, int]
    topics: list[tuple[int, str, int]]              # (number, name, batches)
    minutes: dict[int, int]
    text_only: int
    phone: int


def find_batches(worker, wanted: Wanted, *, page: int = 1) -> Found:
    """For somebody who is signed in: without those that ask for a record they do not have. Who has no record sees first what is kept for
    people without one.
    """
    record = paid_works_count(worker, at_most=RECORD_AT_MOST) if worker.is_authenticated else None
    found = _open(record)
    by_minutes = Q(seconds_each__lte=wanted.minutes * 60) if wanted.minutes else Q()
    by_text, by_phone = Q(is_text=True) if wanted.text_only else Q(), Q(is_for_phone=True) if wanted.phone else Q()
    how = by_text & by_phone
    by_category, by_topic = Q(category=wanted.category) if wanted.category else Q(), Q(topic=wanted.topic) if wanted.topic else Q()
    beside = by_category & by_topic
    numbers = found.aggregate(
        all=Count("pk", filter=beside & by_minutes & how), text=Count("pk", filter=beside & by_minutes & by_phone & Q(is_text=True)),
        phone=Count("pk", filter=beside & by_minutes & by_text & Q(is_for_phone=True)),
        **{f"in_{n}": Count("pk", filter=beside & how & Q(seconds_each__lte=n * 60)) for n in (15, 30, 60)})
    categories = found.filter(by_topic & by_minutes & how).values_list("category").annotate(n=Count("pk")).order_by()
    topics = found.filter(by_category & by_minutes & how).exclude(topic=None).values_list("topic", "topic__name").annotate(
        n=Count("pk")).order_by("-n", "topic")[:TOPICS]
    number = max(1, min(page, -(-numbers["all"] // PAGE)))
    rows = found.filter(beside & by_minutes & how).select_related("category", "topic").order_by(*_order(wanted, record))
    return Found(list(rows[(number - 1) * PAGE:number * PAGE]) if numbers["all"] else [], numbers["all"], number, dict(categories),
                 list(topics), {n: numbers[f"in_{n}"] for n in (15, 30, 60)}, numbers["text"], numbers["phone"])


def _open(record: int | None) -> QuerySet[Batch]:
    """Open, not below the least wage, with a place that is free. `record`: of whoever looks; None: nobody knows who it is."""
    free = Item.objects.filter(batch=OuterRef("pk"), places_free__gt=0, truth__isnull=True)
    form = BatchForm.objects.filter(batch=OuterRef("pk")).order_by("-version")

    def without(parts: str) -> Func:
        return Func(Subquery(form.values("parts")[:1]), Value(parts), template="NOT jsonb_path_exists(%(expressions)s::jsonpath)",
                    output_field=BooleanField())
    found = Batch.objects.filter(Exists(free), state=BatchState.OPEN).annotate(
        is_text=without(_LOOKED_AT), is_for_phone=without(_WANTS_ROOM),
        hourly=F("price_yen") * 3600 / F("seconds_each")).alias(of_hours=F("price_yen") * 3600)
    found = found.filter(of_hours__gte=F("seconds_each") * wage().yen)
    if record is not None:
        found = found.filter(record_needed__lte=record)
    return found.filter(is_for_newcomers=False) if record is not None and record >= NO_RECORD else found


def _order(wanted: Wanted, record: int | None) -> list[str]:
    first = ["-is_for_newcomers"] if record is not None and record < NO_RECORD else []
    return [*first, *(["-hourly"] if wanted.order == "pay" else []), "-published_at", "-pk"]


class Left(NamedTuple):
    """How many items somebody can still take: so many, or at least so many."""

    count: int
    is_more: bool


def left_for(batch: Batch, worker) -> Left:
    """Items with a free place that this person has neither answered nor stepped over, as taking.py hands them out; counted no further
    than LEFT_AT_MOST. Of a visitor: of all.
    """
    free = Item.objects.filter(batch=batch, places_free__gt=0, truth__isnull=True).order_by("number")
    if worker.is_authenticated:
        own = Answer.objects.filter(item=OuterRef("pk"), worker=worker)
        free = free.exclude(Exists(own.exclude(state=AnswerState.GIVEN_BACK, is_skipped=False)))
    count = free.values("pk")[:LEFT_AT_MOST].count()
    return Left(count, count >= LEFT_AT_MOST)


def is_measured(batch: Batch) -> bool:
    """Is its time that of the people who answered, and no trial of its client any more?"""
    given = Answer.objects.filter(batch=batch, given_at__isnull=False, seconds__gt=0).order_by().values("pk")[:MEASURED_FROM]
    return batch.put_together_at is not None and len(given) >= MEASURED_FROM


class Refusals(NamedTuple):
    """Of so many answers that a client's batches paid or refused, so many were refused and not paid whole."""

    all: int
    refused: int

    @property
    def percent(self) -> float:
        return 100 * self.refused / self.all


def refusals_of(party: int) -> Refusals | None:
    """Public (公開): how often a client refuses. None while there are too few answers to say it.

    What was settled is counted by its closings, never answer by answer; what was approved or refused since then by an index of its own.
    """
    theirs = Answer.objects.filter(batch__client=party)
    refused = theirs.filter(state__in=(AnswerState.REFUSED, AnswerState.APPEALED, AnswerState.CLOSED)).aggregate(
        all=Count("pk"), disputed=Count("pk", filter=~Q(state=AnswerState.CLOSED)))
    settled = Closing.objects.filter(batch__client=party).aggregate(n=Sum("answers_count"))["n"] or 0
    decided = settled + refused["disputed"] + theirs.to_be_paid().count()
    return Refusals(decided, refused["all"]) if decided >= FEWEST else None


class Brings(NamedTuple):
    """What some time brings: about so many answers, and what their worker receives for all of them."""

    minutes: int
    answers: int
    net: Yen


def brings(batch: Batch, minutes: int, *, is_company: bool = False) -> Brings:
    answers = answers_in(minutes, batch.seconds_each)
    return Brings(minutes, answers, net_of(batch, Yen(batch.price * answers), is_company=is_company))


def net_of(batch: Batch, price: Yen, *, is_company: bool = False) -> Yen:
    """What a person receives (手取り) of answers that cost so much together, without tax."""
    return settlement_of(batch, price, is_withheld=is_withheld(batch, is_company=is_company)).worker_receives


def net_an_hour(batch: Batch, *, is_company: bool = False) -> Yen:
    return net_of(batch, yen_an_hour(batch.price, batch.seconds_each), is_company=is_company)


def net_each(batch: Batch, *, is_company: bool = False) -> Decimal:
    """Of one answer: a fraction of a yen counts, as fee and tax are counted from all answers of a day together."""
    return Decimal(int(net_of(batch, Yen(batch.price * 1_000), is_company=is_company))) / 1_000
