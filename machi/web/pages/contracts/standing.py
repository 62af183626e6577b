"""Where a contract stands for one of its two sides: what is so, what comes next, and the one deed that is theirs now."""
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from machi.accounts.models import Party
from machi.accounts.powers import EVERY_POWER, Power
from machi.contracts.lifecycle import ContractState, DisputeState, MilestoneState
from machi.contracts.models import Contract, DateRequest, Dispute, Milestone, Offer
from machi.contracts.policies import is_late, is_time_to_ask
from machi.notifications.words import called, day, moment, yen
from machi.payments.fees import Settlement
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning, ExpectedDeposit, Taken
from machi.payments.queries import (
    again_place,
    deposit_of,
    has_own_account,
    is_gone,
    is_paid_by_card,
    lost_of,
    reaches_on,
    settlement_of,
    taken_back,
)
from machi.reviews.models import Review
from machi.shared import clock
from machi.web.pages.contracts.week_words import state_words

WORKER, CLIENT = "worker", "client"
REVIEW_WITHIN = datetime.timedelta(days=14)         # so long a review stands among what waits for somebody
AGREED, FUNDED, DELIVERED, ACCEPTED, PAID = range(1, 6)


@dataclass(frozen=True, slots=True)
class Standing:
    """One sentence for the heading, one paragraph, one deed. `by` is the day or moment that counts now, and what it is."""

    step: int                                       # 契約 1, 仮払い 2, 納品 3, 検収 4, 支払い 5; 6: all done, 0: it ended
    title: str
    text: str
    by: tuple[str, datetime.date | datetime.datetime] | None = None
    deed: str = ""
    way: str = ""

    is_over: bool = False                           # nothing is waited for, at most a review
    is_elsewhere: bool = False                      # the deed only leads to where it goes on: it is nobody's turn here

    @property
    def is_mine(self) -> bool:
        """Is it this person's turn?"""
        return bool(self.deed) and not self.is_elsewhere


@dataclass(frozen=True, slots=True)
class Seen:
    """What a standing is told from: one contract, and whose eyes look at it."""

    contract: Contract
    milestone: Milestone
    side: str
    earning: Earning | None = None
    steps: Sequence[Milestone] = ()
    has_account: bool = False
    has_reviewed: bool = False
    reviews: Sequence[Review] = ()                  # both sides', also while they are nobody's to read
    powers: frozenset[str] = EVERY_POWER            # what these eyes may do for the client
    is_week: bool = False                           # the page is that of one week by the hour, `milestone`

    @property
    def worker(self) -> str:
        return called(self.contract.worker.name)

    @property
    def client(self) -> str:
        return client_called(self.contract.client)

    @property
    def money(self) -> Settlement:
        """Of the step that counts now: as it was settled, or else as it was agreed."""
        return settlement_of(self.earning) if self.earning else self.milestone.money

    @property
    def net(self) -> str:
        return yen(int(self.money.worker_receives))

    @property
    def badge(self) -> tuple[str, str]:
        """Before the money and after the end the contract's own state, in between the milestone's; a week has words of its own."""
        if self.contract.is_hourly and not self.contract.is_over:
            return self.milestone.state, state_words(self.milestone)
        if self.contract.is_hourly and self.contract.state == ContractState.COMPLETED:
            return self.contract.state, _("contract.hourly.over")
        thing = self.milestone if self.contract.state in (ContractState.ACTIVE, ContractState.COMPLETED) else self.contract
        return thing.state, str(thing.get_state_display())

    def way(self, name: str) -> str:
        return reverse(f"contracts:{name}", args=[self.contract.pk])


def way_about(step: Milestone, name: str) -> str:
    """The page of a deed about one step: a week by the hour has its own, because several go on beside each other."""
    if step.contract.is_hourly:
        return reverse(f"contracts:week_{name}", args=[step.contract_id, step.number])
    return reverse(f"contracts:{name}", args=[step.contract_id])


def client_called(party: Party) -> str:
    """A person is called with さん, a company or an organisation is not."""
    return words_called(party.words())


