"""Contracts, their steps, the wishes of either side and disputes: how to bring one into each state, and every deed that moves it."""
import contextlib
from collections.abc import Callable

from machi.contracts import actions as contracts
from machi.contracts.lifecycle import (
    CONTRACT_LIFECYCLE,
    MILESTONE_LIFECYCLE,
    STAND_IN_LIFECYCLE,
    WISH_LIFECYCLE,
    ContractState,
    MilestoneState,
    StandInState,
    WishState,
)
from machi.contracts.models import ChangeOrder, Contract, DateRequest, Dispute, Milestone, Offer, StandIn
from machi.jobs.plans import Step
from machi.shared.errors import DomainError
from machi.shared.lifecycle import Lifecycle
from machi.shared.money import Yen
from tests.people import a_contract, a_contract_in_steps, a_person, client_of
from tests.states.taken_moves import lost_from
from tests.states.things import CLIENT, DAY, EITHER, TOWN, WORKER, Deed, Thing, on_a_later_day

# ---- contracts and milestones ----------------------------------------------------------------------------------------

def _contract(state: str, deed: str) -> Contract:
    """In one piece; where the next step shall be funded, with one."""
    if (state, deed) == ("active", "fund"):
        contract = a_contract_in_steps(funded=True)
        _pay_both_agreed(contract.milestones.get(number=1), 4_000)
        return contract
    if state == "passed_on" or (state, deed) == ("active", TAKE_OVER):
        return _passed_on(state, deed).contract
    contract = a_contract(delivered=state == "active", accepted=state == "completed", funded=state == "ended")
    if state == "void":
        on_a_later_day(8, contracts.void_unfunded)(None, None)
    if state == "ended":
        _pay_both_agreed(contract.milestones.get(), 0)
    if deed == "sign that nothing is paid":
        _asking(0)(contract.milestones.get())
    return contract


def _both(contract: Contract) -> dict:
    return {WORKER: contract.worker, CLIENT: client_of(contract)}


def _pay_both_agreed(milestone: Milestone, price: int) -> None:
    """The worker asked, the client signed."""
    contracts.agree_to_change(by=client_of(milestone.contract), order=contracts.ask_for_part(
        milestone=milestone, by=milestone.contract.worker, price=Yen(price)))


def _sign(thing: Contract | Milestone, by):
    contract = getattr(thing, "contract", thing)
    order = contract.change_orders.filter(state="asked").first()
    if order is None:
        raise DomainError("nothing was asked")
    contracts.agree_to_change(order=order, by=by)


def _asking(price: int) -> Callable:
    """The worker has asked for so much, where that can be asked; then the client signs."""
    def ask(milestone: Milestone) -> None:
        with contextlib.suppress(DomainError):
            contracts.ask_for_part(milestone=milestone, by=milestone.contract.worker, price=Yen(price))
    return ask


# ---- a stand-in takes over -------------------------------------------------------------------------------------------

TAKE_OVER, PART_ACCEPTED = "a stand-in takes over", "accept what the stand-in made"
PARTS = {"sign that the stand-in gets a part": 2_000, "sign that the stand-in gets nothing": 0}


def _standing_by(contract: Contract) -> StandIn:
    stand_in = contracts.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    contracts.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
    return contracts.agree_to_stand_in(stand_in=stand_in, by=client_of(contract))


def _passed_on(state: str, deed: str) -> Milestone:
    """The step of a contract whose stand-in was called, and took over; where it shall end, as far as that needs."""
    contract = a_contract(funded=True)
    if deed == AGREE_ON_DATE:
        step = contract.milestones.get()
        contracts.ask_for_date(milestone=step, by=contract.worker, wished_on=step.due_on + 7 * DAY)
    offer = contracts.call_stand_in(stand_in=_standing_by(contract), by=contract.worker)
    if state == "passed_on":
        after = contracts.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
        if deed == PART_ACCEPTED:
            contracts.deliver(milestone=after.milestones.get(), by=after.worker, text="できました。", ai_note="なし")
        elif deed in PARTS:
            _asking(PARTS[deed])(after.milestones.get())
    return Milestone.objects.get(contract=contract)


def _of_stand_in(thing: Contract | Milestone) -> Contract:
    after = Contract.objects.filter(takes_over=getattr(thing, "contract", thing)).first()
    if after is None:
        raise DomainError("nobody took over")
    return after


def _take_over(thing: Contract | Milestone, _by):
    contract = getattr(thing, "contract", thing)
    offer = Offer.objects.filter(stand_in__contract=contract, state="open").first()
    if offer is None:
        raise DomainError("nobody was called")
    contracts.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)


