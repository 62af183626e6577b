"""Line breaks between phrases (BudouX): `<wbr>` where a Japanese reader would breathe. Goes with `word-break: keep-all`."""
from functools import lru_cache
from html import unescape

import budoux
from django.utils.translation import get_language
from markupsafe import Markup, escape

_parser = budoux.load_default_japanese_parser()
_SHORT = 7                                          # a text this short never breaks badly


def phrases(text) -> Markup:
    """The text, escaped, with places to break. Other languages break at their spaces."""
    if hasattr(text, "__html__"):
        if "<" in text:
            return text                             # drawn already
        text = unescape(text)                       # words of a catalogue, perhaps with what a person typed inside
    text = str(text)
    if len(text) < _SHORT or text.isascii() or not (get_language() or "").startswith("ja"):
        return escape(text)
    return _broken(text)


@lru_cache(maxsize=20_000)
def _broken(text: str) -> Markup:
    return Markup("<wbr>").join(escape(phrase) for phrase in _parser.parse(text))
