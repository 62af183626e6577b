"""A person of the town brings the two together (仲介): takes up what both have told, proposes how the step's money is split, and both
agree, or one does not. What takes longer than thirty days, or is refused, is ruled (ruling.py).

Locks: contract, step, dispute.
"""
import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.accounts.actions import note_look
from machi.accounts.deeds import deed
from machi.activity import actions as activity
from machi.contracts import facts, outside, policies
from machi.contracts.actions.closing import after_steps, settle_step
from machi.contracts.actions.disputing import locked_dispute
from machi.contracts.actions.telling import both_sides, people_of, tell, tell_the_town
from machi.contracts.ended import PROPOSAL
from machi.contracts.lifecycle import DISPUTE_LIFECYCLE, DisputeState
from machi.contracts.models import Contract, Dispute, DisputeProposal, Milestone, Side
from machi.contracts.policies import LEAST
from machi.contracts.terms import other_side
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen
from machi.shared.rows import each

MEDIATION_DAYS = 30                                 # at most (money.md 1.5)
MEDIATED = (DisputeState.MEDIATION, DisputeState.PROPOSED)


@deed
def take_up_dispute(*, dispute: Dispute, by) -> Dispute:
    """A moderator takes it up and reads both sides; or takes it over from another one, with the days that are left."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not outside.can_take_up(by, dispute):
        raise NotAllowed(_("mediation.refused"))
    is_new = dispute.mediator_id is None
    dispute.state = DISPUTE_LIFECYCLE.next(dispute.state, "take_up" if is_new else "take_over")
    dispute.mediator = by
    if is_new:
        dispute.taken_up_at = clock.now()
        dispute.decide_by = clock.end_of(clock.today() + datetime.timedelta(days=MEDIATION_DAYS))
    dispute.save()
    activity.record(actor=by, fact=facts.DISPUTE_TAKEN_UP, about=contract.reference, milestone=milestone.pk)
    tell(contract, both_sides(contract), "contract.dispute_taken_up", step=milestone, who_person=by.name, until_at=dispute.decide_by)
    return dispute


@deed
def read_dispute(*, dispute: Dispute, by) -> Dispute:
    """Whoever of the town reads what the two wrote leaves a fact, and the two can see who it was."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not outside.can_read_dispute(by, dispute):
        raise NotAllowed(_("mediation.not_yours"))
    activity.record(actor=by, fact=facts.DISPUTE_READ, about=contract.reference, milestone=milestone.pk)
    for person in {person.pk: person for person in (contract.worker, dispute.opened_by, dispute.answered_by)}.values():
        note_look(by=by, person=person, what=gettext_noop("looked.dispute"))
    return dispute


@deed
def propose_split(*, dispute: Dispute, by, price: Yen, words: str) -> DisputeProposal:
    """The moderator proposes, once: so much of the step's price, without tax, to the worker, and why."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not outside.can_propose(by, dispute):
        raise NotAllowed(_("mediation.refused"))
    check_split(milestone, price, words)
    _move(dispute, "propose")
    proposal = DisputeProposal.objects.create(dispute=dispute, price_yen=int(price), words=words.strip(), made_by=by, made_at=clock.now())
    activity.record(actor=by, fact=facts.DISPUTE_PROPOSED, about=contract.reference, milestone=milestone.pk)
    tell(contract, both_sides(contract), "contract.dispute_proposed", step=milestone, until_at=dispute.decide_by)
    return proposal


@deed
def agree_to_split(*, dispute: Dispute, by) -> Dispute:
    """One side agrees to what was proposed; with the second the step ends so, at once."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not policies.can_answer_proposal(by, dispute):
        raise NotAllowed(_("mediation.answer_refused"))
    proposal, side = dispute.proposal, policies.side_of(by, contract)
    setattr(proposal, "worker_agreed_at" if side == Side.WORKER else "client_agreed_at", clock.now())
    proposal.save()
    activity.record(actor=by, fact=facts.DISPUTE_SPLIT_AGREED, about=contract.reference, milestone=milestone.pk)
    if proposal.agreed_at(other_side(side)):
        settle_step(contract, milestone, price=Yen(proposal.price_yen), by=by, ends="settle", decided=PROPOSAL)
        after_steps(contract)
        dispute.refresh_from_db()
        return dispute
    _move(dispute, "agree")
    tell(contract, people_of(contract, other_side(side)), "contract.dispute_other_agreed", step=milestone, until_at=dispute.decide_by)
    return dispute


@deed
def refuse_split(*, dispute: Dispute, by, words: str = "") -> Dispute:
    """One side does not agree, with words or without: the town will rule. Nothing is counted against anybody."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not policies.can_answer_proposal(by, dispute):
        raise NotAllowed(_("mediation.answer_refused"))
    proposal = dispute.proposal
    proposal.refused_by, proposal.refused_side, proposal.refused_words = by, policies.side_of(by, contract), words.strip()
    proposal.save()
    _escalate(contract, milestone, dispute, "refuse", by)
    return dispute


def end_mediation() -> int:
    """By the clock: thirty days have brought no agreement; return how many. From now on the town rules."""
    late = Dispute.objects.filter(state__in=MEDIATED, decide_by__lt=clock.now()).order_by("decide_by", "pk")
    return each(late[:500], _end_one)


def _end_one(dispute: Dispute) -> bool:
    contract, milestone, dispute = locked_dispute(dispute)
    is_late = dispute.state in MEDIATED and dispute.decide_by < clock.now()
    if is_late:
        _escalate(contract, milestone, dispute, "escalate", None)
    return is_late


def _escalate(contract: Contract, milestone: Milestone, dispute: Dispute, move: str, by) -> None:
    dispute.escalated_at = clock.now()
    _move(dispute, move)
    activity.record(actor=by, fact=facts.DISPUTE_ESCALATED, about=contract.reference, milestone=milestone.pk)
    tell(contract, both_sides(contract), "contract.dispute_escalated", step=milestone)
    tell_the_town(contract, milestone, dispute, [dispute.mediator])


def _move(dispute: Dispute, move: str) -> None:
    dispute.state = DISPUTE_LIFECYCLE.next(dispute.state, move)
    dispute.save()


def check_split(milestone: Milestone, price: Yen, words: str) -> None:
    """What the town proposes or rules is a sum that can be paid, with its reason."""
    if not policies.is_part(milestone, price):
        raise DomainError(_("change.part.range") % {"least": LEAST, "most": f"{milestone.price_yen:,}"})
    if not words.strip():
        raise DomainError(_("mediation.words_needed"))
