"""Who may do what with offers, contracts and milestones."""
import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import has_power
from machi.contracts.lifecycle import (
    CONTRACT_LIFECYCLE,
    DISPUTE_LIFECYCLE,
    MILESTONE_LIFECYCLE,
    OFFER_LIFECYCLE,
    PAID_STATES,
    STAND_IN_LIFECYCLE,
    WISH_LIFECYCLE,
    MilestoneState,
)
from machi.contracts.models import ChangeOrder, Contract, DateRequest, Dispute, EndNotice, Milestone, Offer, Side, StandIn, Talk
from machi.jobs import wages
from machi.jobs.models import Job
from machi.notifications.words import yen
from machi.shared import clock
from machi.shared.money import Yen

ASK_UNTIL = datetime.timedelta(days=7)              # after the due date somebody may still ask for another
LEAST = 100                                         # yen of a step, without tax; of a part of one too, or the fee would take it all
MOST_BONUS = 100_000                                # yen of one bonus, without tax: what is more is work, and agreed on
LATEST = datetime.timedelta(days=365)               # from today: work that can be seen from here, and nobody's money in escrow for ever


def acts_for_client(user, thing: Offer | Contract, *powers) -> bool:
    """Does this person act for the party that gives the work, with any of these powers? Never on both sides of one contract."""
    return user.pk != thing.worker_id and has_power(user, thing.client_id, *powers)


def can_read_work(user, contract: Contract) -> bool:
    """What was written and handed over is for the worker and for those of the client who choose and accept; not for who only pays."""
    return user.pk == contract.worker_id or acts_for_client(user, contract, *READS_WORK)


def is_waiting(offer: Offer) -> bool:
    """May the worker still answer?"""
    return OFFER_LIFECYCLE.allows(offer.state, "accept") and clock.now() <= offer.answer_by


def can_answer_offer(user, offer: Offer) -> bool:
    return user.pk == offer.worker_id and is_waiting(offer)


def can_change_offer(user, offer: Offer) -> bool:
    """Of a post: what a worker has prepared has the terms they wrote."""
    return OFFER_LIFECYCLE.allows(offer.state, "replace") and offer.proposal_id is not None and acts_for_client(user, offer, Power.APPROVER)


def least_offer(job: Job) -> Yen:
    """Nobody is offered less than the post that they applied to says, nor less than the floor of today: of an hour, or of the whole work.
    In yen without tax.
    """
    if job.is_hourly:
        return max(wages.least_for(60), Yen(job.rate_yen))
    return max(wages.least_for(job.minutes_estimate or 0), job.reward)


def too_low(job: Job) -> str:
    """Why an offer cannot be for less."""
    return _("offer.pay.least") % {"least": yen(least_offer(job))}


def can_fund(user, milestone: Milestone) -> bool:
    return (MILESTONE_LIFECYCLE.allows(milestone.state, "fund") and CONTRACT_LIFECYCLE.allows(milestone.contract.state, "fund")
            and acts_for_client(user, milestone.contract, Power.PAYER))


def can_give_bonus(user, contract: Contract, steps: Iterable[Milestone]) -> bool:
    """Whoever looks after the client's money, once something was paid for and while the two do not differ about anything."""
    states = {step.state for step in steps}
    is_time = bool(states & set(PAID_STATES)) and MilestoneState.DISPUTED not in states
    return is_time and not contract.worker.has_left and acts_for_client(user, contract, Power.PAYER)


def bonus_range() -> str:
    """What a bonus may be, in words."""
    return _("bonus.range") % {"least": yen(LEAST), "most": yen(MOST_BONUS)}


def can_deliver(user, milestone: Milestone) -> bool:
    """Of work by the hour the record of the week is handed over instead (can_submit_week)."""
    return _is_workers(user, milestone) and not milestone.contract.is_hourly


def can_record(user, milestone: Milestone) -> bool:
    """The hours of a week, as long as its money is held and its record is not handed over."""
    return _is_workers(user, milestone) and milestone.contract.is_hourly


def can_submit_week(user, milestone: Milestone) -> bool:
    return can_record(user, milestone)


def waits_for_money(milestone: Milestone) -> bool:
    return MILESTONE_LIFECYCLE.allows(milestone.state, "fund")


def _is_workers(user, milestone: Milestone) -> bool:
    return user.pk == milestone.contract.worker_id and MILESTONE_LIFECYCLE.allows(milestone.state, "deliver")


def can_accept_delivery(user, milestone: Milestone) -> bool:
    return MILESTONE_LIFECYCLE.allows(milestone.state, "accept") and acts_for_client(user, milestone.contract, Power.APPROVER)


