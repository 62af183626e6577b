"""One transcript for each item: that of the person whose words lie nearest to what all heard, weighed by how near each usually lies.

The answer is always something one person wrote (a weighted medoid), never a patchwork. Texts are compared without what two careful
people write differently: width, capitals, punctuation. Where words are parted by spaces, distances are the mean of the share of
words (WER) and of letters (CER) that differ; in Japanese only of letters, since nothing parts the words.
"""
import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from machi.tasks.quality.coded import Row

VERSION = 1                                         # of this module: part of the digest of an aggregation
ROUNDS = 10                                         # weights settle after a few
PRIOR = 4.0                                         # transcripts as far away as everybody's mean, which each worker begins with
FLOOR = 0.02                                        # distance: the best weigh at most 50, not without end
QUOTES = str.maketrans("‘’‛`´＇", "''''''")
UNHEARD = re.compile(r"[^\w']+|_+")                 # punctuation is not heard
UNSPACED = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")       # kana and kanji: written without spaces


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, as one worker wrote it. Agreement: 1 minus the weighted mean distance of the others, 0 to 1; alone 0."""

    text: str
    worker: Hashable
    agreement: float
    answers_count: int


@dataclass(frozen=True, slots=True)
class Transcripts:
    """`distance`: for each worker the mean distance to the others' transcripts, 0 (always the same) to 1, drawn to everybody's mean."""

    items: dict[Hashable, Transcript]
    distance: dict[Hashable, float]


def plain(text: str) -> str:
    """As it is compared: NFKC, small letters, one kind of apostrophe, no punctuation, single spaces; in Japanese no spaces."""
    words = UNHEARD.sub(" ", unicodedata.normalize("NFKC", text.translate(QUOTES)).lower()).split()
    return ("" if UNSPACED.search(text) else " ").join(words)


def distance(one: str, other: str) -> float:
    """Between two plain texts, 0 to 1."""
    letters = Levenshtein.normalized_distance(one, other)
    if " " not in one and " " not in other:
        return letters
    return (letters + Levenshtein.normalized_distance(one.split(), other.split())) / 2


def aggregate(rows: Iterable[Row]) -> Transcripts:
    """Rows are (item, worker, text), in any order. Equal input gives equal output to the last bit."""
    by_item: dict[Hashable, list[tuple]] = {}
    for item, worker, text in sorted(rows):
        by_item.setdefault(item, []).append((worker, text))
    workers = {name: number for number, name in enumerate(sorted({worker for said in by_item.values() for worker, _text in said}))}
    items = [(np.array([workers[worker] for worker, _text in said]), _distances([plain(text) for _worker, text in said]))
             for said in by_item.values()]
    far = np.zeros(len(workers))
    for _ in range(ROUNDS):
        far = _usual_distance(items, 1 / (far + FLOOR))
    weight = 1 / (far + FLOOR)
    chosen = {}
    for (name, said), (who, apart) in zip(by_item.items(), items, strict=True):
        cost = apart @ weight[who]
        best = int(cost.argmin())
        others = weight[who].sum() - weight[who[best]]
        agreement = 1 - float(cost[best] / others) if len(said) > 1 else 0.0
        chosen[name] = Transcript(said[best][1], said[best][0], agreement, len(said))
    return Transcripts(chosen, dict(zip(workers, far.tolist(), strict=True)))


def _distances(texts: list[str]) -> np.ndarray:
    """(k, k), symmetric; each pair is measured once."""
    apart = np.zeros((len(texts), len(texts)))
    for row, one in enumerate(texts):
        for column in range(row):
            apart[row, column] = apart[column, row] = distance(one, texts[column])
    return apart


def _usual_distance(items: list[tuple[np.ndarray, np.ndarray]], weight: np.ndarray) -> np.ndarray:
    """(m,): how far each worker's transcripts lie from the others' of the same item, on weighted average over all that they wrote."""
    total, count = np.zeros(len(weight)), np.zeros(len(weight))
    for who, apart in items:
        if len(who) > 1:
            others = weight[who].sum() - weight[who]
            np.add.at(total, who, apart @ weight[who] / others)
            np.add.at(count, who, 1)
    return (total + PRIOR * total.sum() / max(count.sum(), 1)) / (count + PRIOR)
