"""What is held for people against what lies at the bank, from the ledger alone: now from its accounts, of earlier days from their sealed
sums. The law asks whoever holds money of others to be able to say this figure of any day (資金決済法).
"""
import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import Coalesce

from machi.ledger.accounts import Kind, has_floor
from machi.ledger.queries import sealed_until, sums_by_kind, town_sums_at
from machi.payments.lifecycle import LineState
from machi.payments.models import BankLine
from machi.shared import clock
from machi.shared.money import Yen

LIES = (Kind.BANK, Kind.GATEWAY)
OWED = tuple(kind for kind in Kind if has_floor(kind.of()))


class Held(NamedTuple):
    """The end of a day, or now: what was owed to people, and what lay at the bank and the payment service."""

    on: datetime.date
    owed: Yen
    lies: Yen

    @property
    def more(self) -> Yen:
        """What lay there beside it; below zero too little did."""
        return Yen(self.lies - self.owed)


class HeldNow(NamedTuple):
    """The figure of now, and its parts by the names of the kinds of accounts: `escrow`, `fee`; credit-positive."""

    figure: Held
    owed: Mapping[str, Yen]
    own: Mapping[str, Yen]                  # the town's, without the bank and the service; those that are not zero


def held_now() -> HeldNow:
    """From all accounts, in one question."""
    sums = sums_by_kind()
    unplaced = _unplaced(sums)
    own = {kind.name.lower(): sums[kind] for kind in Kind
           if sums.get(kind) and kind not in OWED and kind not in LIES and not (kind is Kind.SUSPENSE and unplaced)}
    owed = {kind.name.lower(): sums.get(kind, Yen(0)) for kind in OWED} | ({Kind.SUSPENSE.name.lower(): unplaced} if unplaced else {})
    return HeldNow(_held(clock.today(), sums), owed, own)


def room_of_the_town() -> Yen:
    """What the town may give away: what lies at the bank beside what is owed, and beside every line that came in and is nobody's yet.
    A line that left and has not been placed makes no room.
    """
    sums = sums_by_kind()
    left = BankLine.objects.filter(state=LineState.OPEN, amount_yen__lt=0).aggregate(yen=Coalesce(Sum("amount_yen"), 0))["yen"]
    came = max(0, sums.get(Kind.SUSPENSE, 0) - int(left))
    return Yen(_held(clock.today(), sums).more + _unplaced(sums) - came)


def held_by_day(days: int) -> list[Held]:
    """The last days that are sealed, the newest first."""
    last = sealed_until()
    if last is None:
        return []
    ends = [clock.day_of(last) - datetime.timedelta(days=number) for number in range(days)]
    found = town_sums_at([clock.start_of(end) for end in ends])
    return [_held(end - datetime.timedelta(days=1), sums) for end, sums in zip(ends, found, strict=True) if sums]


def fees_by_month(months: int) -> list[tuple[datetime.date, Yen]]:
    """The fees of the last months that are over and sealed, without tax, the newest first; (first day of the month, sum)."""
    firsts = [clock.months_away(clock.today().replace(day=1), -number) for number in range(months + 1)]
    at = town_sums_at([clock.start_of(first) for first in firsts])
    return [(first, Yen(after.get(Kind.FEE, 0) - before.get(Kind.FEE, 0)))
            for first, after, before in zip(firsts[1:], at, at[1:], strict=False) if after]


def _held(on: datetime.date, sums: Mapping[Kind, Yen]) -> Held:
    """All accounts together are zero: what is not the town's own is owed, with the other sign. So is what came in and is nobody's yet."""
    owed = -sum(total for kind, total in sums.items() if kind not in OWED)
    return Held(on, Yen(owed + _unplaced(sums)), Yen(-sum(sums.get(kind, 0) for kind in LIES)))


def _unplaced(sums: Mapping[Kind, Yen]) -> Yen:
    """Money of somebody, until it is said whose (不明入金)."""
    return Yen(max(0, sums.get(Kind.SUSPENSE, 0)))
