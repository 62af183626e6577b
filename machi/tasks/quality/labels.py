"""One label for each item from the labels of several workers, with how sure one may be, and how well each worker does.

    labels = aggregate([("photo-1", "worker-7", "cat"), ...], golds={"photo-9": "dog"})
    labels.items["photo-1"]      -> Answer(label="cat", confidence=0.97, answers_count=3, second="dog")
    labels.workers["worker-7"]   -> Accuracy(mean=0.91, low=0.84, high=0.96, answers_count=120)
"""
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from machi.tasks.quality.accuracy import Accuracy, accuracies
from machi.tasks.quality.coded import Row, coded
from machi.tasks.quality.confusion import ALIKE, fit
from machi.tasks.quality.foretold import foretold

VERSION = 1                                         # of this module and what it stands on: part of the digest of an aggregation
STRENGTH = 1.0                                      # answers: how much all workers together speak in one worker's table


@dataclass(frozen=True, slots=True)
class Answer:
    """What an item is. Confidence: the probability that it is so, 0 to 1, as far as the workers' agreement can tell.

    `second` is what it would be instead, of what somebody said; None where nobody said anything else.
    """

    label: Hashable
    confidence: float
    answers_count: int
    second: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """The batch. `weighed` says whether who answered counted; otherwise every answer counted alike (foretold.py)."""

    items: dict[Hashable, Answer]
    workers: dict[Hashable, Accuracy]
    weighed: bool


def aggregate(rows: Iterable[Row], golds: Mapping | None = None) -> Labels:
    """Rows are (item, worker, label), in any order; golds name the true label of items whose truth is known.

    What nobody contradicted is the answer, whatever is thought of who gave it: one may then be less sure, and ask once more.
    Equal input gives equal output to the last bit.
    """
    answers = coded(rows, golds)
    if not answers.items:
        return Labels({}, {}, weighed=False)
    told = foretold(answers)
    learned = fit(answers, strength=STRENGTH if told.weighed else ALIKE)
    likely = learned.likely(told.caution)
    votes, known = answers.votes, answers.gold >= 0
    undisputed = ((votes > 0).sum(axis=1) == 1) & ~known
    chosen = np.where(undisputed, votes.argmax(axis=1), likely.argmax(axis=1))
    sure = np.take_along_axis(likely, chosen[:, None], axis=1)[:, 0]
    said = np.where(votes > 0, likely, -1.0)
    np.put_along_axis(said, chosen[:, None], -1.0, axis=1)
    second = np.where(said.max(axis=1) >= 0, said.argmax(axis=1), len(answers.labels))
    names = [*answers.labels, None]
    items = {name: Answer(names[label], confidence, count, names[other]) for name, label, confidence, count, other in zip(
        answers.items, chosen.tolist(), sure.tolist(), votes.sum(axis=1).astype(int).tolist(), second.tolist(), strict=True)}
    return Labels(items, accuracies(answers, likely), told.weighed)
