"""The town's own account at a bank: where clients transfer to, and where money leaves from (MACHI_HOME/account.json, dated rows).

    {"account": [{"from": "2026-12-01", "source": "contract with the bank of 2026-11-20", "profile": "mufg", "bank_code": "0005",
                  "branch_code": "001", "kind": "1", "number": "1234567", "holder": "街の会", "holder_kana": "マチノカイ",
                  "payer_code": "1234567890"}]}
"""
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from machi.banking.banks import bank_name, branch_name
from machi.banking.kana import narrow
from machi.banking.profiles import profiles
from machi.shared import clock, dated


@dataclass(frozen=True, slots=True)
class TownAccount:
    """As a client reads it, and as a bank is told."""

    profile: str                                    # of the bank, in banks.json or ours
    bank_code: str
    branch_code: str
    kind: str                                       # 1 普通, 2 当座
    number: str
    holder: str
    holder_kana: str
    payer_code: str                                 # 委託者コード: ten digits, for files of transfers

    @property
    def told_as(self) -> str:
        """0005-001-1-1234567: under this text its lines are kept."""
        return f"{self.bank_code}-{self.branch_code}-{self.kind}-{self.number}"

    @property
    def bank(self) -> str:
        return bank_name(self.bank_code) or self.bank_code

    @property
    def branch(self) -> str:
        return branch_name(self.bank_code, self.branch_code) or self.branch_code


_DIGITS = {"bank_code": 4, "branch_code": 3, "kind": 1, "number": 7, "payer_code": 10}
_KANA = re.compile(r"[ｱ-ﾝﾞﾟA-Z0-9 ()｢｣/.\-]+")


def _check(row: Mapping) -> None:
    for name, digits in _DIGITS.items():
        if not re.fullmatch(rf"[0-9]{{{digits}}}", row[name]):
            raise ValueError(f"{name} has {digits} digits, not {row[name]!r}")
    if row["kind"] not in "12":
        raise ValueError("kind is 1 (普通) or 2 (当座)")
    if branch_name(row["bank_code"], row["branch_code"]) is None:
        raise ValueError(f"no bank has the branch {row['bank_code']}-{row['branch_code']}")
    if not row["holder"].strip() or not _KANA.fullmatch(narrow(row["holder_kana"])):
        raise ValueError("holder is the name as the bank writes it, and holder_kana the same in katakana")
    if row["profile"] not in profiles():
        raise ValueError(f"no bank is called {row['profile']!r} in the profiles")


_CHECKS = {"account": _check}


def town_account(on: datetime.date | None = None) -> TownAccount | None:
    """The account of a day (today); None in a town that has not said where it is. Raises ValueError when its file cannot be used."""
    own = dated.tables(None, Path(settings.MACHI_HOME) / "account.json", _CHECKS)["account"]
    rows = [row for row in own if row.holds_on(on or clock.today())]
    return TownAccount(**{name: rows[-1].says[name] for name in TownAccount.__dataclass_fields__}) if rows else None
