"""Every thing with a state: how to bring one into each state, and every deed that moves it.

The test walks all pairs of state and deed, in every role. A state without a maker, or a move without a deed, fails: whoever
adds a state adds it here.
"""
import contextlib
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

from machi.contracts import actions as contracts
from machi.contracts.lifecycle import (
    CONTRACT_LIFECYCLE,
    DATE_LIFECYCLE,
    MILESTONE_LIFECYCLE,
    OFFER_LIFECYCLE,
    ContractState,
    DateState,
    MilestoneState,
    OfferState,
)
from machi.contracts.models import Contract, DateRequest, Milestone, Offer
from machi.jobs import actions as jobs
from machi.jobs.contests import CONTEST_LIFECYCLE, pot_of
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.models import Job
from machi.payments import actions as payments
from machi.payments.fakebank import UNKNOWN_ACCOUNT, FakeBank
from machi.payments.lifecycle import PAYOUT_LIFECYCLE, REFUND_LIFECYCLE, PayoutState, RefundState
from machi.payments.models import Payout, Refund
from machi.privacy.actions import exporting
from machi.privacy.lifecycle import EXPORT_LIFECYCLE, ExportState
from machi.privacy.models import Export
from machi.proposals import actions as proposals
from machi.proposals.entries import Entry
from machi.proposals.lifecycle import ENTRY_LIFECYCLE, PROPOSAL_LIFECYCLE, EntryState, ProposalState
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.lifecycle import Lifecycle
from machi.shared.money import Yen
from tests.people import (
    a_contest,
    a_contract,
    a_job,
    a_person,
    a_proposal,
    an_entry,
    an_offer,
    client_of,
    closed_contest,
    with_bank_account,
)

DAY = datetime.timedelta(days=1)
WORKER, CLIENT, TOWN = "own worker", "own client", "the town"


@dataclass(frozen=True)
class Deed:
    """What somebody does to a thing. `paths`: the moves it takes, one after the other; the first path the table allows.

    Where the table has no path, a deed refuses with a DomainError and changes nothing. `is_round`: a deed of the clock looks
    for what is due, so it passes by instead of refusing. `leaves_traces`: it may write elsewhere, never in this thing.
    """

    name: str
    who: str
    paths: tuple[tuple[str, ...], ...]
    do: Callable
    is_round: bool = False
    leaves_traces: bool = False

    def leads_to(self, table: Lifecycle, state: str) -> str | None:
        """The state after it, or nothing where it is not allowed."""
        for path in self.paths:
            after: str | None = state
            for move in path:
                after = table.next(after, move) if after is not None and table.allows(after, move) else None
            if after is not None:
                return after
        return None


@dataclass(frozen=True)
class Thing:
    """A kind of thing: its table, a maker for each state (it is told for which deed), its two sides, its deeds.

    `columns`: what is filled in exactly these states, as the database itself demands.
    """

    name: str
    model: type
    states: type
    table: Lifecycle
    make: Callable[[str, str], object]
    sides: Callable[[object], dict]
    deeds: list[Deed]
    columns: dict[str, set[str]]


def _on_a_later_day(days: int, round_of_the_clock: Callable[[], int]) -> Callable:
    def do(_thing, _by):
        with clock.moved(by=days * DAY):
            round_of_the_clock()
    return do


def _accept(offer: Offer, by=None):
    return contracts.accept_offer(offer=offer, by=by or offer.worker, terms_hash=offer.terms_hash)


# ---- posts -----------------------------------------------------------------------------------------------------------

def _job(state: str, deed: str) -> Job:
    """With two seats, of which one is offered; untouched where it shall be edited."""
    if state == "draft" or deed == "edit":
        job = a_job(published=state != "draft", seats_count=2)
    else:
        offer = an_offer(a_proposal(a_job(seats_count=2)))
        job = offer.job
    if state == "closed":
        jobs.close_job(job=job, by=client_of(job))
    if state == "awarded":
        waiting = list(job.offers.order_by("pk"))
        for offer in [*waiting, *(an_offer(a_proposal(job)) for _number in range(2 - len(waiting)))]:
            _accept(offer)
    if state == "ended":
        proposals.end_choosing(job=job, by=client_of(job), reason="topic")
    return job


