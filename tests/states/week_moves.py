"""Weeks of work by the hour: a step whose moves are those of every step, made by deeds of its own. What is for other steps is refused."""
import datetime

from machi.contracts import actions as contracts
from machi.contracts.lifecycle import MILESTONE_LIFECYCLE, MilestoneState
from machi.contracts.models import Dispute, Milestone
from machi.shared import clock
from machi.shared.lifecycle import Lifecycle
from tests.people import an_hourly_contract, client_of, hours_written
from tests.states.contract_moves import EARNED, RUNNING, SIGNED, _asking, _pay_both_agreed, _sign, _take_back
from tests.states.taken_moves import lost_from
from tests.states.things import CLIENT, DAY, EITHER, TOWN, WORKER, Deed, Thing, on_a_later_day

# A week is written in as long as its money is held; its day stays, and so does what two people signed for it. Nobody stands in.
OF_A_PROJECT = ("move_date", "change", "pass_on", "pay_part", "settle_part", "refund_part")
MOVES = {(before, move): after for before, move, after in MILESTONE_LIFECYCLE if move not in OF_A_PROJECT}
WEEK_TABLE = Lifecycle(MOVES | {("funded", "write"): "funded"})
FULL, NOT_PAID = "a week that is full", "end by the clock what a bank took back, nobody worked"


def _week(state: str, deed: str) -> Milestone:
    """The first of three weeks of ten hours. Four are written where something is to be paid, all ten where all of it is."""
    contract = an_hourly_contract(funded=state in RUNNING | EARNED | {"refunded"})
    milestone = contract.milestones.get(number=1)
    sheet = milestone.timesheet
    if state in ("delivered", "disputed", "accepted") or state == "funded" and "nobody worked" not in deed and deed != "write hours":
        hours_written(sheet, 10 if state == "accepted" or FULL in deed or "all" in deed else 4)
    was_handed_over = deed == "take the dispute back, of a record" or "for the worker" in deed
    if state in ("delivered", "accepted") or state == "disputed" and was_handed_over:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
    if state == "accepted":
        contracts.accept_delivery(milestone=milestone, by=client_of(contract))
    elif state == "settled":
        _pay_both_agreed(milestone, 4_000)
    elif state == "refunded":
        _pay_both_agreed(milestone, 0)
    elif state == "disputed":
        speaker = client_of(contract) if "for the client" in deed else contract.worker
        contracts.open_dispute(milestone=milestone, by=speaker, reason="違います。")
        Dispute.objects.update(reminders_count=3)
    elif state == "void":
        _after_the_week(contracts.void_unfunded)(milestone, None)
    if deed in SIGNED:
        _asking({"sign that all is paid": 15_000}.get(deed, SIGNED[deed]))(milestone)
    if (state, deed) == ("funded", NOT_PAID):
        lost_from(milestone)
    return contract.milestones.get(number=1)


def _after_the_week(deed, *, days: float = 0.5):
    """By default Monday at noon."""
    def do(milestone, _by):
        with clock.moved(to=clock.start_of(milestone.due_on) + days * DAY):
            deed()
    return do


def _write(milestone: Milestone, by):
    start = clock.start_of(milestone.timesheet.starts_on)
    with clock.moved(to=start + datetime.timedelta(hours=3)):
        contracts.add_entry(timesheet=milestone.timesheet, by=by, started_at=start, ended_at=start + datetime.timedelta(minutes=30))


def _by_silence(milestone, _by):
    """The dispute's answer day passes, before any week does."""
    on_a_later_day(15, contracts.settle_for_silent)(milestone, None)


class WeekState:
    """Those of a step, but for the one in which a stand-in goes on."""

    values = [state for state in MilestoneState.values if state != MilestoneState.PASSED_ON]


WEEK = Thing("week by the hour", Milestone, WeekState, WEEK_TABLE, _week,
             lambda m: {WORKER: m.contract.worker, CLIENT: client_of(m.contract)}, [
    Deed("fund", CLIENT, (("fund",),), lambda m, by: contracts.fund(contract=m.contract, by=by, number=1)),
    Deed("write hours", WORKER, (("write",),), _write),
    Deed("hand the record over", WORKER, (("deliver",),), lambda m, by: contracts.submit_week(timesheet=m.timesheet, by=by)),
    Deed("hand the record over by the clock", TOWN, (("deliver",),), _after_the_week(contracts.submit_weeks), is_round=True),
    Deed("give the money back, nobody worked", TOWN, (("give_back",),), _after_the_week(contracts.submit_weeks), is_round=True),
    Deed(NOT_PAID, TOWN, (("end_unpaid",),), on_a_later_day(30, contracts.end_what_nobody_paid), is_round=True),
    Deed("ask about it", CLIENT, (("ask_changes",),), lambda m, by: contracts.ask_about_week(milestone=m, by=by, words="何の作業ですか。")),
    Deed("confirm it", CLIENT, (("bill",),), lambda m, by: contracts.accept_delivery(milestone=m, by=by)),
    Deed(f"confirm {FULL}", CLIENT, (("accept",),), lambda m, by: contracts.accept_delivery(milestone=m, by=by)),
    Deed(f"confirm {FULL} by the clock", TOWN, (("accept",),), on_a_later_day(30, contracts.accept_for_silent_clients), is_round=True),
    Deed("sign that all is paid", CLIENT, (("pay",),), _sign),
    Deed("sign that a part is paid", CLIENT, (("settle",),), _sign),
    Deed("sign that nothing is paid", CLIENT, (("refund",),), _sign),
    Deed("open a dispute", EITHER, (("dispute",),), lambda m, by: contracts.open_dispute(milestone=m, by=by, reason="違います。")),
    Deed("take the dispute back", WORKER, (("go_on",),), _take_back),
    Deed("take the dispute back, of a record", WORKER, (("look_again",),), _take_back),
    Deed("let the week go on by the clock", TOWN, (("go_on",),), _by_silence, is_round=True),
    Deed("settle for the worker by the clock", TOWN, (("bill_unanswered",),), _by_silence, is_round=True),
    Deed("settle all of it for the worker by the clock", TOWN, (("pay_unanswered",),), _by_silence, is_round=True),
    Deed("settle for the client by the clock", TOWN, (("refund_unanswered",),), _by_silence, is_round=True),
    Deed("void by the clock", TOWN, (("void",),), _after_the_week(contracts.void_unfunded), is_round=True),
    # what exists for other steps does nothing to a week
    Deed("deliver", WORKER, (), lambda m, by: contracts.deliver(milestone=m, by=by, text="できました。", ai_note="なし")),
    Deed("ask for changes", CLIENT, (), lambda m, by: contracts.ask_changes(milestone=m, by=by, points="一つ")),
    Deed("ask for another day", EITHER, (), lambda m, by: contracts.ask_for_date(milestone=m, by=by, wished_on=m.due_on + 7 * DAY)),
], columns={"funded_at": RUNNING | EARNED | {"refunded"}, "accept_by": {"delivered"}, "accepted_at": EARNED})
