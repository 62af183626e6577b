"""Whose money a line of the statement may be: by the number in its text, by the sum, and by the name of who paid.

Pure scores without a database. A line belongs to something that is waited for *by itself* only when its number stands in the text and the
sum is right to the yen; everything else is *proposed* to a person, or *unknown*. Nothing here moves money.
"""
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from machi.banking.kana import narrow

FIRST, LAST = 100_000, 999_999                      # numbers that may become a code: it never begins with 0, which some banks leave out
LEAST_OF_A_NAME = 4                                 # letters before a name inside a longer text counts

# The quasigroup of Damm (2004): its check digit finds every wrong digit, and any two neighbours that changed places.
_DAMM = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205",
         "2581436790")
_WHOLE = re.compile(r"(?<![0-9])[0-9]{7}(?![0-9])")
_SPLIT = re.compile(r"(?<![0-9])(?<![0-9][ -])[0-9](?:[ -]?[0-9]){6}(?![ -]?[0-9])")
_FORMS = re.compile(r"^[ｱ-ﾝﾞ]{1,5}\)|\([ｱ-ﾝﾞ]{1,5}$|\([ｱ-ﾝﾞ]{1,5}\)")       # ｶ)  (ｶ  (ｶ): kinds of companies, as banks shorten them
_COMPANY = re.compile(narrow("カブシキガイシャ|ユウゲンガイシャ|ゴウドウガイシャ") + "|株式会社|有限会社|合同会社")
_GAPS = re.compile(r"[ .,\-･・*＊]+")                # spaces, dots, and the long mark, which banks write as -


class Fit(Enum):
    """How far a line may go without a person."""

    BY_ITSELF = "by_itself"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """What speaks for it."""

    CODE = "code"                                   # the number stands in the text
    AMOUNT = "amount"                               # the sum is right to the yen
    PAYER = "payer"                                 # the name is that of who should pay


@dataclass(frozen=True, slots=True)
class Waited:
    """Something the town waits for: a code, a sum, and the name of who should pay (katakana)."""

    code: str
    amount_yen: int
    kana: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a line fits, the best first, and why."""

    fit: Fit
    proposals: tuple[tuple[Waited, frozenset[Reason]], ...] = ()

    @property
    def only(self) -> Waited | None:
        """The one it belongs to by itself."""
        return self.proposals[0][0] if self.fit is Fit.BY_ITSELF else None


def code_of(number: int) -> str:
    """Six digits and their check digit: what a client writes before their name. Raises ValueError outside of 100000 to 999999."""
    if not FIRST <= number <= LAST:
        raise ValueError(f"a code is made of a number from {FIRST} to {LAST}, not {number}")
    return f"{number}{_rest(str(number))}"


def is_code(digits: str) -> bool:
    """Seven digits that somebody was given, not ones with a slip of the pen."""
    return bool(re.fullmatch(r"[1-9][0-9]{6}", digits)) and _rest(digits) == 0


def codes_in(text: str) -> frozenset[str]:
    """The codes in a transfer's text: in any width, alone or with spaces or hyphens between their digits, never part of a longer number."""
    text = unicodedata.normalize("NFKC", text)
    return frozenset(code for pattern in (_WHOLE, _SPLIT) for found in pattern.findall(text) if is_code(code := re.sub("[ -]", "", found)))


def payer(text: str) -> str:
    """A name as it can be compared: "カ）マチ・ソウ ー" and "ﾏﾁ ｿｳ-(ｶ" become the same. Kinds of companies, spaces, dots and long marks go,
    small kana become large; ゛ stays, because ハンダ and バンダ are two families.
    """
    half = _COMPANY.sub("", narrow(_without_digits(text)))
    return _GAPS.sub("", _FORMS.sub("", half.strip(" ")))


def is_same_payer(text: str, kana: str) -> bool:
    """Is this the name, or does a longer text of the bank (振込 マチダ タロウ) hold it?"""
    found, wanted = payer(text), payer(kana)
    return bool(wanted) and (found == wanted or len(wanted) >= LEAST_OF_A_NAME and wanted in found)


class Payers:
    """Many names, of which one asks at once which stand in a text of the bank: the answer of `is_same_payer` for each of them."""

    def __init__(self, named: Iterable[tuple[str, Any]]):
        self._named: dict[str, list] = {}
        for kana, one in named:
            if wanted := payer(kana):
                self._named.setdefault(wanted, []).append(one)
        self._lengths = {len(wanted) for wanted in self._named if len(wanted) >= LEAST_OF_A_NAME}

    def within(self, text: str) -> list:
        """Whoever stands there, in no order."""
        found = payer(text)
        parts = {found} | {found[start:start + length] for length in self._lengths for start in range(len(found) - length + 1)}
        return [one for part in parts & self._named.keys() for one in self._named[part]]


def match(*, amount_yen: int, text: str, waited: Iterable[Waited]) -> Match:
    """What a line of the statement fits. Money that goes out fits nothing that is waited for."""
    if amount_yen <= 0:
        return Match(Fit.UNKNOWN)
    codes, found = codes_in(text), []
    for one in waited:
        reasons = frozenset(reason for reason, holds in (
            (Reason.CODE, one.code in codes), (Reason.AMOUNT, one.amount_yen == amount_yen),
            (Reason.PAYER, is_same_payer(text, one.kana))) if holds)
        if Reason.CODE in reasons or {Reason.AMOUNT, Reason.PAYER} <= reasons:
            found.append((one, reasons))
    found.sort(key=lambda pair: (Reason.CODE not in pair[1], -len(pair[1]), pair[0].code))
    named = [one for one, reasons in found if Reason.CODE in reasons]
    if len(codes) == len(named) == 1 and Reason.AMOUNT in found[0][1]:
        return Match(Fit.BY_ITSELF, tuple(found[:1]))
    return Match(Fit.PROPOSED if found else Fit.UNKNOWN, tuple(found))


def _rest(digits: str) -> int:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return state


def _without_digits(text: str) -> str:
    return re.sub(r"[0-9]+", " ", unicodedata.normalize("NFKC", text))
