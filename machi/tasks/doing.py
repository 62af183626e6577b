"""What somebody does and has done (束): how far they are, what it brings, how often they were right. For their own eyes."""
import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from machi.payments.paydays import pay_day
from machi.payments.queries import earned_in_batches
from machi.shared import clock
from machi.shared.money import Yen
from machi.tasks import forms
from machi.tasks.finding import net_of
from machi.tasks.lifecycle import AnswerState, BundleState
from machi.tasks.models import Answer, Bundle, Outcome
from machi.tasks.quality.accuracy import Accuracy, interval
from machi.tasks.queries import cells_of, sent_with
from machi.tasks.together import is_right

A = AnswerState
COUNTS = (A.GIVEN, A.APPROVED, A.REFUSED, A.APPEALED, A.CLOSED)      # what is paid for, whole or a part: of a refused one the part
FEWEST_COMPARED = 10                                # answers: of fewer the interval would say nothing
COMPARED = 200                                      # answers, the newest: with those of others


class Standing(NamedTuple):
    """A bundle in numbers. `yen`: what its answers cost as they stand now, without tax."""

    all: int = 0
    held: int = 0
    given: int = 0                                  # counted, whatever was decided
    waiting: int = 0                                # of these: nobody has decided
    approved: int = 0
    refused: int = 0                                # or appealed, or closed so
    flagged: int = 0
    skipped: int = 0
    yen: Yen = Yen(0)
    first_at: datetime.datetime | None = None
    last_at: datetime.datetime | None = None

    @property
    def done(self) -> int:
        return self.all - self.held


def standings(bundles: Sequence[Bundle]) -> dict[int, Standing]:
    """Of these, by their numbers, in one question."""
    counted = Answer.objects.filter(bundle__in=[bundle.pk for bundle in bundles]).values("bundle").order_by("bundle").annotate(
        all=Count("pk"), held=Count("pk", filter=Q(state=A.HELD)), given=Count("pk", filter=Q(state__in=COUNTS)),
        waiting=Count("pk", filter=Q(state=A.GIVEN)), approved=Count("pk", filter=Q(state=A.APPROVED)),
        refused=Count("pk", filter=Q(state__in=(A.REFUSED, A.APPEALED, A.CLOSED))), flagged=Count("pk", filter=Q(state=A.FLAGGED)),
        skipped=Count("pk", filter=Q(state=A.GIVEN_BACK)), first_at=Min("given_at"), last_at=Max("given_at"),
        yen=Sum(F("bundle__price_yen") * F("paid_percent") / 100, filter=Q(state__in=COUNTS)))
    found = {row.pop("bundle"): Standing(**row | {"yen": Yen(row["yen"] or 0)}) for row in counted}
    return {bundle.pk: found.get(bundle.pk, Standing()) for bundle in bundles}


def standing_of(bundle: Bundle) -> Standing:
    return standings([bundle])[bundle.pk]


def net_so_far(bundle: Bundle, standing: Standing, *, is_company: bool = False) -> Yen:
    """What its worker receives of it as it stands now; settled with all other answers of a day, so a yen more or less."""
    return net_of(bundle.batch, standing.yen, is_company=is_company)


def bundles_done(worker) -> QuerySet[Bundle]:
    """The newest first."""
    return Bundle.objects.filter(worker=worker).exclude(state=BundleState.OPEN).select_related("batch", "batch__client").order_by("-pk")


def next_held(bundle: Bundle, after: int = 0) -> int | None:
    """The position of the next item to do behind this one, else the first that was left out; None where nothing is."""
    held = Answer.objects.filter(bundle=bundle, state=A.HELD)
    behind = held.filter(position__gt=after).aggregate(n=Min("position"))["n"]
    return behind or held.aggregate(n=Min("position"))["n"]


def held_behind(bundle: Bundle, position: int, at_most: int) -> list[int]:
    """The positions of the items that come next."""
    held = Answer.objects.filter(bundle=bundle, state=A.HELD, position__gt=position).order_by("position")
    return list(held.values_list("position", flat=True)[:at_most])


