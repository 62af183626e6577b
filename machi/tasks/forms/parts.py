"""What a form is made of: parts that show something of an item, and blocks that ask something of whoever does it.

Each setting of a part stands here once: how it is read, written and drawn in the builder follows from it.
"""
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from machi.tasks.forms.settings import (
    Another,
    Column,
    Day,
    Exact,
    Line,
    Lines,
    OneOf,
    Options,
    Setting,
    SomeOf,
    Tick,
    Whole,
)

NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
LANGUAGES = {"": "", **{code: LANG_INFO[code]["name_local"] for code in (
    "ja", "en", "zh-hans", "zh-hant", "ko", "vi", "ne", "pt-br", "id", "th", "my", "es", "fr", "de")}}
MOST_TEXT = 10_000                                  # letters of an answer
MOST_BOXES, MOST_POINTS, MOST_RANKED = 30, 11, 20
MOST_MB = settings.UPLOAD_MAX_BYTES // 1_000_000    # what the town takes in one file
# Which kinds of files (machi.files.kinds) each word stands for.
FILE_KINDS = {"picture": ("png", "jpeg", "gif", "webp"), "paper": ("pdf", "docx", "xlsx", "pptx", "odf"), "text": ("text",),
              "sound": ("mp3", "ogg", "flac", "wav", "m4a"), "film": ("mp4",), "archive": ("zip",)}
PATTERNS = ("", "digits", "phone", "postal", "email", "address", "katakana", "hiragana", "latin")

Fault = tuple[str, str]                             # a setting, and why it cannot be


