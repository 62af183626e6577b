"""From JSON, or from what somebody typed into the builder, to a form. All that is wrong is told at once, each beside its place."""
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from machi.shared.errors import DomainError
from machi.tasks.forms.form import MOST_BLOCKS, MOST_SHOWN, VERSION, Form
from machi.tasks.forms.parts import KINDS, NAME, Asked, Part
from machi.tasks.forms.settings import Another, Column, Wrong

_MOST_READ = 200                                    # parts, of whatever is sent


class Refused(DomainError):
    """This is no form yet. `errors`: for each place (parts.2.label, the parts counted from 0) a sentence."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(next(iter(errors.values())))
        self.errors = errors


def parse(said: object, columns: Sequence[str] | None = None) -> Form:
    """The form that was said: JSON as `Form.on_paper` writes it, or with text in place of numbers, lists and ticks, as a browser sends it.

    `columns`: those of the client's file, where there is one; then a form that needs others is refused. Raises Refused.
    """
    if not isinstance(said, Mapping) or not isinstance(said.get("parts"), list | tuple):
        raise Refused({"parts": _("tasks.form.not_a_form")})
    if said.get("version", VERSION) != VERSION:
        raise Refused({"version": _("tasks.form.version") % {"version": VERSION}})
    reader = _Reader(columns, {one["name"]: one.get("kind") for one in said["parts"]
                               if isinstance(one, Mapping) and isinstance(one.get("name"), str)})
    parts = [part for number, one in enumerate(said["parts"][:_MOST_READ]) if (part := reader.part(f"parts.{number}", one))]
    for path, part in zip(reader.paths, parts, strict=True):
        reader.together(path, part, parts)
    reader.whole(len(said["parts"]), parts)
    if reader.errors:
        raise Refused(reader.errors)
    return Form(tuple(parts))


class _Reader:
    """Reads one part after the other, and remembers what was wrong."""

    def __init__(self, columns: Sequence[str] | None, given: dict[str, object]):
        self.errors: dict[str, str] = {}
        self.paths: list[str] = []                  # of the parts that could be read
        self._columns = columns
        self._names: set[str] = set()
        self._given = given                         # names and kinds, also of parts that cannot be read yet

    def part(self, path: str, said: object) -> Part | None:
        kind = KINDS.get(said.get("kind")) if isinstance(said, Mapping) and isinstance(said.get("kind"), str) else None
        if kind is None:
            self.errors[f"{path}.kind"] = _("tasks.form.kind")
            return None
        before, settings, values = len(self.errors), kind.settings(), {}
        for name, setting in settings.items():
            if name in said or setting.is_needed and not kind.__dataclass_fields__[name].default:
                try:
                    values[name] = setting.read(said.get(name))
                except Wrong as wrong:
                    self.errors[f"{path}.{name}"] = str(wrong)
        for name in said.keys() - settings.keys() - {"kind", "name"}:
            self.errors[f"{path}.{str(name)[:30]}"] = _("tasks.form.unknown")
        own = self._name(path, kind, said.get("name"))
        if len(self.errors) > before:
            return None
        self.paths.append(path)
        return kind(name=own, **values)

    def _name(self, path: str, kind: type[Part], said: object) -> str:
        """The part's own, or the next one that is free."""
        name = said or free_name(kind, self._names | self._given.keys())
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in self._names:
            self.errors[f"{path}.name"] = _("tasks.form.name")
            return ""
        self._names.add(name)
        return name

    def together(self, path: str, part: Part, parts: Sequence[Part]) -> None:
        """What of this part does not go with itself, with the other parts or with the client's file."""
        self.errors |= {f"{path}.{name}": why for name, why in part.faults()}
        for name, setting in part.settings().items():
            value = getattr(part, name)
            if isinstance(setting, Column) and value and self._columns is not None and value not in self._columns:
                self.errors[f"{path}.{name}"] = _("tasks.form.no_column") % {"column": value}
            if isinstance(setting, Another) and (self._given | {one.name: one.kind for one in parts}).get(value) not in setting.kinds:
                self.errors[f"{path}.{name}"] = _("tasks.form.choose_part")

    def whole(self, count: int, parts: Sequence[Part]) -> None:
        blocks = sum(isinstance(part, Asked) for part in parts)
        if blocks > MOST_BLOCKS or count > MOST_BLOCKS + MOST_SHOWN:
            self.errors["parts"] = _("tasks.form.many_blocks") % {"most": MOST_BLOCKS}
        elif len(parts) - blocks > MOST_SHOWN:
            self.errors["parts"] = _("tasks.form.many_shown") % {"most": MOST_SHOWN}
        elif not blocks and not self.errors:
            self.errors["parts"] = _("tasks.form.no_block")


def free_name(kind: type[Part], taken: set[str]) -> str:
    """q1, q2 for what asks, p1, p2 for what shows: the first that is free."""
    letter = "q" if issubclass(kind, Asked) else "p"
    return next(name for number in range(1, len(taken) + 2) if (name := f"{letter}{number}") not in taken)