def _fill_last_seat(job: Job, _by):
    """As if all seats were taken and all but one accepted."""
    Job.objects.filter(pk=job.pk).update(seats_taken=2, seats_accepted=1)
    jobs.fill_seat(job=Job.objects.get(pk=job.pk), by=None)


POST = Thing("post", Job, JobState, JOB_LIFECYCLE, _job, lambda job: {WORKER: a_person(), CLIENT: client_of(job)}, [
    Deed("publish", CLIENT, (("publish",),), lambda job, by: jobs.publish_job(job=job, by=by)),
    Deed("edit", CLIENT, (("edit",),), lambda job, by: jobs.edit_job(job=job, by=by, title="別の題")),
    Deed("close", CLIENT, (("close",),), lambda job, by: jobs.close_job(job=job, by=by)),
    Deed("close by the clock", TOWN, (("close",),), _on_a_later_day(30, jobs.close_overdue), is_round=True),
    Deed("end the choosing", CLIENT, (("end",),), lambda job, by: jobs.end_choosing(job=job, by=by)),
    Deed("take a seat", TOWN, (("take_seat",),), lambda job, by: jobs.take_seat(job=job, for_newcomer=False)),
    Deed("free a seat", TOWN, (("free_seat",),), lambda job, by: jobs.free_seat(job=job, was_newcomer_seat=False)),
    Deed("fill the last seat", TOWN, (("award",),), _fill_last_seat, is_round=True, leaves_traces=True),
], columns={"published_at": {"open", "closed", "awarded", "ended"}, "closed_at": {"closed", "awarded", "ended"}})


# ---- proposals -------------------------------------------------------------------------------------------------------

def _proposal(state: str, _deed: str) -> Proposal:
    if state == "draft":
        return proposals.save_draft(job=a_job(), by=a_person(), message="途中")
    proposal = a_proposal()
    by_client = {"by": client_of(proposal.job), "reason": "topic"}
    if state == "withdrawn":
        proposals.withdraw(proposal=proposal, by=proposal.worker)
    elif state == "not_chosen":
        proposals.decline(proposal=proposal, **by_client)
    elif state == "closed":
        proposals.end_choosing(job=proposal.job, **by_client)
    elif state != "submitted":
        offer = an_offer(proposal)
        if state == "accepted":
            _accept(offer)
        elif state == "refused":
            contracts.refuse_offer(offer=offer, by=offer.worker)
    return proposal


def _ended(move: str) -> Callable:
    return lambda proposal, by: proposals.mark_ended(proposal=proposal, move=move, by=None)


def _sides(proposal: Proposal) -> dict:
    return {WORKER: proposal.worker, CLIENT: client_of(proposal.job)}


PROPOSAL = Thing("proposal", Proposal, ProposalState, PROPOSAL_LIFECYCLE, _proposal, _sides, [
    # for somebody else these are about a proposal of their own
    Deed("save", WORKER, (("save",),), lambda p, by: proposals.save_draft(job=p.job, by=by, message="新しい文"), leaves_traces=True),
    Deed("submit", WORKER, (("save", "submit"),), lambda p, by: proposals.submit(job=p.job, by=by, message="新しい文"),
         leaves_traces=True),
    Deed("withdraw", WORKER, (("withdraw",), ("discard",)), lambda p, by: proposals.withdraw(proposal=p, by=by)),
    Deed("decline", CLIENT, (("decline",),), lambda p, by: proposals.decline(proposal=p, by=by, reason="record")),
    Deed("end the choosing", CLIENT, (("close",),), lambda p, by: proposals.end_choosing(job=p.job, by=by, reason="plan"),
         is_round=True, leaves_traces=True),
    Deed("make an offer", CLIENT, (("offer",),), lambda p, by: contracts.make_offer(proposal=p, by=by)),
    Deed("mark as accepted", TOWN, (("accept",),), _ended("accept")),
    Deed("mark as refused", TOWN, (("refuse",),), _ended("refuse")),
    Deed("mark as expired", TOWN, (("expire",),), _ended("expire")),
], columns={"answered_at": {"accepted", "refused", "not_chosen", "closed"}})


