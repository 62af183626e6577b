"""How a step ends: all of its money is the worker's, a part of it, or none; never does anything stay behind in escrow."""
import datetime

from machi.accounts.powers import Power
from machi.activity import actions as activity
from machi.contracts import facts
from machi.contracts.actions.funding import close_contract, void_steps, wait_for_next
from machi.contracts.actions.locking import steps_of
from machi.contracts.actions.recording import end_clock
from machi.contracts.actions.telling import people_of
from machi.contracts.actions.wishes import lapse_change, lapse_date
from machi.contracts.ended import PROPOSAL, RULING
from machi.contracts.lifecycle import CLOSED, DISPUTE_LIFECYCLE, MILESTONE_LIFECYCLE, DisputeState
from machi.contracts.models import Contract, Dispute, Milestone, Side, Timesheet
from machi.contracts.terms import part_of
from machi.contracts.titles import titled
from machi.contracts.weeks import earned
from machi.notifications import actions as notifications
from machi.payments import actions as payments
from machi.payments.fees import Settlement
from machi.payments.paydays import last_day_for, pay_day, received
from machi.payments.queries import pays_out_on, waits_for_an_account, withheld_kind
from machi.shared import clock
from machi.shared.money import Yen

TITLE_OF_EARNING = 120
_FACTS = {"accept": facts.DELIVERY_ACCEPTED, "bill": facts.DELIVERY_ACCEPTED, "bill_unanswered": facts.STEP_SETTLED,
          "give_back": facts.STEP_REFUNDED, "pay": facts.STEP_SETTLED, "settle": facts.STEP_SETTLED, "refund": facts.STEP_REFUNDED,
          "end_unpaid": facts.STEP_REFUNDED,
          "pay_unanswered": facts.STEP_SETTLED, "refund_unanswered": facts.STEP_REFUNDED, "pay_part": facts.STEP_SETTLED,
          "settle_part": facts.STEP_SETTLED, "refund_part": facts.STEP_REFUNDED}
# What the worker hears of an acceptance, where there is more to do after it.
_OF_A_STEP = {"contract.accepted": "contract.step_accepted", "contract.accepted_by_town": "contract.step_accepted_by_town"}


def accept_step(contract: Contract, milestone: Milestone, by) -> Milestone:
    """The work is accepted (検収): all of it is paid, of a week by the hour what was recorded. `by` is None when the town accepts.
    Under the locks of both.
    """
    milestone.was_accepted_by_town = by is None
    price = _earned(contract, milestone)
    return _end(contract, milestone, "accept" if price == milestone.price_yen else "bill", price, by)


def settle_step(contract: Contract, milestone: Milestone, *, price: Yen, by, ends: str = "close", **told) -> Milestone:
    """The worker gets so much of a step, without tax; the rest goes back to the client: because both agreed, or because the town ruled.
    `ends`: the move of the difference about it, if there is one. Under the locks of both.
    """
    move = "pay" if price == milestone.price_yen else "settle" if price else "refund"
    return _end(contract, milestone, move, price, by, ends=ends, **told)


def settle_unanswered(contract: Contract, milestone: Milestone, *, for_worker: bool) -> Milestone:
    """The other side of a dispute stayed silent: the step ends as whoever spoke asked. Under the locks of both."""
    price = _earned(contract, milestone) if for_worker else Yen(0)
    move = "refund_unanswered" if not price else "pay_unanswered" if price == milestone.price_yen else "bill_unanswered"
    return _end(contract, milestone, move, price, None)


def end_unpaid(contract: Contract, milestone: Milestone) -> Milestone:
    """The client's bank took back what was held, for good, and nobody paid it anew: what was not handed over ends, and nothing is owed
    for it. Under the locks of both.
    """
    return _end(contract, milestone, "end_unpaid", Yen(0), None, is_unpaid=True)


def give_back_week(contract: Contract, milestone: Milestone) -> Milestone:
    """Of a week by the hour in which nobody worked the money goes back. Under the locks of both."""
    return _end(contract, milestone, "give_back", Yen(0), None)


def _earned(contract: Contract, milestone: Milestone) -> Yen:
    """What a step brings when it is accepted: its price, or of work by the hour the minutes of its week, which are billed with it.
    Of a week without a minute nothing is billed.
    """
    if not contract.is_hourly:
        return Yen(milestone.price_yen)
    sheet = Timesheet.objects.locked().get(milestone=milestone)
    if sheet.minutes:
        sheet.billed_minutes = sheet.minutes
        sheet.save(update_fields=["billed_minutes"])
    return earned(sheet.minutes, sheet.rate_yen)


def hold_money(*contracts: Contract) -> None:
    """Several steps end in one transaction, each by an entry of its own: the accounts of all are held first. Under the locks of all."""
    payments.hold_accounts((one.pk, one.worker_id, one.client_id) for one in contracts)


def _end(contract: Contract, milestone: Milestone, move: str, price: Yen, by, *, ends: str = "close", **told) -> Milestone:
    before = _before(contract, milestone)
    if before is not None:
        hold_money(contract, before)
    money = part_of(milestone, price) if price else None
    if contract.is_hourly:
        end_clock(milestone)
    milestone.state = MILESTONE_LIFECYCLE.next(milestone.state, move)
    milestone.refunded_yen = int(milestone.held - (money.client_pays if money else 0))
    milestone.accepted_at, milestone.accept_by = clock.now() if money else None, None
    if money and move not in ("pay_part", "settle_part"):
        milestone.pay_on = _pay_day_of(milestone)
    milestone.save()
    shares = [payments.Share(milestone.reference, contract.worker, money, milestone.pay_on)] if money else []
    settled = payments.settle_escrow(
        milestone=milestone.pk, contract=contract.pk, title=titled(milestone)[:TITLE_OF_EARNING], party=contract.client,
        shares=shares, refund=Yen(milestone.refunded_yen), by=by)
    activity.record(actor=by, fact=_FACTS[move], about=contract.reference, milestone=milestone.pk, **told)
    _close_dispute(milestone, by, ends)
    _tell(contract, milestone, move, money, settled.back, by, told.get("decided"))
    if before is not None:
        _end_kept_part(before, milestone, price, by, work=_FACTS[move])
    return milestone


