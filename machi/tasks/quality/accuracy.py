"""How often a worker is right, as far as the batch can tell: with an interval, for that worker's eyes and for offers, never a rank."""
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from machi.tasks.quality.coded import Coded

PRIOR = 4.0                                         # answers as good as all workers' mean, which everybody begins with
TAIL = 0.05                                         # on each side: the interval holds 90 %


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Mean and 90 % interval of a beta distribution, 0 to 1; from so many answers that somebody else or a gold could confirm."""

    mean: float
    low: float
    high: float
    answers_count: int


def interval(right: int, count: int) -> Accuracy:
    """Of one person alone: so many of so many were right, and nothing else is known of them."""
    low, high = (float(betaincinv(right + 1, count - right + 1, tail)) for tail in (TAIL, 1 - TAIL))
    return Accuracy((right + 1) / (count + 2), low, high, count)


def accuracies(answers: Coded, likely: np.ndarray) -> dict:
    """From how likely each label of each item is, (n, K). Expected hits take the place of hits.

    An answer that nobody else gave an opinion on, and that is no gold, says nothing about who gave it. Where a whole crowd
    errs together the interval does not know: without golds, right means what the others make of it.
    """
    m = len(answers.workers)
    per_item = np.bincount(answers.item, minlength=len(answers.items))
    told = (per_item[answers.item] > 1) | (answers.gold[answers.item] >= 0)
    worker = answers.worker[told]
    hits = np.bincount(worker, weights=likely[answers.item[told], answers.label[told]], minlength=m)
    counts = np.bincount(worker, minlength=m)
    mean = (hits.sum() + 1) / (counts.sum() + 2)
    right, wrong = PRIOR * mean + hits, PRIOR * (1 - mean) + np.maximum(counts - hits, 0)
    columns = (right / (right + wrong), betaincinv(right, wrong, TAIL), betaincinv(right, wrong, 1 - TAIL), counts)
    return {name: Accuracy(*values) for name, *values in zip(answers.workers, *(column.tolist() for column in columns), strict=True)}