# ---- offers ----------------------------------------------------------------------------------------------------------

def _change(offer: Offer, by) -> Offer:
    return contracts.change_offer(offer=offer, by=by, due_on=offer.job.due_on, reward=Yen(20_000))


def _offer(state: str, _deed: str) -> Offer:
    offer = an_offer()
    if state == "accepted":
        _accept(offer)
    elif state == "refused":
        contracts.refuse_offer(offer=offer, by=offer.worker)
    elif state == "expired":
        _on_a_later_day(8, contracts.expire_offers)(None, None)
    elif state == "replaced":
        _change(offer, client_of(offer))
    return offer


def _seen(offer: Offer, by):
    """Accept what this person has on their screen: the terms as they were offered."""
    return _accept(Offer.objects.get(pk=offer.pk), by)


def _expire_this(offer: Offer, _by):
    """The round of the clock, when the other offers of the proposal were not made yet."""
    Offer.objects.filter(proposal=offer.proposal_id, version__gt=offer.version).update(answer_by=clock.now() + 99 * DAY)
    _on_a_later_day(8, contracts.expire_offers)(None, None)


OFFER = Thing("offer", Offer, OfferState, OFFER_LIFECYCLE, _offer, lambda offer: {WORKER: offer.worker, CLIENT: client_of(offer)}, [
    Deed("accept", WORKER, (("accept",),), _seen),
    Deed("refuse", WORKER, (("refuse",),), lambda offer, by: contracts.refuse_offer(offer=offer, by=by)),
    Deed("change the terms", CLIENT, (("replace",),), _change),
    Deed("expire by the clock", TOWN, (("expire",),), _expire_this, is_round=True, leaves_traces=True),
], columns={"answered_at": {"accepted", "refused", "expired", "replaced"}})


# ---- contracts and milestones ----------------------------------------------------------------------------------------

def _contract(state: str, _deed: str) -> Contract:
    contract = a_contract(delivered=state == "active", accepted=state == "completed")
    if state == "void":
        _on_a_later_day(8, contracts.void_unfunded)(None, None)
    return contract


def _both(contract: Contract) -> dict:
    return {WORKER: contract.worker, CLIENT: client_of(contract)}


CONTRACT = Thing("contract", Contract, ContractState, CONTRACT_LIFECYCLE, _contract, _both, [
    Deed("fund", CLIENT, (("fund",),), lambda contract, by: contracts.fund(contract=contract, by=by)),
    Deed("accept the work", CLIENT, (("complete",),),
         lambda contract, by: contracts.accept_delivery(milestone=contract.milestones.get(), by=by)),
    Deed("accept by the clock", TOWN, (("complete",),), _on_a_later_day(15, contracts.accept_for_silent_clients), is_round=True),
    Deed("void by the clock", TOWN, (("void",),), _on_a_later_day(8, contracts.void_unfunded), is_round=True),
], columns={"ended_at": {"completed", "void"}})


AGREE_ON_DATE = "agree on another day"


def _milestone(state: str, deed: str) -> Milestone:
    contract = a_contract(funded=state in ("funded", "delivered", "accepted"))
    milestone = contract.milestones.get()
    if deed == AGREE_ON_DATE:
        contracts.ask_for_date(milestone=milestone, by=contract.worker, wished_on=milestone.due_on + 7 * DAY)
    if state in ("delivered", "accepted"):
        contracts.deliver(milestone=milestone, by=contract.worker, text="できました。", ai_note="なし")
    if state == "accepted":
        contracts.accept_delivery(milestone=milestone, by=client_of(contract))
    if state == "void":
        _on_a_later_day(8, contracts.void_unfunded)(None, None)
    return contract.milestones.get()


