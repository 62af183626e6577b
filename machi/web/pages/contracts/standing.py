"""Where a contract stands for one of its two sides: what is so, what comes next, and the one deed that is theirs now."""
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from machi.accounts.models import Party
from machi.accounts.powers import EVERY_POWER, Power
from machi.contracts.lifecycle import ContractState, MilestoneState
from machi.contracts.models import Contract, Milestone, Offer
from machi.contracts.policies import is_late, is_time_to_ask
from machi.notifications.words import called, day, moment, yen
from machi.payments.fees import Settlement
from machi.payments.lifecycle import PayoutState
from machi.payments.models import Earning
from machi.payments.queries import (
    reaches_on,
    settlement_of,
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
