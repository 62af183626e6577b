"""Crowds that do not exist: workers of known quality answer items of known truth."""
import numpy as np


def crowd(*, items: int, workers: int, labels: int, each: int, accuracy: tuple[float, float] | list[float], seed: int) -> tuple[list, dict]:
    """Rows and truth. Every item is answered by `each` different workers; an accuracy is drawn between two, or given one by one."""
    chance = np.random.default_rng(seed)
    right = chance.uniform(*accuracy, workers) if len(accuracy) == 2 else np.array(accuracy)
    truth = chance.integers(0, labels, items)
    rows = []
    for item in range(items):
        for worker in chance.choice(workers, each, replace=False):
            other = (truth[item] + 1 + chance.integers(0, labels - 1)) % labels
            rows.append((f"item {item:04}", f"worker {worker:03}", f"label {truth[item] if chance.random() < right[worker] else other}"))
    return rows, {f"item {item:04}": f"label {label}" for item, label in enumerate(truth)}


def majority(rows: list, truth: dict) -> float:
    """Share of items that the plain majority gets right; where two labels have equally many votes, either is taken half the time."""
    votes: dict = {}
    for item, _worker, label in rows:
        votes.setdefault(item, []).append(label)
    score = 0.0
    for item, said in votes.items():
        most = [label for label in set(said) if said.count(label) == max(map(said.count, set(said)))]
        score += (truth[item] in most) / len(most)
    return score / len(votes)


def share_right(answers: dict, truth: dict) -> float:
    return sum(answers[item].label == label for item, label in truth.items()) / len(truth)
