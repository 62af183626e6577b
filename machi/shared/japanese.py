"""Japanese text as the town handles it: cleaned when it comes in, cut into pairs of characters when it is searched."""
import re
import unicodedata

# Control characters but the line's end and the tab, halves of letters, and the marks and overrides that turn the text around them.
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def cleaned(text: str) -> str:
    """What a person typed, without what nobody can see: NUL and control characters, marks that turn text around.

    Letters stay as they were typed: 髙 and 𠮷 are in people's names.
    """
    if text.isprintable():                          # nothing unseen is, and of all spaces only the common one
        return text.strip(" ")
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def folded(text: str) -> str:
    """One spelling for searching: full and half width, capitals, katakana and hiragana become the same."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def pairs(text: str) -> set[str]:
    """All pairs of neighbouring characters within the words of a text: サッカー -> さっ, っか, かー. One character stays alone."""
    found = set()
    for word in folded(text).split():
        found.update([word] if len(word) == 1 else [word[i:i + 2] for i in range(len(word) - 1)])
    return found
