"""What comes of a difference of two, in plain Python: who may do what about it now, and where it then stands. Its yen move elsewhere."""
import datetime
from dataclasses import dataclass, field

from machi.contracts.actions.disputing import answer_day
from tests.model.ledgers import DAY, JAPAN, end_of

MEDIATION_DAYS, NOTICES = 30, 3
SIDES, MODERATORS, FINANCE = ("worker", "client"), ("moderator", "both"), ("desk", "other desk", "both")
PEOPLE = (*SIDES, "stranger", *dict.fromkeys(MODERATORS + FINANCE))
# Every edge of its table that people walk here; whoever may take it back or settle it is in whole.py.
MOVES = {("open", "answer"): "heard", ("heard", "take_up"): "mediation", ("mediation", "propose"): "proposed",
         ("proposed", "agree"): "proposed", ("proposed", "refuse"): "escalated", ("escalated", "rule"): "drafted",
         ("drafted", "hand_back"): "escalated", ("drafted", "sign"): "closed",
         **{(state, "take_up"): state for state in ("mediation", "proposed", "escalated")}}      # by another moderator
STATES = ("open", "heard", "mediation", "proposed", "escalated", "drafted")
EVENTS = tuple(dict.fromkeys(event for _state, event in MOVES))
SUMS = ("propose", "rule")                              # of which a sum is said


@dataclass
class Difference:
    side: str                                           # who told it
    since: datetime.datetime
    before: str                                         # what the step was
    answer_by: datetime.datetime
    state: str = "open"
    told: int = 1                                       # so often the other side was
    mediator: str = ""
    decide_by: datetime.datetime | None = None
    price: int = 0                                      # proposed, or ruled
    agreed: set[str] = field(default_factory=set)
    written_by: str = ""

    def allows(self, event: str, who: str, now: datetime.datetime, *, is_part: bool) -> bool:
        if (self.state, event) not in MOVES:
            return False
        match event:
            case "answer":
                return who in SIDES and who != self.side
            case "take_up":
                return who in MODERATORS and who != self.mediator
            case "propose" | "rule":
                return who == self.mediator and is_part
            case "agree" | "refuse":
                return who in SIDES and who not in self.agreed and now <= self.decide_by
        return who in FINANCE and who != self.written_by

    def moves(self, event: str, who: str, now: datetime.datetime, price: int) -> bool:
        """True when with this the step ends, at `price`."""
        is_new = self.state == "heard"
        self.state = MOVES[self.state, event]
        if event == "take_up":
            self.mediator = who
            self.decide_by = end_of_day(now, MEDIATION_DAYS) if is_new else self.decide_by
        elif event in SUMS:
            self.price, self.written_by = price, who
        elif event == "agree":
            self.agreed.add(who)
        return event == "sign" or self.agreed == set(SIDES)

    # ---- the clock's rounds ------------------------------------------------------------------------------------------

    def is_reminded(self, now: datetime.datetime) -> bool:
        half = self.since + (self.answer_by - self.since) / 2
        if self.state != "open" or self.told >= NOTICES or now < (half if self.told == 1 else self.answer_by - DAY):
            return False
        self.told += 1
        if self.answer_by < now:
            self.answer_by = answer_day(now.astimezone(JAPAN).date())
        return True

    def is_silence_over(self, now: datetime.datetime) -> bool:
        return self.state == "open" and self.told >= NOTICES and self.answer_by < now

    def is_escalated(self, now: datetime.datetime) -> bool:
        is_late = self.state in ("mediation", "proposed") and self.decide_by < now
        self.state = "escalated" if is_late else self.state
        return is_late


def end_of_day(now: datetime.datetime, days: int) -> datetime.datetime:
    return end_of(now.astimezone(JAPAN).date() + days * DAY)
