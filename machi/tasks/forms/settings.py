"""One setting of a part: what a client may write there, read from JSON or from what a browser sent, in a sentence where it cannot be.

`read` takes whatever JSON can hold and answers with a value or raises Wrong; `written` is the same value for JSON again.
"""
import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from django.utils.translation import gettext as _

from machi.shared.japanese import cleaned

MOST_OPTIONS, MOST_OF_AN_OPTION = 60, 200
MOST_OF_A_COLUMN = 60                               # letters, as in intake
_EXACT = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,6})?")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_MINUS = str.maketrans("\u2212\u2010\u2013\u30fc", "----", ",、 \u3000")


class Wrong(Exception):
    """This cannot stand here. Its text is for the person who wrote it."""


def text_in(said) -> str:
    """Text or a number of JSON as text; nothing is an empty one."""
    if said is None:
        return ""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise Wrong(_("tasks.form.not_text"))
    return cleaned(said if isinstance(said, str) else number_text(said))


def exact_in(text: str) -> Decimal:
    """A number as people write it: 1,200 / ２．５ / −3. Raises Wrong."""
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    if not _EXACT.fullmatch(plain):
        raise Wrong(_("tasks.form.not_a_number"))
    return Decimal(plain)


def day_in(text: str) -> datetime.date:
    """2026-12-01, 2026/12/1, 2026年12月1日. Raises Wrong."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return datetime.date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        raise Wrong(_("day.not_a_day")) from None


def number_for_json(value: Decimal) -> int | float:
    """3 and not 3.0; otherwise the number that prints as it was written."""
    return int(value) if value == value.to_integral_value() else float(value)


def number_text(said: int | float) -> str:
    """A number of JSON as somebody would type it: never 1e-06."""
    try:
        return f"{Decimal(repr(said)).normalize():f}"[:60]
    except InvalidOperation:
        raise Wrong(_("tasks.form.not_a_number")) from None


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one line."""

    most: int = 200
    is_needed: bool = False

    def read(self, said) -> str:
        return self._checked(" ".join(text_in(said).split()))

    def written(self, value: str) -> str:
        return value

    def _checked(self, text: str) -> str:
        if self.is_needed and not text:
            raise Wrong(_("form.required"))
        if len(text) > self.most:
            raise Wrong(_("tasks.form.too_long") % {"most": f"{self.most:,}", "n": f"{len(text):,}"})
        return text


@dataclass(frozen=True, slots=True)
class Lines(Line):
    """Words on as many lines as one likes."""

    def read(self, said) -> str:
        return self._checked(text_in(said))


@dataclass(frozen=True, slots=True)
class Tick:
    """Yes or no."""

    is_needed: ClassVar[bool] = False

    def read(self, said) -> bool:
        if isinstance(said, bool):
            return said
        text = text_in(said).lower()
        if text in {"", "0", "false", "no", "off"}:
            return False
        if text in {"1", "true", "yes", "on"}:
            return True
        raise Wrong(_("tasks.form.not_a_tick"))

    def written(self, value: bool) -> bool:
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, or nothing where none is needed."""

    least: int
    most: int
    is_needed: bool = False

    def read(self, said) -> int | None:
        text = text_in(said)
        if not text and not self.is_needed:
            return None
        try:
            value = exact_in(text)
        except Wrong:
            value = None
        if value is None or value != value.to_integral_value() or not self.least <= value <= self.most:
            raise Wrong(_("tasks.form.whole") % {"least": f"{self.least:,}", "most": f"{self.most:,}"})
        return int(value)

    def written(self, value: int | None) -> int | None:
        return value


@dataclass(frozen=True, slots=True)
class Exact:
    """A number with up to six places, or nothing."""

    is_needed: ClassVar[bool] = False
    is_above_zero: bool = False

    def read(self, said) -> Decimal | None:
        text = text_in(said)
        if not text:
            return None
        value = exact_in(text)
        if self.is_above_zero and value <= 0:
            raise Wrong(_("tasks.form.above_zero"))
        return value

    def written(self, value: Decimal | None) -> int | float | None:
        return None if value is None else number_for_json(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, or nothing."""

    is_needed: ClassVar[bool] = False

    def read(self, said) -> datetime.date | None:
        text = text_in(said)
        return day_in(text) if text else None

    def written(self, value: datetime.date | None) -> str | None:
        return value.isoformat() if value else None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words of ours."""

    is_needed: ClassVar[bool] = False
    names: Sequence[str]

    def read(self, said) -> str:
        text = text_in(said)
        if text not in self.names:
            raise Wrong(_("tasks.form.choose"))
        return text

    def written(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class SomeOf:
    """At least one of a few words of ours."""

    is_needed: ClassVar[bool] = False
    names: Sequence[str]

    def read(self, said) -> tuple[str, ...]:
        found = {text_in(one) for one in (said if isinstance(said, list | tuple) else [said])} - {""}
        if not found or not found <= set(self.names):
            raise Wrong(_("tasks.form.choose"))
        return tuple(name for name in self.names if name in found)

    def written(self, value: tuple[str, ...]) -> list[str]:
        return list(value)


@dataclass(frozen=True, slots=True)
class Options:
    """What one can choose from, a line for each. Its words are the answer, so no two are alike."""

    is_needed: ClassVar[bool] = True
    least: int = 2
    most: int = MOST_OPTIONS

    def read(self, said) -> tuple[str, ...]:
        lines = said if isinstance(said, list | tuple) else text_in(said).split("\n")
        if len(lines) > 10 * MOST_OPTIONS:
            raise Wrong(_("tasks.form.options") % {"least": self.least, "most": self.most, "n": f"{len(lines):,}"})
        options = tuple(text for line in lines if (text := " ".join(text_in(line).split())))
        if not self.least <= len(options) <= self.most:
            raise Wrong(_("tasks.form.options") % {"least": self.least, "most": self.most, "n": f"{len(options):,}"})
        if long := next((text for text in options if len(text) > MOST_OF_AN_OPTION), ""):
            raise Wrong(_("tasks.form.long_option") % {"option": long[:20], "most": MOST_OF_AN_OPTION})
        if twice := next((text for at, text in enumerate(options) if text in options[:at]), ""):
            raise Wrong(_("tasks.form.option_twice") % {"option": twice[:40]})
        return options

    def written(self, value: tuple[str, ...]) -> list[str]:
        return list(value)


@dataclass(frozen=True, slots=True)
class Column(Line):
    """The name of a column of the client's file."""

    most: int = MOST_OF_A_COLUMN

    def read(self, said) -> str:
        text = " ".join(text_in(said).split())
        if self.is_needed and not text:
            raise Wrong(_("tasks.form.choose_column"))
        return self._checked(text)


@dataclass(frozen=True, slots=True)
class Another(Line):
    """The name of another part of the same form, of one of these kinds."""

    most: int = 30
    is_needed: bool = True
    kinds: Sequence[str] = ()

    def read(self, said) -> str:
        text = text_in(said)
        if not text:
            raise Wrong(_("tasks.form.choose_part"))
        return self._checked(text)


Setting = Line | Tick | Whole | Exact | Day | OneOf | SomeOf | Options | Column | Another
Said = Mapping[str, object]