def last_given(bundle: Bundle) -> Answer | None:
    """The answer that can be taken back (undo)."""
    return Answer.objects.filter(bundle=bundle, state__in=(A.GIVEN, A.FLAGGED)).select_related("item").order_by("-given_at", "-pk").first()


def same_there(bundle: Bundle, position: int, *, did: str, posted: Mapping[str, Sequence[str]], words: str) -> Answer | None:
    """The answer that has arrived already just as it is sent once more, because what the town said to it was lost on the way."""
    answer = Answer.objects.filter(bundle=bundle, position=position).exclude(state=A.HELD).select_related("item").first()
    if answer is None or did in ("half", "undo"):
        return None
    if did == "skip":
        return answer if answer.is_skipped else None
    if did == "flag":
        return answer if words and answer.flag == words else None
    form = forms.parse(bundle.form.parts)
    sent = forms.clean(form, posted, cells_of(answer.item, bundle.batch), sent_with(answer, form))
    return answer if answer.state in COUNTS and not sent.errors and sent.values == answer.values else None


def arrives(bundle: Bundle, standing: Standing) -> list[datetime.date]:
    """The days on which its money leaves for the account: as settled, else as printed for what was answered. Usually one."""
    settled = set(Answer.objects.filter(bundle=bundle).exclude(closing=None).order_by().values_list("closing", flat=True))
    days = set()
    if settled:
        earned = earned_in_batches([bundle.batch_id]).filter(worker=bundle.worker_id, reference__in=[f"closing:{pk}" for pk in settled])
        days = set(earned.order_by("pk").values_list("pay_on", flat=True))
    if standing.waiting and standing.first_at:
        days.add(pay_day(clock.day_of(standing.first_at), acceptance_days=bundle.batch.acceptance_days))
    return sorted(days)


class Right(NamedTuple):
    """How often somebody was right in a batch: of golds, and of items on which others agreed; the interval holds 90 %."""

    golds: int
    golds_right: int
    agreed: int
    agreed_same: int
    accuracy: Accuracy


def own_accuracy(bundle: Bundle) -> Right | None:
    """In its batch, by all of its worker's answers there; None while there is nothing to compare with."""
    theirs = Answer.objects.filter(batch=bundle.batch_id, worker=bundle.worker_id, state__in=COUNTS)
    golds = theirs.exclude(is_right=None).aggregate(all=Count("pk"), right=Count("pk", filter=Q(is_right=True)))
    form = forms.parse(bundle.form.parts)
    others = Answer.objects.filter(item=OuterRef("item"), state__in=COUNTS).exclude(worker=bundle.worker_id)
    known = Q(item__outcome=Outcome.DECIDED) | Q(Exists(others), item__outcome=Outcome.AGREED)
    settled = theirs.filter(known, item__truth__isnull=True).select_related("item").order_by("-pk")[:COMPARED]
    compared = [same for answer in settled if (same := _is_same(form, answer)) is not None]
    count, right = golds["all"] + len(compared), golds["right"] + sum(compared)
    return Right(golds["all"], golds["right"], len(compared), sum(compared), interval(right, count)) if count else None


def _is_same(form: forms.Form, answer: Answer) -> bool | None:
    """Is it what the item was found to be?"""
    block = form.blocks[0]
    result = (answer.item.result or {}).get(block.name)
    return None if result is None else is_right(form, answer.values or {}, forms.plain_of(result, block))


def explained(bundle: Bundle) -> list[Answer]:
    """Golds of it that were answered otherwise, with why another answer is right: something to learn from, once it is over."""
    told = Answer.objects.filter(bundle=bundle, is_right=False).exclude(item__why="").select_related("item")
    return list(told.order_by("position")[:5])


def refusals(bundle: Bundle) -> QuerySet[Answer]:
    """Its answers that were refused, in their order, whatever became of it."""
    return Answer.objects.filter(bundle=bundle).exclude(refused_at=None).select_related("item").order_by("position")
