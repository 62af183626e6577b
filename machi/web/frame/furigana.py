"""ふりがな: readings above kanji, added to a finished page, and only for the people who switched them on.

The page is cut into tags and texts. Texts inside `SILENT` elements, inside another language, and everything in attributes
are left alone, and so are signs that nobody reads out (aria-hidden): the first letter of a name has no reading of its own.
Each text is read once by SudachiPy and remembered.
"""
import re
from functools import cache, lru_cache
from html import escape, unescape
from threading import Lock

from sudachipy import Dictionary, SplitMode

from machi.web.frame.readings import ALONE, DAYS, MINUTES, PHRASES, PIECES, WEEKDAYS

KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆ヶ]")
GROUP = re.compile(f"{KANJI.pattern}+|[^{KANJI.pattern[1:-1]}]+")
TOKEN = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.S)
TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
LANG = re.compile(r"\slang=\"([^\"]*)\"")
SILENT = frozenset("script style title option textarea code pre kbd samp svg ruby datalist select".split())
VOID = frozenset("area base br col embed hr img input link meta source track wbr path rect circle use line polyline".split())
#: 12月1日 is a date, （水） a day of the week, 7日 and 3本 count something; then the fixed phrases, longest first.
EXCEPTION = re.compile("|".join([
    r"(?P<date>(?<=月)1日)", r"(?P<days>(?<!\d)\d+日)(?!本)(?P<span>間)?", r"(?P<pieces>(?<!\d)\d+本)(?![ぁ-ん]?人)",
    r"(?P<people>(?<!\d)[12]人)(?![間気生類目])", r"(?P<person>^人(?![^ぁ-ん、。）]))", r"(?P<minutes>(?<!\d)\d+分)",
    r"(?P<weekday>(?<=[（(])[月火水木金土日](?=[）)]))",
    *sorted(map(re.escape, PHRASES), key=len, reverse=True)]))
AT_ONCE = 10_000                                    # letters: the tokenizer refuses more than 49,149 bytes
_lock = Lock()


def ruby_page(html: str) -> str:
    """A whole page, or a part of one, with readings."""
    out, quiet = [], []                             # quiet: the open elements inside which nothing is touched
    for token in TOKEN.findall(html):
        if token[0] != "<":
            out.append(token if quiet or not KANJI.search(token) else ruby_text(token))
            continue
        out.append(token)
        tag = TAG.match(token)
        name = tag and tag.group(1).lower()
        if not name or name in VOID or token.endswith("/>"):
            continue
        if token[1] == "/":
            _close(quiet, name)
        elif quiet:
            quiet[-1][1] += quiet[-1][0] == name
        elif name in SILENT or ' aria-hidden="true"' in token or ((lang := LANG.search(token)) and not lang.group(1).startswith("ja")):
            quiet.append([name, 1])
    return "".join(out)


def _close(quiet, name):
    if quiet and quiet[-1][0] == name:
        quiet[-1][1] -= 1
        if not quiet[-1][1]:
            quiet.pop()


@lru_cache(maxsize=20_000)
def ruby_text(text: str) -> str:
    """One text, as it stands between two tags (HTML-escaped), with readings."""
    plain, out, at = unescape(text), [], 0
    for fixed in EXCEPTION.finditer(plain):
        out += _read(plain[at:fixed.start()])
        out.append(_fixed(fixed))
        at = fixed.end()
    return "".join(out + _read(plain[at:]))


def _fixed(match) -> str:
    text = match.group()
    if match.lastgroup is None:
        return PHRASES[text]
    if match["date"]:
        return _over("1日", "ついたち")
    if match["pieces"]:
        return text[:-1] + _over("本", PIECES.get(text[-2], "ほん"))
    if match["people"]:
        return _over(text, "ひとり" if text[0] == "1" else "ふたり")
    if match["person"]:                             # 仕事をたのむ<wbr>人: cut off from its verb it would be read as a number of people
        return _over(text, "ひと")
    if match["weekday"]:                            # 11月9日（月）
        return _over(text, WEEKDAYS[text])
    if match["minutes"]:
        return text[:-1] + _over("分", MINUTES.get(text[-2], "ふん"))
    digits = match["days"][:-1]
    said = _over(match["days"], DAYS[digits]) if digits in DAYS else digits + _over("日", "にち")
    return said + (_over("間", "かん") if match["span"] else "")


def _over(surface: str, reading: str) -> str:
    return f"<ruby>{surface}<rt>{reading}</rt></ruby>"


def _read(text: str) -> list[str]:
    if not KANJI.search(text):
        return [escape(text, quote=False)]
    with _lock:                                     # one tokenizer serves one thread at a time
        tokens = [(token.surface(), _reading(token)) for at in range(0, len(text), AT_ONCE)
                  for token in _tokenizer().tokenize(text[at:at + AT_ONCE])]
    out, unread = [], False                         # 𠮷田: where one kanji of a name is unknown, its neighbour is only guessed
    for surface, reading in tokens:
        unread = bool(KANJI.match(surface)) and (unread or not reading or bool(KANJI.search(reading)))
        out.append(escape(surface, quote=False) if unread else _ruby(surface, reading))
    return out


def _reading(token) -> str:
    """What a dictionary knows. How somebody's name is read only they know (剛: つよし, ごう): nobody guesses it."""
    return "" if "人名" in token.part_of_speech() else _hiragana(ALONE.get(token.surface(), token.reading_form()))


@cache
def _tokenizer():
    return Dictionary(dict="core").tokenizer(mode=SplitMode.C)


def _hiragana(text: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def _ruby(surface: str, reading: str) -> str:
    """Readings sit above each group of kanji only: 出し直す -> 出(だ)し直(なお)す. The dictionary knows some words together with what is
    said in brackets behind them; of 名前（カタカナ） it reads 名前.
    """
    word, mark, rest = surface.partition("（")
    groups = [(group.group(), bool(KANJI.match(group.group()))) for group in GROUP.finditer(word)]
    pattern = "".join("(.+?)" if is_kanji else re.escape(_hiragana(text)) for text, is_kanji in groups)
    if not any(is_kanji for _text, is_kanji in groups) or not (said := re.fullmatch(pattern, reading)):
        return escape(surface, quote=False)
    readings = iter(said.groups())
    return "".join(_over(escape(text, quote=False), next(readings)) if is_kanji else escape(text, quote=False)
                   for text, is_kanji in groups) + escape(mark + rest, quote=False)