def words_called(words: dict[str, str]) -> str:
    """The same of what Party.words says."""
    (gap, name), = words.items()
    return called(name) if gap.endswith("_person") else name


def offer_standing(offer: Offer, side: str) -> Standing:
    """An offer that waits for its answer, in the list of contracts."""
    if side == CLIENT:
        return Standing(AGREED, _("offer.now.client"), "", (_("offer.answer_by"), offer.answer_by))
    return Standing(AGREED, _("offer.now.worker"), "", (_("offer.answer_by"), offer.answer_by), _("offer.read"),
                    reverse("contracts:offer", args=[offer.pk]))


def standing(seen: Seen) -> Standing:
    """The words for this contract, this side, this day."""
    if seen.contract.state == ContractState.VOID:
        return Standing(0, _("standing.void"), _("standing.void.text"), is_over=True)
    tell = {MilestoneState.AGREED: _agreed, MilestoneState.FUNDED: _funded, MilestoneState.DELIVERED: _delivered,
            MilestoneState.DISPUTED: _disputed, MilestoneState.ACCEPTED: _accepted, MilestoneState.SETTLED: _accepted,
            MilestoneState.REFUNDED: _refunded, MilestoneState.VOID: _refunded, MilestoneState.PASSED_ON: _passed_on}[seen.milestone.state]
    return tell(seen)


def with_date(now: Standing, seen: Seen, asked: DateRequest | None) -> Standing:
    """In the list: a wish of the other side for another due date waits for this person's answer."""
    if asked is None or asked.side == seen.side or seen.side == CLIENT and Power.APPROVER not in seen.powers:
        return now
    return replace(now, title=_("dates.waits"), deed=_("dates.answer.go"), way=seen.way("room") + "#date")


def with_difference(now: Standing, seen: Seen, told: Dispute | None) -> Standing:
    """In the list: what the other side says of any step, also of one that is not the current one, waits for this person's words; and so
    does what the town proposes about it.
    """
    if told is None or seen.side == CLIENT and Power.APPROVER not in seen.powers:
        return now
    if told.state == DisputeState.PROPOSED:
        return now if told.proposal.agreed_at(seen.side) else replace(
            now, title=_("mediation.split"), by=(_("offer.answer_by"), told.decide_by), deed=_("mediation.answer.go"),
            way=seen.way("room") + "#dispute")
    if told.side == seen.side:
        return now
    return replace(now, title=_("standing.disputed"), by=(_("offer.answer_by"), told.answer_by), deed=_("standing.disputed.go"),
                   way=seen.way("room") + "#dispute")


def transfer_of(seen: Seen) -> ExpectedDeposit | None:
    """What this client was asked to transfer for the step that counts now."""
    return deposit_of(seen.milestone.reference) if _may_transfer(seen) and has_own_account() else None


def _may_transfer(seen: Seen) -> bool:
    return seen.side == CLIENT and Power.PAYER in seen.powers and seen.milestone.state == MilestoneState.AGREED


def with_transfer(now: Standing, seen: Seen, asked: ExpectedDeposit | None) -> Standing:
    """The client was told where to transfer, and the statement of the bank shows when it has come: then it is nobody's turn."""
    if asked is None or not _may_transfer(seen):
        return now
    words = {"gross": yen(asked.amount_yen), "until": moment(asked.until_at), "code": asked.code}
    title, text, deed = _("standing.transfer"), _("standing.transfer.text"), _("standing.transfer.go")
    if is_paid_by_card():
        title, text, deed = _("standing.card"), _("standing.card.text"), _("standing.card.go")
    return replace(now, title=title, text=_("standing.transfer.here") if asked.is_here else text % words, deed=deed,
                   way=reverse("payments:deposit", args=[asked.pk]), is_elsewhere=asked.is_here)


