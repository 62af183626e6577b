"""What a client wrote as the right answer of an item (golds), read as the block reads an answer: 1,200 is 1200, 2026/12/1 is a day."""
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from machi.tasks.forms.answers import read
from machi.tasks.forms.parts import Asked, Boxes, Choice, Comparison, File, Ranking, Scale, Several
from machi.tasks.forms.posted import field
from machi.tasks.forms.settings import Wrong, exact_in, number_for_json

_BETWEEN = (r";", r"\|", r"\n", r"、", r",", r"[;|\n、,>→]")      # one after the other: an option may hold one of the others


def truth_in(block: Asked, text: str):
    """As `clean` would give it for somebody who is right; None where nobody can tell who is (boxes, files). Raises Wrong: nobody who meets
    this block can answer so.
    """
    match block:
        case Boxes() | File():
            return None
        case Several():
            posted = {field(block): _several(text, block.options)}
        case Ranking():
            order = _several(text, block.options)
            posted = {field(block, "option"): order, field(block, "place"): [str(place) for place in range(1, len(order) + 1)]}
        case Choice():
            posted = {field(block): [_option(text, block.options) or text]}
        case Scale():
            posted = {field(block): [str(number_for_json(exact_in(text.strip())))]}
        case Comparison():
            posted = {field(block): [_side(block, text)]}
        case _:
            posted = {field(block): [text]}
    value = read(block, posted)
    if value is None:
        raise Wrong(_("form.required"))
    return value


def is_same(block: Asked, one, other) -> bool:
    """Do two answers to it say the same? Of texts that is asked of machi.tasks.quality."""
    return set(one or ()) == set(other) and one is not None if isinstance(block, Several) else one == other


def _side(block: Comparison, text: str) -> str:
    """By the name of the column, or as it is kept."""
    same = dict.fromkeys(("same", *_same_in_every_language()), "same")
    return ({"first": "first", "second": "second"} | same | {block.second: "second", block.first: "first"}).get(text.strip(), text.strip())


@cache
def _same_in_every_language() -> tuple[str, ...]:
    """A client writes it in theirs, and somebody else answers, or the clock counts, in another."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(_("tasks.block.comparison.same"))
    return tuple(found)


def _several(text: str, options: Sequence[str]) -> list[str]:
    """Options that stand in one cell: 犬; 猫 / 犬、猫 / 犬,猫 / 犬|猫."""
    if whole := _option(text, options):
        return [whole]
    for between in _BETWEEN:
        found = [_option(one, options) for one in re.split(between, unicodedata.normalize("NFKC", text)) if one.strip()]
        if all(found):
            return found
    raise Wrong(_("tasks.block.not_there"))


def _option(text: str, options: Sequence[str]) -> str:
    """The option that is meant, also in letters of another width; nothing where none is."""
    plain = _plain(text)
    return text if text in options else next((option for option in options if _plain(option) == plain), "")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
