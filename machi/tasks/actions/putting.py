"""The clock puts answers together: what is agreed on, where one more is asked, what a person must look at. Nobody is paid or refused."""
import datetime
import json

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.rows import each
from machi.tasks import forms, policies
from machi.tasks.lifecycle import AnswerState
from machi.tasks.models import Answer, Batch, Item, Outcome
from machi.tasks.models.batches import LARGE
from machi.tasks.prices import MEASURED_FROM
from machi.tasks.quality.next_step import Step, next_step
from machi.tasks.queries import Tally, forms_of, tally_now
from machi.tasks.spreading import counted
from machi.tasks.together import Found, Said
from machi.tasks.together import put_together as put_answers_together

AT_MOST_EVERY, TALLIED_EVERY = datetime.timedelta(minutes=2), datetime.timedelta(minutes=1)
ALIVE = ("open", "paused", "stopped")
COUNTED = (AnswerState.GIVEN, AnswerState.APPROVED, AnswerState.REFUSED, AnswerState.APPEALED, AnswerState.CLOSED)
_WRITE = """
    UPDATE tasks_item i SET outcome = w.outcome, result = w.result, confidence = w.confidence, places_count = i.places_count + w.more,
           places_free = i.places_free + w.more
      FROM jsonb_to_recordset(%s::jsonb) AS w (id bigint, outcome text, result jsonb, confidence float, more int)
     WHERE i.id = w.id AND i.outcome IN ('waiting', 'agreed', 'person')"""


def put_together() -> int:
    """By the clock: every batch that has new answers; returns how many."""
    news = Exists(Answer.objects.filter(batch=OuterRef("pk"), state__in=COUNTED, given_at__gt=OuterRef("put_together_at")))
    some = Exists(Answer.objects.filter(batch=OuterRef("pk"), state__in=COUNTED))
    alive = Batch.objects.filter(state__in=ALIVE)
    due = alive.filter(Q(put_together_at=None) & some | Q(put_together_at__lt=clock.now() - AT_MOST_EVERY) & news)
    return each(due.order_by("put_together_at", "pk").values_list("pk", flat=True)[:50], _together)


def tally_large() -> int:
    """By the clock: how far batches are that are too large to be counted by a page; once more after they have ended."""
    over = Q(ended_at__isnull=False) & (Q(tallied_at=None) | Q(tallied_at__lt=F("ended_at")))
    due = Batch.objects.filter(items_count__gt=LARGE).filter(
        Q(state__in=ALIVE) & (Q(tallied_at=None) | Q(tallied_at__lt=clock.now() - TALLIED_EVERY)) | over)
    return each(due.order_by("tallied_at", "pk")[:50], _tally)


def _tally(batch: Batch) -> bool:
    """What was counted is written down, whatever has happened meanwhile: it says when that was."""
    counted_at, tally = clock.now(), tally_now(batch)
    return bool(Batch.objects.filter(pk=batch.pk).update(tally=tally._asdict(), spread=_spread(batch, tally), tallied_at=counted_at))


def _spread(batch: Batch, tally: Tally) -> dict:
    """How its answers are spread. Of a million items that takes seconds, so it is counted anew only where something came to them: another
    form, answers that were put together, an item that somebody decided.
    """
    versions = forms_of(batch)
    of = [max(versions), str(batch.put_together_at), {str(outcome): count for outcome, count in tally.outcomes.items()}]
    if batch.spread and batch.spread["of"] == of:
        return batch.spread
    return {"of": of, "blocks": counted(batch, forms.with_old(*versions.values()))}


@deed
def decide_item(*, item: Item, by, result: dict) -> Item:
    """The client says what an item is about which people disagreed."""
    batch = Batch.objects.locked().get(pk=item.batch_id)        # as whoever puts answers together does
    if not policies.can_judge(by, batch):
        raise NotAllowed(_("tasks.answer.judge_refused"))
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.outcome != Outcome.PERSON:
        raise DomainError(_("state.moved_on"))
    item.outcome, item.result, item.confidence = Outcome.DECIDED, result, 1.0
    item.save(update_fields=["outcome", "result", "confidence"])
    return item


