"""How the answers of a batch are spread (分布): for each block what the items are, and how many are so. Counted in the database."""
from collections.abc import Callable
from typing import NamedTuple

from django.db import connection

from machi.tasks.forms import Form, plain_of
from machi.tasks.forms.parts import Asked, Boxes, Choice, Comparison, Date, Number, Ranking, Scale, Several
from machi.tasks.models import Batch

MOST_LINES = 12                                     # of numbers: beyond that they are put into spans
_OF = "FROM tasks_item WHERE batch_id = %(batch)s AND truth IS NULL AND result ? %(block)s"
_EACH = f"SELECT result->>%(block)s, count(*) {_OF} GROUP BY 1 ORDER BY 2 DESC, 1"
_SEVERAL = f"""SELECT one, count(*) FROM (SELECT result {_OF}) r, jsonb_array_elements_text(r.result->%(block)s) one
                GROUP BY 1 ORDER BY 2 DESC, 1"""
_PLACES = f"""SELECT one, round(avg(place), 1)::float FROM (SELECT result {_OF}) r,
                jsonb_array_elements_text(r.result->%(block)s) WITH ORDINALITY o (one, place) GROUP BY 1 ORDER BY 2, 1"""
_LABELS = f"""SELECT one->>'label', count(*) FROM (SELECT result {_OF}) r, jsonb_array_elements(r.result->%(block)s) one
               GROUP BY 1 ORDER BY 2 DESC, 1"""
_SPANS = f"""
    WITH said AS (SELECT (result->>%(block)s)::numeric AS n {_OF}), ends AS (SELECT min(n) AS low, max(n) AS high FROM said)
    SELECT min(n)::float, max(n)::float, count(*) FROM said, ends
     GROUP BY least(floor((n - low) * %(lines)s / nullif(high - low, 0)), %(lines)s - 1) ORDER BY 1"""
_FILLED = f"SELECT count(*) FILTER (WHERE result->%(block)s NOT IN ('\"\"', '[]', 'null')), count(*) {_OF}"


class Line(NamedTuple):
    """What the answer is, how many items are so, and of all the share, 0 to 1. Of an order: its mean place, and no share."""

    said: str
    count: float
    share: float


class Spread(NamedTuple):
    """One block. `kind`: "shares" of a whole, "several" that may each be said, "places" of an order, "found" (boxes), "filled" (texts)."""

    label: str
    kind: str
    lines: list[Line]
    total: int


def spreads(batch: Batch, form: Form) -> list[Spread]:
    """Of every block, over the items that have an answer by now."""
    return [_of(batch, block) for block in form.blocks]


def _of(batch: Batch, block: Asked) -> Spread:
    kind, read = next((found for kinds, found in _WAYS if isinstance(block, kinds)), ("filled", None))
    filled, total = _ask(_FILLED, batch, block)[0]
    lines = read(batch, block) if read and total else []
    return Spread(block.label, kind, [Line(said, count, count / total if kind != "places" else 0.0) for said, count in lines],
                  total if read else filled)


def _named(batch: Batch, block: Asked) -> list[tuple[str, float]]:
    """In the words of the form, also what nobody said."""
    found = dict(_ask(_SEVERAL if isinstance(block, Several) else _EACH, batch, block))
    known = block.options if isinstance(block, Choice | Several) else [
        str(point) for point in range(1, block.points + 1)] if isinstance(block, Scale) else []
    words = {said: plain_of(said, block) or said for said in [*known, *(said for said in found if said not in known)]}
    return [(word, found.get(said, 0)) for said, word in words.items()]


def _numbers(batch: Batch, block: Asked) -> list[tuple[str, float]]:
    """Each number where there are few; else in spans of the same width."""
    found = _ask(f"{_EACH} LIMIT {MOST_LINES + 1}", batch, block)
    if len(found) <= MOST_LINES or isinstance(block, Date):
        return sorted(found[:MOST_LINES], key=lambda one: one[0] if isinstance(block, Date) else float(one[0]))
    return [(f"{plain_of(low)} – {plain_of(high)}" if low != high else plain_of(low), count)
            for low, high, count in _ask(_SPANS, batch, block)]


def _ask(question: str, batch: Batch, block: Asked) -> list[tuple]:
    with connection.cursor() as db:
        db.execute(question, {"batch": batch.pk, "block": block.name, "lines": MOST_LINES - 2})
        return db.fetchall()


_WAYS: tuple[tuple[type | tuple[type, ...], tuple[str, Callable]], ...] = (
    ((Choice, Comparison, Scale), ("shares", _named)), (Several, ("several", _named)), ((Number, Date), ("shares", _numbers)),
    (Ranking, ("places", lambda batch, block: _ask(_PLACES, batch, block))),
    (Boxes, ("found", lambda batch, block: _ask(_LABELS, batch, block))))
