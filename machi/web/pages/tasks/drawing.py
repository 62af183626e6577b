"""A form with an item, as a page draws it: what stands where, under which id, with which words beside it.

    drawn(form, cells, posted=dict(request.POST.lists()), errors=answered.errors, media={"画像": Shown("/tasks/7/media/3/", 800, 600)})
    {{ ui.answering(drawn) }} inside the page's own <form>, and in its head: {{ ui.answering_head() }}
"""
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.tasks.forms import Form, is_asked
from machi.tasks.forms.answers import span
from machi.tasks.forms.parts import (
    Asked,
    Audio,
    Boxes,
    Cell,
    Choice,
    Comparison,
    Date,
    File,
    Image,
    Link,
    Number,
    Part,
    Ranking,
    Several,
    Text,
    Transcription,
)
from machi.tasks.forms.posted import ACT, Posted, field, places, rows
from machi.web.frame.media import NOWHERE, Shown

LIST_FROM = 13                                      # options: a list that unfolds, and no page of round buttons
LONGEST_ALT = 250                                   # letters that are heard in one go; longer words stand beside the picture
_INPUT_MODES = {"digits": "numeric", "phone": "tel", "postal": "numeric", "email": "email", "address": "url"}
_ENDINGS = {"picture": "image/png,image/jpeg,image/gif,image/webp", "paper": ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp",
            "text": ".txt,.md,.csv,.tsv,.srt,.vtt,.json", "sound": ".mp3,.ogg,.flac,.wav,.m4a", "film": ".mp4", "archive": ".zip"}


class Picture(NamedTuple):
    """Where it lies (nowhere: ""), what is said in its place, words that are too long for that, and its size."""

    src: str
    alt: str
    words: str
    width: int | None = None
    height: int | None = None


class Side(NamedTuple):
    """One of two: its text, or its picture."""

    name: str
    text: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the form. `said`: what was typed; `view`: what only this kind shows."""

    part: Part
    id: str
    is_asked: bool = True
    error: str = ""
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    view: object = None

    @property
    def kind(self) -> str:
        return self.part.kind

    @property
    def field(self) -> str:
        return field(self.part)

    @property
    def text(self) -> str:
        return self.said[-1] if self.said else ""

    @property
    def is_list(self) -> bool:
        return isinstance(self.part, Choice) and len(self.part.options) >= LIST_FROM

    @property
    def is_group(self) -> bool:
        """Several fields under one legend."""
        return self.kind in {"several", "scale", "ranking", "comparison", "boxes"} or self.kind == "choice" and not self.is_list

    @property
    def described(self) -> str:
        ids = [f"{self.id}_helptext"] if self.notes or self.part.hint else []
        return " ".join(ids + [f"{self.id}_error"] * bool(self.error))

    @property
    def day_type(self) -> str:
        return day_type(self.text)

    @property
    def mode(self) -> str:
        return _INPUT_MODES.get(self.part.pattern, "text")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole form about one item."""

    id: str
    pieces: tuple[Piece, ...]
    act: str = ACT

    @property
    def wrong(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.error)

    @property
    def files(self) -> tuple[Piece, ...]:
        """What takes a file: the page's form has to be one that carries them."""
        return tuple(piece for piece in self.pieces if piece.kind == "file")

    @property
    def has_buttons(self) -> bool:
        """Buttons that do not send it: Enter in a field must press none of them."""
        return any(piece.kind in {"ranking", "boxes"} or piece.kind == "file" and piece.view[1] for piece in self.pieces)

    @property
    def has_shortcuts(self) -> bool:
        return any(piece.kind in {"scale", "comparison"} or piece.kind in {"choice", "several"} and piece.is_group for piece in self.pieces)


def drawn(form: Form, cells: Mapping[str, str], *, posted: Posted | None = None, errors: Mapping[str, str] | None = None,
          media: Mapping[str, Shown] | None = None, files: Mapping[str, str] | None = None, prefix: str = "a") -> Drawn:
    """`posted`: what was typed before; `errors`: of clean(), by block; `media`: for each column with pictures or sounds where this item's
    lies in the town; `files`: the names of files that are kept already, by block; `prefix`: of the ids, where two forms share a page.
    """
    pieces = tuple(_piece(form, part, cells, posted or {}, media or {}, f"{prefix}-{part.name}", (errors or {}).get(part.name, ""),
                          (files or {}).get(part.name, "")) for part in form.parts if not _is_drawn_below(form, part))
    return Drawn(prefix, pieces)


def _is_drawn_below(form: Form, part: Part) -> bool:
    """A picture that boxes are drawn on stands where they are drawn."""
    return any(isinstance(block, Boxes) and block.of == part.name for block in form.blocks)


def _piece(form: Form, part: Part, cells: Mapping, posted: Posted, media: Mapping, own: str, error: str, kept: str) -> Piece:
    if not isinstance(part, Asked):
        return Piece(part, own, view=_shown(part, cells, media))
    said = tuple(map(str, posted.get(field(part), ())))
    return Piece(part, own, is_asked(form, part, cells), error, tuple(_notes(part)), said, _asked(form, part, cells, posted, media, kept))


