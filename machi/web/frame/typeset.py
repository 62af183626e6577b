"""Papers as PDF: typst sets what a template in machi/web/papers makes of plain data, as PDF/UA-1, with every kanji of a name.

What people typed is handed over as data, never as markup. A letter that the font does not have (an emoji) is left out: a paper
that a screen reader can read may not hold a letter without a shape.
"""
import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst
from fontTools.ttLib import TTFont

from machi.shared import clock

PAPERS = Path(__file__).resolve().parent.parent / "papers"
FONTS = noto_cjk_sans_jp_regular.FONT_PATH, noto_cjk_sans_jp_bold.FONT_PATH
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


def typeset(paper: str, data: dict) -> bytes:
    """The PDF that the template `paper` makes of this data (texts, numbers, lists and dicts of them)."""
    return _compiler().compile(
        input=_template(paper), format="pdf", pdf_standards=["ua-1"], timestamp=clock.now().replace(microsecond=0),
        sys_inputs={"data": json.dumps(shown(data), ensure_ascii=False)})


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    found = _PAGES.search(pdf)
    if not found:
        raise ValueError("not a PDF of ours")
    return int(found[1] or found[2])


def shown(value):
    """The same data with only those letters that have a shape in both weights of the font."""
    if isinstance(value, str):
        return "".join(letter for letter in unicodedata.normalize("NFC", value) if letter in "\n\t" or ord(letter) in _letters())
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [shown(part) for part in value]
    return value


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=[str(font.parent) for font in FONTS], ignore_system_fonts=True)


@cache
def _template(paper: str) -> bytes:
    return (PAPERS / f"{paper}.typ").read_bytes()


@cache
def _letters() -> frozenset[int]:
    with TTFont(FONTS[0], lazy=True) as regular, TTFont(FONTS[1], lazy=True) as bold:
        return frozenset(regular.getBestCmap().keys() & bold.getBestCmap().keys())