def with_taken_back(now: Standing, seen: Seen) -> Standing:
    """The client's bank took back what was held: both read so, and that nothing goes on with it until it is known how it ends. Is it lost,
    the client may pay it anew until a day, and the worker reads what becomes of their work.
    """
    if is_paid_by_card() and seen.milestone.state == MilestoneState.REFUNDED and is_gone(seen.milestone.reference):
        return replace(now, text=_("standing.gone.text"))
    if not is_paid_by_card() or not Milestone.objects.filter(taken_back("milestone"), pk=seen.milestone.pk).exists():
        return now
    lost = lost_of(seen.milestone.reference)
    if lost is not None:
        return _lost(now, seen, lost)
    text = _("standing.taken_back.client") if seen.side == CLIENT else _("standing.taken_back.worker")
    return replace(now, title=_("standing.taken_back"), text=text, deed="", way="", is_elsewhere=True)


def _lost(now: Standing, seen: Seen, lost: Taken) -> Standing:
    now = replace(now, title=_("standing.lost"), by=(_("standing.lost.by"), lost.until_at), deed="", way="", is_elsewhere=True)
    words = {"until": moment(lost.until_at), "gross": yen(lost.amount_yen)}
    if seen.side == WORKER:
        is_handed_over = seen.milestone.first_delivered_at is not None
        return replace(now, text=(_("standing.lost.worker.work") if is_handed_over else _("standing.lost.worker")) % words)
    asked = deposit_of(again_place(lost.chargeback_id)) if Power.PAYER in seen.powers else None
    now = replace(now, text=_("standing.lost.client") % words)
    return now if asked is None else replace(
        now, deed=_("standing.lost.go"), way=reverse("payments:deposit", args=[asked.pk]), is_elsewhere=False)


def _agreed(seen: Seen) -> Standing:
    by = (_("standing.by.fund"), seen.contract.fund_by)
    if seen.side == WORKER:
        is_next = seen.contract.state == ContractState.ACTIVE
        return Standing(FUNDED, _("standing.agreed.worker"), _("standing.agreed.next.text") if is_next else _("contract.formed"), by)
    text = _("standing.agreed.client.text") % {
        "until": moment(seen.contract.fund_by), "gross": yen(seen.milestone.held_yen), "worker": seen.worker}
    if Power.PAYER not in seen.powers:
        return Standing(FUNDED, _("standing.agreed.colleague"), _("standing.agreed.colleague.text") % {
            "until": moment(seen.contract.fund_by), "power": Power.PAYER.label}, by)
    return Standing(FUNDED, _("standing.agreed.client"), text, by, _("contract.fund.go"), seen.way("fund"))


def _funded(seen: Seen) -> Standing:
    due, late = seen.milestone.due_on, is_late(seen.milestone)
    if seen.milestone.revisions_used:
        return _changes(seen)
    if seen.side == WORKER:
        title = _("standing.funded.worker.late") if late else _("standing.funded.worker")
        text = _late_words(seen) if late else _("contract.escrowed")
        text %= {"gross": yen(seen.milestone.held_yen), "due": day(due)}
        return Standing(DELIVERED, title, text, (_("agreed.due_on"), due), _("contract.deliver.go"), seen.way("deliver"))
    text = _("standing.funded.client.late.text") if late else _("standing.funded.client.text")
    return Standing(DELIVERED, _("standing.funded.client"), text % {"worker": seen.worker, "due": day(due)}, (_("agreed.due_on"), due))


def _late_words(seen: Seen) -> str:
    """Only a day that both agree to in its own place keeps the record as it is; later only the letters are left."""
    return _("standing.funded.worker.late.text") if is_time_to_ask(seen.milestone) else _("standing.funded.worker.later.text")


def _changes(seen: Seen) -> Standing:
    used, allowed = seen.milestone.revisions_used, seen.milestone.revisions_count
    if seen.side == CLIENT:
        text = _("standing.changes.client.text") % {"worker": seen.worker, "i": used, "n": allowed}
        return Standing(DELIVERED, _("standing.changes.client"), text)
    text = _("standing.changes.worker.text") % {"i": used, "n": allowed}
    return Standing(DELIVERED, _("standing.changes.worker"), text, None, _("contract.deliver.again"), seen.way("deliver"))


