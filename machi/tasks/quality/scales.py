"""Numbers, points of a scale and days: the weighted median, and how far the answers lie apart.

A median and no mean: one slip of a finger (1990 for 19.90) moves nothing, and the answer is always one that somebody gave.
"""
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

NORMAL = 1.4826                                     # a median distance as the standard deviation of a normal distribution


@dataclass(frozen=True, slots=True)
class Middle:
    """Value and spread in the unit of the answers (days: of their ordinals). Spread: weighted median distance from it times 1.4826."""

    value: float
    spread: float
    answers_count: int


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The smallest value with at least half of the weight up to it."""
    order = np.lexsort((weights, values))
    reached = np.cumsum(np.asarray(weights, dtype=float)[order])
    return float(np.asarray(values, dtype=float)[order][np.searchsorted(reached, reached[-1] / 2)])


def aggregate(rows: Iterable[tuple[Hashable, Hashable, float]], weights: Mapping | None = None) -> dict[Hashable, Middle]:
    """Rows are (item, worker, number), in any order. Weights by worker, 1 where none is given."""
    by_item: dict[Hashable, list] = {}
    for item, worker, value in sorted(rows):
        by_item.setdefault(item, []).append((float(value), (weights or {}).get(worker, 1.0)))
    middles = {}
    for item, said in by_item.items():
        values, weight = zip(*said, strict=True)
        middle = weighted_median(values, weight)
        middles[item] = Middle(middle, NORMAL * weighted_median([abs(value - middle) for value in values], weight), len(said))
    return middles