def _before(contract: Contract, milestone: Milestone) -> Contract | None:
    """The contract of whoever worked on this step before a stand-in took it over. It is locked with the stand-in's."""
    if contract.takes_over_id is None or milestone.number != 1:
        return None
    return Contract.objects.select_related("client", "client__person", "worker", "offer").get(pk=contract.takes_over_id)


def _end_kept_part(before: Contract, milestone: Milestone, price: Yen, by, *, work: str) -> None:
    """The step that a stand-in took over has ended, and so much of it was paid: in the same proportion ends the part of it that the
    worker before them keeps. `work`: the fact of how the stand-in's work ended. Under the locks of both contracts.
    """
    steps = steps_of(before)
    kept = next(step for step in steps if MILESTONE_LIFECYCLE.allows(step.state, "pay_part"))
    kept.pay_on = milestone.pay_on
    part = Yen(kept.price_yen * price // milestone.price_yen)
    if part and part_of(kept, part).worker_receives < 1:
        part = Yen(0)                               # so little that the fee takes it all: it goes back
    _end(before, kept, "pay_part" if price == milestone.price_yen else "settle_part" if part else "refund_part", part, by,
         work=work)
    close_contract(before, steps)


def after_steps(contract: Contract, *, is_end: bool = False) -> None:
    """Steps ended: what was asked about them lapses; the next one waits for its money, or the contract is over. `is_end`: both agreed
    that what is not funded will not be done.
    """
    steps = steps_of(contract)
    ended = [step for step in steps if step.is_closed]
    lapse_change(contract, ended)
    for step in ended:
        lapse_date(step)
    if is_end:
        void_steps(steps)
    wait_for_next(contract, steps)
    close_contract(contract, steps)


def _pay_day_of(milestone: Milestone) -> datetime.date:
    """The printed day, as long as it lies ahead. Where nothing was handed over, or a difference rested beyond that day, it is the next
    payout day; day 60 of the receipt still holds where it lies ahead. No day is said that no file of the bank can reach.
    """
    today, first = clock.today(), pays_out_on()
    if milestone.first_delivered_at and milestone.pay_on >= today:
        return max(milestone.pay_on, first)
    found = pay_day(today, acceptance_days=0)
    latest = last_day_for(received(milestone.first_delivered_at)) if milestone.first_delivered_at else found
    return max(latest, first) if today <= latest < found else found


def _close_dispute(milestone: Milestone, by, move: str) -> None:
    """Both agreed, one gave in, the other side stayed silent, or the town ruled."""
    for dispute in Dispute.objects.locked().filter(milestone=milestone).exclude(state=DisputeState.CLOSED):
        dispute.state, dispute.closed_at = DISPUTE_LIFECYCLE.next(dispute.state, move), clock.now()
        dispute.save(update_fields=["state", "closed_at"])
        activity.record(actor=by, fact=facts.DISPUTE_CLOSED, about=milestone.contract.reference, milestone=milestone.pk)


def _tell(contract: Contract, milestone: Milestone, move: str, money, back: Yen, by, decided: str | None) -> None:
    job, about = titled(milestone), contract.reference
    goes_back = "contract.goes_back_where" if back and waits_for_an_account(milestone.reference) else "contract.goes_back"
    for person in contract.client.people(Power.PAYER) if back else ():
        notifications.queue(to=person, kind=goes_back, about=about, job=job, gross_yen=int(back))
    if money is None:
        kind = "contract.ended_unpaid" if move == "end_unpaid" else "contract.step_ended"
        notifications.queue(to=contract.worker, kind=kind, about=about, job=job)
        return
    room = "week.confirmed" if contract.is_hourly else "contract.accepted"
    kind = "contract.settled" if move not in ("accept", "bill") else room if by else f"{room}_by_town"
    if move.endswith("_unanswered"):
        kind = "contract.settled_unanswered"
    if move in ("pay_part", "settle_part"):
        kind = "contract.kept_paid"
    elif decided == RULING:
        kind = "contract.ruled_paid"
    if kind in _OF_A_STEP and contract.milestones.exclude(state__in=CLOSED).exists():
        kind = _OF_A_STEP[kind]                          # a record is of a whole contract: it is told when that is done
    notifications.queue(to=contract.worker, kind=kind, about=about, job=job, net_yen=int(money.worker_receives), date_on=milestone.pay_on)
    if kind == "contract.settled_unanswered" or decided == PROPOSAL:
        _tell_client(contract, milestone, "contract.unanswered_client" if decided is None else "contract.proposal_agreed", money, by)
    for person in contract.client.people(Power.PAYER) if money.withheld else ():
        notifications.queue(to=person, kind=withheld_kind(contract.client), about=about, job=job, tax_yen=int(money.withheld),
                            date_on=milestone.pay_on)


def _tell_client(contract: Contract, milestone: Milestone, kind: str, money: Settlement, by) -> None:
    """It was not their own last word: they read what the pay is, also where nothing goes back."""
    for person in people_of(contract, Side.CLIENT):
        if person != by:
            notifications.queue(to=person, kind=kind, about=contract.reference, job=titled(milestone), gross_yen=int(money.gross))
