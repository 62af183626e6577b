"""The town rules where the two did not agree (裁定). It takes two people of it: the moderator writes, somebody of the finance desk signs
or hands back with a reason. Until it is signed the two may still settle it together, and whoever opened it may take it back.

Locks: contract, step, dispute, ruling.
"""
from django.utils.translation import gettext as _

from machi.accounts.deeds import deed
from machi.accounts.queries import people_on
from machi.activity import actions as activity
from machi.contracts import facts, outside
from machi.contracts.actions.closing import after_steps, settle_step
from machi.contracts.actions.disputing import locked_dispute
from machi.contracts.actions.mediating import check_split
from machi.contracts.actions.telling import both_sides, tell, tell_the_town
from machi.contracts.ended import RULING
from machi.contracts.lifecycle import DISPUTE_LIFECYCLE
from machi.contracts.models import Dispute, Ruling
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.money import Yen


@deed
def write_ruling(*, dispute: Dispute, by, price: Yen, words: str) -> Ruling:
    """The moderator writes how much of the step's price, without tax, is the worker's, and why. No yen moves yet."""
    contract, milestone, dispute = locked_dispute(dispute)
    if not outside.can_write_ruling(by, dispute):
        raise NotAllowed(_("mediation.refused"))
    check_split(milestone, price, words)
    _move(dispute, "rule")
    ruling = Ruling.objects.create(dispute=dispute, price_yen=int(price), words=words.strip(), written_by=by, written_at=clock.now())
    activity.record(actor=by, fact=facts.RULING_WRITTEN, about=contract.reference, milestone=milestone.pk)
    tell_the_town(contract, milestone, dispute, [
        person for person in people_on("finance") if outside.can_sign_ruling(person, dispute, ruling)])
    return ruling


@deed
def sign_ruling(*, ruling: Ruling, by) -> Ruling:
    """Somebody of the finance desk signs: it is so, the step ends and its money goes out, as at every other end. Both hear of it.

    Raises NotAllowed for whoever wrote it.
    """
    contract, milestone, dispute = locked_dispute(ruling.dispute)
    ruling = _answered(ruling, dispute, by, is_signed=True)
    activity.record(actor=by, fact=facts.RULING_SIGNED, about=contract.reference, milestone=milestone.pk, ruling=ruling.pk)
    settle_step(contract, milestone, price=Yen(ruling.price_yen), by=by, ends="sign", decided=RULING)
    after_steps(contract)
    tell(contract, both_sides(contract), "contract.dispute_ruled", step=milestone)
    return ruling


@deed
def hand_back_ruling(*, ruling: Ruling, by, words: str) -> Ruling:
    """Somebody of the finance desk does not sign, and says why; the moderator writes another one."""
    contract, milestone, dispute = locked_dispute(ruling.dispute)
    if not words.strip():
        raise DomainError(_("ruling.why_needed"))
    ruling = _answered(ruling, dispute, by, is_signed=False, words=words.strip())
    _move(dispute, "hand_back")
    activity.record(actor=by, fact=facts.RULING_HANDED_BACK, about=contract.reference, milestone=milestone.pk, ruling=ruling.pk)
    tell_the_town(contract, milestone, dispute, [dispute.mediator])
    return ruling


def _answered(ruling: Ruling, dispute: Dispute, by, *, is_signed: bool, words: str = "") -> Ruling:
    ruling = Ruling.objects.select_for_update().get(pk=ruling.pk)
    if not outside.can_sign_ruling(by, dispute, ruling):
        raise NotAllowed(_("ruling.two_people") if by.pk == ruling.written_by_id else _("ruling.refused"))
    ruling.is_signed, ruling.answered_by, ruling.answered_at, ruling.answer_words = is_signed, by, clock.now(), words
    ruling.save()
    return ruling


def _move(dispute: Dispute, move: str) -> None:
    dispute.state = DISPUTE_LIFECYCLE.next(dispute.state, move)
    dispute.save(update_fields=["state"])
