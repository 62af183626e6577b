"""Which craft of machi.tasks.quality puts the answers to a block together, and in which shape it wants them."""
import datetime
from collections.abc import Mapping
from enum import Enum

from machi.tasks.forms.parts import Asked, Boxes, Choice, Comparison, Date, File, Number, Ranking, Scale, Several, Text, Transcription
from machi.tasks.quality.box import Box


class Unit(Enum):
    """The module of machi.tasks.quality whose `aggregate` takes the answers; of files nothing can be put together."""

    LABELS = "labels"
    CHOICES = "choices"
    SCALES = "scales"
    RANKINGS = "rankings"
    TRANSCRIPTS = "transcripts"
    BOXES = "boxes"
    NONE = ""


_UNITS = {Choice: Unit.LABELS, Comparison: Unit.LABELS, Several: Unit.CHOICES, Scale: Unit.SCALES, Number: Unit.SCALES, Date: Unit.SCALES,
          Ranking: Unit.RANKINGS, Text: Unit.TRANSCRIPTS, Transcription: Unit.TRANSCRIPTS, Boxes: Unit.BOXES, File: Unit.NONE}


def unit(block: Asked) -> Unit:
    """The craft that puts the answers to this block together. Which of two is better is first a label of each item; over a whole batch
    quality.pairs makes one scale of it (`pair_of`)."""
    return _UNITS[type(block)]


def counted(block: Asked, value):
    """An answer in the shape in which the craft takes it. Of days: their ordinals. Of boxes: {label: boxes}, each label being an item of
    its own; a label without a box says so, too. IoU is the same in percent as in pixels."""
    match block:
        case Date():
            return datetime.date.fromisoformat(value).toordinal()
        case Several() | Ranking():
            return tuple(value)
        case Boxes():
            drawn = {label: [] for label in block.labels}
            for box in value:
                drawn[box["label"]].append(Box(box["x"], box["y"], box["x"] + box["w"], box["y"] + box["h"]))
            return {label: tuple(boxes) for label, boxes in drawn.items()}
        case _:
            return value


def pair_of(block: Comparison, value: str, cells: Mapping[str, str]) -> tuple[str, str] | None:
    """(better, worse), as quality.pairs takes them; None of two that are the same."""
    both = cells[block.first], cells[block.second]
    return {"first": both, "second": both[::-1]}.get(value)