def can_ask_changes(user, milestone: Milestone) -> bool:
    """As often as the terms say, until the acceptance clock has run out: from then on the work is accepted."""
    return not milestone.contract.is_hourly and _has_rounds(user, milestone)


def can_ask_about_week(user, milestone: Milestone) -> bool:
    """Once, until the acceptance clock has run out."""
    return milestone.contract.is_hourly and _has_rounds(user, milestone)


def _has_rounds(user, milestone: Milestone) -> bool:
    has_rounds = milestone.revisions_used < milestone.revisions_count
    is_in_time = milestone.accept_by is not None and clock.now() < milestone.accept_by
    return (MILESTONE_LIFECYCLE.allows(milestone.state, "ask_changes") and has_rounds and is_in_time
            and acts_for_client(user, milestone.contract, Power.APPROVER))


def can_ask_for_change(user, contract: Contract) -> bool:
    """Either side, as long as the contract goes on."""
    return contract.goes_on and bool(side_of(user, contract))


def can_go_on(user, contract: Contract) -> bool:
    """Work of every month: either side may ask for more months."""
    return contract.is_monthly and can_ask_for_change(user, contract)


def can_answer_change(user, order: ChangeOrder) -> bool:
    """The other side, as long as it is time."""
    side = side_of(user, order.contract)
    return bool(side) and side != order.side and WISH_LIFECYCLE.allows(order.state, "agree") and clock.now() <= order.answer_by


def can_withdraw_change(user, order: ChangeOrder) -> bool:
    return side_of(user, order.contract) == order.side and WISH_LIFECYCLE.allows(order.state, "withdraw")


def can_ask_to_talk(user, contract: Contract, about: str) -> bool:
    """About the price either side, about what would help the worker; as long as the contract goes on."""
    side = side_of(user, contract)
    return contract.goes_on and (side == Side.WORKER or about == Talk.About.PRICE and side is not None)


def can_answer_talk(user, talk: Talk) -> bool:
    side = side_of(user, talk.contract)
    return talk.contract.goes_on and talk.is_open and side is not None and side != talk.side


def can_answer_check_in(user, milestone: Milestone) -> bool:
    """The worker, until the work is handed over for the first time."""
    return (user.pk == milestone.contract.worker_id and milestone.first_delivered_at is None
            and MILESTONE_LIFECYCLE.allows(milestone.state, "deliver"))


def can_switch_check_ins(user, contract: Contract) -> bool:
    return user.pk == contract.worker_id and contract.goes_on


def can_name_stand_in(user, contract: Contract) -> bool:
    """The worker, of a project, while it goes on. Weeks by the hour are each paid by their minutes, and what was taken over once is not
    passed on again.
    """
    return user.pk == contract.worker_id and contract.goes_on and not contract.is_hourly and contract.takes_over_id is None


def can_answer_stand_in(user, stand_in: StandIn) -> bool:
    """The stand-in and the client, once each."""
    if not STAND_IN_LIFECYCLE.allows(stand_in.state, "decline"):
        return False
    if user.pk == stand_in.person_id:
        return stand_in.person_agreed_at is None
    return stand_in.client_agreed_at is None and acts_for_client(user, stand_in.contract, Power.APPROVER)


def can_withdraw_stand_in(user, stand_in: StandIn) -> bool:
    """The worker, or the stand-in once they have agreed."""
    is_open = STAND_IN_LIFECYCLE.allows(stand_in.state, "withdraw")
    return is_open and (user.pk == stand_in.contract.worker_id or user.pk == stand_in.person_id and bool(stand_in.person_agreed_at))


def is_late(step: Milestone) -> bool:
    """Has its due day passed, and the days by which the client said it may be late and still be in time for them?"""
    return step.in_time_until < clock.today()


def can_call_stand_in(user, stand_in: StandIn, step: Milestone) -> bool:
    """Who stands by may be called while the money of the step that counts now is held: by the worker at any time, by the client when
    it is late.
    """
    if not (STAND_IN_LIFECYCLE.allows(stand_in.state, "take_over") and MILESTONE_LIFECYCLE.allows(step.state, "pass_on")):
        return False
    contract = stand_in.contract
    return user.pk == contract.worker_id or is_late(step) and acts_for_client(user, contract, Power.APPROVER)


def can_give_notice(user, contract: Contract) -> bool:
    """For the client, while the contract goes on. Whether it is long enough is asked of its steps (contracts.longterm)."""
    return CONTRACT_LIFECYCLE.allows(contract.state, "end") and acts_for_client(user, contract, Power.APPROVER)


