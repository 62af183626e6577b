"""What must always be true. A rule is a question to the database that returns no row while all is well.

    RULES = (Rule("a payout is the sum of its earnings", "SELECT p.id FROM ...", (15,)), ...)

Each room keeps its own in its invariants.py. The numbers are those under which the town promises them (docs/operations/safety.md).
"""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

MOST_ROWS = 20                      # so many rows of a broken rule are named


class Class(StrEnum):
    SAFETY = "safety"               # a yen is not where it belongs: money stops until somebody has looked
    LIVENESS = "liveness"           # something is late: an alarm, and nothing stops


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence, and the question that finds what contradicts it. The first column of a row names the thing.

    `lately`: the same question for what was written since the books were sealed last, where the whole of history is long.
    `values`: what stands in the gaps of the question, asked at the moment itself. A rule without SQL asks something else than the
    database; its room does it.
    """

    name: str
    sql: str
    numbers: tuple[int, ...] = ()
    kind: Class = Class.SAFETY
    lately: str = ""
    values: Callable[[], Mapping[str, object]] | None = None


def broken(rules: Iterable[Rule], *, lately: bool = False) -> dict[str, list]:
    """Every broken rule by its name, with the rows that break it; empty while all is well. What is only late is asked by `late`."""
    return _rows_of([rule for rule in rules if rule.sql and not rule.values], lately=lately)


def late(rules: Iterable[Rule]) -> dict[str, list]:
    """The same for the rules that look at the clock."""
    return _rows_of([rule for rule in rules if rule.values], lately=False)


def _rows_of(rules: Iterable[Rule], *, lately: bool) -> dict[str, list]:
    found = {}
    with connection.cursor() as cursor:
        for rule in rules:
            cursor.execute(rule.lately or rule.sql if lately else rule.sql, rule.values() if rule.values else None)
            if rows := [row[0] for row in cursor.fetchmany(MOST_ROWS)]:
                found[rule.name] = rows
    return found
