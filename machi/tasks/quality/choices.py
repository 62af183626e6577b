"""Several choices at once: each option is a question of its own, yes or no, and a worker's care is the same in all of them."""
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from machi.tasks.quality import labels
from machi.tasks.quality.accuracy import Accuracy


@dataclass(frozen=True, slots=True)
class Choice:
    """Which options hold, in the form's order. Confidence: that of the least sure option, 0 to 1, which is `doubtful`."""

    options: tuple
    confidence: float
    doubtful: Hashable
    answers_count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The batch. A worker's accuracy counts options, not items."""

    items: dict[Hashable, Choice]
    workers: dict[Hashable, Accuracy]


def aggregate(rows: Iterable[tuple[Hashable, Hashable, Iterable]], options: Sequence, golds: Mapping | None = None,
              seen: Mapping[tuple, Iterable] | None = None) -> Choices:
    """Rows are (item, worker, chosen options), in any order; golds name the options that hold. Nothing chosen is an answer, too. `seen`: by
    (item, worker) the options that could be chosen, where these were not all: to leave out what one never saw is no answer. An option
    that nobody saw does not hold, and nobody is unsure of it.
    """
    asked = [(item, worker, set(chosen), set((seen or {}).get((item, worker), options))) for item, worker, chosen in rows]
    read = labels.aggregate(
        (((item, place), worker, option in chosen) for item, worker, chosen, known in asked for place, option in enumerate(options)
         if option in known),
        {(item, place): option in set(chosen) for item, chosen in (golds or {}).items() for place, option in enumerate(options)})
    items = {}
    for item in dict.fromkeys(item for item, _place in read.items):
        each = {place: read.items[item, place] for place in range(len(options)) if (item, place) in read.items}
        least = min(each, key=lambda place: each[place].confidence)
        items[item] = Choice(tuple(options[place] for place, answer in each.items() if answer.label),
                             each[least].confidence, options[least], each[least].answers_count)
    return Choices(items, read.workers)
