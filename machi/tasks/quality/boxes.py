"""Boxes around things in a picture: which of them several workers drew alike, and where their sides lie.

Boxes that overlap by at least half of what they cover together (IoU 0.5, as in PASCAL VOC) mean the same thing; a worker has at
most one box in a group. A group's box has the weighted median of each side, so one slip of a hand moves nothing.
"""
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from machi.tasks.quality.box import Box
from machi.tasks.quality.scales import weighted_median

SAME = 0.5                                          # IoU


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that was seen. Support: weighted share of the item's workers who drew it; overlap: their mean IoU with the box."""

    box: Box
    support: float
    overlap: float
    workers: tuple


@dataclass(frozen=True, slots=True)
class Boxes:
    """`groups`: what at least half of the workers (by weight) drew; `doubtful`: what fewer drew. Agreement 0 to 1."""

    groups: tuple[Group, ...]
    doubtful: tuple[Group, ...]
    agreement: float
    answers_count: int


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (_area(one) + _area(other) - width * height)


def aggregate(rows: Iterable[tuple[Hashable, Hashable, Iterable[Box]]], weights: Mapping | None = None) -> dict[Hashable, Boxes]:
    """Rows are (item, worker, boxes), in any order; no box is an answer, too. Weights by worker, 1 where none is given."""
    by_item: dict[Hashable, list] = {}
    for item, worker, boxes in sorted((item, worker, tuple(sorted(boxes))) for item, worker, boxes in rows):
        by_item.setdefault(item, []).append((worker, boxes))
    return {item: _together(said, weights or {}) for item, said in by_item.items()}


def _together(said: list[tuple], weights: Mapping) -> Boxes:
    whole = sum(weights.get(worker, 1.0) for worker, _boxes in said)
    drawn = [(worker, box) for worker, boxes in said for box in boxes]
    groups = [_group([drawn[one] for one in members], weights, whole) for members in _alike(drawn)]
    groups.sort(key=lambda group: (-group.support, group.box))
    agreement = sum(group.support * group.overlap for group in groups) / len(groups) if groups else 1.0
    seen = [group for group in groups if group.support >= 0.5]
    return Boxes(tuple(seen), tuple(group for group in groups if group.support < 0.5), agreement, len(said))


def _alike(drawn: list[tuple]) -> list[list[int]]:
    """The likest two are put together first, and groups grow while no worker would be in one twice."""
    near = sorted((-overlap(drawn[one][1], drawn[other][1]), other, one) for one in range(len(drawn)) for other in range(one))
    group = {one: [one] for one in range(len(drawn))}
    for share, one, other in near:
        mine, theirs = group[one], group[other]
        if -share < SAME or mine is theirs:
            continue
        if not {drawn[member][0] for member in mine} & {drawn[member][0] for member in theirs}:
            mine += theirs
            group.update((member, mine) for member in theirs)
    return [sorted(members) for first, members in group.items() if first == min(members)]


def _group(members: list[tuple], weights: Mapping, whole: float) -> Group:
    weight = [weights.get(worker, 1.0) for worker, _box in members]
    box = Box(*(weighted_median(side, weight) for side in zip(*(box for _worker, box in members), strict=True)))
    return Group(box, sum(weight) / whole if whole else 0.0, sum(overlap(box, drawn) for _worker, drawn in members) / len(members),
                 tuple(worker for worker, _box in members))


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
