"""Half-width katakana (半角カナ), the only letters a bank's file knows: one byte each, and a byte of its own for each ゛ and ゜."""
import unicodedata
from collections.abc import Mapping

_HALF = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFF9E)}
_HALF |= {"\u3099": "ﾞ", "\u309a": "ﾟ"}
_ALONE = str.maketrans({"゛": "\u3099", "゜": "\u309a"})        # NFKC would put a space in front of them
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_WITHOUT_HALF = str.maketrans("ヮヵヶヰヱ", "ワカケイエ")       # letters that JIS X 0201 has not got, as banks write them
_SMALL = str.maketrans("ｧｨｩｪｫｬｭｮｯ", "ｱｲｳｴｵﾔﾕﾖﾂ")
USUAL = {"ｰ": "-", "ｦ": "ｵ", "･": " "}                          # the network's own table of banks has no ー, no ヲ and no ・


def narrow(text: str, *, is_small_kept: bool = False, instead: Mapping[str, str] = USUAL) -> str:
    """The text as a bank's file writes it: "ガッコウ・ソウ" -> "ｶﾞﾂｺｳ ｿｳ".

    Hiragana becomes katakana, full width half width, small letters capitals. Small kana become large unless the bank keeps them;
    `instead` says which half-width letters this bank wants written otherwise. What has no such letter (kanji) stays as it is.
    """
    text = unicodedata.normalize("NFKC", text.translate(_ALONE)).translate(_DASHES).upper()
    text = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)
    text = "".join(_HALF.get(c, c) for c in unicodedata.normalize("NFD", text.translate(_WITHOUT_HALF)))
    text = "".join(instead.get(c, c) for c in text)
    return text if is_small_kept else text.translate(_SMALL)


def bytes_of(text: str) -> int:
    """How many of a bank's bytes a name takes: マチダ is four."""
    return len(narrow(text))


def cut(narrowed: str, at_most: int) -> str:
    """As much of a half-width text as so many bytes hold; a letter does not lose its ゛ to the edge."""
    if len(narrowed) > at_most and narrowed[at_most] in "ﾞﾟ":
        at_most -= 1
    return narrowed[:at_most].rstrip(" ")
