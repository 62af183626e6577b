"""What is open between the two of a contract, as their pages show it: a wish about the contract, and their differences."""
import datetime
from typing import NamedTuple

from machi.contracts import policies
from machi.contracts.between import Between, between, files_beside
from machi.contracts.differences import Part, part_for
from machi.contracts.lifecycle import DisputeState, MilestoneState
from machi.contracts.models import ChangeOrder, Dispute, Milestone, Side
from machi.contracts.queries import GivenFile
from machi.contracts.retainers import TOLD_BEFORE, last_month_of, months_to_come
from machi.contracts.terms import money_in, other_side, wished_terms
from machi.jobs.plans import Step
from machi.payments.fees import Settlement
from machi.shared import clock
from machi.shared.money import Yen
from machi.web.pages.contracts.standing import Seen, way_about
from machi.web.pages.contracts.week_words import week_called


class WishedStep(NamedTuple):
    """A step as somebody wishes it: both sides' money, and when it is due and paid."""

    title: str
    money: Settlement
    due_on: datetime.date
    pay_on: datetime.date


class GoingOn(NamedTuple):
    """The months that could follow on the same terms, when the last one until now is due, and is that near?"""

    to_come: list[Step]
    last_on: datetime.date
    is_near: bool


class Difference(NamedTuple):
    """A difference that is open, the step whose money rests, and what this person may do about it."""

    dispute: Dispute
    step: Milestone
    week: str                                           # of work by the hour: which one
    is_mine: bool
    can_answer: bool
    can_withdraw: bool
    can_answer_proposal: bool
    has_agreed: bool                                    # this person's side, to what was proposed
    other_agreed: bool

    @property
    def proposed(self) -> Part | None:
        """What the moderator proposed: both sides' money."""
        return part_for(self.step, Yen(self.dispute.proposal.price_yen)) if self.dispute.state == DisputeState.PROPOSED else None

    @property
    def ruled(self) -> Part | None:
        """What the town has ruled."""
        return part_for(self.step, Yen(self.dispute.ruling.price_yen)) if self.dispute.ruling else None

    @property
    def silence_settles(self) -> bool:
        return silence_settles(self.dispute)

    @property
    def files(self) -> list[GivenFile]:
        return files_beside(self.dispute, self.dispute.side)

    @property
    def answer_files(self) -> list[GivenFile]:
        return files_beside(self.dispute, other_side(self.dispute.side))

    def way(self, name: str) -> str:
        return way_about(self.step, name)


def silence_settles(dispute: Dispute) -> bool:
    """Does silence end the step as whoever spoke asked? Not for a worker who has handed nothing over: then the work goes on."""
    return dispute.side == Side.CLIENT or dispute.milestone.first_delivered_at is not None


def wish_context(user, seen: Seen, now: Between | None = None) -> dict:
    """The wish that waits, in the words of both, and what this person may do about it."""
    now = now or between(seen.contract)
    asked = now.asked
    can_ask = policies.can_ask_for_change(user, seen.contract)
    going = {"going_on": going_on(user, seen, now)}
    if asked is None:
        return going | {"wish": None, "can_ask_for_change": can_ask, "can_ask_for_part": can_ask and seen.milestone.is_running}
    by_number = {step.number: step for step in seen.steps}
    return going | {
        "wish": asked, "other_way": _other_way(seen, asked, by_number), "can_ask_for_change": can_ask,
        "is_my_change": asked.side == policies.side_of(user, seen.contract),
        "can_ask_for_part": can_ask and seen.milestone.is_running,
        "can_answer_change": policies.can_answer_change(user, asked), "can_withdraw_change": policies.can_withdraw_change(user, asked),
        "wished_steps": _steps_wished(seen, asked),
        "steps_now": [step for step in seen.steps if step.state == MilestoneState.AGREED],
        "wished_parts": [part_for(by_number[part["number"]], Yen(part["price_yen"])) for part in asked.parts
                         if part["number"] in by_number],
    }


def _steps_wished(seen: Seen, asked: ChangeOrder) -> list[WishedStep]:
    """All that is not funded as it would be; of more months only these."""
    found = wished_terms(seen.contract, seen.steps, asked) if asked.steps else []
    return [_step(paper) for paper in found[-asked.months_count if asked.months_count else 0:]]


def _step(paper: dict) -> WishedStep:
    due_on, pay_on = (datetime.date.fromisoformat(paper[day]) for day in ("due_on", "pay_on"))
    return WishedStep(paper["title"], money_in(paper), due_on, pay_on)


def _other_way(seen: Seen, asked: ChangeOrder, by_number: dict[int, Milestone]) -> str:
    """Where the other side asks for something else instead."""
    if asked.kind == ChangeOrder.Kind.PART:
        return way_about(by_number[asked.parts[0]["number"]], "part")
    if asked.months_count:
        return seen.way("go_on")
    return seen.way("change" if asked.kind == ChangeOrder.Kind.TERMS else "end")


def going_on(user, seen: Seen, now: Between) -> GoingOn | None:
    """Work of every month that may go on: nothing else is asked, and nobody has said that it ends."""
    is_free = now.notice is None and policies.can_go_on(user, seen.contract)
    to_come = months_to_come(seen.contract, seen.steps) if is_free else []
    if not to_come:
        return None
    _number, last_on = last_month_of(seen.steps)
    return GoingOn(to_come, last_on, now.asked is None and last_on - TOLD_BEFORE <= clock.today())


def dispute_context(user, seen: Seen, now: Between) -> dict:
    """Both sides' words about each difference that is open, on the page of a week only about that; and may they tell one here?"""
    found = [one for one in now.told if (one.state != DisputeState.CLOSED or one.ruling)
             and (not seen.is_week or one.milestone_id == seen.milestone.pk)]
    return {"differences": [_difference(user, seen, one) for one in found],
            "can_dispute": policies.can_dispute(user, seen.milestone, now.told),
            "part_way": way_about(seen.milestone, "part"), "dispute_way": way_about(seen.milestone, "dispute")}


def _difference(user, seen: Seen, dispute: Dispute) -> Difference:
    step = dispute.milestone = next(step for step in seen.steps if step.pk == dispute.milestone_id)
    is_proposed, side = dispute.state == DisputeState.PROPOSED, policies.side_of(user, seen.contract)
    return Difference(dispute, step, week_called(step) if seen.contract.is_hourly else "", dispute.side == side,
                      policies.can_answer_dispute(user, dispute), policies.can_withdraw_dispute(user, dispute),
                      is_proposed and policies.can_answer_proposal(user, dispute),
                      bool(is_proposed and side and dispute.proposal.agreed_at(side)),
                      bool(is_proposed and side and dispute.proposal.agreed_at(other_side(side))))
