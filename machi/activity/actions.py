"""Write a fact down, and read on from where a reader stopped."""
import json
from collections.abc import Callable, Iterable

from django.db import connection, transaction

from machi.activity.models import Cursor, Fact
from machi.shared import clock

_NEXT = """
    SELECT id, written_in::text FROM activity_fact
     WHERE (written_in, id) > (%s::text::xid8, %s) AND written_in < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY activity_fact.written_in, id LIMIT %s"""       # qualified: the bare name would be the text, where 1000 < 999

_MANY = """
    INSERT INTO activity_fact (happened_at, name, actor_id, about, data)
    SELECT %s, %s, %s::bigint, about, data FROM json_to_recordset(%s::json) AS t (about text, data jsonb)"""


def record(*, actor, fact: str, about: str, **data) -> Fact:
    """Write down what just happened, in the transaction of the deed. `actor` is a person, or None for the town's clock."""
    return Fact.objects.create(happened_at=clock.now(), name=fact, actor=actor, about=about, data=data)


def record_many(*, actor, fact: str, things: Iterable[tuple[str, dict]]) -> None:
    """The same that happened to many things in one deed, each as (about, data)."""
    with connection.cursor() as db:
        db.execute(_MANY, (clock.now(), fact, actor and actor.pk, json.dumps([
            {"about": about, "data": data} for about, data in things], ensure_ascii=False)))


@transaction.atomic
def read_on(*, reader: str, act: Callable[[Fact], None], at_most: int = 200) -> int:
    """Give the reader its next facts in the order in which they were committed; return how many there were.

    A fact is given only when every transaction that began before its own has ended: nothing can appear behind the
    cursor later. The cursor moves in the same transaction as what `act` writes, so a crash repeats or keeps both.
    Two processes with the same reader wait for each other.
    """
    Cursor.objects.get_or_create(reader=reader)
    cursor = Cursor.objects.select_for_update().get(pk=reader)
    with connection.cursor() as db:
        db.execute(_NEXT, (cursor.written_in, cursor.fact_id, at_most))
        places = db.fetchall()
    facts = Fact.objects.in_bulk([fact_id for fact_id, _written_in in places])
    for fact_id, written_in in places:
        act(facts[fact_id])
        cursor.written_in, cursor.fact_id = written_in, fact_id
    if places:
        cursor.save(update_fields=["written_in", "fact_id"])
    return len(places)