def _delivered(seen: Seen) -> Standing:
    by = (_("agreed.accept_by"), seen.milestone.accept_by)
    if seen.side == WORKER:
        text = _("contract.delivered") % {"client": seen.client, "date": moment(seen.milestone.accept_by)}
        return Standing(ACCEPTED, _("standing.delivered.worker"), text, by)
    if Power.APPROVER not in seen.powers:
        return Standing(ACCEPTED, _("standing.delivered.colleague"), _("standing.delivered.colleague.text") % {
            "date": moment(seen.milestone.accept_by), "power": Power.APPROVER.label}, by)
    text = _("standing.delivered.client.text") % {"worker": seen.worker, "date": moment(seen.milestone.accept_by)}
    return Standing(ACCEPTED, _("standing.delivered.client"), text, by, _("contract.accept.go"), seen.way("accept"))


def _disputed(seen: Seen) -> Standing:
    """The money rests; how it goes on is told where the dispute stands."""
    step = ACCEPTED if seen.milestone.delivered_at else DELIVERED       # told before anything was handed over: that is still to come
    return Standing(step, _("standing.disputed"), _("standing.disputed.text") % {"gross": yen(seen.milestone.held_yen)},
                    deed=_("standing.disputed.go"), way=seen.way("room") + "#dispute")


def with_mediation(now: Standing, seen: Seen, told: Iterable[Dispute]) -> Standing:
    """In the room: how far the difference about this step has come, where somebody of the town has stepped in."""
    one = next((one for one in told if one.milestone_id == seen.milestone.pk and one.state != DisputeState.CLOSED), None)
    if one is None or seen.milestone.state != MilestoneState.DISPUTED:
        return now
    if one.state in (DisputeState.ESCALATED, DisputeState.DRAFTED):
        return replace(now, text=_("standing.ruling.text") % {"gross": yen(seen.milestone.held_yen)})
    if one.state != DisputeState.PROPOSED or one.proposal.agreed_at(seen.side):
        return now
    is_mine = seen.side != CLIENT or Power.APPROVER in seen.powers
    text = _("mediation.proposed") % {"name": called(one.mediator.name), "until": moment(one.decide_by)}
    return replace(now, title=_("mediation.split"), text=text, by=(_("offer.answer_by"), one.decide_by),
                   deed=_("mediation.answer.go") if is_mine else "", way=seen.way("room") + "#dispute" if is_mine else "")


def _passed_on(seen: Seen) -> Standing:
    """Somebody else goes on; nothing is this side's to do here."""
    if seen.side == WORKER:
        return Standing(DELIVERED, _("standing.passed_on.worker"), _("standing.passed_on.worker.text") % {"net": seen.net})
    return Standing(DELIVERED, _("standing.passed_on.client"), _("standing.passed_on.client.text"), None, _("standing.passed_on.go"),
                    reverse("contracts:room", args=[seen.contract.taken_over_by.pk]), is_elsewhere=True)


def _refunded(seen: Seen) -> Standing:
    return Standing(0, _("standing.refunded"), _("standing.refunded.text") % {"gross": yen(seen.milestone.refunded_yen)}, is_over=True)


def _accepted(seen: Seen) -> Standing:
    payout = seen.earning.payout if seen.earning else None
    is_paid = payout is not None and payout.state == PayoutState.PAID
    on = payout.paid_on if is_paid else reaches_on(seen.earning) if seen.earning else seen.milestone.pay_on
    step, by = PAID + is_paid, None if payout else (_("agreed.pay_on"), on)
    if seen.side == WORKER and not payout and not seen.has_account:
        printed = seen.milestone.pay_on
        text = _("standing.no_account.text") if printed > clock.today() else _("standing.no_account.due.text")
        return Standing(step, _("standing.no_account"), text % {"net": seen.net, "date": day(printed)}, (_("agreed.pay_on"), printed),
                        _("account.bank.go"), reverse("payments:account"))
    title, text = _paid_words(seen, payout, is_paid, on) if seen.side == WORKER else _remitted_words(seen, is_paid, on)
    title = _("standing.settled") if seen.milestone.state == MilestoneState.SETTLED and not payout else title
    is_colleague = seen.side == CLIENT and Power.APPROVER not in seen.powers
    if seen.has_reviewed or is_colleague or not seen.contract.is_over or clock.now() > seen.contract.ended_at + REVIEW_WITHIN:
        return Standing(step, title, text, by, is_over=is_paid or seen.side == CLIENT)
    return Standing(step, title, text, by, _("review.go"), seen.way("review"))


