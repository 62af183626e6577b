"""The file with which a bank is asked to pay many people at once (全銀 総合振込): a header, a record per transfer, a trailer, an end.

Each record is 120 bytes, in the layout that the banks' association publishes and every bank's sheet repeats: numbers (N) stand at the right
behind zeros, texts (C) at the left before spaces. What a bank adds to it is in its profile (profiles.py).
"""
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from machi.banking.banks import bank_kana, bank_name, branch_kana
from machi.banking.days import is_bank_day
from machi.banking.kana import cut, narrow
from machi.banking.profiles import Transfers
from machi.shared.errors import DomainError

KINDS_OF_PAYERS = frozenset("129")                  # 普通, 当座, その他
KINDS = KINDS_OF_PAYERS | {"4"}                     # 貯蓄
MOST_YEN, MOST_TOTAL = 10**10 - 1, 10**12 - 1       # the width of their columns: 10 and 12
NAME_OF_PAYER, EDI = 40, 20                         # bytes


class NotWritten(DomainError):
    """No file can be made of these transfers; the sentence says which one, and why."""


@dataclass(frozen=True, slots=True)
class Payer:
    """The town's own account, and the code under which its bank knows it (委託者コード)."""

    code: str                                       # 10 digits
    name: str
    bank_code: str
    branch_code: str
    kind: str
    account: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment to one person."""

    number: int                                     # ours, at most 10 digits: it comes back in the bank's answer
    bank_code: str = field(repr=False)
    branch_code: str = field(repr=False)
    kind: str = field(repr=False)
    account: str = field(repr=False)
    holder: str = field(repr=False)                 # katakana, in any width
    amount_yen: int
    edi: str = ""                                   # text for the payee; asked only where the bank's profile has EDI


def transfer_file(payer: Payer, transfers: Sequence[Transfer], *, value_on: datetime.date, rules: Transfers) -> bytes:
    """The bytes for the bank. The same transfers give the same bytes. Raises NotWritten with the first of the `faults`."""
    for fault in faults(payer, transfers, value_on=value_on, rules=rules):
        raise NotWritten(fault)
    total = sum(transfer.amount_yen for transfer in transfers)
    records = [_header(payer, value_on, rules), *(_data(transfer, rules) for transfer in transfers),
               "8" + _n(len(transfers), 6) + _n(total, 12) + " " * 101, "9" + " " * 119]
    return b"".join(record.encode("cp932") + rules.line_end for record in records)


def faults(payer: Payer, transfers: Sequence[Transfer], *, value_on: datetime.date, rules: Transfers) -> Iterator[str]:
    """Everything that keeps these transfers from becoming a file, a sentence each."""
    yield from _faults_of_payer(payer, rules)
    if not is_bank_day(value_on):
        yield _("banking.transfer.day") % {"day": f"{value_on:%Y/%m/%d}"}
    if not transfers:
        yield _("banking.transfer.none")
    if len(transfers) > rules.most_items:
        yield _("banking.transfer.many") % {"n": f"{rules.most_items:,}", "count": f"{len(transfers):,}"}
    seen = set()
    for line, transfer in enumerate(transfers, 1):
        place = _place(line)
        if transfer.number in seen or not 0 < transfer.number < 10**10:
            yield _("banking.transfer.twice") % {"place": place, "number": transfer.number}
        seen.add(transfer.number)
        yield from _faults_of_account(place, transfer, KINDS)
        yield from _faults_of_text(place, transfer.holder, rules)
        if rules.has_edi and transfer.edi:
            yield from _faults_of_text(place, transfer.edi, rules)
            if len(_text(transfer.edi, rules)) > EDI:
                yield _("banking.transfer.long") % {"place": place, "text": transfer.edi, "n": EDI}
        most = min(rules.most_yen, MOST_YEN)
        if not (type(transfer.amount_yen) is not bool and isinstance(transfer.amount_yen, int) and 0 < transfer.amount_yen <= most):
            yield _("banking.transfer.amount") % {"place": place, "most": f"{most:,}"}
    if sum(transfer.amount_yen for transfer in transfers) > MOST_TOTAL:
        yield _("banking.transfer.total") % {"most": f"{MOST_TOTAL:,}"}


def shortened(transfers: Sequence[Transfer], *, rules: Transfers) -> list[str]:
    """Names that are longer than a bank's column, a sentence each: shown before the file is made."""
    return [_("banking.transfer.cut") % {"place": _place(line), "cut": kept, "n": rules.name_bytes}
            for line, transfer in enumerate(transfers, 1)
            if (kept := cut(whole := _text(transfer.holder, rules), rules.name_bytes)) != whole]


