"""Line breaks between phrases (BudouX): `<wbr>` where a Japanese reader would breathe. Goes with `word-break: keep-all`."""
import re
from functools import lru_cache
from html import unescape

import budoux
from django.utils.translation import get_language
from markupsafe import Markup, escape

_parser = budoux.load_default_japanese_parser()
#: Words that BudouX cuts in two, and numbers. A test reads every text of ours for more of them.
_WORDS = re.compile(
    r"\d[\d,]*\d[人秒]?|\d[人秒]|たの[まみむめも]|さが[さしすせそ]|もど[さしすせそらりるれろっ]|ちが[いうっ]|なお[しす]|のこ[っり]|や(とっ|める)|は(いり|まり|み出|かり方)|"
    r"きずつ|のせ|ずつ|にくい|日にち|とちゅう|どおり|ありのまま|手がかり|ひらがな|ふりがな|下(書|調)|署名|明るい|間に合|か[所月]|[たは]行|お金のこ|ゆうちょ|あおい|"
    r"わた[さしすせそ]|取りや[めま]|食い違|支払|先の日|しなおせ|よみがな|とど[かきくけこ]|払[いうえおわっ]|はら[いうえおわっ]|立て替え|゛と゜|買いたた[かきくけこ]")
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
    within = {at for word in _WORDS.finditer(text) for at in range(word.start() + 1, word.end())}
    lines, at = [""], 0
    for phrase in _parser.parse(text):
        if at not in within:
            lines.append("")
        lines[-1] += phrase
        at += len(phrase)
    return Markup("<wbr>").join(map(escape, lines[1:]))
