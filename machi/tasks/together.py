"""The answers of a batch, block by block, put together by the craft that fits (machi.tasks.quality): what each item is, and how sure one
may be. No table is read or written here; the same answers in any order give the same result, and the digest says which they were.
"""
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from machi.tasks.forms import Form, Unit, Wrong, asked_alike, counted, is_same, options_of, still_said, truth_in, unit
from machi.tasks.forms.parts import Asked, Date, Text
from machi.tasks.quality import boxes, choices, labels, rankings, scales, transcripts
from machi.tasks.quality.digest import digest

VERSION = 1
NEAR = 0.01                                         # numbers that differ by so little of themselves say the same


class Said(NamedTuple):
    """One answer: of which item, by whom, block -> value, and by which version of the form."""

    item: int
    worker: int
    values: Mapping
    version: int = 0


@dataclass(slots=True)
class Found:
    """What an item is: block -> value, and the confidence of the least sure block, 0 to 1. Where nobody has said anything to a block that
    is asked now, there is nothing to be sure of.
    """

    result: dict = field(default_factory=dict)
    confidence: float | None = None
    answers_count: int = 0

    def add(self, block: Asked, value, confidence: float) -> None:
        self.result[block.name] = value
        if not _is_remark(block):
            self.confidence = confidence if self.confidence is None else min(self.confidence, confidence)


class Together(NamedTuple):
    items: dict[int, Found]
    digest: str


class _Heard(NamedTuple):
    """What the answers say to one block, as its craft takes it."""

    rows: list[tuple]
    seen: dict[tuple, tuple[str, ...]]              # (item, worker) -> options that could be chosen, where these were others
    shown: dict[int, set[str]]                      # by item, the options that somebody could choose
    lost: set[int]                                  # items of which somebody said something that the block knows no more


def put_together(form: Form, answers: Iterable[Said], truths: Mapping[int, str] | None = None,
                 older: Mapping[int, Form] | None = None, wanted: int = 3) -> Together:
    """`form`: the newest; `older`: those before it, by their version. What only they asked is put together, too, and nobody need be sure of
    it. `truths`: of gold items the right answer to the first block, as text; it teaches who is right. `wanted`: so many people are asked
    about an item; where that is one, the one text is the answer, as no other is to be compared with it.
    """
    answers, items = sorted(answers, key=lambda one: (one.item, one.worker)), defaultdict(Found)
    versions = {one.version for one in answers}
    older = {version: one for version, one in sorted((older or {}).items(), reverse=True) if version in versions}
    for said in answers:
        items[said.item].answers_count += 1
    for number, block in enumerate(form.blocks):
        heard = _hear(block, form, answers, older)
        for item, (value, confidence) in _CRAFTS[unit(block)](block, heard, _taught(block, truths or {}) if number == 0 else {}).items():
            is_alone = wanted == 1 == items[item].answers_count and unit(block) is Unit.TRANSCRIPTS
            items[item].add(block, value, 0.0 if _is_lost(block, item, value, heard) else 1.0 if is_alone else confidence)
    are_remarks = all(map(_is_remark, form.blocks))
    for found in items.values():
        found.confidence = found.confidence or float(are_remarks and bool(found.result))
    for block, of in _asked_before(form, older):
        for item, (value, _confidence) in _CRAFTS[unit(block)](block, _hear(block, of, answers, older), {}).items():
            items[item].result[block.name] = value
    return Together(dict(items), digest(
        kind="batch", version=VERSION,
        parameters={"wanted": wanted, "form": form.on_paper(), "older": {number: one.on_paper() for number, one in older.items()}},
        rows=((said.item, said.worker, dict(said.values), said.version) for said in answers), golds=sorted((truths or {}).items())))


def _is_remark(block: Asked) -> bool:
    """Words that nobody has to write: no two people write the same, and most write none, so they say nothing about how sure an item is."""
    return isinstance(block, Text) and not block.is_required


def _asked_before(form: Form, older: Mapping[int, Form]) -> list[tuple[Asked, Form]]:
    """Every block that is asked no more, as it was asked last."""
    found = {block.name: (block, of) for of in reversed(older.values()) for block in of.blocks if form.part(block.name) is None}
    return list(found.values())


