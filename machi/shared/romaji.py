"""Japanese as it is typed with Latin letters, and the one spelling in which it is looked for.

Hepburn (shinbun, shimbun, tōkyō), Kunrei (sinbun, tôkyô), what a keyboard takes (sinnbunn, toukyou) and kana (しんぶん, とうきょう)
become the same letters: sinbun, tokyo. Long vowels count as short ones. The beginning of a word stays the beginning of its
spelling, so that it is found while it is being typed.
"""
import re
import unicodedata

from machi.shared.japanese import folded

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ", "m": "まみむめも",
    "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ"}
_SYLLABLES = {kana: f"{consonant}{vowel}" for consonant, row in _ROWS.items() for kana, vowel in zip(row, "aiueo", strict=True)}
_SYLLABLES |= dict(zip("やゆよわゐゑをんゕゖゔ", ("ya", "yu", "yo", "wa", "i", "e", "o", "n", "ka", "ke", "bu"), strict=True))
_SYLLABLES |= {"ぢ": "zi", "づ": "zu"}
_SMALL = dict(zip("ぁぃぅぇぉゃゅょゎ", ("a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"), strict=True))

_LATIN = re.compile(r"[a-z]+")
_HALF_TYPED = (("tch", "t"), ("cch", "t"), ("sh", "s"), ("ch", "t"), ("ts", "t"), ("c", "t"), ("j", "z"),
               ("sf", "sf"), ("cf", "cf"), ("f", "h"))          # SF would become sh, and sound like the beginning of しゃ
_KUNREI = tuple((re.compile(pattern), letters) for pattern, letters in (
    (r"[xl]ts?u(?=[a-z])", "Q"),                    # っ as a keyboard takes it: saxtuka
    (r"tch|cch", "tty"), (r"ssh", "ssy"), (r"sh", "sy"), (r"ch", "ty"), (r"jy?", "zy"), (r"tsu", "tu"), (r"fu", "hu"), (r"dzu|du", "zu"),
    (r"v", "b"), (r"yi", "i"), (r"th(?=[iu])", "t"), (r"Q([a-z])", r"\1\1"),
    (r"m(?=[bp])", "n"), (r"n{2,}", "n"), (r"([aiueo])\1+", r"\1"), (r"ou", "o")))


def looked_for(text: str) -> str:
    """The text without what people write one way or another: width, capitals, kind of kana, gaps, dots and strokes."""
    return "".join(c for c in folded(text) if unicodedata.category(c)[0] in "LNM")      # ー is a letter (Lm), ・ and ' are not


def sounding(text: str) -> str:
    """Kana and Latin letters as one spelling of Latin letters; nothing for a text that has other letters too.

    sounding("サッカー") == sounding("sakkaa") == sounding("sakka-") == "sakka".
    """
    spelled = "".join(_spelled(looked_for(text)))
    plain = "".join(c for c in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(c))
    if not re.fullmatch(r"[a-z0-9]+", plain):
        return ""
    for ending, letters in _HALF_TYPED:
        if plain.endswith(ending):
            plain = plain.removesuffix(ending) + letters
            break
    for pattern, letters in _KUNREI:
        plain = pattern.sub(letters, plain)
    return plain


def _spelled(kana: str) -> list[str]:
    """Syllable by syllable. A small kana changes the one before it, a small っ doubles the one after it, ー only lengthens."""
    found: list[str] = []
    doubles = False
    for letter in kana:
        syllable = _SYLLABLES.get(letter)
        if letter == "っ":
            doubles = True
        elif letter in _SMALL:
            _join(found, _SMALL[letter])
        elif syllable:
            found.append(syllable[0] + syllable if doubles and syllable[0] not in "aiueo" else syllable)
            doubles = False
        elif letter != "ー":
            found.append(letter)
    return found


def _join(found: list[str], small: str) -> None:
    """し + ゃ is sya, て + ぃ is ti, ふ + ぁ is fa, う + ぃ is wi."""
    before = found.pop() if found else ""
    if small[0] == "y":
        found.append((before[:-1] if before else "") + small)
    elif before == "u":
        found.append("w" + small)
    elif before == "hu":
        found.append("f" + small)
    elif before in ("si", "ti", "zi"):
        found.append(before[:-1] + "y" + small)
    else:
        found.append((before[:-1] if before else "") + small)
