"""What a topic or a skill is found by (its marks): whole spellings, their beginnings, and what stands inside them.

    =さっかー       the whole name, reading, English name, or the reading in Latin letters
    ^さっ           one of these begins like that
    さっか          three (or two) neighbouring characters of one of these; a kanji also alone
    ~ふっ           another word for it begins like that; ~=ふっとぼーる is the whole of it

One index of marks answers each of these questions, among ten thousand topics as among four hundred.
"""
import re
from collections.abc import Iterable

from machi.shared.romaji import looked_for, sounding

LONGEST_BEGINNING = 12                              # longer words are told apart by their first twelve letters, and then by reading them
_KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々]")


def marks_of(names: Iterable[str], synonyms: Iterable[str]) -> list[str]:
    """All marks of something with these names and these other words for it."""
    own, other = spellings(names), spellings(synonyms)
    marks = {mark for text in own for mark in (f"={text}", *_beginnings("^", text), *_inside(text))}
    return sorted(marks | {mark for text in other for mark in (f"~={text}", *_beginnings("~", text))})


def spellings(texts: Iterable[str]) -> set[str]:
    """Each text as it is looked for, and as it sounds."""
    found = {spelling for text in texts for spelling in (looked_for(text), sounding(text))}
    return found - {""}


def forms_of(words: str) -> list[str]:
    """What somebody typed, in the one or two spellings in which it is looked for: as it is written, and as it sounds.

    Few kana are looked for as kana only, and so are those that end in the middle of a sound: かん is the beginning of かんじ and not
    of かない, which the letters "kan" would be. A long vowel held for too long has no sound: ああああ.
    """
    typed, sound = looked_for(words), sounding(words)
    is_clear = 2 * len(sound) >= len(typed) if typed.isascii() else len(sound) >= len(typed) >= 3 and typed[-1] not in "んっ"
    return [form for form in dict.fromkeys((typed, sound if is_clear else "")) if form]


def beginning(sign: str, form: str) -> str:
    return sign + form[:LONGEST_BEGINNING]


def inside(form: str) -> list[str]:
    """The marks that everything carries in which this stands. None for a single kana or letter, a word half typed."""
    if len(form) == 1:
        return _KANJI.findall(form)
    return [form[i:i + 3] for i in range(len(form) - 2)] or [form]


def _beginnings(sign: str, text: str) -> list[str]:
    return [sign + text[:length] for length in range(1, min(len(text), LONGEST_BEGINNING) + 1)]


def _inside(text: str) -> set[str]:
    """From the second character on as well as from the first: pairs, threes, and each kanji."""
    pairs = {text[i:i + 2] for i in range(len(text) - 1)}
    return pairs | {text[i:i + 3] for i in range(len(text) - 2)} | set(_KANJI.findall(text))
