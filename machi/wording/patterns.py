"""The small language in which a rule says what it looks for. packs/README.md explains it to whoever writes one.

    誰でも|だれでも ..8 稼        a word, or one of several; a gap of at most 8 letters within the sentence; another word
"""
import re
import string
from dataclasses import dataclass, field
from typing import NamedTuple

from machi.wording.errors import PackError
from machi.wording.plain import END, plain

GAP = re.compile(r"(\.\.|--|//)(\d*)")
USUAL_GAP, LONGEST_GAP, MOST_GAPS = 10, 30, 3
DIGITS, LATIN = "0123456789", string.ascii_lowercase
COUNTING = DIGITS + "十百千万億"
SAID = "(?:[0-9]|ぜろ|れい|まる|いち|に|さん|よん|ご|ろく|なな|しち|はち|きゆう)"                           # a digit, also as it is spoken
UNITS = "(?:いち|に|さん|よん|し|ご|ろく|なな|しち|はち|きゆう|く|じゆう|じゆつ|ひやく)"
SPOKEN = ("いち", "さん", "よん", "ろく", "なな", "しち", "はち", "きゆ", "ひや", "じゆ", "にじ", "しじ", "ごじ", "くじ")
HOUR, MINUTES = "(?:[01]?[0-9]|2[0-4])", "(?:半|[0-5][0-9]分)?"


class Shape(NamedTuple):
    """What no list of words can say; every pack may name it like a group. `firsts`: the letters it can begin with."""

    regex: str
    firsts: str | tuple[str, ...]


NUMBER = Shape(f"(?<![{COUNTING}])[{COUNTING}]{{1,12}}", COUNTING)
SHAPES = {
    "sum": Shape(f"(?<![{COUNTING}])(?:[0-9]{{1,4}}[~ーか])?(?:[0-9十百千]{{1,8}}[万億][0-9十百千万]{{0,8}}円?|[0-9]{{5,9}}円"
                 f"|(?:[0-9十百千]{{1,8}}|数[十百千]{{0,2}}|{UNITS}{{1,2}})(?:万円|まんえん|まん円)|(?:[0-9]|ふた|に|み|さん|よん)けた万?円)"
                 "(?![歩人件字語個枚部時キ回本冊ペ台種年日名店社文行曲])",                                   # from 10,000 yen on
                 (*DIGITS, *"十百千数", *SPOKEN, "にま", "にけ", "ごま", "ふた", "みけ")),
    "pay": Shape(f"(?<![{COUNTING}])[1-9十百千万][{COUNTING}]{{0,11}}円", COUNTING[1:]),                # an amount that is not nothing
    "spoken": Shape(f"(?<![ぁ-ん]){UNITS}{{0,2}}じゆ[うつ]{UNITS}?(?:さい|だい)", SPOKEN),              # よんじゅっさい
    "nick": Shape("[a-z][a-z0-9]{3,30}", LATIN),
    "phone": Shape(f"(?<![0-9])(?:0|ぜろ)(?:[ーの~、。]{{0,2}}(?:はいふん)?{SAID}){{9,10}}(?![0-9])", "0ぜ"),
    "hours": Shape(                                                                                     # from when to when on a day
        f"(?<![{COUNTING}])(?:{HOUR}(?:時{MINUTES})?(?:~|から|より)(?:夕方|午後|夜)?{HOUR}時{MINUTES}"
        f"|{HOUR}[0-5]0(?:~|から){HOUR}[0-5]0|[0-9]{{1,2}}to[0-9]{{1,2}}|[89]時5時)(?!間)", DIGITS),
    "address": Shape(r"(?<![a-z0-9])[a-z0-9]{1,40}@[a-z0-9]{2,60}", DIGITS + LATIN),
    "spelled": Shape(r"(?<![a-z0-9])[a-z0-9]{2,20} ?(?:at|あつと|あつとまーく) ?[a-z0-9]{2,30} ?"
                     r"(?:(?:どつと|dot) ?)?(?:com|jp|net|org|ne)(?![a-z])",
                     DIGITS + LATIN),
    "link": Shape(r"(?<![a-z])(?:linee|tme|wame|linktree|discordgg|bitly|formsgle)[a-z0-9]{2,40}", "ltwdbf"),     # lin.ee/..., t.me/...
    "handle": Shape(r"@[a-z0-9]{3,40}", "@"),
}
_BETWEEN = {"..": "[^。]", "--": "[^。、]", "//": "."}
_PART = re.compile(r"\{(\w+)\}|(#)|([^#{}]+)")
_MOST_NESTED = 4


class Pattern(NamedTuple):
    """What is looked for, and the one or two letters with which it can begin, so that it is asked only where it could stand."""

    regex: str
    firsts: frozenset[str]
    needs: tuple[str, ...] = ()                     # what stands after each gap: a text without it is not searched


