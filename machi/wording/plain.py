"""A text without its disguise: one width, one kind of kana, digits for digits, nothing between the letters of a word.

Each letter of the plain text knows where it came from, so that what is found can be shown as it was typed.
"""
import re
import unicodedata
from typing import NamedTuple

END, PAUSE = "。", "、"
_KEPT = END + PAUSE + "「」@~%"
_SIGNS = dict.fromkeys("。！？!?\n\r;；｡", END) | dict.fromkeys("、，､,", PAUSE) \
    | dict.fromkeys("「｢『“", "「") | dict.fromkeys("」｣』”", "」") | dict.fromkeys("〜～~∼→", "~") \
    | dict.fromkeys("○◯●◎⭕", "0") \
    | dict.fromkeys("🟢💚🟩", "緑") | dict.fromkeys("☎📞📱", "電話") | dict.fromkeys("✉📧📩", "メール") | dict.fromkeys("×✕✖❌🙅", "不可") \
    | {"♀": "女性", "♂": "男性", "👩": "女性", "👨": "男性", "🚺": "女性", "🚹": "男性", "↓": "以下", "↑": "以上", "〼": "ます"} \
    | {chr(first + n): chr(97 + n) for first in (0x1F1E6, 0x1F150, 0x1F170) for n in range(26)}        # letters drawn as flags and signs
_ONE_FOR_ANOTHER = dict(zip("〇零一二三四五六七八九壱弐参", "00123456789123", strict=True)) \
    | dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True)) \
    | dict(zip("才歲皃亻", "歳歳貌い", strict=True)) \
    | dict(zip("аеорсухіѕӏιανοɩıʟɴᴇɪƖⅼ", "aeopcyxislianoiilneill", strict=True))      # Cyrillic, Greek and small capitals
_LOOKS_LIKE_KANA = dict(zip("一ー―—‐-─━–−二口力夕工卜八干", "ーーーーーーーーーーにろかたえとはち", strict=True))
_SPREAD = re.compile(r"\w([。、．，,.!！?？\n・･])(?:\w\1){2,}\w?")        # 簡、単、に、: between single letters it is no pause
_PRICE = re.compile(r"(?:([¥￥])|[$＄])\s{0,2}\d(?:[\d,，.]{0,14}\d)?")      # ¥9,800 is 9800円
# です（笑）, ください🙏, 募集♪: a sentence is over
_ENDED = re.compile(r"(?:ます|です|ません|ました|でした|さい|しょう|ませんか|(?:募集|限定|オンリー|歓迎|NG|OK)(?![)）]))"
                    r"([)）\u3000★☆♪♥♡]|[\u2600-\u27bf\U0001f300-\U0001faff]|m(?=\()|[(（](?=[笑汗^_]))")
_GOES_ON = re.compile(r"(?<=[はがをのにと、])\n(?=\w)")        # a line broken after a particle: テスト記事は / 無料です
_MASKS = "*＊×✕"                                      # ラ×ン, L*NE
_LIKE_I = "!！|｜¡"                                    # L!NE
_DASHES = "-‐–−－ー―"
_STROKES = "ー―—‐-─━–−一"


class Plain(NamedTuple):
    """`text` is what rules are looked for in; the letter at n came from `source[starts[n]:ends[n]]`."""

    source: str
    text: str
    starts: list[int]
    ends: list[int]

    def typed(self, start: int, end: int) -> str:
        """A stretch of the plain text as its writer typed it."""
        return self.source[self.starts[start]:self.ends[end - 1]]

    def is_within_word(self, start: int) -> bool:
        """Katakana that goes on from katakana: the ライン of オンライン."""
        place = self.starts[start]
        return place > 0 and _is_katakana(self.source[place]) and _is_katakana(self.source[place - 1])


class _Letters(dict):
    """What one character becomes; each is worked out once."""

    def __missing__(self, character: str) -> str:
        made = _SIGNS.get(character)
        if made is None:
            made = "".join(_letter(c) for c in unicodedata.normalize("NFKC", character).casefold())
        if len(self) < 20_000:
            self[character] = made
        return made


def _letter(c: str) -> str:
    if "ァ" <= c <= "ヶ":
        c = chr(ord(c) - 0x60)
    c = _ONE_FOR_ANOTHER.get(c) or _SIGNS.get(c, c)
    return c if c in _KEPT or c in "\u3099\u309a" or unicodedata.category(c)[0] in "LN" else ""


_LETTERS = _Letters()