def _accept_part(thing: Contract | Milestone, by):
    contracts.accept_delivery(milestone=_of_stand_in(thing).milestones.get(), by=by)


def _sign_part(thing: Contract | Milestone, by):
    _sign(_of_stand_in(thing), by)


CONTRACT = Thing("contract", Contract, ContractState, CONTRACT_LIFECYCLE, _contract, _both, [
    Deed("fund", CLIENT, (("fund",),), lambda contract, by: contracts.fund(contract=contract, by=by)),
    Deed("accept the work", CLIENT, (("complete",),),
         lambda contract, by: contracts.accept_delivery(milestone=contract.milestones.get(), by=by)),
    Deed("sign that nothing is paid", CLIENT, (("end",),), _sign),
    Deed("accept by the clock", TOWN, (("complete",),), on_a_later_day(15, contracts.accept_for_silent_clients), is_round=True),
    Deed("void by the clock", TOWN, (("void",),), on_a_later_day(8, contracts.void_unfunded), is_round=True),
    Deed(TAKE_OVER, TOWN, (("pass_on",),), _take_over),
    Deed(PART_ACCEPTED, CLIENT, (("complete_part",),), _accept_part),
    Deed("sign that the stand-in gets nothing", CLIENT, (("end_part",),), _sign_part),
], columns={"ended_at": {"completed", "ended", "void"}})


AGREE_ON_DATE, NOT_PAID_ANEW = "agree on another day", "end by the clock what a bank took back"
SIGNED = {"sign that all is paid": 10_000, "sign that a part is paid": 4_000, "sign that nothing is paid": 0}
RUNNING = {"funded", "delivered", "disputed", "passed_on"}
EARNED = {"accepted", "settled"}


def _milestone(state: str, deed: str) -> Milestone:
    """Disputed by the worker, before anything was handed over; where silence shall count, the client was told three times."""
    if state == "passed_on" or (state, deed) == ("funded", TAKE_OVER):
        return _passed_on(state, deed)
    contract = a_contract(funded=state in RUNNING | EARNED | {"refunded"})
    milestone = contract.milestones.get()
    if deed == AGREE_ON_DATE:
        contracts.ask_for_date(milestone=milestone, by=contract.worker, wished_on=milestone.due_on + 7 * DAY)
    if state == "delivered" or state == "accepted" or deed == "take the dispute back, of a delivery" and state == "disputed":
        contracts.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="なし")
    if state == "accepted":
        contracts.accept_delivery(milestone=milestone, by=client_of(contract))
    elif state == "settled":
        _pay_both_agreed(milestone, 4_000)
    elif state == "refunded":
        _pay_both_agreed(milestone, 0)
    elif state == "disputed":
        if deed == "settle for the worker by the clock":
            contracts.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="なし")
        speaker = client_of(contract) if "for the client" in deed else contract.worker
        contracts.open_dispute(milestone=milestone, by=speaker, reason="話した内容と違います。")
        Dispute.objects.update(reminders_count=3)
    elif state == "void":
        on_a_later_day(8, contracts.void_unfunded)(None, None)
    if (state, deed) == ("funded", NOT_PAID_ANEW):
        lost_from(milestone)
    if (state, deed) == ("agreed", "sign another price"):
        contracts.ask_for_terms(contract=contract, by=contract.worker, steps=[Step("", Yen(12_000), milestone.due_on)])
    if deed in SIGNED:
        _asking(SIGNED[deed])(milestone)
    return contract.milestones.get()


def _take_back(milestone: Milestone, by):
    dispute = milestone.disputes.exclude(state="closed").first()
    if dispute is None:
        raise DomainError("there is no dispute")
    contracts.withdraw_dispute(dispute=dispute, by=by)


