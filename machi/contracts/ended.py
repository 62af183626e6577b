"""How a step ended: what the facts tell of it. The state of a step says what was paid, and not whose word it was."""
from enum import StrEnum

from machi.activity.models import Fact
from machi.contracts import facts
from machi.contracts.models import Contract

PROPOSAL, RULING = "proposal", "ruling"             # `decided` in the fact of a step, where the town had a part in its end


class How(StrEnum):
    """Whose word ended a step."""

    ACCEPTED = "accepted"               # the client's, or the days of acceptance were over
    AGREED = "agreed"                   # that of both, signed
    MEDIATED = "mediated"               # that of both, to what the town proposed
    RULED = "ruled"                     # the town's
    UNANSWERED = "unanswered"           # nobody's: one side of a difference stayed silent; by the hour, nobody worked in the week
    UNPAID = "unpaid"                   # the client's bank took its money back, and nothing was handed over
    PASSED_ON = "passed_on"             # somebody else took over, and this part ended as their work did


_DECIDED = {PROPOSAL: How.MEDIATED, RULING: How.RULED}


def how_ended(contract: Contract) -> dict[int, How]:
    """Of each step that ended with its money, by its number in the database. One question."""
    told = Fact.objects.filter(about=contract.reference, name__in=(facts.DELIVERY_ACCEPTED, facts.STEP_SETTLED, facts.STEP_REFUNDED))
    return {data["milestone"]: _how(name, actor, data)
            for name, actor, data in told.order_by("pk").values_list("name", "actor", "data") if "milestone" in data}


def _how(name: str, actor: int | None, data: dict) -> How:
    if "work" in data:
        return How.PASSED_ON
    if "is_unpaid" in data:
        return How.UNPAID
    if name == facts.DELIVERY_ACCEPTED:
        return How.ACCEPTED
    if "decided" in data:
        return _DECIDED[data["decided"]]
    return How.AGREED if actor else How.UNANSWERED
