"""What the town is called on its own papers, and its number as a registered issuer (MACHI_HOME/issuer.json, dated rows).

    {"issuer": [{"from": "2026-12-01", "source": "registration of 2026-11-20", "name": "街の会", "address": "東京都港区みなと1-1-1",
                 "number": "T7123456789012", "issues_for_workers": false}]}

`issues_for_workers`: on invoices of registered workers the town's name and number stand in place of theirs (媒介者交付特例, 消費税法施行令
70条の12). Each of them has to be told so beforehand; an accountant says whether the town may.
"""
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from machi.documents.naming import Name
from machi.shared import clock, dated


@dataclass(frozen=True, slots=True)
class Issuer:
    """The town as it signs."""

    name: str = "街（Machi）"
    address: str = ""
    number: str = ""
    issues_for_workers: bool = False

    @property
    def signed(self) -> Name:
        """As it stands on a paper."""
        return Name(self.name, self.address, self.number)


def _check(row: Mapping) -> None:
    if not row["name"].strip() or not isinstance(row["address"], str):
        raise ValueError("name and address are those of whoever runs the town")
    if row["number"] and not re.fullmatch(r"T[0-9]{13}", row["number"]):
        raise ValueError(f"number is T and 13 digits, or empty, not {row['number']!r}")
    if row["issues_for_workers"] not in (True, False) or row["issues_for_workers"] and not row["number"]:
        raise ValueError("issues_for_workers is true or false, and true only with a number")


_CHECKS = {"issuer": _check}


def town_issuer(on: datetime.date | None = None) -> Issuer:
    """The town on a day (today). A town that has said nothing has no number. Raises ValueError for a file that cannot be used."""
    own = dated.tables(None, Path(settings.MACHI_HOME) / "issuer.json", _CHECKS)["issuer"]
    rows = [row for row in own if row.holds_on(on or clock.today())]
    return Issuer(**{name: rows[-1].says[name] for name in Issuer.__dataclass_fields__}) if rows else Issuer()
