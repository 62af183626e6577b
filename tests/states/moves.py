"""Every thing with a state: how to bring one into each state, and every deed that moves it.

The test walks all pairs of state and deed, in every role. A state without a maker, or a move without a deed, fails: whoever
adds a state adds it here.
"""
import contextlib
from collections.abc import Callable
from unittest.mock import patch

from django.test import override_settings

from machi.contracts import actions as contracts
from machi.contracts.lifecycle import (
    OFFER_LIFECYCLE,
    OfferState,
)
from machi.contracts.models import Offer
from machi.jobs import actions as jobs
from machi.jobs.lifecycle import JOB_LIFECYCLE, JobState
from machi.jobs.models import Job
from machi.packages import actions as packages
from machi.packages.lifecycle import PACKAGE_LIFECYCLE, PackageState
from machi.packages.models import Package
from machi.payments import actions as payments
from machi.payments.fakebank import UNKNOWN_ACCOUNT, FakeBank
from machi.payments.lifecycle import PAYOUT_LIFECYCLE, REFUND_LIFECYCLE, PayoutState, RefundState
from machi.payments.models import Payout, Refund
from machi.privacy.actions import exporting
from machi.privacy.lifecycle import EXPORT_LIFECYCLE, ExportState
from machi.privacy.models import Export
from machi.proposals import actions as proposals
from machi.proposals.lifecycle import PROPOSAL_LIFECYCLE, ProposalState
from machi.proposals.models import Proposal
from machi.shared import clock
from machi.shared.money import Yen
from tests.payments.statements import Account
from tests.people import a_client, a_contract, a_job, a_package, a_person, a_proposal, an_offer, client_of, with_bank_account
from tests.states.account_moves import DEPOSIT, LINE
from tests.states.adjustment_moves import ADJUSTMENT
from tests.states.batch_moves import BATCH
from tests.states.bonus_moves import BONUS
from tests.states.card_moves import CARD, CARD_REFUND, CHARGEBACK
from tests.states.contest_moves import CONTEST, ENTRY
from tests.states.contract_moves import CHANGE, CONTRACT, DATE, MILESTONE, STAND_IN
from tests.states.dispute_moves import DISPUTE
from tests.states.late_moves import late_account
from tests.states.stop_moves import STOP
from tests.states.taken_moves import TAKEN
from tests.states.task_moves import ANSWER, BUNDLE, TASK_BATCH, TASK_IMPORT, TASK_PARCEL, TASK_PIECE
from tests.states.things import CLIENT, DAY, TOWN, WORKER, Deed, Thing, on_a_later_day
from tests.states.week_moves import WEEK


def _accept(offer: Offer, by=None):
    return contracts.accept_offer(offer=offer, by=by or offer.worker, terms_hash=offer.terms_hash)


# ---- posts -----------------------------------------------------------------------------------------------------------

def _job(state: str, deed: str) -> Job:
    """With two seats, of which one is offered. Where the client shall answer the town's question, it has been asked."""
    if state == "draft":
        job = a_job(published=False, seats_count=2)
    else:
        offer = an_offer(a_proposal(a_job(seats_count=2)))
        job = offer.job
    if state == "open" and deed in ("say that it is open", "pause by the clock"):
        with clock.moved(by=15 * DAY):
            jobs.ask_whether_open()
    if state == "paused":
        jobs.pause_job(job=job, by=client_of(job))
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
    Deed("close by the clock", TOWN, (("close",),), on_a_later_day(30, jobs.close_overdue), is_round=True),
    Deed("pause", CLIENT, (("pause",),), lambda job, by: jobs.pause_job(job=job, by=by)),
    Deed("pause by the clock", TOWN, (("pause",),), on_a_later_day(30, jobs.pause_unanswered), is_round=True),
    Deed("resume", CLIENT, (("resume",),), lambda job, by: jobs.resume_job(job=job, by=by)),
    Deed("say that it is open", CLIENT, (("confirm",),), lambda job, by: jobs.confirm_open(job=job, by=by)),
    Deed("open once more", CLIENT, (("reopen",),), lambda job, by: jobs.reopen_job(job=job, by=by, closes_on=clock.today() + 3 * DAY)),
    Deed("end the choosing", CLIENT, (("end",),), lambda job, by: jobs.end_choosing(job=job, by=by)),
    Deed("take a seat", TOWN, (("take_seat",),), lambda job, by: jobs.take_seat(job=job, for_newcomer=False)),
    Deed("free a seat", TOWN, (("free_seat",),), lambda job, by: jobs.free_seat(job=job, was_newcomer_seat=False)),
    Deed("fill the last seat", TOWN, (("award",),), _fill_last_seat, is_round=True, leaves_traces=True),
], columns={"published_at": {"open", "paused", "closed", "awarded", "ended"}, "paused_at": {"paused"},
            "closed_at": {"closed", "awarded", "ended"}})


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
        on_a_later_day(8, contracts.expire_offers)(None, None)
    elif state == "replaced":
        _change(offer, client_of(offer))
    return offer


def _seen(offer: Offer, by):
    """Accept what this person has on their screen: the terms as they were offered."""
    return _accept(Offer.objects.get(pk=offer.pk), by)


def _expire_this(offer: Offer, _by):
    """The round of the clock, when the other offers of the proposal were not made yet."""
    Offer.objects.filter(proposal=offer.proposal_id, version__gt=offer.version).update(answer_by=clock.now() + 99 * DAY)
    on_a_later_day(8, contracts.expire_offers)(None, None)


