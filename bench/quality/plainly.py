"""What else one might do with several answers, written as plainly as it can be: majority, Wawa, and Dawid and Skene by EM.

Each gives for every item the share of each label, so that where two are equal each counts half and no luck decides. What
crowd-kit has is asked beside them where it is installed (crowdkit.py).
"""
from collections import Counter, defaultdict

import numpy as np

Shares = dict[str, dict[str, float]]


def majority(rows: list[tuple]) -> Shares:
    return _counted((item, label, 1.0) for item, _worker, label in rows)


def wawa(rows: list[tuple]) -> Shares:
    """Every worker counts as much as they agree with the majority."""
    most = {item: max(sorted(said), key=said.get) for item, said in majority(rows).items()}
    agreed = Counter(worker for item, worker, label in rows if most[item] == label)
    given = Counter(worker for _item, worker, _label in rows)
    return _counted((item, label, agreed[worker] / given[worker]) for item, worker, label in rows)


def dawid_skene(rows: list[tuple], *, prior: float = 0.01, rounds: int = 100) -> Shares:
    """By EM from the majority's shares: each worker's rows begin with `prior` answers spread as all workers' rows are."""
    items, workers, labels = (sorted({row[column] for row in rows}) for column in range(3))
    places = [{name: number for number, name in enumerate(names)} for names in (items, workers, labels)]
    item, worker, label = (np.array([place[row[column]] for row in rows]) for column, place in enumerate(places))
    belief = np.zeros((len(items), len(labels)))
    np.add.at(belief, (item, label), 1)
    belief /= belief.sum(axis=1, keepdims=True)
    for _ in range(rounds):
        tables = np.zeros((len(workers), len(labels), len(labels)))                   # worker, said, true
        np.add.at(tables, (worker, label), belief[item])
        common = tables.sum(axis=0) + 1e-3
        tables += prior * common / common.sum(axis=0)
        score = np.tile(np.log(belief.mean(axis=0) + 1e-12), (len(items), 1))
        np.add.at(score, item, np.log(tables / tables.sum(axis=1, keepdims=True) + 1e-12)[worker, label])
        before, belief = belief, np.exp(score - score.max(axis=1, keepdims=True))
        belief /= belief.sum(axis=1, keepdims=True)
        if np.abs(belief - before).max() < 1e-5:
            break
    return {name: dict(zip(labels, row, strict=True)) for name, row in zip(items, belief.tolist(), strict=True)}


def right(shares: Shares, item: str, truth: str) -> float:
    """1 where the likeliest label is so, 1/k where it is one of k that are equally likely."""
    said = shares.get(item, {})
    most = [label for label, share in said.items() if share >= max(said.values()) - 1e-9]
    return (truth in most) / len(most) if most else 0.0


def _counted(votes) -> Shares:
    shares: Shares = defaultdict(lambda: defaultdict(float))
    for item, label, weight in votes:
        shares[item][label] += weight
    return shares