MILESTONE = Thing("milestone", Milestone, MilestoneState, MILESTONE_LIFECYCLE, _milestone, lambda m: _both(m.contract), [
    Deed("fund", CLIENT, (("fund",),), lambda m, by: contracts.fund(contract=m.contract, by=by)),
    Deed("deliver", WORKER, (("deliver",),), lambda m, by: contracts.deliver(milestone=m, by=by, text="できました。", ai_note="なし")),
    Deed(AGREE_ON_DATE, CLIENT, (("move_date",),), lambda m, by: contracts.agree_on_date(request=m.date_requests.get(), by=by)),
    Deed("ask for changes", CLIENT, (("ask_changes",),), lambda m, by: contracts.ask_changes(milestone=m, by=by, points="一つ")),
    Deed("accept", CLIENT, (("accept",),), lambda m, by: contracts.accept_delivery(milestone=m, by=by)),
    Deed("accept by the clock", TOWN, (("accept",),), _on_a_later_day(15, contracts.accept_for_silent_clients), is_round=True),
    Deed("void by the clock", TOWN, (("void",),), _on_a_later_day(8, contracts.void_unfunded), is_round=True),
], columns={"funded_at": {"funded", "delivered", "accepted"}, "accept_by": {"delivered"}, "accepted_at": {"accepted"}})


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


DATE = Thing("date request", DateRequest, DateState, DATE_LIFECYCLE, _wish, lambda wish: _both(wish.milestone.contract), [
    Deed("agree", CLIENT, (("agree",),), lambda wish, by: contracts.agree_on_date(request=wish, by=by)),
    Deed("keep the day", CLIENT, (("keep",),), lambda wish, by: contracts.keep_date(request=wish, by=by)),
    Deed("name another day", CLIENT, (("answer",),), _name_another_day),
    Deed("withdraw", WORKER, (("withdraw",),), lambda wish, by: contracts.withdraw_date(request=wish, by=by)),
    Deed("let the day pass", TOWN, (("lapse",),), _on_a_later_day(40, contracts.lapse_dates), is_round=True, leaves_traces=True),
], columns={"ended_at": {"agreed", "kept", "answered", "withdrawn", "lapsed"}})


# ---- payouts ---------------------------------------------------------------------------------------------------------

def _silent_bank():
    return patch.object(FakeBank, "transfer", side_effect=OSError("no line"))


def _send(_payout=None, _by=None):
    payments.send_payouts()


def _send_in_vain(_payout=None, _by=None):
    with _silent_bank(), contextlib.suppress(OSError):
        payments.send_payouts()


def _payout(state: str, deed: str) -> Payout:
    contract = a_contract(accepted=True)
    is_lost = state == "returned" or state != "paid" and "sends it back" in deed
    with_bank_account(contract.worker, UNKNOWN_ACCOUNT if is_lost else "1234567")
    with clock.moved(to=clock.end_of(contract.milestones.get().pay_on)):
        payments.pay_due()
        if state == "sending":
            _send_in_vain()
        elif state != "requested":
            _send()
    return Payout.objects.get()


def _only_read(payout: Payout, _by):
    """The bank's book holds the line already, whatever we think of it."""
    FakeBank().transfer(key=payout.bank_key, amount_yen=payout.amount_yen, account=payout.bank_account, holder=payout.holder_kana)
    payments.read_statement()


