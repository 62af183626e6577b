"""The words of a Japanese text, as SudachiPy's dictionary knows them: for the readings above them and the line breaks between them."""
from functools import cache
from itertools import accumulate
from threading import Lock

from sudachipy import Dictionary, Morpheme, SplitMode

AT_ONCE = 10_000                                    # letters: the tokenizer refuses more than 49,149 bytes
_lock = Lock()


def long_words(text: str) -> list[Morpheme]:
    """The words, with their readings; a compound is one word."""
    return _read(text, "C")


def word_ends(text: str) -> set[int]:
    """Where a word ends, counted in letters from the start; a compound is several words."""
    return set(accumulate(len(word.surface()) for word in _read(text, "A")))


def _read(text, mode):
    with _lock:                                     # one tokenizer serves one thread at a time
        return [word for at in range(0, len(text), AT_ONCE) for word in _tokenizer(mode).tokenize(text[at:at + AT_ONCE])]


@cache
def _tokenizer(mode):
    return _dictionary().tokenizer(mode=SplitMode(mode))


@cache
def _dictionary():
    return Dictionary(dict="core")
