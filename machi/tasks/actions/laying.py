"""Every item has its places before anybody pays for them: so many as people are asked about it. Where the client of a draft has chosen
another number the clock gives them out anew, piece by piece: the moment of publishing has little left to do, however many items there are.
"""
from django.db import connection, transaction
from django.db.models import F

from machi.tasks.lifecycle import BatchState
from machi.tasks.models import Batch
from machi.tasks.models.batches import LARGE

AT_ONCE = 50_000                                    # items: whoever edits the draft meanwhile waits less than a second
_LAY = """
    UPDATE tasks_item SET places_count = %(each)s, places_free = %(each)s
     WHERE batch_id = %(batch)s AND truth IS NULL AND places_count <> %(each)s AND number > %(after)s AND number <= %(until)s"""
_LAY_GOLDS = """
    UPDATE tasks_item i SET places_count = g.places, places_free = g.places FROM (
        SELECT id, %(each)s + CASE WHEN row_number() OVER (ORDER BY number) <= %(more)s THEN 1 ELSE 0 END AS places
          FROM tasks_item WHERE batch_id = %(batch)s AND truth IS NOT NULL) g
     WHERE i.id = g.id"""


def lay_drafts() -> int:
    """By the clock: large drafts whose items do not have the places that their client chose last. Returns how many are ready."""
    due = Batch.objects.filter(state=BatchState.DRAFT, items_count__gt=LARGE).exclude(laid_each=F("answers_each")).order_by("pk")
    return sum(_lay_draft(batch) for batch in due[:20])


def lay(batch: Batch, of_golds: int) -> None:
    """Whatever is not laid yet. `of_golds`: places of all its golds together. The batch is locked, and its client has paid."""
    if batch.laid_each != batch.answers_each:
        _lay(batch, 0, batch.items_count + batch.golds_count)
        batch.laid_each = batch.answers_each
    if batch.golds_count:
        each_gold, more = divmod(of_golds, batch.golds_count)
        with connection.cursor() as db:
            db.execute(_LAY_GOLDS, {"batch": batch.pk, "each": each_gold, "more": more})


def _lay_draft(wanted: Batch) -> bool:
    """Each piece on its own. Published, chosen anew, or another file meanwhile: the next round looks again."""
    all_items = wanted.items_count + wanted.golds_count
    for after in range(0, all_items, AT_ONCE):
        with transaction.atomic():
            batch = Batch.objects.locked().get(pk=wanted.pk)
            if batch.state != BatchState.DRAFT or (batch.version, batch.answers_each) != (wanted.version, wanted.answers_each):
                return False
            _lay(batch, after, after + AT_ONCE)
            batch.laid_each = batch.answers_each if after + AT_ONCE >= all_items else 0     # broken off, some have these and some others
            batch.save(update_fields=["laid_each"])
    return True


def _lay(batch: Batch, after: int, until: int) -> None:
    with connection.cursor() as db:
        db.execute(_LAY, {"batch": batch.pk, "each": batch.answers_each, "after": after, "until": until})
