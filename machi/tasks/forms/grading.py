"""How many people can do this work: what in a form would stop somebody or make it hard for them, and how to mend each.

The form's own blocks are accessible by construction; what a client shows in them is not. A grade looks at the form, at some rows of the
file and at the time that is given; it is arithmetic and a few words, no opinion, and it stops nothing from being published.
"""
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django.utils.translation import gettext as _

from machi.tasks.forms.form import Form
from machi.tasks.forms.parts import (
    Asked,
    Audio,
    Boxes,
    Cell,
    Choice,
    Comparison,
    File,
    Image,
    Link,
    Part,
    Ranking,
    Several,
    Transcription,
    Words,
)

MANY_OPTIONS, MANY_RANKED, LONG_SENTENCE = 12, 7, 120
LEAST_MINUTES, TIMES = 10, 5                        # time that is given: never less, and so many times what somebody quick may need
LETTERS_A_SECOND = 8                                # read by somebody quick
SECONDS = {"choice": 5, "several": 10, "text": 30, "number": 10, "scale": 5, "date": 10, "ranking": 30, "comparison": 10,
           "transcription": 120, "boxes": 60, "file": 60}
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|heic|svg|bmp|tiff?)|(?:IMG|DSC|image|photo|picture|画像|写真)[-_ ]?\d*", re.I)
_TEXT_IN_PICTURE = re.compile(
    r"書類|名刺|レシート|領収|請求書|伝票|スキャン|スクリーンショット|スクショ|手書き|文字|看板|"
    r"screenshot|scan|receipt|invoice|handwrit|document", re.I)
_COLOURS, _ENGLISH = "赤青緑黄黒白紫橙茶灰水", "red|green|blue|yellow|orange|purple|pink|gr[ae]y"
_COLOUR = re.compile(
    rf"(?<![面告])[{_COLOURS}](?:い(?!き)|色)|[赤青緑黄黒白紫]の(?=部分|枠|丸|印|文字|字|線|所|ところ|ボタン|マーク)|"
    rf"(?:オレンジ|ピンク|グリーン|レッド|ブルー)色?の|\b(?:{_ENGLISH})\b", re.I)
_IS_COLOUR = re.compile(rf"[{_COLOURS}]色?|(?:オレンジ|ピンク)色?|{_ENGLISH}|black|white", re.I)


class Level(Enum):
    """From best to worst."""

    OPEN = "open"                                   # nothing was found
    HARD = "hard"                                   # for some people harder than it needs to be
    SHUT = "shut"                                   # some people cannot do it


class Finding(NamedTuple):
    """One thing, where it is (the name of a part; "" for the whole), and what mends it."""

    level: Level
    part: str
    said: str
    mend: str


@dataclass(frozen=True, slots=True)
class Grade:
    """The worst of what was found. `needs`: what the work cannot be done without, of "seeing" and "hearing"; `is_text`: it can be done
    by reading and writing alone.
    """

    level: Level
    findings: tuple[Finding, ...]
    needs: frozenset[str]
    is_text: bool


Rows = Sequence[Mapping[str, str]]


def grade(form: Form, columns: Sequence[str], rows: Sequence[Sequence[str]], minutes: int | None = None) -> Grade:
    """`rows`: some items, their cells in the order of the columns. `minutes`: the time given for one item, where there is a limit."""
    cells = [dict(zip(columns, row, strict=False)) for row in rows]
    found = [finding for part in form.parts for finding in _of_part(form, part, columns, cells)]
    found += _of_whole(form, cells, minutes)
    level = max((finding.level for finding in found), key=list(Level).index, default=Level.OPEN)
    needs = {"seeing" if isinstance(form.part(block.of), Image) else "hearing" for block in form.blocks
             if isinstance(block, Boxes | Transcription) and block.is_required}
    is_text = not needs and not any(isinstance(part, Image | Audio | File) or isinstance(part, Comparison) and part.shown_as == "image"
                                    for part in form.parts)
    return Grade(level, tuple(found), frozenset(needs), is_text)


def _of_part(form: Form, part: Part, columns: Sequence[str], cells: Rows) -> Iterator[Finding]:
    for column in part.columns:
        if column not in columns:
            yield Finding(Level.SHUT, part.name, _("tasks.form.no_column") % {"column": column}, _("tasks.form.mend.column"))
    match part:
        case Image():
            yield from _of_image(form, part, cells)
        case Audio():
            yield from _of_sound(form, part, cells)
        case Link():
            yield Finding(Level.HARD, part.name, _("tasks.form.found.link"), _("tasks.form.mend.link"))
        case Comparison(shown_as="image"):
            for column, words in ((part.first, part.first_alternative), (part.second, part.second_alternative)):
                yield from _without(Level.SHUT, part, cells, column, words, _("tasks.form.found.image"), _("tasks.form.mend.image"))
        case Choice() | Several() if len(part.options) > MANY_OPTIONS:
            yield Finding(Level.HARD, part.name, _("tasks.form.found.options") % {"n": len(part.options)},
                          _("tasks.form.mend.options") % {"n": MANY_OPTIONS})
        case Ranking() if len(part.options) > MANY_RANKED:
            yield Finding(Level.HARD, part.name, _("tasks.form.found.ranked") % {"n": len(part.options)},
                          _("tasks.form.mend.ranked") % {"n": MANY_RANKED})
        case Transcription():
            is_seen = isinstance(form.part(part.of), Image)
            yield Finding(Level.SHUT, part.name, _("tasks.form.found.seeing") if is_seen else _("tasks.form.found.hearing"),
                          _("tasks.form.mend.tell"))
        case Boxes() if part.is_required:
            yield Finding(Level.SHUT, part.name, _("tasks.form.found.boxes"), _("tasks.form.mend.boxes"))
    yield from _of_words(part)