def _paid_words(seen: Seen, payout, is_paid: bool, on: datetime.date) -> tuple[str, str]:
    if is_paid:
        return _("standing.paid.worker"), _("standing.paid.worker.text") % {"net": seen.net, "bank": payout.bank_name, "date": day(on)}
    if payout:
        return _("standing.sending.worker"), _("payout.sending") % {"net": seen.net, "bank": payout.bank_name, "date": day(on)}
    words = {"net": seen.net, "date": day(on)}
    if seen.milestone.state == MilestoneState.SETTLED:
        return _("standing.settled"), _("standing.settled.text") % words
    return _("standing.accepted.worker"), _("contract.accepted") % words


def _remitted_words(seen: Seen, is_paid: bool, on: datetime.date) -> tuple[str, str]:
    words = {"worker": seen.worker, "net": seen.net, "date": day(on)}
    if is_paid:
        return _("standing.paid.client"), _("standing.paid.client.text") % words
    return _("standing.accepted.client"), _("standing.accepted.client.text") % words


def with_pay(now: Standing, seen: Seen, why: str) -> Standing:
    """In the room: what was earned stays here for now, so no day is promised. `why`: what keeps it; empty where nothing does. Without an
    account the worker is asked for one (`_accepted`).
    """
    is_asked_for_one = seen.side == WORKER and not seen.has_account
    if not why or is_asked_for_one or seen.milestone.state not in (MilestoneState.ACCEPTED, MilestoneState.SETTLED):
        return now
    if seen.side == WORKER:
        return replace(now, text=_("standing.rests.worker.text") % {"net": seen.net, "why": why}, by=None)
    return replace(now, text=_("standing.rests.client.text") % {"worker": seen.worker, "net": seen.net}, by=None)


def way_of(seen: Seen, due_on: datetime.date, pays) -> list[tuple[str, str]]:
    """The five steps of every contract, each with its day or its sum: the day it happened, or by when it should. `due_on`: of what is
    handed over; `pays`: when it reaches its worker, or that it waits.
    """
    milestone, payout = seen.milestone, seen.earning.payout if seen.earning else None
    is_handed_over = milestone.delivered_at is not None and milestone.state != MilestoneState.FUNDED
    handed_over, accepted = (_("step.record"), _("step.confirm")) if seen.contract.is_hourly else (_("step.deliver"), _("step.accept"))
    return [
        (_("step.agree"), day(clock.day_of(seen.contract.formed_at))),
        (_("step.fund"), yen(milestone.held_yen)),
        (handed_over, day(clock.day_of(milestone.delivered_at)) if is_handed_over else _until(due_on)),
        (accepted, _acceptance(milestone)),
        (_("step.pay"), _("room.pays.waits") if pays.waits else day(payout.paid_on if payout and payout.paid_on else pays.on)),
    ]


def _acceptance(milestone: Milestone) -> str:
    if milestone.accepted_at:
        return day(clock.day_of(milestone.accepted_at))
    if milestone.accept_by:
        return _until(clock.day_of(milestone.accept_by))
    days = {"num": milestone.acceptance_days}
    if milestone.contract.is_hourly:
        return ngettext("step.confirm.text", "step.confirm.text", milestone.acceptance_days) % days
    return ngettext("step.accept.text", "step.accept.text", milestone.acceptance_days) % days


def _until(last_day: datetime.date) -> str:
    return _("step.until") % {"day": day(last_day)}
