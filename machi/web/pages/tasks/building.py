"""The builder of forms: what a client typed, part by part, as JSON that `parse` reads; the buttons that add, move and remove; the preview.

    built = Built.posted(request.POST, columns, rows)       # or Built.of(form, columns, rows) at first
    built.is_pressed                                        # a button inside it: show the page again, nothing is saved
    built.form                                              # what to save; None while something cannot be: then answer 422

In the page: {{ ui.building(built, address) }} inside its form, {{ ui.building_preview(built) }} in a block of its own, which htmx asks for
at the same address while somebody types.
"""
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from machi.tasks.forms import Form, Grade, Refused, grade, parse
from machi.tasks.forms.form import MOST_BLOCKS, MOST_SHOWN
from machi.tasks.forms.parsing import free_name
from machi.tasks.forms.parts import ASKED, KINDS, SHOWN, Part
from machi.tasks.forms.settings import Another, Column, Day, Exact, Line, Lines, OneOf, Options, Setting, SomeOf, Tick, Whole
from machi.web.frame.media import Shown
from machi.web.pages.tasks.drawing import Drawn, day_type, drawn
from machi.web.pages.tasks.naming import choices_of, hint_of, kind_name, label_of

PREFIX, ACT, NEW = "f.", "f.act", "f.new"
MOST_PARTS = MOST_BLOCKS + MOST_SHOWN
_WIDGETS = {Lines: "lines", Options: "lines", Tick: "tick", Whole: "whole", Exact: "exact", Day: "day", SomeOf: "some", OneOf: "one",
            Column: "one", Another: "one", Line: "line"}
