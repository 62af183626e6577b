"""An answer as text, for a cell of a table that goes out. Where it goes out it is defused for spreadsheets."""
from collections.abc import Mapping
from typing import NamedTuple

from machi.tasks.cells import text_of
from machi.tasks.forms.form import Form
from machi.tasks.forms.parts import Asked, Comparison
from machi.tasks.forms.settings import number_text

BETWEEN = "; "


def plain_of(value, block: Asked | None = None) -> str:
    """よい / 3 / 2026-12-01 / 犬; 猫 / 犬 10 20 30 40; 猫 5 5 10 10. Of a comparison, with its block, the name of the column."""
    if isinstance(block, Comparison) and value in {"first", "second"}:
        return getattr(block, value)
    if isinstance(value, list | tuple):
        return BETWEEN.join(map(plain_of, value))
    if isinstance(value, dict) and "x" in value:
        return " ".join(plain_of(value[side]) for side in ("label", "x", "y", "w", "h"))
    if isinstance(value, dict):
        return text_of(value.get("name"))
    return number_text(value) if isinstance(value, float) else text_of(value)


class Given(NamedTuple):
    """A file in an answer: by its key the town finds it."""

    key: str
    name: str
    kind: str
    size: int


def files_of(value) -> list[Given]:
    """The files of an answer to a block that asks for one, or of all answers together. Of another block none."""
    values = value if isinstance(value, list) else [value]
    return [Given(one["key"], one["name"], one["kind"], one["size"]) for one in values if isinstance(one, dict) and "key" in one]


def said_in(values: Mapping | None, form: Form) -> list[tuple[str, str]]:
    """(label, answer in words) of every block that has one."""
    return [(block.label, plain_of(values[block.name], block)) for block in form.blocks if values and block.name in values]
