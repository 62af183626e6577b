"""How each worker's labels relate to what is so, learned from the answers alone: Dawid and Skene (1979), by variational Bayes.

Every item has one true label that nobody saw; every worker has a table: of what is so, how often they say what. Tables and
truths are found in turn, each from the other. A worker's row is drawn towards the row of all workers together (a hierarchical
prior, as strong as `strength` answers), and that common row is anchored in what the majority said, so that a label keeps its
meaning. Variational updates, with digamma in place of the logarithm (Simpson et al. 2013, IBCC), trust a table of few answers
less than one of many: on batches of few answers that is worth more than the choice of the strength.
"""
import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import digamma

from machi.tasks.quality.coded import Coded

ROUNDS = 60                                         # at most; it is done when no belief moves by more than MOVED
MOVED = 1e-4
ANCHOR = 3.0                                        # how often the majority's table counts in the common one
ALIKE = math.inf                                    # as strength: every worker has the common table


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learned. Shapes: n items, m workers (one where all are alike), K labels."""

    belief: np.ndarray                              # (n, K): how likely each label is the true one; rows add up to 1
    score: np.ndarray                               # (n, K): the same as logarithms, up to a constant of each row; gold counts not
    said: np.ndarray                                # (m, K said, K true): expected probability of an answer
    known: np.ndarray                               # (n,): whether the item is gold

    def likely(self, caution: float = 1.0) -> np.ndarray:
        """(n, K): the belief, flattened by a caution of 0 (nothing is known) to 1. What is gold stays."""
        return np.where(self.known[:, None], self.belief, softmax(caution * self.score))


def fit(answers: Coded, *, strength: float, heard: np.ndarray | None = None) -> Fit:
    """Learn from the answers, or from those that `heard` (N,) marks. A gold item's truth is given and stays."""
    n, count = len(answers.items), len(answers.labels)
    m = 1 if strength == ALIKE else len(answers.workers)
    some = slice(None) if heard is None else heard
    item, label, worker = answers.item[some], answers.label[some], answers.worker[some] if m > 1 else 0
    by_worker = csr_matrix((np.ones(len(item)), (worker * count + label, item)), shape=(m * count, n))
    by_item = by_worker.T.tocsr()
    votes = np.bincount(item * count + label, minlength=n * count).reshape(n, count) + 1e-9
    known, gold = answers.gold >= 0, np.eye(count)[answers.gold]
    belief = np.where(known[:, None], gold, votes / votes.sum(axis=1, keepdims=True))
    anchor = ANCHOR * np.einsum("is,it->st", votes, belief) + np.eye(count) + 1       # no threads: sums in one order

    def tables() -> tuple[np.ndarray, np.ndarray]:
        counts = (by_worker @ belief).reshape(m, count, count)
        common = counts.sum(axis=0) + anchor
        common /= common.sum(axis=0)
        if strength == ALIKE:
            return common[None], np.log(common)[None]
        counts += strength * common
        whole = counts.sum(axis=1, keepdims=True)
        return counts / whole, digamma(counts) - digamma(whole)

    for _ in range(ROUNDS):
        _said, said_log = tables()
        shares = belief.sum(axis=0) + 1
        score = by_item @ said_log.reshape(m * count, count) + digamma(shares) - digamma(shares.sum())
        before, belief = belief, np.where(known[:, None], gold, softmax(score))
        if not len(belief) or np.abs(belief - before).max() < MOVED:
            break
    said, _said_log = tables()
    return Fit(belief, score, said, known)


def softmax(score: np.ndarray) -> np.ndarray:
    """Logarithms of weights as shares of each row."""
    weights = np.exp(score - score.max(axis=1, keepdims=True, initial=-np.inf))
    return weights / weights.sum(axis=1, keepdims=True)