OFFER = Thing("offer", Offer, OfferState, OFFER_LIFECYCLE, _offer, lambda offer: {WORKER: offer.worker, CLIENT: client_of(offer)}, [
    Deed("accept", WORKER, (("accept",),), _seen),
    Deed("refuse", WORKER, (("refuse",),), lambda offer, by: contracts.refuse_offer(offer=offer, by=by)),
    Deed("change the terms", CLIENT, (("replace",),), _change),
    Deed("expire by the clock", TOWN, (("expire",),), _expire_this, is_round=True, leaves_traces=True),
], columns={"answered_at": {"accepted", "refused", "expired", "replaced"}})


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
        elif state == "undone":
            _named_anew(Payout.objects.get())
        elif state != "requested":
            _send()
    return Payout.objects.get()


def _named_anew(payout: Payout, _by=None):
    """Its worker names another account while no bank knows of it."""
    with_bank_account(payout.worker, "7654321")
    payments.undo_set_aside()


def _only_read(payout: Payout, _by):
    """The bank's book holds the line already, whatever we think of it."""
    FakeBank().transfer(key=payout.bank_key, amount_yen=payout.amount_yen, account=payout.bank_account, holder=payout.holder_kana)
    payments.read_statement()


def _comes_back(payout: Payout, _by):
    """In a town with an account of its own, a line of the statement says so, which is no older than what it speaks of."""
    with override_settings(MONEY_MODE="bank"), clock.moved(to=clock.end_of(payout.paid_on or clock.today())):
        account = Account()
        (line,) = account.shows((payout.amount_yen, "ﾌﾘｺﾐﾍﾝｷﾔｸ"))
        payments.take_payout_back(line=line, payout=payout, by=account.finance, reason="口座がない")


PAYOUT = Thing("payout", Payout, PayoutState, PAYOUT_LIFECYCLE, _payout, lambda payout: {WORKER: payout.worker, CLIENT: a_person()}, [
    Deed("tell the bank, which says nothing", TOWN, (("send",),), _send_in_vain, is_round=True),
    Deed("tell the bank, which pays", TOWN, (("send", "confirm"), ("confirm",)), _send, is_round=True),
    Deed("tell the bank, which sends it back", TOWN, (("send", "return"), ("return",)), _send, is_round=True),
    Deed("read that it was paid", TOWN, (("confirm",),), _only_read, is_round=True),
    Deed("read that the bank sends it back", TOWN, (("return",),), _only_read, is_round=True),
    Deed("somebody names another account", TOWN, (("undo",),), _named_anew, leaves_traces=True),
    Deed("days later its bank sends it back", TOWN, (("come_back",),), _comes_back, leaves_traces=True),
], columns={"ended_at": {"paid", "returned", "undone"}, "paid_on": {"paid"}})

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


def _refund_comes_back(refund: Refund, _by):
    """In a town with an account of its own, a line of the statement says so."""
    with override_settings(MONEY_MODE="bank"), clock.moved(to=clock.end_of(refund.paid_on or clock.today())):
        account = Account()
        (line,) = account.shows((refund.amount_yen, "ﾌﾘｺﾐﾍﾝｷﾔｸ"))
        payments.take_refund_back(line=line, refund=refund, by=account.finance, reason="口座がない")


REFUND = Thing("refund", Refund, RefundState, REFUND_LIFECYCLE, _refund, lambda refund: {CLIENT: refund.party.person, WORKER: a_person()}, [
    Deed("tell the bank, which says nothing", TOWN, (("send",),), _refund_in_vain, is_round=True),
    Deed("tell the bank, which pays", TOWN, (("send", "confirm"), ("confirm",)), lambda _refund, _by: payments.send_refunds(),
         is_round=True),
    Deed("days later its bank sends it back", TOWN, (("come_back",),), _refund_comes_back, leaves_traces=True),
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

# ---- services that somebody has prepared -------------------------------------------------------------------------------

def _package(state: str, _deed: str) -> Package:
    package = a_package(opened=state != "draft")
    return packages.pause_package(package=package, by=package.worker) if state == "paused" else package


def _other_words(package: Package, by):
    words = {name: getattr(package, name) for name in packages.WORDS}
    return packages.change_package(package=package, by=by, **words | {"title": "別の名前"})


PACKAGE = Thing("package", Package, PackageState, PACKAGE_LIFECYCLE, _package, lambda p: {WORKER: p.worker, CLIENT: a_client()}, [
    Deed("change", WORKER, (("change",),), _other_words),
    Deed("open", WORKER, (("open",),), lambda package, by: packages.open_package(package=package, by=by)),
    Deed("pause", WORKER, (("pause",),), lambda package, by: packages.pause_package(package=package, by=by)),
], columns={"opened_at": {"open", "paused"}})

THINGS = [POST, PACKAGE, PROPOSAL, CONTEST, ENTRY, OFFER, CONTRACT, MILESTONE, WEEK, CHANGE, DISPUTE, STAND_IN, DATE, BONUS, PAYOUT, REFUND,
          EXPORT, STOP, DEPOSIT, LINE, BATCH, CARD, CARD_REFUND, CHARGEBACK, TAKEN, ADJUSTMENT, TASK_BATCH, TASK_IMPORT,
          TASK_PIECE, TASK_PARCEL, BUNDLE, ANSWER, late_account(_payout, _comes_back)]