def said(setting: Setting, default=""):
    """A setting of a part."""
    return field(default=default, metadata={"setting": setting})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Anything that stands in a form. Its name stays, however it is moved or reworded."""

    kind: ClassVar[str]
    name: str

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        return {one.name: one.metadata["setting"] for one in fields(cls) if "setting" in one.metadata}

    def on_paper(self) -> dict:
        """As JSON. What was not set is left out."""
        defaults = {one.name: one.default for one in fields(self)}
        said = {name: setting.written(getattr(self, name)) for name, setting in self.settings().items()
                if getattr(self, name) != defaults[name]}
        return {"kind": self.kind, "name": self.name, **said}

    def faults(self) -> Iterator[Fault]:
        """What does not go together within this part."""
        return iter(())

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(value for name, setting in self.settings().items() if isinstance(setting, Column) and (value := getattr(self, name)))


class Media:
    """Shows what is no text: a picture, a sound, a film."""

    __slots__ = ()


# ---- shown ----

@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Part):
    """The same words beside every item."""

    kind = "words"
    text: str = said(Lines(5_000, is_needed=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Part):
    """The text of a column."""

    kind = "cell"
    column: str = said(Column(is_needed=True))
    label: str = said(Line(100))
    language: str = said(OneOf(tuple(LANGUAGES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Part, Media):
    """A picture, and what it shows in words: from another column, or the same words for all."""

    kind = "image"
    column: str = said(Column(is_needed=True))
    label: str = said(Line(100))
    alternative: str = said(Column())
    alternative_text: str = said(Line(300))


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(Part, Media):
    """A sound, and what is said in it."""

    kind = "audio"
    column: str = said(Column(is_needed=True))
    label: str = said(Line(100))
    transcript: str = said(Column())
    language: str = said(OneOf(tuple(LANGUAGES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(Audio):
    """A film, and what is said and seen in it."""

    kind = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Part):
    """A page elsewhere."""

    kind = "link"
    column: str = said(Column(is_needed=True))
    label: str = said(Line(100, is_needed=True))


# ---- asked ----

@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Part):
    """A block: asks something. All have a label, a hint, and whether there must be an answer."""

    label: str = said(Line(200, is_needed=True))
    hint: str = said(Lines(500))
    is_required: bool = said(Tick(), True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Asked):
    """One of several. The answer: its words."""

    kind = "choice"
    options: tuple[str, ...] = said(Options(), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Asked):
    """Some of several. The answer: a list of words in the form's order; nothing chosen is an answer, too, where none is required."""

    kind = "several"
    options: tuple[str, ...] = said(Options(1), ())
    least: int | None = said(Whole(0, 60), None)
    most: int | None = said(Whole(1, 60), None)

    def faults(self) -> Iterator[Fault]:
        yield from rising(self.least, self.most)
        for name in ("least", "most"):
            if (getattr(self, name) or 0) > len(self.options):
                yield name, _("tasks.block.several.beyond") % {"n": len(self.options)}

    @property
    def fewest(self) -> int:
        return max(self.least or 0, int(self.is_required))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Asked):
    """Words in letters of one's own. The answer: text."""

    kind = "text"
    least: int | None = said(Whole(1, MOST_TEXT), None)
    most: int = said(Whole(1, MOST_TEXT, is_needed=True), 1_000)
    pattern: str = said(OneOf(PATTERNS))

    def faults(self) -> Iterator[Fault]:
        return rising(self.least, self.most)

    @property
    def is_long(self) -> bool:
        """Worth several lines."""
        return self.most > 100 and not self.pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Asked):
    """A number. The answer: a number of JSON."""

    kind = "number"
    least: Decimal | None = said(Exact(), None)
    most: Decimal | None = said(Exact(), None)
    step: Decimal | None = said(Exact(is_above_zero=True), None)
    unit: str = said(Line(20))

    def faults(self) -> Iterator[Fault]:
        return rising(self.least, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Asked):
    """Points between two named ends. The answer: 1 to the number of points."""

    kind = "scale"
    points: int = said(Whole(3, MOST_POINTS, is_needed=True), 5)
    low: str = said(Line(60, is_needed=True))
    high: str = said(Line(60, is_needed=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Asked):
    """A calendar day. The answer: 2026-12-01."""

    kind = "date"
    earliest: datetime.date | None = said(Day(), None)
    latest: datetime.date | None = said(Day(), None)

    def faults(self) -> Iterator[Fault]:
        return rising(self.earliest, self.latest, "latest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Asked):
    """All of a few things, from first to last. The answer: a list of words."""

    kind = "ranking"
    options: tuple[str, ...] = said(Options(2, MOST_RANKED), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Asked):
    """Which of two columns. The answer: first, second, or same where that may be said."""

    kind = "comparison"
    first: str = said(Column(is_needed=True))
    second: str = said(Column(is_needed=True))
    shown_as: str = said(OneOf(("text", "image")), "text")
    first_alternative: str = said(Column())
    second_alternative: str = said(Column())
    can_be_same: bool = said(Tick(), False)

    def faults(self) -> Iterator[Fault]:
        if self.first == self.second:
            yield "second", _("tasks.block.comparison.alike")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcription(Asked):
    """What is written in a picture, or said in a sound. The answer: text."""

    kind = "transcription"
    of: str = said(Another(kinds=("image", "audio", "video")))
    most: int = said(Whole(1, MOST_TEXT, is_needed=True), 2_000)
    language: str = said(OneOf(tuple(LANGUAGES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes(Asked):
    """Boxes around things in a picture, in percent of it. The answer: a list of {label, x, y, w, h}; none is an answer, too."""

    kind = "boxes"
    of: str = said(Another(kinds=("image",)))
    labels: tuple[str, ...] = said(Options(1, 20), ())
    least: int | None = said(Whole(0, MOST_BOXES), None)
    most: int = said(Whole(1, MOST_BOXES, is_needed=True), 10)

    def faults(self) -> Iterator[Fault]:
        return rising(self.least, self.most)

    @property
    def fewest(self) -> int:
        return max(self.least or 0, int(self.is_required))


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Asked):
    """A file. The answer: its key, by which the town finds it, its name, kind and size."""

    kind = "file"
    kinds: tuple[str, ...] = said(SomeOf(tuple(FILE_KINDS)), ("picture",))
    most_mb: int = said(Whole(1, MOST_MB, is_needed=True), 10)

    @property
    def taken(self) -> frozenset[str]:
        """The kinds of machi.files.kinds that are taken."""
        return frozenset(kind for name in self.kinds for kind in FILE_KINDS[name])


def rising(low, high, name: str = "most") -> Iterator[Fault]:
    if low is not None and high is not None and low > high:
        yield name, _("tasks.form.rising")


SHOWN: tuple[type[Part], ...] = (Words, Cell, Image, Audio, Video, Link)
ASKED: tuple[type[Asked], ...] = (Choice, Several, Text, Number, Scale, Date, Ranking, Comparison, Transcription, Boxes, File)
KINDS: dict[str, type[Part]] = {kind.kind: kind for kind in (*SHOWN, *ASKED)}