PAYOUT = Thing("payout", Payout, PayoutState, PAYOUT_LIFECYCLE, _payout, lambda payout: {WORKER: payout.worker, CLIENT: a_person()}, [
    Deed("tell the bank, which says nothing", TOWN, (("send",),), _send_in_vain, is_round=True),
    Deed("tell the bank, which pays", TOWN, (("send", "confirm"), ("confirm",)), _send, is_round=True),
    Deed("tell the bank, which sends it back", TOWN, (("send", "return"), ("return",)), _send, is_round=True),
    Deed("read that it was paid", TOWN, (("confirm",),), _only_read, is_round=True),
    Deed("read that the bank sends it back", TOWN, (("return",),), _only_read, is_round=True),
], columns={"ended_at": {"paid", "returned"}, "paid_on": {"paid"}})

# ---- refunds ---------------------------------------------------------------------------------------------------------

def _refund(state: str, _deed: str) -> Refund:
    """Of a milestone that was settled for nothing, as a contract that both ended would do."""
    contract = a_contract(funded=True)
    payments.settle_escrow(milestone=contract.milestones.get().pk, contract=contract.pk, title=contract.title, party=contract.client,
                           shares=[], refund=contract.milestones.get().held, by=None)
    if state == "sending":
        _refund_in_vain()
    elif state == "paid":
        payments.send_refunds()
    return Refund.objects.get()


def _refund_in_vain(_refund=None, _by=None):
    with patch.object(FakeBank, "refund", side_effect=OSError("no line")), contextlib.suppress(OSError):
        payments.send_refunds()


REFUND = Thing("refund", Refund, RefundState, REFUND_LIFECYCLE, _refund, lambda refund: {CLIENT: refund.party.person, WORKER: a_person()}, [
    Deed("tell the bank, which says nothing", TOWN, (("send",),), _refund_in_vain, is_round=True),
    Deed("tell the bank, which pays", TOWN, (("send", "confirm"), ("confirm",)), lambda _refund, _by: payments.send_refunds(),
         is_round=True),
], columns={"ended_at": {"paid"}, "paid_on": {"paid"}})

# ---- everything about a person, as one file ---------------------------------------------------------------------------

def _export(state: str, _deed: str) -> Export:
    export = exporting.ask_for_export(by=a_person())
    if state == "making":
        exporting._begin(export)                    # as it lies there when the process that was at it has died
    elif state == "ready":
        exporting.make_exports()
    elif state == "gone":
        exporting.drop_exports_of(export.user)
    return export


EXPORT = Thing("export", Export, ExportState, EXPORT_LIFECYCLE, _export, lambda export: {WORKER: export.user}, [
    Deed("make", TOWN, (("begin", "finish"),), lambda _export, _by: exporting.make_exports(), is_round=True),
    Deed("drop with its person", TOWN, (("drop",),), lambda export, _by: exporting.drop_exports_of(export.user), is_round=True),
], columns={})

# ---- contests --------------------------------------------------------------------------------------------------------

def _contest(state: str, deed: str) -> Job:
    """With one entry once it is over; open without any, so that it can be called off."""
    job = a_contest(opened=state != "draft")
    if state in ("closed", "awarded", "ended"):
        entry = an_entry(job)
        with closed_contest(job):
            if state == "awarded":
                proposals.award(job=job, by=client_of(job), winners={1: entry.number})
        if state == "ended":
            _on_a_later_day(40, proposals.settle_contests)(None, None)
    return job


def _award_first(job: Job, by):
    with clock.moved(to=clock.start_of(job.closes_on + DAY)):
        proposals.award(job=job, by=by, winners={1: 1})