def _shown(part: Part, cells: Mapping, media: Mapping):
    match part:
        case Cell():
            return cells.get(part.column, "")
        case Image():
            return _picture(cells, media, part.column, cells.get(part.alternative, "").strip() or part.alternative_text, part.label)
        case Audio():
            return media.get(part.column, NOWHERE).src, cells.get(part.transcript, "").strip()
        case Link():
            return address(cells.get(part.column, ""))
        case _:
            return part.text


def _asked(form: Form, part: Asked, cells: Mapping, posted: Posted, media: Mapping, kept: str):
    match part:
        case Comparison():
            both = ((_("tasks.block.comparison.first"), part.first, part.first_alternative),
                    (_("tasks.block.comparison.second"), part.second, part.second_alternative))
            is_text = part.shown_as == "text"
            return [Side(name, cells.get(column, "") if is_text else "",
                         None if is_text else _picture(cells, media, column, cells.get(words, "").strip(), name))
                    for name, column, words in both]
        case Ranking():
            given = places(part, posted)
            return list(given.items()), sorted(given, key=lambda option: int(given[option])) if _is_order(given) else []
        case Boxes():
            lines = rows(part, posted)
            empty = {side: "" for side in ("label", "x", "y", "w", "h")}
            return _shown(form.part(part.of), cells, media), lines + [empty] * (part.most - len(lines)), len(lines)
        case File():
            return ",".join(_ENDINGS[kind] for kind in part.kinds), kept
        case _:
            return None


def _is_order(given: Mapping[str, str]) -> bool:
    return sorted(given.values()) == sorted(map(str, range(1, len(given) + 1)))


def _picture(cells: Mapping, media: Mapping, column: str, words: str, label: str) -> Picture:
    """An item without this picture has none to show, wherever one may lie."""
    is_long = len(words) > LONGEST_ALT
    alt = _("tasks.block.image.beside") if is_long else words or label or _("tasks.block.image.unnamed")
    shown = media.get(column, NOWHERE) if cells.get(column, "").strip() else NOWHERE
    return Picture(shown.src, alt, words if is_long else "", shown.width, shown.height)


def address(text: str) -> tuple[str, str]:
    """(address, place) of a page that a cell names; ("", the text) of what is none: a script is no address."""
    try:
        parts = urlsplit(text.strip())
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_page = False
    return (text.strip(), parts.hostname) if is_page else ("", text)


def _notes(part: Asked) -> list[str]:
    """What may be answered, in words, under the client's own hint."""
    match part:
        case Several(least=least, most=most) if least or most:
            told = [ngettext("tasks.block.several.least", "tasks.block.several.least", least) % {"num": least}] if least else []
            return told + ([ngettext("tasks.block.several.most", "tasks.block.several.most", most) % {"num": most}] if most else [])
        case Text() | Transcription():
            return _text_notes(part)
        case Number() if part.step:
            steps = _("tasks.block.number.step") % {"step": f"{part.step:,f}", "start": f"{part.least or 0:,f}"}
            return [said, steps] if (said := span(part)) else [steps]
        case Number() | Date():
            return [said] if (said := span(part)) else []
        case Ranking():
            return [_("tasks.block.ranking.how")]
        case Boxes():
            return [_("tasks.block.boxes.how") % {"most": part.most}]
        case File():
            return [_("tasks.block.file.how") % {"kinds": _("tasks.block.file.and").join(kind_names()[kind] for kind in part.kinds),
                                                 "mb": part.most_mb}]
        case _:
            return []


def _text_notes(part: Text | Transcription) -> list[str]:
    patterns = {"digits": _("tasks.block.text.digits"), "phone": _("tasks.block.text.phone"), "postal": _("tasks.block.text.postal"),
                "email": _("tasks.block.text.email"), "address": _("tasks.block.text.address"),
                "katakana": _("tasks.block.text.katakana"), "hiragana": _("tasks.block.text.hiragana"),
                "latin": _("tasks.block.text.latin")}
    if getattr(part, "pattern", ""):
        return [patterns[part.pattern]]
    if getattr(part, "least", None):
        return [_("tasks.block.text.between") % {"least": f"{part.least:,}", "most": f"{part.most:,}"}]
    return [_("tasks.block.text.most") % {"most": f"{part.most:,}"}]


def day_type(text: str) -> str:
    """The kind of field for a day. A browser throws away what is no day: that stands in a plain line, where it can be mended."""
    try:
        return "date" if not text or datetime.date.fromisoformat(text).isoformat() == text else "text"
    except ValueError:
        return "text"


def kind_names() -> dict[str, str]:
    """What each kind of file is called."""
    return {"picture": _("tasks.block.file.picture"), "paper": _("tasks.block.file.paper"), "text": _("tasks.block.file.text"),
            "sound": _("tasks.block.file.sound"), "film": _("tasks.block.file.film"), "archive": _("tasks.block.file.archive")}
