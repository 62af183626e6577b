"""Text on its way into a spreadsheet: a cell that somebody typed must never be calculated (CSV injection, CWE-1236)."""
import re
import unicodedata

_BEGINS = ("\t", "\r", "\n", "=", "+", "-", "@")
# What stands in no cell (XML 1.0 has no place for it), and what nobody sees before the sign that begins a formula.
_NOWHERE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile("^[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def for_a_cell(text: str) -> str:
    """Without the characters that no cell can hold. Asked before `is_formula`: behind such a character a formula would hide."""
    return _NOWHERE.sub("", text)


def is_formula(text: str) -> bool:
    """Would a spreadsheet calculate it? Also behind spaces, and with the signs as they are typed in Japanese (＝１＋１)."""
    first = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)[:1])
    return text.startswith(_BEGINS) or first.startswith(_BEGINS)


def defused(cell):
    """For a line of CSV: what would be calculated gets an apostrophe in front; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    text = for_a_cell(cell)
    return f"'{text}" if is_formula(text) else text
