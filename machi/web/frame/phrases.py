"""Line breaks between phrases (BudouX): `<wbr>` where a Japanese reader would breathe. Goes with `word-break: keep-all`."""
from functools import lru_cache
from html import unescape

import budoux
from django.utils.translation import get_language
from markupsafe import Markup, escape

from machi.web.frame.tokens import word_ends

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
    return Markup("<wbr>").join(escape(phrase) for phrase in _whole(_parser.parse(text), word_ends(text)))


def _whole(guesses, ends) -> list[str]:
    """BudouX guesses and may cut たの|む人 or 4,0|00: a break inside a word of the dictionary is none."""
    whole, at = [""], 0
    for guess in guesses:
        if at in ends:
            whole.append("")
        whole[-1] += guess
        at += len(guess)
    return whole
