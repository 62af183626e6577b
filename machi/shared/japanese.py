"""Japanese text as the town handles it: cleaned when it comes in, cut into pairs of characters when it is searched."""
import unicodedata

# Left-to-right and right-to-left marks and overrides: invisible, and able to turn the text around them.
_TURNING = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def cleaned(text: str) -> str:
    """What a person typed, without what nobody can see: NUL and control characters, marks that turn text around.

    Letters stay as they were typed: 髙 and 𠮷 are in people's names.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TURNING)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


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