def plain(source: str) -> Plain:
    """The plain text of what somebody typed."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    spread = {place for found in _SPREAD.finditer(source) for place in range(found.start() + 1, found.end(), 2)}
    units = {found.end() - 1: "円" if found[1] else "どる" for found in _PRICE.finditer(source)}
    ended, going_on = {found.start(1) for found in _ENDED.finditer(source)}, {found.start() for found in _GOES_ON.finditer(source)}
    for place, character in enumerate(source):
        made = "" if place in spread or place in going_on else END if place in ended else _LETTERS[character]
        if character in _LOOKS_LIKE_KANA and _stands_in_kana(source, place):
            made = _LOOKS_LIKE_KANA[character]
        elif character in _DASHES and _is_within_number(source, place):
            made = "~"
        elif character in _LIKE_I and _is_latin(_LETTERS[source[place - 1:place]]) and _is_latin(_LETTERS[source[place + 1:place + 2]]):
            made = "i"
        elif character in _MASKS and _is_masked(source, place):
            made = "0"
        elif character in "×✕" and source[place + 1:place + 2].strip().isdigit():
            made = ""
        elif character == "." and _ends_sentence(source, place):
            made = END
        elif character in ":：=→" and _is_between_latin(source, place) or not made and character.isspace() and _parts_words(source, place):
            made = " "
        made += units.get(place, "")
        for letter in made:
            if letter in "\u3099\u309a":                    # ｶﾞ: the mark joins the letter before it
                if text:
                    text[-1], ends[-1] = unicodedata.normalize("NFC", text[-1] + letter)[:1], place + 1
            elif not (letter == PAUSE and _is_within_number(source, place) or letter == "~" and not _is_range(source, place)):
                text.append(letter)
                starts.append(place)
                ends.append(place + 1)
    return Plain(source, "".join(text), starts, ends)


def _stands_in_kana(source: str, place: int) -> bool:
    """一 in ス一ル, 力 in 力ンタン: a letter that only looks like the katakana its neighbours are."""
    before, after = source[place - 1:place], source[place + 1:place + 2]
    if source[place] in _STROKES:
        return _is_katakana(before) and not ("一" in source[place] and not _is_katakana(after))
    return _is_katakana(after) and (_is_katakana(before) or not before.isalnum())


def _is_masked(source: str, place: int) -> bool:
    """One letter of a word in katakana or Latin letters that is hidden, and not one sign after each letter."""
    before, after = source[place - 1:place], source[place + 1:place + 2]
    is_word = _is_katakana(before) and _is_katakana(after) or _is_latin(_LETTERS[before]) and _is_latin(_LETTERS[after])
    return is_word and source[place] not in (source[max(0, place - 2):max(0, place - 1)], source[place + 2:place + 3])


def _is_katakana(character: str) -> bool:
    return bool(character) and ("ァ" <= character <= "ー" or "ｦ" <= character <= "ﾟ")


def _parts_words(source: str, place: int) -> bool:
    """Between two Latin words, but not between the single letters of L I N E."""
    before, after = ([_LETTERS[c] for c in source[max(0, place - 2):place]], [_LETTERS[c] for c in source[place + 1:place + 3]])
    return bool(before and after) and _is_latin(before[-1]) and _is_latin(after[0]) and (
        _is_latin(before[0]) and len(before) == 2 or _is_latin(after[-1]) and len(after) == 2)


def _is_between_latin(source: str, place: int) -> bool:
    """LINE:aiko are two words."""
    return _is_latin(_LETTERS[source[place - 1:place]]) and _is_latin(_LETTERS[source[place + 1:place + 3].strip()[:1]])


def _is_latin(letters: str) -> bool:
    return letters.isascii() and letters.isalpha()


def _ends_sentence(source: str, place: int) -> bool:
    """The point of "for free. ", not that of L. I. N. E."""
    word, after = source[max(0, place - 2):place], source[place + 1:place + 2]
    return len(word) == 2 and word.isascii() and word.isalnum() and not after.strip()


def _is_within_number(source: str, place: int) -> bool:
    """10,000円: the comma says nothing."""
    before, after = source[place - 1:place] if place else "", source[place + 1:place + 2]
    return before.isdigit() and after.isdigit()


def _is_range(source: str, place: int) -> bool:
    """18歳〜40歳, not か〜んたん."""
    before, after = source[max(0, place - 3):place].rstrip()[-1:], source[place + 1:place + 4].lstrip()[:1]
    return before.isdigit() or before in "歳才代時円年分日" or _LETTERS[after].isdigit()
