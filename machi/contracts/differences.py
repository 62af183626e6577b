"""What waits for the town where two do not agree, the oldest first, and since when it waits too long; and what a split of a step means."""
import datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from machi.banking.days import bank_days_before
from machi.contracts.lifecycle import DisputeState
from machi.contracts.models import Dispute, Milestone, Ruling
from machi.contracts.terms import part_of
from machi.payments.fees import Settlement
from machi.shared import clock
from machi.shared.money import Yen

TAKEN_WITHIN, RULED_WITHIN = 1, 5                   # business days: money waits meanwhile

# Whose turn it is: a moderator's, or the finance desk's.
FOR_MODERATORS = (DisputeState.HEARD, DisputeState.MEDIATION, DisputeState.PROPOSED, DisputeState.ESCALATED)
FOR_FINANCE = (DisputeState.DRAFTED,)


class Part(NamedTuple):
    """What a wish, a proposal or a ruling means for one step whose money is held: both sides' money, and what goes back."""

    title: str
    money: Settlement | None
    goes_back: Yen


def late_before(days: int = TAKEN_WITHIN) -> datetime.datetime:
    """What waits since before this moment waits longer than so many business days."""
    return clock.start_of(bank_days_before(clock.today(), days))


def waiting_differences() -> QuerySet[Dispute]:
    """All of which both have told and that are not over. `since`: from when on they stand as they do."""
    written = Ruling.objects.filter(dispute=OuterRef("pk"), is_signed=None).values("written_at")[:1]
    return (Dispute.objects.filter(state__in=(*FOR_MODERATORS, *FOR_FINANCE))
            .annotate(since=Coalesce(Subquery(written), F("escalated_at"), F("proposal__made_at"), F("taken_up_at"), F("answered_at")))
            .select_related("milestone", "milestone__contract", "milestone__contract__offer", "milestone__contract__client",
                            "milestone__contract__client__person", "milestone__contract__worker", "milestone__contract__takes_over",
                            "mediator", "proposal")
            .order_by("since", "pk"))


def is_late(dispute: Dispute) -> bool:
    """Of a row of `waiting_differences`: has it waited for the town for too long?"""
    days = {DisputeState.HEARD: TAKEN_WITHIN, DisputeState.DRAFTED: TAKEN_WITHIN, DisputeState.ESCALATED: RULED_WITHIN}.get(dispute.state)
    return days is not None and dispute.since < late_before(days)


def part_for(step: Milestone, price: Yen) -> Part:
    """What it means that so much of a step's price, without tax, is the worker's."""
    money = part_of(step, price) if price else None
    return Part(step.title, money, step.held - (money.client_pays if money else Yen(0)))
