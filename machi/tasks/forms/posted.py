"""A form between a page and its answers: the names of its fields, what somebody typed, and the buttons inside it.

What was posted is {field: [texts]}; a field that stands there several times (the boxes of a picture) has as many texts.
"""
from collections.abc import Mapping, Sequence

from machi.tasks.forms.form import Form
from machi.tasks.forms.parts import MOST_TEXT, Asked, Boxes, File, Ranking, Several
from machi.tasks.forms.plain import plain_of
from machi.tasks.forms.settings import MOST_OPTIONS

Posted = Mapping[str, Sequence[str]]
PREFIX = "a."                                       # an answer, apart from whatever else stands in the same page's form
ACT = "a.act"                                       # "q3 up 2": which button of the form was pressed
SIDES = ("label", "x", "y", "w", "h")
NEW_BOX = {"label": "", "x": "25", "y": "25", "w": "50", "h": "50"}


def field(block: Asked, of: str = "") -> str:
    """The name of a field of a block."""
    return f"{PREFIX}{block.name}{'.' if of else ''}{of}"


def fields(block: Asked) -> tuple[str, ...]:
    """All fields of a block that hold text."""
    match block:
        case Boxes():
            return tuple(field(block, side) for side in SIDES)
        case Ranking():
            return field(block, "option"), field(block, "place")
        case File():
            return ()
        case _:
            return (field(block),)


def one(posted: Posted, name: str) -> str:
    """The text of a field that stands there once."""
    texts = posted.get(name) or [""]
    return str(texts[-1])


def kept(form: Form, posted: Posted) -> dict[str, list[str]]:
    """What may be kept of an answer that is half written: the fields of this form and no others, as they were typed, within bounds.

    Without the one letter that no table can hold.
    """
    known = (name for block in form.blocks for name in fields(block))
    return {name: [str(text)[:MOST_TEXT].replace("\0", "") for text in posted[name][:MOST_OPTIONS]] for name in known if posted.get(name)}


def typed(form: Form, values: Mapping[str, object] | None) -> dict[str, list[str]]:
    """The fields of an answer that is held: of half an answer as they were typed (`kept`), of one that was taken back as it was given."""
    values = values or {}
    half = {name: list(texts) for name, texts in values.items() if name.startswith(PREFIX)}
    return half or posted_of(form, values)


def posted_of(form: Form, values: Mapping[str, object]) -> dict[str, list[str]]:
    """What would have to be typed to answer so: the fields of a form that is shown once more."""
    found: dict[str, list[str]] = {}
    for block in form.blocks:
        value = values.get(block.name)
        if value is None:
            continue
        match block:
            case Several():
                found[field(block)] = list(value)
            case Ranking():
                found |= {field(block, "option"): list(value), field(block, "place"): [str(place) for place in range(1, len(value) + 1)]}
            case Boxes():
                found |= {field(block, side): [plain_of(box[side]) for box in value] for side in SIDES}
            case File():
                pass                                # no page can put a file back into its field
            case _:
                found[field(block)] = [plain_of(value)]
    return found


def places(block: Ranking, posted: Posted) -> dict[str, str]:
    """Each option with the place that somebody gave it, in the form's order; "" where there is none yet."""
    said = dict(zip(posted.get(field(block, "option"), ()), posted.get(field(block, "place"), ()), strict=False))
    return {option: str(said.get(option, "")).strip() for option in block.options}


def rows(block: Boxes, posted: Posted) -> list[dict[str, str]]:
    """The boxes as they were typed, in their lines; what has no number is no box."""
    columns = [list(map(str, posted.get(field(block, side), ()))) for side in SIDES]
    count = min(max(map(len, columns)), MOST_OPTIONS)
    lines = ({side: texts[at].strip() if at < len(texts) else "" for side, texts in zip(SIDES, columns, strict=True)}
             for at in range(count))
    return [line for line in lines if any(line[side] for side in SIDES[1:])]


def acted(form: Form, posted: Posted) -> dict[str, list[str]] | None:
    """What is posted after a button inside the form was pressed (a box more or less, a place up or down); None where none was.

    The form is shown once more with it; nothing of it is an answer yet.
    """
    words = one(posted, ACT).split()
    block = form.part(words[0]) if len(words) == 3 and words[2].isdecimal() and len(words[2]) < 3 else None
    if not isinstance(block, Ranking | Boxes):
        return None
    changed, at = kept(form, posted), int(words[2])
    if isinstance(block, Ranking):
        return changed | posted_of(Form((block,)), {block.name: _moved(block, posted, at, words[1])})
    lines = rows(block, posted)
    if words[1] == "less":
        lines = lines[:at] + lines[at + 1:]
    elif len(lines) < block.most:
        lines = [*lines, NEW_BOX]
    return changed | {field(block, side): [line[side] for line in lines] for side in SIDES}


def taken_away(form: Form, posted: Posted) -> str | None:
    """The block whose file shall go: the button beside it was pressed (ACT: "q3 away 0")."""
    words = one(posted, ACT).split()
    return words[0] if len(words) == 3 and words[1] == "away" and isinstance(form.part(words[0]), File) else None


def _moved(block: Ranking, posted: Posted, at: int, way: str) -> list[str]:
    """From first to last, after one option (by its number in the form) changed places with its neighbour. What has no place yet stands
    behind what has one.
    """
    given = places(block, posted)
    known = {str(place): place for place in range(1, len(given) + 1)}
    order = sorted(block.options, key=lambda option: known.get(given[option], len(known) + 1))
    if at < len(order):
        place = order.index(block.options[at])
        other = place + (1 if way == "down" else -1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
    return order
