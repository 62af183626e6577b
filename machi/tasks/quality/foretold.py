"""The disagreement gate, and how much caution a confidence needs: both from answers that are held back and foretold by the others.

Tables of many workers with few answers each can explain their own noise, and then do worse than a plain majority. No truth is
needed to see that: a fifth of the answers is held back, and whoever learned from the others says how likely each of these is.
Only where tables of one's own foretell unseen answers clearly better than one table for all are they believed.

Workers also err together: what is hard is hard for everybody. Beliefs that take each answer as independent are then far too
sure. The same hidden answers tell by how much: beliefs are flattened (their logarithms times a caution below 1) as far as
makes the hidden answers most likely. Which label is the likeliest does not change.
"""
from dataclasses import dataclass

import numpy as np

from machi.tasks.quality.coded import Coded
from machi.tasks.quality.confusion import ALIKE, fit

FOLDS = 5
ENOUGH = 20_000                                     # answers foretold: then further folds say nothing new
STRENGTH = 2.0                                      # of the tables that are asked to foretell
CLEARLY = 2.0                                       # standard errors
CAUTIONS = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Foretold:
    """`weighed`: who answered counts. `caution`: what the logarithms of beliefs are multiplied with, 0.1 to 1."""

    weighed: bool
    caution: float


def foretold(answers: Coded) -> Foretold:
    """Weighed where knowing who answered makes hidden answers likelier by two standard errors of the mean difference in log loss."""
    first = np.searchsorted(answers.item, answers.item)
    part = (np.arange(len(answers.item)) - first + answers.item) % FOLDS    # a fifth of each item and, where all answer all, of each worker
    own, alike = np.empty((len(CAUTIONS), 0)), np.empty((len(CAUTIONS), 0))
    for fold in range(FOLDS if len(answers.workers) > 1 else 0):
        own = np.hstack([own, _foretell(answers, part == fold, STRENGTH)])
        alike = np.hstack([alike, _foretell(answers, part == fold, ALIKE)])
        if own.shape[1] >= ENOUGH:
            break
    gain, count = own[-1] - alike[-1], own.shape[1]
    if count < FOLDS:
        return Foretold(weighed=False, caution=CAUTIONS[0])
    weighed = bool(gain.mean() > 0 and gain.mean() > CLEARLY * gain.std() / np.sqrt(count))
    return Foretold(weighed, CAUTIONS[int((own if weighed else alike).mean(axis=1).argmax())])


def _foretell(answers: Coded, hidden: np.ndarray, strength: float) -> np.ndarray:
    """(cautions, hidden answers): the log probability of each, by what the others taught."""
    learned = fit(answers, strength=strength, heard=~hidden)
    item, label, worker = answers.item[hidden], answers.label[hidden], answers.worker[hidden]
    said = learned.said[worker if len(learned.said) > 1 else np.zeros_like(worker), label]
    return np.array([np.log((said * learned.likely(caution)[item]).sum(axis=1)) for caution in CAUTIONS])
