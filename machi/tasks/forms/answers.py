"""From what somebody posted to answers, or to a sentence beside each block that has none yet."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.notifications.words import day
from machi.shared.japanese import cleaned
from machi.tasks.forms.form import Form
from machi.tasks.forms.parts import (
    Asked,
    Boxes,
    Choice,
    Comparison,
    Date,
    File,
    Number,
    Ranking,
    Scale,
    Several,
    Text,
    Transcription,
)
from machi.tasks.forms.patterns import matched
from machi.tasks.forms.posted import SIDES, Posted, field, one, places, rows
from machi.tasks.forms.settings import Wrong, day_in, exact_in, number_for_json

TINY = Decimal("0.1")                               # percent: a box has a side
_PLACES = Decimal("0.01")


class Sent(NamedTuple):
    """A file that came with a form: its name, what it is by its content (machi.files.kinds.kind_of; None: nothing the town takes), its
    bytes, and the key by which the town will find it."""

    name: str
    kind: str | None
    size: int
    key: str


@dataclass(frozen=True, slots=True)
class Answered:
    """For each block its answer, as JSON can hold it, or why there is none; both by the block's name."""

    values: dict[str, object]
    errors: dict[str, str]


def clean(form: Form, posted: Posted, cells: Mapping[str, str], files: Mapping[str, Sent] | None = None) -> Answered:
    """The answers to a form about an item with these cells. `files`: by the names of the blocks what
    came along now, or came before with an answer that was half written and belongs to whoever answers.
    """
    answered = Answered({}, {})
    for block in form.blocks:
        if not is_asked(form, block, cells):
            continue
        try:
            value = _file(block, (files or {}).get(block.name)) if isinstance(block, File) else read(block, posted)
        except Wrong as wrong:
            answered.errors[block.name] = str(wrong)
            continue
        if value is not None:
            answered.values[block.name] = value
        elif block.is_required:
            answered.errors[block.name] = _missing(block)
    return answered


def read(block: Asked, posted: Posted):
    """One answer, of whatever but a file; None where nothing was said. Raises Wrong."""
    return _READERS[type(block)](block, posted)


def is_asked(form: Form, block: Asked, cells: Mapping[str, str]) -> bool:
    """Not where this item has nothing that the block is about: no picture to draw on, one of two texts missing."""
    match block:
        case Comparison():
            return bool(cells.get(block.first, "").strip() and cells.get(block.second, "").strip())
        case Transcription() | Boxes():
            return bool(cells.get(form.part(block.of).column, "").strip())
        case _:
            return True


def _missing(block: Asked) -> str:
    return _("form.required") if isinstance(block, Text | Number | Date | Transcription) else _("tasks.block.choose")


def _choice(block: Choice, posted: Posted) -> str | None:
    said = one(posted, field(block))
    if said and said not in block.options:
        raise Wrong(_("tasks.block.not_there"))
    return said or None


def _several(block: Several, posted: Posted) -> list[str]:
    said = set(map(str, posted.get(field(block), ()))) - {""}
    if not said <= set(block.options):
        raise Wrong(_("tasks.block.not_there"))
    if not said and not block.is_required:
        return []
    if not said:
        raise Wrong(_("tasks.block.choose"))
    if len(said) < block.fewest:
        raise Wrong(ngettext("tasks.block.several.few", "tasks.block.several.few", block.fewest) % {"num": block.fewest, "n": len(said)})
    if block.most and len(said) > block.most:
        raise Wrong(ngettext("tasks.block.several.many", "tasks.block.several.many", block.most) % {"num": block.most, "n": len(said)})
    return [option for option in block.options if option in said]


def _text(block: Text, posted: Posted) -> str | None:
    said = cleaned(one(posted, field(block)))
    text = matched(block.pattern, said if block.is_long else " ".join(said.split()))
    if not text:
        return None
    if block.least and len(text) < block.least:
        raise Wrong(_("tasks.block.text.short") % {"least": f"{block.least:,}", "n": f"{len(text):,}"})
    return _within(text, block.most)


def _transcription(block: Transcription, posted: Posted) -> str | None:
    return _within(cleaned(one(posted, field(block))), block.most) or None


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise Wrong(_("tasks.form.too_long") % {"most": f"{most:,}", "n": f"{len(text):,}"})
    return text


def _number(block: Number, posted: Posted) -> int | float | None:
    said = cleaned(one(posted, field(block))).removesuffix(block.unit)
    if not said:
        return None
    value = exact_in(said)
    if block.least is not None and value < block.least or block.most is not None and value > block.most:
        raise Wrong(span(block))
    if block.step and (value - (block.least or 0)) % block.step:
        raise Wrong(_("tasks.block.number.step") % {"step": f"{block.step:,}", "start": f"{block.least or 0:,}"})
    return number_for_json(value)