# Settings that most parts do well without: they are folded away while nobody has touched them.
_FOLDED = {"hint", "least", "most", "step", "pattern", "language", "earliest", "latest", "most_mb", "alternative_text", "can_be_same"}


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as it is drawn. `said`: texts; `choices`: (value, words) where there are some."""

    id: str
    name: str
    widget: str
    label: str
    hint: str
    error: str
    said: tuple[str, ...]
    is_needed: bool
    is_folded: bool
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.said[0] if self.said else ""

    @property
    def day_type(self) -> str:
        return day_type(self.text)

    @property
    def described(self) -> str:
        return " ".join([f"{self.id}_helptext"] * bool(self.hint) + [f"{self.id}_error"] * bool(self.error))


class Place(NamedTuple):
    """One part in the list: its number from 1, what kind it is, what it is called, its fields."""

    number: int
    id: str
    kind: str
    name: str
    title: str
    error: str
    fields: list[Field]
    is_first: bool
    is_last: bool


class Built:
    """A form that is being built: `said` is JSON with texts in it, as it was typed, and is kept whatever is wrong with it."""

    def __init__(self, said: dict, columns: Sequence[str] = (), rows: Sequence[Sequence[str]] = (), *, is_judged: bool = False,
                 is_pressed: bool = False, minutes: int | None = None, media: Mapping[str, Shown] | None = None):
        """`columns`, `rows`: of the client's file, some of its items; `is_judged`: whether to show what is wrong; `minutes`: the time for
        one item; `media`: where the pictures and sounds of the first item lie in the town, by column.
        """
        self.said, self.columns, self.rows, self.minutes, self.media = said, tuple(columns), rows, minutes, media
        self.is_judged, self.is_pressed = is_judged, is_pressed

    @classmethod
    def of(cls, form: Form | None, columns: Sequence[str] = (), rows: Sequence[Sequence[str]] = (), **more) -> "Built":
        return cls(form.on_paper() if form else {"parts": []}, columns, rows, **more)

    @classmethod
    def posted(cls, posted: MultiValueDict, columns: Sequence[str] = (), rows: Sequence[Sequence[str]] = (), *,
               used: Collection[str] = (), **more) -> "Built":
        """With a button of the builder already carried out. `used`: names that no new part may take."""
        said = said_of(posted, used)
        after = pressed(posted, said, used)
        return cls(after or said, columns, rows, is_judged=after is None, is_pressed=after is not None, **more)

    @cached_property
    def _read(self) -> tuple[Form | None, dict[str, str]]:
        try:
            return parse(self.said, self.columns or None), {}
        except Refused as refused:
            return None, refused.errors

    @property
    def form(self) -> Form | None:
        return self._read[0]

    @property
    def errors(self) -> dict[str, str]:
        """By place; empty until somebody wanted to go on with it."""
        return self._read[1] if self.is_judged else {}

    @cached_property
    def places(self) -> list[Place]:
        parts, errors = self.said["parts"], self.errors
        titles = {part["name"]: (part["kind"], f"{number}. {_title(part)}") for number, part in enumerate(parts, 1)}
        return [Place(
            number + 1, f"f-{number}", part["kind"], part["name"], titles[part["name"]][1],
            errors.get(f"parts.{number}.name") or errors.get(f"parts.{number}.kind", ""),
            [self._field(number, part, name, setting, titles) for name, setting in KINDS[part["kind"]].settings().items()],
            number == 0, number == len(parts) - 1) for number, part in enumerate(parts)]

    def _field(self, number: int, part: dict, name: str, setting: Setting, titles: Mapping[str, tuple[str, str]]) -> Field:
        kind, widget = KINDS[part["kind"]], _WIDGETS[type(setting)]
        said = _texts(part[name] if name in part else _default(kind, name, setting), setting)
        choices = tuple(self._choices(kind, name, setting, titles, said[0] if said else ""))
        is_needed = setting.is_needed or isinstance(setting, Tick | OneOf | SomeOf)
        error = self.errors.get(f"parts.{number}.{name}", "")
        is_folded = name in _FOLDED and not error and said == _texts(_default(kind, name, setting), setting)
        return Field(f"f-{number}-{name}", f"{PREFIX}{number}.{name}", "line" if widget == "one" and not choices else widget,
                     label_of(kind, name), hint_of(kind, name), error, said, is_needed, is_folded, choices)

    def _choices(self, kind: type[Part], name: str, setting: Setting, titles: Mapping, now: str) -> Iterator[tuple[str, str]]:
        match setting:
            case Column() if self.columns:
                yield "", _("tasks.form.no_choice") if setting.is_needed else _("tasks.form.none")
                yield from ((column, column) for column in self.columns)
                if now and now not in self.columns:
                    yield now, _("tasks.form.lost_column") % {"column": now}
            case Another():
                yield "", _("tasks.form.no_choice")
                yield from ((own, title) for own, (of, title) in titles.items() if of in setting.kinds)
            case OneOf() | SomeOf():
                words = choices_of(kind, name)
                yield from ((value, words[value]) for value in setting.names)

    @cached_property
    def wrong(self) -> list[tuple[str, str, str]]:
        """(id, label, sentence) of each field, then of the whole, for the summary on top."""
        found = [(field.id, f"{place.title} {field.label}", field.error) for place in self.places for field in place.fields if field.error]
        found += [(place.id, place.title, place.error) for place in self.places if place.error]
        return found + [("f-new", "", sentence) for path, sentence in self.errors.items() if "." not in path]

    @cached_property
    def shown(self) -> Form | None:
        """The form for the preview: what of it can be shown already."""
        said = self.said
        for _attempt in range(3):
            try:
                return parse(said, self.columns or None)
            except Refused as refused:
                bad = {path.split(".")[1] for path in refused.errors if path.startswith("parts.")}
                said = {"parts": [part for number, part in enumerate(said["parts"]) if str(number) not in bad]}
        return None

    @cached_property
    def preview(self) -> Drawn | None:
        cells = dict(zip(self.columns, self.rows[0], strict=False)) if self.rows else {}
        return drawn(self.shown, cells, media=self.media, prefix="v") if self.shown else None

    @cached_property
    def grade(self) -> Grade | None:
        return grade(self.shown, self.columns, self.rows, self.minutes) if self.shown else None

    def place_of(self, name: str) -> Place | None:
        """Where a finding leads to."""
        return next((place for place in self.places if place.name == name), None)

    @property
    def new_kinds(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What can be added, in two groups."""
        return [(_("tasks.form.group.shown"), [(kind.kind, kind_name(kind.kind)) for kind in SHOWN]),
                (_("tasks.form.group.asked"), [(kind.kind, kind_name(kind.kind)) for kind in ASKED])]

    @property
    def is_full(self) -> bool:
        return len(self.said["parts"]) >= MOST_PARTS


