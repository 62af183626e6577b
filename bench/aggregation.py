"""215,000 labels become answers with confidences within 5 s on one core, against plain Dawid and Skene over the same rows in the same run.

The rows are made: workers of mixed quality, five answers to an item. CPU time of this process, without threads.

    python -m bench.aggregation [--size 215k] [--json]
"""
import resource
import sys
from collections.abc import Callable
from time import process_time

import numpy as np

from bench.measure import Result, Times, ratio, report, size
from bench.quality import plainly
from machi.tasks.quality.labels import aggregate

TURNS, SECONDS = 3, 5.0
EACH = 5                                            # answers to an item
CROWDS = {                                          # labels, workers: few and busy as in a long batch, many and new as on a first day
    "3 labels, 60 workers": (3, 60), "2 labels, 5,000 workers": (2, 5_000), "8 labels, 1,000 workers": (8, 1_000)}


def main(arguments: list[str]) -> bool:
    count = size(arguments, 215_000)
    results = []
    for name, (labels, workers) in CROWDS.items():
        rows = _rows(count, labels, workers)
        ours, plain = [], []
        for _ in range(TURNS):
            ours.append(_timed(lambda rows=rows: aggregate(rows)))
            plain.append(_timed(lambda rows=rows: plainly.dawid_skene(rows)))
        times, spread = ratio(Times(ours), Times(plain))
        seconds = Times(ours).p50 / 1000
        results.append(Result(f"aggregation: {name}", count, round(seconds, 2), "s", "plain Dawid-Skene", times, spread,
                              f"at most {SECONDS:g} s for 215,000", seconds <= SECONDS * max(1, count / 215_000),
                              resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    return report("aggregation", results, arguments)


def _rows(count: int, labels: int, workers: int) -> list[tuple[int, int, int]]:
    chance = np.random.default_rng(1)
    item = np.arange(count) // EACH
    truth, right = chance.integers(0, labels, count // EACH + 1), chance.beta(7, 3, workers)
    worker = chance.integers(0, workers, count)
    said = np.where(chance.random(count) < right[worker], truth[item], chance.integers(0, labels, count))
    return list(zip(item.tolist(), worker.tolist(), said.tolist(), strict=True))


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds of CPU."""
    begin = process_time()
    act()
    return (process_time() - begin) * 1000


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