def _together(pk: int) -> bool:
    """What is counted is read before the batch is locked, and nobody who answers waits for it."""
    batch, now = Batch.objects.get(pk=pk), clock.now()
    (newest, form), *older = forms_of(batch).items()
    counted = Answer.objects.filter(batch=batch, state__in=COUNTED, values__isnull=False, bundle__form__version__lte=newest)
    answers = counted.order_by("pk").values_list("item", "worker", "values", "bundle__form__version")
    truths = {item: truth["text"] for item, truth in Item.objects.filter(batch=batch, truth__isnull=False).order_by("pk")
              .values_list("pk", "truth")}
    found = put_answers_together(form, (Said(*row) for row in answers.iterator()), truths, dict(older), batch.answers_each)
    with transaction.atomic():
        batch = Batch.objects.locked().get(pk=pk)
        _write(batch, found.items)
        batch.put_together_at, batch.digest = now, found.digest
        batch.seconds_each = _measured(batch)
        batch.save(update_fields=["put_together_at", "digest", "extra_left", "seconds_each"])
    return True


def _write(batch: Batch, found: dict[int, Found]) -> None:
    """The least sure come first, as long as there is something left for one more answer. Items are locked by their numbers, as everybody
    does who waits for several.
    """
    waiting = Item.objects.filter(batch=batch, truth__isnull=True, outcome__in=(Outcome.WAITING, Outcome.PERSON))
    locked = waiting.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", "places_free")
    open_items = {pk: free for pk, free in locked.iterator() if pk in found}
    flagged = set(Answer.objects.filter(batch=batch, state=AnswerState.FLAGGED).order_by().values_list("item", flat=True))
    lost = _lost(batch)
    open_items |= dict.fromkeys(lost, 0)
    found = dict.fromkeys(lost - found.keys(), Found(confidence=0.0)) | found
    rows = []
    for pk in sorted(open_items, key=lambda one: (found[one].confidence, one)):
        one, free = found[pk], open_items[pk]
        step = Step.ASK if free else next_step(
            confidence=one.confidence, answers_count=one.answers_count, threshold=batch.threshold_percent / 100, wanted=batch.answers_each,
            most=batch.most_each, budget_count=batch.extra_left if batch.state == "open" else 0)
        if pk in flagged or step is Step.ASK and pk in lost and batch.extra_left == 0:
            step = Step.PERSON
        is_asked = one.answers_count >= batch.answers_each or pk in lost
        more = int(step is Step.ASK and not free and is_asked and batch.extra_left > 0)
        batch.extra_left -= more
        outcome = {Step.AGREED: Outcome.AGREED, Step.PERSON: Outcome.PERSON}.get(step, Outcome.WAITING)
        rows.append({"id": pk, "outcome": outcome.value, "result": one.result, "confidence": one.confidence, "more": more})
    with connection.cursor() as db:
        db.execute(_WRITE, (json.dumps(rows, ensure_ascii=False),))


def _lost(batch: Batch) -> set[int]:
    """Items that wait for answers which nobody will give: a place of theirs was used to say that they are broken, the clock has paid for
    that, and nobody holds another one.
    """
    believed = Answer.objects.filter(batch=batch, state=AnswerState.APPROVED, values__isnull=True).exclude(flag="")
    waiting = Item.objects.filter(pk__in=believed.values("item"), outcome__in=(Outcome.WAITING, Outcome.PERSON), places_free=0,
                                  truth__isnull=True)
    is_open = Exists(Answer.objects.filter(item=OuterRef("pk"), state__in=(AnswerState.HELD, AnswerState.FLAGGED)))
    return set(waiting.exclude(is_open).order_by("pk").values_list("pk", flat=True))


def _measured(batch: Batch) -> int:
    """How long an answer really takes, as soon as enough were given: the middle one."""
    with connection.cursor() as db:
        db.execute("SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) FROM tasks_answer "
                   "WHERE batch_id = %s AND state = ANY (%s) AND seconds > 0", (batch.pk, list(COUNTED)))
        count, middle = db.fetchone()
    return middle if count >= MEASURED_FROM else batch.seconds_each