BY_THE_HOUR = ("give_back", "bill", "bill_unanswered")         # week_moves
STEP_TABLE = Lifecycle({(before, move): after for before, move, after in MILESTONE_LIFECYCLE if move not in BY_THE_HOUR})
MILESTONE = Thing("milestone", Milestone, MilestoneState, STEP_TABLE, _milestone, lambda m: _both(m.contract), [
    Deed("fund", CLIENT, (("fund",),), lambda m, by: contracts.fund(contract=m.contract, by=by)),
    Deed("deliver", WORKER, (("deliver",),), lambda m, by: contracts.deliver(milestone=m, by=by, text="できました。", ai_note="なし")),
    Deed(AGREE_ON_DATE, CLIENT, (("move_date",),), lambda m, by: contracts.agree_on_date(request=m.date_requests.get(), by=by)),
    Deed("ask for changes", CLIENT, (("ask_changes",),), lambda m, by: contracts.ask_changes(milestone=m, by=by, points="一つ")),
    Deed("accept", CLIENT, (("accept",),), lambda m, by: contracts.accept_delivery(milestone=m, by=by)),
    Deed("sign another price", CLIENT, (("change",),), _sign),
    Deed("sign that all is paid", CLIENT, (("pay",),), _sign),
    Deed("sign that a part is paid", CLIENT, (("settle",),), _sign),
    Deed("sign that nothing is paid", CLIENT, (("refund",),), _sign),
    Deed(TAKE_OVER, TOWN, (("pass_on",),), _take_over),
    Deed(PART_ACCEPTED, CLIENT, (("pay_part",),), _accept_part),
    Deed("sign that the stand-in gets a part", CLIENT, (("settle_part",),), _sign_part),
    Deed("sign that the stand-in gets nothing", CLIENT, (("refund_part",),), _sign_part),
    Deed("open a dispute", EITHER, (("dispute",),), lambda m, by: contracts.open_dispute(milestone=m, by=by, reason="違います。")),
    Deed("take the dispute back", WORKER, (("go_on",),), _take_back),
    Deed("take the dispute back, of a delivery", WORKER, (("look_again",),), _take_back),
    Deed("let the work go on by the clock", TOWN, (("go_on",),), on_a_later_day(15, contracts.settle_for_silent), is_round=True),
    Deed("settle for the worker by the clock", TOWN, (("pay_unanswered",),),
         on_a_later_day(15, contracts.settle_for_silent), is_round=True),
    Deed("settle for the client by the clock", TOWN, (("refund_unanswered",),),
         on_a_later_day(15, contracts.settle_for_silent), is_round=True),
    Deed("accept by the clock", TOWN, (("accept",),), on_a_later_day(15, contracts.accept_for_silent_clients), is_round=True),
    Deed("void by the clock", TOWN, (("void",),), on_a_later_day(8, contracts.void_unfunded), is_round=True),
    Deed(NOT_PAID_ANEW, TOWN, (("end_unpaid",),), on_a_later_day(30, contracts.end_what_nobody_paid), is_round=True),
], columns={"funded_at": RUNNING | EARNED | {"refunded"}, "accept_by": {"delivered"}, "accepted_at": EARNED})


# ---- wishes about the contract: other terms, a part, the end ---------------------------------------------------------

def _order(state: str, _deed: str) -> ChangeOrder:
    """Asked by the worker of a contract whose money is held: another step."""
    contract = a_contract(funded=True)
    worker, client = contract.worker, client_of(contract)
    order = contracts.ask_for_terms(contract=contract, by=worker, steps=[_another_step(contract)])
    if state == "agreed":
        contracts.agree_to_change(order=order, by=client)
    elif state == "kept":
        contracts.keep_terms(order=order, by=client)
    elif state == "answered":
        _ask_for_something_else(order, client)
    elif state == "withdrawn":
        contracts.withdraw_change(order=order, by=worker)
    elif state == "lapsed":
        contracts.deliver(milestone=contract.milestones.get(), by=worker, text="できました。", ai_note="なし")
    return order


def _another_step(contract: Contract) -> Step:
    return Step("写真を選ぶ", Yen(3_000), contract.milestones.first().due_on + 7 * DAY)


def _ask_for_something_else(order: ChangeOrder, by):
    contracts.ask_for_part(milestone=order.contract.milestones.get(number=1), by=by, price=Yen(5_000), answers=order.pk)


CHANGE = Thing("change order", ChangeOrder, WishState, WISH_LIFECYCLE, _order, lambda order: _both(order.contract), [
    Deed("agree", CLIENT, (("agree",),), lambda order, by: contracts.agree_to_change(order=order, by=by)),
    Deed("keep the terms", CLIENT, (("keep",),), lambda order, by: contracts.keep_terms(order=order, by=by)),
    Deed("ask for something else", CLIENT, (("answer",),), _ask_for_something_else),
    Deed("withdraw", WORKER, (("withdraw",),), lambda order, by: contracts.withdraw_change(order=order, by=by)),
    Deed("let its time pass", TOWN, (("lapse",),), on_a_later_day(8, contracts.lapse_changes), is_round=True, leaves_traces=True),
], columns={"ended_at": {"agreed", "kept", "answered", "withdrawn", "lapsed"}})


# ---- wishes for another due date -------------------------------------------------------------------------------------