def span(block: Number | Date) -> str:
    """Between what an answer lies, as a sentence; nothing where there is no bound."""
    low, high = (block.least, block.most) if isinstance(block, Number) else (block.earliest, block.latest)
    said = {"least": "" if low is None else _shown(low), "most": "" if high is None else _shown(high)}
    if said["least"] and said["most"]:
        return _("tasks.block.span.both") % said
    if said["least"]:
        return _("tasks.block.span.least") % {"least": said["least"]}
    return _("tasks.block.span.most") % {"most": said["most"]} if said["most"] else ""


def _shown(bound) -> str:
    return f"{bound:,f}" if isinstance(bound, Decimal) else day(bound)


def _scale(block: Scale, posted: Posted) -> int | None:
    said = one(posted, field(block)).strip()
    if said and said not in {str(point) for point in range(1, block.points + 1)}:
        raise Wrong(_("tasks.block.not_there"))
    return int(said) if said else None


def _date(block: Date, posted: Posted) -> str | None:
    said = cleaned(one(posted, field(block)))
    if not said:
        return None
    day = day_in(said)
    if block.earliest and day < block.earliest or block.latest and day > block.latest:
        raise Wrong(span(block))
    return day.isoformat()


def _ranking(block: Ranking, posted: Posted) -> list[str] | None:
    given = places(block, posted)
    if not any(given.values()):
        return None
    wanted = [str(place) for place in range(1, len(block.options) + 1)]
    if lacking := next((option for option, place in given.items() if place not in wanted), ""):
        raise Wrong(_("tasks.block.ranking.lacking") % {"option": lacking})
    if twice := next((place for place in wanted if list(given.values()).count(place) > 1), ""):
        raise Wrong(_("tasks.block.ranking.twice") % {"place": twice})
    return sorted(given, key=lambda option: int(given[option]))


def _comparison(block: Comparison, posted: Posted) -> str | None:
    said = one(posted, field(block))
    if said and said not in {"first", "second"} | ({"same"} if block.can_be_same else set()):
        raise Wrong(_("tasks.block.not_there"))
    return said or None


def _boxes(block: Boxes, posted: Posted) -> list[dict]:
    boxes = [_box(block, number, row) for number, row in enumerate(rows(block, posted), 1)]
    if not boxes and not block.is_required:
        return []
    if len(boxes) < block.fewest:
        raise Wrong(ngettext("tasks.block.boxes.few", "tasks.block.boxes.few", block.fewest) % {"num": block.fewest, "n": len(boxes)})
    if len(boxes) > block.most:
        raise Wrong(ngettext("tasks.block.boxes.many", "tasks.block.boxes.many", block.most) % {"num": block.most, "n": len(boxes)})
    return boxes


def _box(block: Boxes, number: int, row: dict[str, str]) -> dict:
    label = row["label"] or (block.labels[0] if len(block.labels) == 1 else "")
    if label not in block.labels:
        raise Wrong(_("tasks.block.boxes.label") % {"n": number})
    try:
        x, y, w, h = (exact_in(cleaned(row[side])).quantize(_PLACES) for side in SIDES[1:])
    except Wrong:
        raise Wrong(_("tasks.block.boxes.number") % {"n": number}) from None
    if min(x, y) < 0 or min(w, h) < TINY or max(x + w, y + h) > 100:
        raise Wrong(_("tasks.block.boxes.outside") % {"n": number})
    return {"label": label} | {side: number_for_json(value) for side, value in zip(SIDES[1:], (x, y, w, h), strict=True)}


def _file(block: File, sent: Sent | None) -> dict | None:
    if sent is None:
        return None
    if wrong := too_big(block, sent.name, sent.size) or not_taken(block, sent.name, sent.kind):
        raise Wrong(wrong)
    return {"key": sent.key, "name": sent.name, "kind": sent.kind, "size": sent.size}


def too_big(block: File, name: str, size: int) -> str:
    """Why a file of so many bytes is no answer to this block; "" where it may be one."""
    return _("tasks.block.file.big") % {"name": name, "mb": block.most_mb} if size > block.most_mb * 1_000_000 else ""


def not_taken(block: File, name: str, kind: str | None) -> str:
    """The same of what it is by its content."""
    return "" if kind in block.taken else _("tasks.block.file.kind") % {"name": name}


_READERS: dict[type[Asked], Callable] = {
    Choice: _choice, Several: _several, Text: _text, Number: _number, Scale: _scale, Date: _date, Ranking: _ranking,
    Comparison: _comparison, Transcription: _transcription, Boxes: _boxes}
