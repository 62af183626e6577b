"""Two windows on one section. A form carries the seal of what it read; where that is no longer what is saved, the newer words are
not written over in silence: both texts are shown, and the person chooses or puts them together."""
import hashlib
import json

from django.db.models import Model
from django.utils.translation import gettext as _

from machi.shared.errors import DomainError


class Overtaken(DomainError):
    """Another window saved this section meanwhile."""


def values_of(thing: Model | None, names) -> dict:
    """What is saved under these names; nothing is as good as empty."""
    return {name: getattr(thing, thing._meta.get_field(name).attname) if thing is not None else None for name in names}


def seal(values: dict) -> str:
    """A short mark of what is saved. Empty and not there are the same."""
    told = {name: value for name, value in values.items() if value not in (None, "", [], False)}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def fingerprint(paper: dict) -> str:
    """SHA-256 over a paper in one fixed spelling: the same words give the same fingerprint, everywhere."""
    return hashlib.sha256(json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def refuse_if_overtaken(seen: str | None, saved: dict, typed: dict) -> None:
    """`seen`: the seal of what the form was filled with; none where nobody looked before. The same words twice are in nobody's way."""
    if seen is not None and seen != seal(saved) and seal(saved) != seal(typed):
        raise Overtaken(_("me.overtaken"))