def _wish(state: str, _deed: str) -> DateRequest:
    """Asked by the worker of a contract that is funded."""
    milestone = a_contract(funded=True).milestones.get()
    worker, client = milestone.contract.worker, client_of(milestone.contract)
    wish = contracts.ask_for_date(milestone=milestone, by=worker, wished_on=milestone.due_on + 7 * DAY)
    if state == "agreed":
        contracts.agree_on_date(request=wish, by=client)
    elif state == "kept":
        contracts.keep_date(request=wish, by=client)
    elif state == "answered":
        _name_another_day(wish, client)
    elif state == "withdrawn":
        contracts.withdraw_date(request=wish, by=worker)
    elif state == "lapsed":
        contracts.deliver(milestone=milestone, by=worker, text="できました。", ai_note="なし")
    return wish


def _name_another_day(wish: DateRequest, by):
    contracts.ask_for_date(milestone=wish.milestone, by=by, wished_on=wish.wished_on + DAY, answers=wish.pk)


DATE = Thing("date request", DateRequest, WishState, WISH_LIFECYCLE, _wish, lambda wish: _both(wish.milestone.contract), [
    Deed("agree", CLIENT, (("agree",),), lambda wish, by: contracts.agree_on_date(request=wish, by=by)),
    Deed("keep the day", CLIENT, (("keep",),), lambda wish, by: contracts.keep_date(request=wish, by=by)),
    Deed("name another day", CLIENT, (("answer",),), _name_another_day),
    Deed("withdraw", WORKER, (("withdraw",),), lambda wish, by: contracts.withdraw_date(request=wish, by=by)),
    Deed("let the day pass", TOWN, (("lapse",),), on_a_later_day(40, contracts.lapse_dates), is_round=True, leaves_traces=True),
], columns={"ended_at": {"agreed", "kept", "answered", "withdrawn", "lapsed"}})


# ---- whoever stands by -----------------------------------------------------------------------------------------------

LAST_TO_AGREE, TAKES_OVER = "agree as the last", "take over"


def _stand_in(state: str, deed: str) -> StandIn:
    """Named by the worker; who stands by has agreed first where the deed is the client's or theirs to take back."""
    contract = a_contract(funded=True)
    stand_in = contracts.name_stand_in(contract=contract, by=contract.worker, person=a_person(), kept_percent=50)
    client = client_of(contract)
    if state == "asked":
        if deed == LAST_TO_AGREE:
            contracts.agree_to_stand_in(stand_in=stand_in, by=client)
        elif deed == "take back":
            contracts.agree_to_stand_in(stand_in=stand_in, by=stand_in.person)
        return stand_in
    if state == "declined":
        return contracts.decline_stand_in(stand_in=stand_in, by=client)
    for person in (stand_in.person, client):
        contracts.agree_to_stand_in(stand_in=stand_in, by=person)
    if state == "took_over" or (state, deed) == ("ready", TAKES_OVER):
        offer = contracts.call_stand_in(stand_in=stand_in, by=contract.worker)
        if state == "took_over":
            contracts.accept_offer(offer=offer, by=offer.worker, terms_hash=offer.terms_hash)
    elif state == "withdrawn":
        contracts.withdraw_stand_in(stand_in=stand_in, by=contract.worker)
    elif state == "lapsed":
        _finish(stand_in, None)
    return StandIn.objects.get(pk=stand_in.pk)


def _finish(stand_in: StandIn, _by):
    """The worker delivers after all, and the client accepts."""
    contract = Contract.objects.get(pk=stand_in.contract_id)
    contracts.deliver(milestone=contract.milestones.get(), by=contract.worker, text="できました。", ai_note="なし")
    contracts.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))


def _answer_call(stand_in: StandIn, by):
    offer = stand_in.offers.filter(state="open").first()
    if offer is None:
        raise DomainError("nobody was called")
    contracts.accept_offer(offer=offer, by=by, terms_hash=offer.terms_hash)


STAND_IN = Thing("stand-in", StandIn, StandInState, STAND_IN_LIFECYCLE, _stand_in,
                 lambda one: {WORKER: one.person, CLIENT: client_of(one.contract)}, [
    Deed("agree as the first", EITHER, (("agree",),), lambda one, by: contracts.agree_to_stand_in(stand_in=one, by=by)),
    Deed(LAST_TO_AGREE, WORKER, (("ready",),), lambda one, by: contracts.agree_to_stand_in(stand_in=one, by=by)),
    Deed("decline", EITHER, (("decline",),), lambda one, by: contracts.decline_stand_in(stand_in=one, by=by)),
    Deed("take back", WORKER, (("withdraw",),), lambda one, by: contracts.withdraw_stand_in(stand_in=one, by=by)),
    Deed(TAKES_OVER, WORKER, (("take_over",),), _answer_call),
    Deed("finish without them", TOWN, (("lapse",),), _finish, leaves_traces=True),
], columns={"ended_at": {"took_over", "declined", "withdrawn", "lapsed"}})