def said_of(posted: MultiValueDict, used: Collection[str] = ()) -> dict:
    """What was typed, as JSON: only the settings that each kind has, in the order of their numbers."""
    parts = []
    for number in range(MOST_PARTS):
        kind = KINDS.get(posted.get(f"{PREFIX}{number}.kind"))
        if kind is None:
            continue
        part: dict[str, object] = {"kind": kind.kind, "name": posted.get(f"{PREFIX}{number}.name", "")[:30]}
        for name, setting in kind.settings().items():
            texts = posted.getlist(f"{PREFIX}{number}.{name}")
            if isinstance(setting, SomeOf):
                part[name] = texts
            elif isinstance(setting, Tick):
                part[name] = bool(texts)            # a box that is not ticked is not sent
            elif texts:
                part[name] = texts[-1]
        parts.append(part)
    _name_all(parts, used)
    return {"parts": parts}


def pressed(posted: MultiValueDict, said: dict, used: Collection[str] = ()) -> dict | None:
    """What stands there after a button of the builder; None where none was pressed."""
    verb, _space, number = posted.get(ACT, "").partition(" ")
    parts, at = list(said["parts"]), int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else -1
    if verb == "add" and (kind := KINDS.get(posted.get(NEW))):
        if len(parts) < MOST_PARTS:
            parts.append({"kind": kind.kind, "name": ""})
    elif verb in {"remove", "copy", "up", "down"} and 0 <= at < len(parts):
        _change(parts, verb, at)
    elif verb != "add":
        return None
    _name_all(parts, used)
    return {"parts": parts}


def _change(parts: list[dict], verb: str, at: int) -> None:
    to = at + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "remove":
        del parts[at]
    elif verb == "copy" and len(parts) < MOST_PARTS:
        parts.insert(at + 1, parts[at] | {"name": ""})
    elif verb != "copy" and 0 <= to < len(parts):
        parts[at], parts[to] = parts[to], parts[at]


def _name_all(parts: list[dict], used: Collection[str]) -> None:
    """Each part has a name of its own at once, so that others can refer to it; one that answers know already means what it meant."""
    taken: set[str] = set()
    given = {part["name"] for part in parts} | set(used)
    for part in parts:
        if not part["name"] or part["name"] in taken:
            part["name"] = free_name(KINDS[part["kind"]], taken | given)
        taken.add(part["name"])


def _title(part: Mapping) -> str:
    """What a part is called in the list: 1つ選ぶ：気持ち."""
    own = next((text for name in ("label", "column", "text") if isinstance(text := part.get(name), str) and text.strip()), "")
    kind = kind_name(part["kind"])
    return _("tasks.form.titled") % {"kind": kind, "own": " ".join(own.split())[:40]} if own else kind


def _default(kind: type[Part], name: str, setting: Setting) -> object:
    value = kind.__dataclass_fields__[name].default
    return setting.written(value)


def _texts(value: object, setting: Setting) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("1",) if value else ()
    if isinstance(value, list | tuple):
        return ("\n".join(map(str, value)),) if isinstance(setting, Options) else tuple(map(str, value))
    return () if value is None or value == "" else (str(value),)
