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
    """Of every block, over the items that have an answer by now; of a large batch as the clock has counted them."""
    counts = batch.spread["blocks"] if batch.is_large and batch.spread else counted(batch, form)
    return [_shown(block, *counts.get(block.name, _NOTHING)) for block in form.blocks]


def counted(batch: Batch, form: Form) -> dict[str, list]:
    """What the database counts, as JSON can hold it: by block how many items say something, how many there are, and [what, how many].
    The words of it are found when somebody looks, in their language.
    """
    return {block.name: _counted(batch, block) for block in form.blocks}


def _counted(batch: Batch, block: Asked) -> list:
    _kind, read, _words = _way(block)
    filled, total = _ask(_FILLED, batch, block)[0]
    return [filled, total, [list(line) for line in read(batch, block)] if read and total else []]


def _shown(block: Asked, filled: int, total: int, lines: list) -> Spread:
    kind, read, words = _way(block)
    said = words(block, lines) if total else []
    return Spread(block.label, kind, [Line(what, count, count / total if kind != "places" else 0.0) for what, count in said],
                  total if read else filled)


def _way(block: Asked) -> tuple[str, Callable | None, Callable]:
    return next((way for kinds, way in _WAYS if isinstance(block, kinds)), ("filled", None, _as_they_are))


def _each(batch: Batch, block: Asked) -> list[tuple]:
    return _ask(_SEVERAL if isinstance(block, Several) else _EACH, batch, block)


def _named(block: Asked, lines: list) -> list[tuple[str, float]]:
    """In the words of the form, also what nobody said."""
    found = dict(lines)
    known = block.options if isinstance(block, Choice | Several) else [
        str(point) for point in range(1, block.points + 1)] if isinstance(block, Scale) else []
    words = {said: plain_of(said, block) or said for said in [*known, *(said for said in found if said not in known)]}
    return [(word, found.get(said, 0)) for said, word in words.items()]


def _numbers(batch: Batch, block: Asked) -> list[tuple]:
    """Each number where there are few; else in spans of the same width: (lowest, highest, how many)."""
    found = _ask(f"{_EACH} LIMIT {MOST_LINES + 1}", batch, block)
    if len(found) <= MOST_LINES or isinstance(block, Date):
        return sorted(found[:MOST_LINES], key=lambda one: one[0] if isinstance(block, Date) else float(one[0]))
    return _ask(_SPANS, batch, block)


def _spanned(_block: Asked, lines: list) -> list[tuple[str, float]]:
    return [(" – ".join(dict.fromkeys(plain_of(end) for end in ends)) if len(ends) > 1 else ends[0], count) for *ends, count in lines]


def _as_they_are(_block: Asked, lines: list) -> list[tuple[str, float]]:
    return [(said, count) for said, count in lines]


def _ask(question: str, batch: Batch, block: Asked) -> list[tuple]:
    with connection.cursor() as db:
        db.execute(question, {"batch": batch.pk, "block": block.name, "lines": MOST_LINES - 2})
        return db.fetchall()


_NOTHING = (0, 0, ())
_WAYS: tuple[tuple[type | tuple[type, ...], tuple[str, Callable | None, Callable]], ...] = (      # what is counted, and its words
    ((Choice, Comparison, Scale), ("shares", _each, _named)), (Several, ("several", _each, _named)),
    ((Number, Date), ("shares", _numbers, _spanned)),
    (Ranking, ("places", lambda batch, block: _ask(_PLACES, batch, block), _as_they_are)),
    (Boxes, ("found", lambda batch, block: _ask(_LABELS, batch, block), _as_they_are)))
