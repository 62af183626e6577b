"""A bundle costs as much as it holds: also of a batch that the planner knows nothing of yet, and for somebody with many answers."""
import json

import pytest
from django.db import connection, transaction

from machi.tasks.actions import take_bundle, taking
from machi.tasks.models import Bundle
from tests.people import a_person
from tests.tasks.making import a_batch, held_answers

pytestmark = pytest.mark.django_db
ROWS, HELD = 3_000, 200


def read_by_a_take(bundle: Bundle) -> int:
    """Rows that were looked at, wherever in the plan."""
    said = {"batch": bundle.batch_id, "bundle": bundle.pk, "worker": bundle.worker_id, "after": 0, "until": 2**31 - 1, "count": HELD,
            "golds": 0, "before": HELD}
    with transaction.atomic(), connection.cursor() as db:
        db.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + taking._TAKE, said)
        (plan,) = db.fetchone()
        transaction.set_rollback(True)
    return max(_rows((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _rows(node: dict) -> list[float]:
    looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return [looked_at * max(1, node["Actual Loops"]), *(rows for inner in node.get("Plans", ()) for rows in _rows(inner))]


def test_only_what_is_taken_and_what_was_answered_before_is_read():
    batch, worker = a_batch(rows=ROWS, gold_percent=0, answers_each=1, most_each=1, seconds=18, price_yen=10), a_person()
    bundle = take_bundle(batch=batch, by=worker, minutes=60)
    assert len(held_answers(bundle)) == HELD

    assert read_by_a_take(bundle) <= 3 * HELD