CONTEST = Thing("contest", Job, JobState, CONTEST_LIFECYCLE, _contest, lambda job: {WORKER: a_person(), CLIENT: client_of(job)}, [
    Deed("open with its pot", CLIENT, (("publish",),), lambda job, by: proposals.open_contest(job=job, by=by, pot=pot_of(job.contest))),
    Deed("change the prizes", CLIENT, (("edit",),), lambda job, by: jobs.edit_job(job=job, by=by, prizes_yen=[5_000])),
    Deed("call off", CLIENT, (("call_off",),), lambda job, by: proposals.call_off(job=job, by=by)),
    Deed("close by the clock", TOWN, (("close",),), _on_a_later_day(30, jobs.close_overdue), is_round=True),
    Deed("award", CLIENT, (("award",),), _award_first),
    Deed("split by the clock", TOWN, (("settle",),), _on_a_later_day(40, proposals.settle_contests), is_round=True),
    # what exists for other forms of work does nothing to a contest
    Deed("close early", CLIENT, (), lambda job, by: jobs.close_job(job=job, by=by)),
    Deed("end the choosing", CLIENT, (), lambda job, by: proposals.end_choosing(job=job, by=by, reason="topic")),
    Deed("publish without a pot", CLIENT, (), lambda job, by: jobs.publish_job(job=job, by=by)),
    Deed("answer for the client by the clock", TOWN, (), _on_a_later_day(60, proposals.answer_for_silent_clients), is_round=True),
], columns={"published_at": {"open", "closed", "awarded", "ended"}, "closed_at": {"closed", "awarded", "ended"}})


AWARD_ANOTHER = "award another"

# ---- entries ---------------------------------------------------------------------------------------------------------

def _entry(state: str, deed: str) -> Entry:
    if state == "draft":
        return proposals.save_entry(entry=proposals.begin_entry(job=a_contest(), by=a_person()), by=Entry.objects.get().worker,
                                    title="途中", text="途中")
    entry = an_entry()
    if deed == AWARD_ANOTHER and state == "submitted":
        an_entry(entry.job)
    if state == "withdrawn":
        proposals.take_back_entry(entry=entry, by=entry.worker)
    elif state in ("awarded", "not_chosen"):
        other = an_entry(entry.job)
        with closed_contest(entry.job):
            proposals.award(job=entry.job, by=client_of(entry.job), winners={1: (entry if state == "awarded" else other).number})
    elif state == "shared":
        with closed_contest(entry.job):
            _on_a_later_day(30, proposals.settle_contests)(None, None)
    return entry


def _hand_in(entry: Entry, by):
    return proposals.hand_in(entry=entry, by=by, title="題", text="港に立つ灯台を、二筆で描きました。", ai_note="なし")


def _award_this(entry: Entry, by):
    with closed_contest(entry.job):
        proposals.award(job=entry.job, by=by, winners={2: entry.number})


def _award_another(entry: Entry, by):
    others = Entry.objects.filter(job=entry.job, state="submitted").exclude(pk=entry.pk).order_by("pk")
    with closed_contest(entry.job):
        proposals.award(job=entry.job, by=by, winners={1: others[0].number if others else 99})


def _split(entry: Entry, _by):
    with closed_contest(entry.job):
        _on_a_later_day(40, proposals.settle_contests)(None, None)


ENTRY = Thing("entry", Entry, EntryState, ENTRY_LIFECYCLE, _entry, lambda e: {WORKER: e.worker, CLIENT: client_of(e.job)}, [
    Deed("save", WORKER, (("save",),), lambda e, by: proposals.save_entry(entry=e, by=by, title="題", text="新しい文")),
    Deed("hand in or change", WORKER, (("hand_in",), ("change",)), _hand_in),
    Deed("take back", WORKER, (("withdraw",), ("discard",)), lambda e, by: proposals.take_back_entry(entry=e, by=by)),
    Deed("award", CLIENT, (("award",),), _award_this, leaves_traces=True),
    Deed(AWARD_ANOTHER, CLIENT, (("pass",),), _award_another, leaves_traces=True, is_round=True),
    Deed("split by the clock", TOWN, (("share",),), _split, is_round=True, leaves_traces=True),
], columns={"ended_at": {"awarded", "shared", "not_chosen"}})

THINGS = [POST, PROPOSAL, CONTEST, ENTRY, OFFER, CONTRACT, MILESTONE, DATE, PAYOUT, REFUND, EXPORT]
