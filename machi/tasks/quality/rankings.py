"""Orders of a few things by several workers: the one order that contradicts them least (Kemeny 1959).

Up to ten things the best order is found exactly, by the best order of each set of things that may stand first (Held and Karp's
way: 10,240 steps for ten). Above, things stand by how often they were placed before others (Borda), and neighbours change places
while that contradicts less.
"""
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

EXACT = 10                                          # things


@dataclass(frozen=True, slots=True)
class Ranking:
    """Best first. Agreement: weighted share of all that was said about two things that the order follows, 0.5 (chance) to 1."""

    order: tuple
    agreement: float
    answers_count: int


def aggregate(rows: Iterable[tuple[Hashable, Hashable, Sequence]], weights: Mapping | None = None) -> dict[Hashable, Ranking]:
    """Rows are (item, worker, things from best to last), in any order. Of things that a worker left out nothing is said."""
    by_item: dict[Hashable, list] = {}
    for item, worker, order in sorted((item, worker, tuple(order)) for item, worker, order in rows):
        by_item.setdefault(item, []).append((order, (weights or {}).get(worker, 1.0)))
    return {item: _ranking(said) for item, said in by_item.items()}


def _ranking(said: list[tuple[tuple, float]]) -> Ranking:
    things = sorted({thing for order, _weight in said for thing in order})
    place = {thing: number for number, thing in enumerate(things)}
    before = [[0.0] * len(things) for _ in things]  # [a][b]: the weight of those who put a before b
    for order, weight in said:
        for number, first in enumerate(order):
            for second in order[number + 1:]:
                before[place[first]][place[second]] += weight
    order = _exact(before) if len(things) <= EXACT else _by_borda(before)
    whole = sum(map(sum, before))
    kept = sum(before[first][second] for number, first in enumerate(order) for second in order[number + 1:])
    return Ranking(tuple(things[one] for one in order), kept / whole if whole else 1.0, len(said))


def _exact(before: list[list[float]]) -> list[int]:
    count = len(before)
    best: list[tuple[float, list[int]]] = [(0.0, [])] * (1 << count)
    for chosen in range(1, 1 << count):             # a set of things as bits; each stands behind all sets within it
        ways = []
        for last in range(count):
            if chosen >> last & 1:
                cost, order = best[chosen ^ 1 << last]
                against = sum(before[last][other] for other in order)       # who put the last before one that now stands before it
                ways.append((cost + against, [*order, last]))
        best[chosen] = min(ways)
    return best[-1][1]


def _by_borda(before: list[list[float]]) -> list[int]:
    order = sorted(range(len(before)), key=lambda one: (sum(row[one] for row in before) - sum(before[one]), one))
    moved = True
    while moved:
        moved = False
        for place in range(len(order) - 1):
            first, second = order[place:place + 2]
            if before[second][first] > before[first][second]:
                order[place:place + 2], moved = [second, first], True
    return order