@dataclass(frozen=True, slots=True)
class Lists:
    """What the patterns of a pack may name: groups of words, and how a word sounds. `made`: places that were worked out already."""

    groups: dict[str, list[str]]
    readings: dict[str, list[str]]
    made: dict[str, tuple[str, set[str]]] = field(default_factory=dict)

    def spellings(self, word: str) -> list[str]:
        """The word, and once more for each way in which a part of it may be written in kana."""
        return [word, *(word.replace(part, reading) for part, readings in self.readings.items() if part in word for reading in readings)]


def each_order(pattern: str) -> list[str]:
    """`A <>8 B` looks for both within a sentence, whichever comes first; `<//>8` also over the end of a sentence."""
    first, sign, letters, second = (re.split(r" (<>|<//>)(\d*) ", pattern, maxsplit=1) + [None] * 3)[:4]
    if not second:
        return [pattern]
    gap = ("//" if "/" in sign else "..") + letters
    return [f"{first} {gap} {second}", f"{second} {gap} {first}"]


def compiled(pattern: str, lists: Lists, *, begins_with_gap: bool = False) -> Pattern:
    """The pattern over plain text. Gaps are bounded, so that it is asked in a time that grows with the text."""
    made, parts, gaps, firsts, is_beginning = [], [[]], 0, set(), True
    for token in pattern.split():
        if gap := GAP.fullmatch(token):
            if is_beginning and not begins_with_gap:
                raise PackError(f"「{pattern}」 begins with a gap: it should begin with a word.")
            gaps += 1
            made.append(_gap(*gap.groups(), pattern))
            parts.append([])
            continue
        if token not in lists.made:
            lists.made[token] = _token(token, lists, pattern)
        regex, begins = lists.made[token]
        made.append(regex)
        parts[-1].append(regex)
        if is_beginning and not token.startswith("!"):
            firsts |= begins
            is_beginning = token.endswith("?")
    if not made or is_beginning and not begins_with_gap or gaps > MOST_GAPS:
        raise PackError(f"「{pattern}」 needs a word that must be there, and at most {MOST_GAPS} gaps.")
    return Pattern("".join(made), frozenset(firsts), tuple("".join(part) for part in parts[1:] if part))


def _gap(sign: str, letters: str, pattern: str) -> str:
    most = int(letters or USUAL_GAP)
    if most > LONGEST_GAP:
        raise PackError(f"「{pattern}」 has a gap of {most} letters: {LONGEST_GAP} at most.")
    return f"{_BETWEEN[sign]}{{0,{most}}}?"


def _token(token: str, lists: Lists, pattern: str) -> tuple[str, set[str]]:
    is_refused, token = token.startswith("!"), token.removeprefix("!")
    is_optional, token = token.endswith("?"), token.removesuffix("?")
    words = dict(_word(spelled, pattern) for word in _one_of(token, lists.groups, pattern) for spelled in lists.spellings(word))
    made = f"(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))})"
    return f"(?!{made})" if is_refused else f"{made}?" if is_optional else made, set().union(*words.values())


def _one_of(token: str, groups: dict[str, list[str]], pattern: str, depth: int = 0) -> list[str]:
    """The words of a place, with the words of a group where it is named alone."""
    found: list[str] = []
    for word in token.split("|"):
        named = re.fullmatch(r"\{(\w+)\}", word)
        if not named or named[1] in SHAPES:
            found.append(word)
        elif named[1] not in groups:
            raise PackError(f"「{pattern}」 names the group {{{named[1]}}}, which the pack does not have.")
        elif depth == _MOST_NESTED:
            raise PackError(f"The group {{{named[1]}}} names groups that name groups without end.")
        else:
            found += [one for member in groups[named[1]] for one in _one_of(member, groups, pattern, depth + 1)]
    return found


def _word(word: str, pattern: str) -> tuple[str, set[str]]:
    """One word, disguised as the text is undisguised. # stands for a number. Latin words end where they end: no line in online."""
    if word == "$":
        return "(?=[。」]|$)", set()
    made: list[str] = []
    begins: set[str] = set()
    for group, number, literal in _PART.findall(word):
        if group and group not in SHAPES:
            raise PackError(f"「{pattern}」 joins {{{group}}} to other letters: a group stands alone.")
        letters = plain(literal).text
        regex, firsts = SHAPES[group] if group else NUMBER if number else (_literal(letters), "")
        begins = begins or set(firsts or [letters[:2]])
        made.append(regex)
        if literal and (not letters or END in letters):
            made.clear()
            break
    if not made or word.count("{") != word.count("}"):
        raise PackError(f"「{pattern}」 has a word that no text can hold: 「{word}」.")
    return "".join(made), begins


def _literal(letters: str) -> str:
    """Between Latin letters, or digits, a word would be another one: no line in online, no 0円 in 10円."""
    first, last = _kin(letters[:1]), _kin(letters[-1:])
    return (f"(?<!{first})" if first else "") + re.escape(letters) + (f"(?!{last})" + (" ?" if last == "[a-z]" else "") if last else "")


def _kin(letter: str) -> str:
    if not letter.isascii():
        return ""
    return "[a-z]" if letter.isalpha() else "[0-9]" if letter.isdigit() else ""
