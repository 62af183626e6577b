"""The answers of a batch, block by block, put together by the craft that fits (machi.tasks.quality): what each item is, and how sure one
may be. No table is read or written here; the same answers in any order give the same result, and the digest says which they were.
"""
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from machi.tasks.forms import Form, Unit, counted, plain_of, unit
from machi.tasks.forms.parts import Date
from machi.tasks.quality import boxes, choices, labels, rankings, scales, transcripts
from machi.tasks.quality.digest import digest

VERSION = 1
NEAR = 0.01                                         # numbers that differ by so little of themselves say the same


class Said(NamedTuple):
    """One answer: of which item, by whom, and block -> value."""

    item: int
    worker: int
    values: Mapping


@dataclass(slots=True)
class Found:
    """What an item is: block -> value, and the confidence of the least sure block, 0 to 1."""

    result: dict = field(default_factory=dict)
    confidence: float = 1.0
    answers_count: int = 0


class Together(NamedTuple):
    items: dict[int, Found]
    digest: str


def put_together(form: Form, answers: Iterable[Said], truths: Mapping[int, str] | None = None) -> Together:
    """`truths`: of gold items the right answer to the first block, as text; it teaches who is right."""
    answers = sorted(answers, key=lambda one: (one.item, one.worker))
    items: dict[int, Found] = defaultdict(Found)
    for said in answers:
        items[said.item].answers_count += 1
    for number, block in enumerate(form.blocks):
        rows = [(said.item, said.worker, counted(block, said.values[block.name])) for said in answers if block.name in said.values]
        for item, (value, confidence) in _CRAFTS[unit(block)](block, rows, (truths or {}) if number == 0 else {}).items():
            found = items[item]
            found.result[block.name], found.confidence = value, min(found.confidence, confidence)
    return Together(dict(items), digest(kind="batch", version=VERSION, parameters=form.on_paper(), rows=(
        (said.item, said.worker, dict(said.values)) for said in answers), golds=sorted((truths or {}).items())))


def _labels(block, rows, truths) -> dict:
    read = labels.aggregate(rows, {item: text for item, text in truths.items()})
    return {item: (answer.label, answer.confidence) for item, answer in read.items.items()}


def _choices(block, rows, truths) -> dict:
    golds = {item: [option for option in block.options if option in text.split("; ")] for item, text in truths.items()}
    read = choices.aggregate(rows, block.options, golds)
    return {item: (list(choice.options), choice.confidence) for item, choice in read.items.items()}


def _scales(block, rows, _truths) -> dict:
    """The middle one; as sure as so many said about the same. A middle that nobody said is not made up: of two the lower one."""
    said: dict[int, list] = defaultdict(list)
    for item, _worker, value in rows:
        said[item].append(value)
    found = {}
    for item, middle in scales.aggregate(rows).items():
        near = sum(abs(value - middle.value) <= NEAR * abs(middle.value) for value in said[item])
        found[item] = (_said(block, middle.value), near / len(said[item]))
    return found


def _said(block, value: float):
    """A number in the way in which the block is answered."""
    if isinstance(block, Date):
        return datetime.date.fromordinal(int(value)).isoformat()
    return int(value) if float(value).is_integer() else value


def _rankings(block, rows, _truths) -> dict:
    return {item: (list(one.order), max(0.0, 2 * one.agreement - 1)) for item, one in rankings.aggregate(rows).items()}


def _transcripts(block, rows, _truths) -> dict:
    read = transcripts.aggregate(rows)
    return {item: (one.text, one.agreement if one.answers_count > 1 else 0.0) for item, one in read.items.items()}


def _boxes(block, rows, _truths) -> dict:
    """Each label is an item of its own: what at least half of all drew of it."""
    of_labels = [((item, label), worker, drawn) for item, worker, by_label in rows for label, drawn in by_label.items()]
    found: dict[int, tuple[list, float]] = {}
    for (item, label), one in sorted(boxes.aggregate(of_labels).items()):
        drawn = [{"label": label, "x": group.box.left, "y": group.box.top, "w": group.box.right - group.box.left,
                  "h": group.box.bottom - group.box.top} for group in one.groups]
        before, sure = found.get(item, ([], 1.0))
        found[item] = (before + drawn, min(sure, one.agreement))
    return found


def _as_they_are(block, rows, _truths) -> dict:
    """Files: all of them, each as it came."""
    found: dict[int, tuple[list, float]] = {}
    for item, _worker, value in rows:
        found.setdefault(item, ([], 1.0))[0].append(value)
    return found


_CRAFTS = {Unit.LABELS: _labels, Unit.CHOICES: _choices, Unit.SCALES: _scales, Unit.RANKINGS: _rankings, Unit.TRANSCRIPTS: _transcripts,
           Unit.BOXES: _boxes, Unit.NONE: _as_they_are}


def is_right(form: Form, values: Mapping, truth: str) -> bool | None:
    """Does somebody's answer to the first block say what a gold item is? Of texts: when they are heard alike; of files nothing is known."""
    block = form.blocks[0]
    if unit(block) is Unit.NONE or unit(block) is Unit.BOXES:
        return None
    said = plain_of(values.get(block.name), block)
    if unit(block) is Unit.TRANSCRIPTS:
        return transcripts.plain(said) == transcripts.plain(truth)
    return said == truth or str(values.get(block.name)) == truth