def _faults_of_payer(payer: Payer, rules: Transfers) -> Iterator[str]:
    place = _("banking.transfer.payer")
    if not _is_number(payer.code, 10):
        yield _("banking.transfer.code") % {"place": place}
    yield from _faults_of_account(place, payer, KINDS_OF_PAYERS)
    yield from _faults_of_text(place, payer.name, rules)


def _faults_of_account(place: str, account: Payer | Transfer, kinds: frozenset[str]) -> Iterator[str]:
    bank = bank_name(account.bank_code)
    if bank is None:
        yield _("banking.transfer.bank") % {"place": place, "code": account.bank_code}
    elif branch_kana(account.bank_code, account.branch_code) is None:
        yield _("banking.transfer.branch") % {"place": place, "bank": bank, "code": account.branch_code}
    if account.kind not in kinds:
        yield _("banking.transfer.kind") % {"place": place}
    if not _is_number(account.account, 7):
        yield _("banking.transfer.number") % {"place": place}


def _faults_of_text(place: str, text: str, rules: Transfers) -> Iterator[str]:
    narrowed = _text(text, rules)
    if not narrowed:
        yield _("banking.transfer.name") % {"place": place}
    if letter := next((c for c in narrowed if c not in rules.letters), None):
        yield _("banking.transfer.letter") % {"place": place, "text": text, "letter": letter}


def _header(payer: Payer, value_on: datetime.date, rules: Transfers) -> str:
    return ("1" + "21" + "0" + payer.code + _c(cut(_text(payer.name, rules), NAME_OF_PAYER), 40) + f"{value_on:%m%d}"
            + _bank(payer, rules) + payer.kind + payer.account + " " * 17)


def _data(transfer: Transfer, rules: Transfers) -> str:
    holder = cut(_text(transfer.holder, rules), rules.name_bytes)
    codes, flag = (_c(_text(transfer.edi, rules), EDI), "Y") if rules.has_edi and transfer.edi else (_n(transfer.number, 10) * 2, " ")
    return ("2" + _bank(transfer, rules) + "0000" + transfer.kind + transfer.account        # 0000: the clearing house, asked by no bank now
            + _c(holder, 30) + _n(transfer.amount_yen, 10) + "0" + codes + "7" + flag + " " * 7)


def _bank(account: Payer | Transfer, rules: Transfers) -> str:
    bank, branch = bank_kana(account.bank_code), branch_kana(account.bank_code, account.branch_code)
    return account.bank_code + _c(cut(_text(bank, rules), 15), 15) + account.branch_code + _c(cut(_text(branch, rules), 15), 15)


def _text(text: str, rules: Transfers) -> str:
    return narrow(text, is_small_kept=rules.is_small_kept, instead=rules.instead).strip(" ")


def _place(line: int) -> str:
    return _("banking.transfer.place") % {"n": f"{line:,}"}


def _is_number(text: str, digits: int) -> bool:
    return len(text) == digits and text.isascii() and text.isdigit()


def _n(number: int, width: int) -> str:
    return f"{number:0{width}d}"


def _c(text: str, width: int) -> str:
    return text.ljust(width)