def _hear(block: Asked, form: Form, answers: list[Said], older: Mapping[int, Form]) -> _Heard:
    """Each answer is read by the form it was given with."""
    heard, options = _Heard([], {}, defaultdict(set), set()), options_of(block)
    blocks = {version: asked_alike(block, form, was) for version, was in older.items()}
    for said in answers:
        was, value = blocks.get(said.version, block), said.values.get(block.name)
        if was is None or value is None:
            continue
        known = options
        if was != block:
            given, value = value, still_said(block, value)
            if value is None:
                continue
            if options:
                known = tuple(option for option in options if option in options_of(was))
                heard.seen[said.item, said.worker] = known
                if len(value) < len(given):
                    heard.lost.add(said.item)
        if options:
            heard.shown[said.item].update(known)
        if known or not options:
            heard.rows.append((said.item, said.worker, counted(block, value)))
    return heard


def _is_lost(block: Asked, item: int, value, heard: _Heard) -> bool:
    """Somebody said something that the block asks no more, or calls otherwise now. What is left is no answer where nothing is left, or
    where nobody has seen an option that may be the same in other words.
    """
    return item in heard.lost and (not value or len(heard.shown[item]) < len(options_of(block)))


def _labels(block, heard, truths) -> dict:
    read = labels.aggregate(heard.rows, truths)
    return {item: (answer.label, answer.confidence) for item, answer in read.items.items()}


def _choices(block, heard, truths) -> dict:
    read = choices.aggregate(heard.rows, block.options, truths, heard.seen)
    return {item: (list(choice.options), choice.confidence) for item, choice in read.items.items()}


def _scales(block, heard, _truths) -> dict:
    """The middle one; as sure as so many said about the same. A middle that nobody said is not made up: of two the lower one."""
    said: dict[int, list] = defaultdict(list)
    for item, _worker, value in heard.rows:
        said[item].append(value)
    found = {}
    for item, middle in scales.aggregate(heard.rows).items():
        near = sum(abs(value - middle.value) <= NEAR * abs(middle.value) for value in said[item])
        found[item] = (_said(block, middle.value), near / len(said[item]))
    return found


def _said(block, value: float):
    """A number in the way in which the block is answered."""
    if isinstance(block, Date):
        return datetime.date.fromordinal(int(value)).isoformat()
    return int(value) if float(value).is_integer() else value


def _rankings(block, heard, _truths) -> dict:
    return {item: (list(one.order), max(0.0, 2 * one.agreement - 1)) for item, one in rankings.aggregate(heard.rows).items()}


def _transcripts(block, heard, _truths) -> dict:
    read = transcripts.aggregate(heard.rows)
    return {item: (one.text, one.agreement if one.answers_count > 1 else 0.0) for item, one in read.items.items()}


def _boxes(block, heard, _truths) -> dict:
    """Each label is an item of its own: what at least half of all drew of it."""
    of_labels = [((item, label), worker, drawn) for item, worker, by_label in heard.rows for label, drawn in by_label.items()
                 if label in heard.seen.get((item, worker), by_label)]
    found: dict[int, tuple[list, float]] = {}
    for (item, label), one in sorted(boxes.aggregate(of_labels).items()):
        drawn = [{"label": label, "x": group.box.left, "y": group.box.top, "w": group.box.right - group.box.left,
                  "h": group.box.bottom - group.box.top} for group in one.groups]
        before, sure = found.get(item, ([], 1.0))
        found[item] = (before + drawn, min(sure, one.agreement))
    return found


def _as_they_are(block, heard, _truths) -> dict:
    """Files: all of them, each as it came."""
    found: dict[int, tuple[list, float]] = {}
    for item, _worker, value in heard.rows:
        found.setdefault(item, ([], 1.0))[0].append(value)
    return found


_CRAFTS = {Unit.LABELS: _labels, Unit.CHOICES: _choices, Unit.SCALES: _scales, Unit.RANKINGS: _rankings, Unit.TRANSCRIPTS: _transcripts,
           Unit.BOXES: _boxes, Unit.NONE: _as_they_are}


def is_right(form: Form, values: Mapping, truth: str) -> bool | None:
    """Does somebody's answer to the first block say what a gold item is? Of texts: when they are heard alike; of files and boxes nothing is
    known, nor of a truth that nobody can answer with: then nobody was wrong.
    """
    block = form.blocks[0]
    if (right := _right(block, truth)) is None:
        return None
    said = values.get(block.name)
    if unit(block) is Unit.TRANSCRIPTS:
        return said is not None and transcripts.plain(said) == transcripts.plain(right)
    return is_same(block, said, right)


def _right(block: Asked, truth: str):
    try:
        return truth_in(block, truth)
    except Wrong:
        return None


def _taught(block: Asked, truths: Mapping[int, str]) -> dict[int, object]:
    """What golds teach about the first block; those that do not fit it teach nothing."""
    read = {text: _right(block, text) for text in set(truths.values())} if truths else {}
    return {item: read[text] for item, text in truths.items() if read[text] is not None}
