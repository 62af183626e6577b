"""Numbers of registered issuers of invoices (適格請求書発行事業者の登録番号): T and 13 digits.

A company's 13 digits are its corporate number (法人番号), whose first digit checks the others. Whether a person's number follows the same
rule is not verified, so of a person it is only a warning. No check tells 0 and 9 apart: only the tax office's own list knows whose number
it is.
"""
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext as _

DIGITS = 13


class Checked(NamedTuple):
    """A number as it was understood (T and 13 digits, or what was typed), what is wrong with it, and what to look at once more."""

    number: str
    fault: str = ""
    warning: str = ""


def check_digit(base: str) -> int:
    """The first digit of a corporate number, 1 to 9, from the twelve that follow it (法人番号省令2条): 9 − (Σ Pn × Qn mod 9), counted from
    the right, where Qn is 1 for the odd places and 2 for the even ones. Raises ValueError for anything but twelve digits.
    """
    if len(base) != DIGITS - 1 or not base.isascii() or not base.isdigit():
        raise ValueError(f"twelve digits, not {base!r}")
    return 9 - sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(base))) % 9


def checked(typed: str, *, is_company: bool) -> Checked:
    """A typed number: full-width letters, spaces and hyphens are understood, the T may be left out."""
    said = "".join(letter for letter in unicodedata.normalize("NFKC", typed) if not letter.isspace() and letter not in "-‐‑–—―−ー")
    digits = said.upper().removeprefix("T")
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return Checked(typed, fault=_("taxes.number.form"))
    number = f"T{digits}"
    if int(digits[0]) != check_digit(digits[1:]):
        says = _("taxes.number.digits")
        return Checked(number, fault=says) if is_company else Checked(number, warning=says)
    return Checked(number, warning=_("taxes.number.twins") if set(digits) & {"0", "9"} else "")

