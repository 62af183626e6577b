"""A form in its versions: what an answer that was given by an older one still says to the block that is asked now."""
from machi.tasks.forms.form import Form
from machi.tasks.forms.parts import Asked, Boxes, Choice, Comparison, Number, Ranking, Scale, Several, Transcription


def with_old(newest: Form, *older: Form) -> Form:
    """To read by: the newest form, and behind it every block that only older ones ask (of these the newest first), so that nothing that
    was answered is out of sight. Nobody is asked by it.
    """
    parts = {part.name: part for part in newest.parts}
    for form in older:
        for block in form.blocks:
            parts.setdefault(block.name, block)
    return Form(tuple(parts.values()))


def asked_alike(block: Asked, now: Form, was: Form) -> Asked | None:
    """The block of an older form whose answers may be counted with those to `block` of the newest; None: it asked something else, or
    nothing. Other words around the same question make no other question; other points, units, columns and pictures do.
    """
    old = was.part(block.name)
    if type(old) is not type(block):
        return None
    match block:
        case Scale():
            is_alike = old.points == block.points and (old.low, old.high) != (block.high, block.low)
        case Number():
            is_alike = old.unit == block.unit
        case Ranking():
            is_alike = set(old.options) == set(block.options)
        case Comparison():
            is_alike = (old.first, old.second) == (block.first, block.second)
        case Transcription() | Boxes():
            is_alike = _about(block, now) == _about(old, was)
        case _:
            is_alike = True
    return old if is_alike else None


def options_of(block: Asked) -> tuple[str, ...]:
    """What can be said to a block, each a question of its own."""
    return block.options if isinstance(block, Several) else block.labels if isinstance(block, Boxes) else ()


def still_said(block: Asked, value):
    """The part of an answer that this block knows; None: it knows nothing of it."""
    match block:
        case Choice():
            return value if value in block.options else None
        case Comparison():
            return value if value != "same" or block.can_be_same else None
        case Several():
            return [option for option in value if option in block.options]
        case Boxes():
            return [box for box in value if box["label"] in block.labels]
        case _:
            return value


def _about(block: Transcription | Boxes, form: Form) -> str:
    """The column of what it is about."""
    return getattr(form.part(block.of), "column", "")
