"""Who of the town may do what with a difference of two others (仲介と裁定): never anybody who is something to one of them."""
from machi.accounts.models import Membership
from machi.accounts.powers import EVERY_POWER
from machi.accounts.queries import duties_of, has_power
from machi.contracts.lifecycle import DISPUTE_LIFECYCLE
from machi.contracts.models import Contract, Dispute, Ruling, StandIn


def may_mediate(user) -> bool:
    return "moderator" in duties_of(user)


def may_rule(user) -> bool:
    return "finance" in duties_of(user)


def can_take_up(user, dispute: Dispute) -> bool:
    """A moderator to whom neither side is anything; where one is at it already, another one."""
    is_new = dispute.mediator_id is None and DISPUTE_LIFECYCLE.allows(dispute.state, "take_up")
    is_others = dispute.mediator_id not in (None, user.pk) and DISPUTE_LIFECYCLE.allows(dispute.state, "take_over")
    return (is_new or is_others) and may_mediate(user) and is_outside(user, dispute.milestone.contract)


def mediates(user, dispute: Dispute) -> bool:
    """The moderator who took it up, as long as they are one."""
    return user.pk == dispute.mediator_id and may_mediate(user)


def can_propose(user, dispute: Dispute) -> bool:
    return mediates(user, dispute) and DISPUTE_LIFECYCLE.allows(dispute.state, "propose")


def can_write_ruling(user, dispute: Dispute) -> bool:
    return mediates(user, dispute) and DISPUTE_LIFECYCLE.allows(dispute.state, "rule")


def can_sign_ruling(user, dispute: Dispute, ruling: Ruling) -> bool:
    """Somebody of the finance desk who neither wrote it nor stands on a side."""
    is_open = DISPUTE_LIFECYCLE.allows(dispute.state, "sign") and ruling.is_signed is None
    return is_open and may_rule(user) and user.pk != ruling.written_by_id and is_outside(user, dispute.milestone.contract)


def can_read_dispute(user, dispute: Dispute) -> bool:
    """Of the town only whoever took it up, and of the finance desk whoever could sign, while there is something to sign."""
    if mediates(user, dispute):
        return DISPUTE_LIFECYCLE.allows(dispute.state, "close")
    return (DISPUTE_LIFECYCLE.allows(dispute.state, "sign") and may_rule(user) and is_outside(user, dispute.milestone.contract))


def is_outside(user, contract: Contract) -> bool:
    """Is this person neither of the two, nor whoever worked on it before or stands by for it, nor any of the client's people, now or at any
    time since the contract began?
    """
    before = contract.takes_over
    workers = {contract.worker_id} | ({before.worker_id} if before else set())
    if user.pk in workers or has_power(user, contract.client_id, *EVERY_POWER):
        return False
    was_there = Membership.objects.filter(party=contract.client_id, user=user.pk).exclude(left_at__lt=contract.formed_at).exists()
    return not was_there and not StandIn.objects.filter(contract=contract, person=user.pk).exists()