def _of_image(form: Form, part: Image, cells: Rows) -> Iterator[Finding]:
    work = {block.kind for block in form.blocks if getattr(block, "of", "") == part.name}
    if part.alternative:
        yield from _without(Level.SHUT, part, cells, part.column, part.alternative, _("tasks.form.found.image"), _("tasks.form.mend.image"))
    elif not part.alternative_text:
        yield Finding(Level.SHUT, part.name, _("tasks.form.found.image"), _("tasks.form.mend.image"))
    elif not work:
        yield Finding(Level.HARD, part.name, _("tasks.form.found.same"), _("tasks.form.mend.image"))
    said = [part.alternative_text, *(row.get(part.alternative, "") for row in cells)]
    if name := next((text for text in said if _FILE_NAME.fullmatch(text.strip())), ""):
        yield Finding(Level.SHUT, part.name, _("tasks.form.found.file_name") % {"name": name[:60]}, _("tasks.form.mend.image"))
    if "transcription" not in work and any(_TEXT_IN_PICTURE.search(text) for text in (part.column, part.label, *said)):
        yield Finding(Level.HARD, part.name, _("tasks.form.found.text_image"), _("tasks.form.mend.text_image"))


def _of_sound(form: Form, part: Audio, cells: Rows) -> Iterator[Finding]:
    if any(isinstance(block, Transcription) and block.of == part.name for block in form.blocks):
        return                                      # its transcript is the work
    said = (_("tasks.form.found.audio"), _("tasks.form.mend.audio")) if part.kind == "audio" else (
        _("tasks.form.found.video"), _("tasks.form.mend.video"))
    if part.transcript:
        yield from _without(Level.SHUT, part, cells, part.column, part.transcript, *said)
    else:
        yield Finding(Level.SHUT, part.name, *said)


def _without(level: Level, part: Part, cells: Rows, column: str, words: str, said: str, mend: str) -> Iterator[Finding]:
    """Rows with something in one column and no words for it in the other."""
    full = [row for row in cells if row.get(column, "").strip()]
    bare = sum(not row.get(words, "").strip() for row in full)
    if not words:
        yield Finding(level, part.name, said, mend)
    elif bare:
        yield Finding(level, part.name, _("tasks.form.found.some") % {"said": said, "n": f"{bare:,}", "all": f"{len(full):,}"}, mend)


def _of_words(part: Part) -> Iterator[Finding]:
    options = getattr(part, "options", ())
    texts = [getattr(part, name, "") for name in ("text", "label", "hint")]
    if any(_COLOUR.search(text) for text in (*texts, *options)) or sum(bool(_IS_COLOUR.fullmatch(option)) for option in options) > 1:
        yield Finding(Level.HARD, part.name, _("tasks.form.found.colour"), _("tasks.form.mend.colour"))
    if any(len(sentence) > LONG_SENTENCE for text in texts for sentence in re.split(r"[。.\n]", text)):
        yield Finding(Level.HARD, part.name, _("tasks.form.found.long"), _("tasks.form.mend.long"))


def _of_whole(form: Form, cells: Rows, minutes: int | None) -> Iterator[Finding]:
    wanted = max(LEAST_MINUTES, math.ceil(TIMES * quick_seconds(form, cells) / 60))
    if minutes is not None and minutes < wanted:
        yield Finding(Level.HARD, "", _("tasks.form.found.minutes") % {"n": minutes}, _("tasks.form.mend.minutes") % {"n": wanted})
    if form.blocks and all(isinstance(block, Boxes) for block in form.blocks):
        yield Finding(Level.SHUT, "", _("tasks.form.found.boxes_only"), _("tasks.form.mend.boxes_only"))


def quick_seconds(form: Form, cells: Rows) -> float:
    """How long somebody quick may need for one item: what the longest of these rows shows, and the blocks."""
    shown = [column for part in form.parts if isinstance(part, Cell | Comparison) for column in part.columns]
    longest = max((sum(len(row.get(column, "")) for column in shown) for row in cells), default=0)
    words = sum(len(getattr(part, "text", "")) for part in form.parts if isinstance(part, Words))
    return (longest + words) / LETTERS_A_SECOND + sum(SECONDS[block.kind] for block in form.parts if isinstance(block, Asked))
