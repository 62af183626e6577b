"""Answers as numbers: who said what about which item, in an order that does not depend on how they arrived."""
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

Row = tuple[Hashable, Hashable, Hashable]           # item, worker, label: ids of one kind each, which can be sorted


@dataclass(frozen=True, slots=True)
class Coded:
    """N answers of m workers to n items with K labels. The three arrays (N,) point into the sorted names."""

    items: list
    workers: list
    labels: list
    item: np.ndarray
    worker: np.ndarray
    label: np.ndarray
    gold: np.ndarray                                # (n,): the label that is known to be right, or -1

    @property
    def votes(self) -> np.ndarray:
        """(n, K): how many said what."""
        cells = self.item * len(self.labels) + self.label
        return np.bincount(cells, minlength=len(self.items) * len(self.labels)).reshape(len(self.items), len(self.labels)).astype(float)


def coded(rows: Iterable[Row], golds: Mapping | None = None) -> Coded:
    """Sorted by item, worker and label: sums are then taken in the same order, and come out equal to the last bit."""
    rows, golds = list(rows), golds or {}
    items = sorted({row[0] for row in rows} | set(golds))
    workers = sorted({row[1] for row in rows})
    labels = sorted({row[2] for row in rows} | set(golds.values()))
    columns = [_codes(names, (row[place] for row in rows), len(rows)) for place, names in enumerate((items, workers, labels))]
    order = np.lexsort(columns[::-1])
    at = {name: number for number, name in enumerate(labels)}
    gold = np.array([at[golds[name]] if name in golds else -1 for name in items], dtype=np.int64)
    return Coded(items, workers, labels, *(column[order] for column in columns), gold)


def _codes(names: list, column: Iterable, count: int) -> np.ndarray:
    at = {name: number for number, name in enumerate(names)}
    return np.fromiter((at[name] for name in column), dtype=np.int64, count=count)