def can_ask_end_reason(user, notice: EndNotice) -> bool:
    """The worker, from the notice to the last day."""
    return user.pk == notice.contract.worker_id and notice.reason_asked_at is None and clock.today() <= notice.last_on


def can_tell_end_reason(user, notice: EndNotice) -> bool:
    is_waited_for = notice.reason_asked_at is not None and notice.reason_told_at is None
    return is_waited_for and acts_for_client(user, notice.contract, Power.APPROVER)


def can_dispute(user, milestone: Milestone, told: Iterable[Dispute]) -> bool:
    """Either side, while the money is held and the acceptance clock has not run out; once about each delivery, and once while one is
    waited for. `told`: the differences of the contract until now.
    """
    side, is_in_time = side_of(user, milestone.contract), milestone.accept_by is None or clock.now() < milestone.accept_by
    if not (side and is_in_time and MILESTONE_LIFECYCLE.allows(milestone.state, "dispute")):
        return False
    return (milestone.pk, side, round_of(milestone)) not in {(one.milestone_id, one.side, one.round) for one in told}


def round_of(milestone: Milestone) -> int:
    """What a difference about a step is about: 0 before the first delivery, 1 that delivery, 2 what is waited for after changes were
    asked for, 3 the second delivery, and so on.
    """
    return 2 * milestone.revisions_used + MILESTONE_LIFECYCLE.allows(milestone.state, "accept")


def can_answer_dispute(user, dispute: Dispute) -> bool:
    side = side_of(user, dispute.milestone.contract)
    return bool(side) and side != dispute.side and DISPUTE_LIFECYCLE.allows(dispute.state, "answer")


def can_withdraw_dispute(user, dispute: Dispute) -> bool:
    return side_of(user, dispute.milestone.contract) == dispute.side and DISPUTE_LIFECYCLE.allows(dispute.state, "close")


def can_answer_proposal(user, dispute: Dispute) -> bool:
    """Each side once, until the last day of the mediation."""
    side = side_of(user, dispute.milestone.contract)
    return (bool(side) and DISPUTE_LIFECYCLE.allows(dispute.state, "settle") and clock.now() <= dispute.decide_by
            and dispute.proposal.agreed_at(side) is None)


def side_of(user, contract: Contract) -> str | None:
    """On which side of this contract somebody stands."""
    if user.pk == contract.worker_id:
        return Side.WORKER
    return Side.CLIENT if acts_for_client(user, contract, Power.APPROVER) else None


def is_part(step: Milestone, price: int) -> bool:
    """May so much of a step be paid, in yen without tax? Nothing, all of it, or a part that leaves its worker something."""
    return price in (0, step.price_yen) or LEAST <= price < step.price_yen


def is_due_day(day: datetime.date) -> bool:
    """A day on which work that is asked for today may be due: from tomorrow, within a year."""
    return clock.today() < day <= clock.today() + LATEST


def date_can_move(milestone: Milestone) -> bool:
    """Until the work was handed over for the first time: that moment settles whether it was on time. Weeks have their days."""
    can_move = MILESTONE_LIFECYCLE.allows(milestone.state, "move_date") and not milestone.contract.is_hourly
    return can_move and milestone.first_delivered_at is None


def is_later_day(wished_on: datetime.date, due_on: datetime.date) -> bool:
    """A day that may be asked for: later than the due date, not past, within a year from today."""
    return due_on < wished_on and clock.today() <= wished_on <= clock.today() + LATEST


def is_time_to_ask(milestone: Milestone) -> bool:
    """Before the due date and for a week after it."""
    return date_can_move(milestone) and clock.today() <= milestone.due_on + ASK_UNTIL


def can_ask_for_date(user, milestone: Milestone) -> bool:
    """Either side, as long as it is time."""
    return bool(side_of(user, milestone.contract)) and is_time_to_ask(milestone)


def can_answer_date(user, request: DateRequest, milestone: Milestone) -> bool:
    """The other side, as long as the day that is wished for has not passed."""
    side = side_of(user, milestone.contract)
    return (bool(side) and side != request.side and WISH_LIFECYCLE.allows(request.state, "agree") and date_can_move(milestone)
            and clock.today() <= request.wished_on)


def can_withdraw_date(user, request: DateRequest, milestone: Milestone) -> bool:
    return side_of(user, milestone.contract) == request.side and WISH_LIFECYCLE.allows(request.state, "withdraw")
