"""Notices as a list shows them: in the language of the reader, day by day."""
import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from machi.notifications.models import Notice
from machi.notifications.words import said
from machi.shared import clock

KIND_ICONS = {"proposal": "send", "contract": "handshake", "payout": "wallet", "withheld": "landmark", "review": "message-square-heart",
              "thanks": "heart-handshake", "organisation": "building-2", "export": "package"}
SOME_ICONS = {"contract.offer": "mail-open", "contract.offer_by_hour": "mail-open", "contract.delivered": "package-check",
              "contract.message": "message-circle", "contract.message_of_party": "message-circle",
              "contract.escrowed": "shield-check", "week.escrowed": "shield-check", "contract.accepted": "circle-check-big",
              "contract.changes_asked": "pencil-line"}


@dataclass(frozen=True, slots=True)
class Row:
    """One notice, said."""

    pk: int
    icon: str
    heading: str
    text: str
    at: datetime.datetime
    is_new: bool


def rows_of(notices: Iterable[Notice]) -> list[Row]:
    """The notices in words, in their order."""
    return [Row(notice.pk, _icon(notice.kind), *said(notice.kind, notice.words), notice.created_at, notice.read_at is None)
            for notice in notices]


def by_day(notices: Iterable[Notice]) -> list[tuple[datetime.date, list[Row]]]:
    """The same, gathered under the calendar days of Japan."""
    return [(day, list(rows)) for day, rows in itertools.groupby(rows_of(notices), key=lambda row: clock.day_of(row.at))]


def _icon(kind: str) -> str:
    return SOME_ICONS.get(kind) or KIND_ICONS.get(kind.partition(".")[0], "bell")
