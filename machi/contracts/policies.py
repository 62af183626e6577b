"""Who may do what with offers, contracts and milestones."""
from machi.accounts.powers import READS_WORK, Power
from machi.accounts.queries import has_power
from machi.contracts.lifecycle import CONTRACT_LIFECYCLE, MILESTONE_LIFECYCLE, OFFER_LIFECYCLE
from machi.contracts.models import Contract, Milestone, Offer
from machi.shared import clock


def acts_for_client(user, thing: Offer | Contract, *powers) -> bool:
    """Does this person act for the party that gives the work, with any of these powers? Never on both sides of one contract."""
    return user.pk != thing.worker_id and has_power(user, thing.client_id, *powers)


def can_read_work(user, contract: Contract) -> bool:
    """What was written and handed over is for the worker and for those of the client who choose and accept; not for who only pays."""
    return user.pk == contract.worker_id or acts_for_client(user, contract, *READS_WORK)


def can_answer_offer(user, offer: Offer) -> bool:
    return user.pk == offer.worker_id and OFFER_LIFECYCLE.allows(offer.state, "accept") and clock.now() <= offer.answer_by


def can_change_offer(user, offer: Offer) -> bool:
    return OFFER_LIFECYCLE.allows(offer.state, "replace") and acts_for_client(user, offer, Power.APPROVER)


def can_fund(user, contract: Contract) -> bool:
    return CONTRACT_LIFECYCLE.allows(contract.state, "fund") and acts_for_client(user, contract, Power.PAYER)


def can_deliver(user, milestone: Milestone) -> bool:
    return user.pk == milestone.contract.worker_id and MILESTONE_LIFECYCLE.allows(milestone.state, "deliver")


def can_accept_delivery(user, milestone: Milestone) -> bool:
    return MILESTONE_LIFECYCLE.allows(milestone.state, "accept") and acts_for_client(user, milestone.contract, Power.APPROVER)


def can_ask_changes(user, milestone: Milestone) -> bool:
    """As often as the terms say, until the acceptance clock has run out: from then on the work is accepted."""
    has_rounds = milestone.revisions_used < milestone.revisions_count
    is_in_time = milestone.accept_by is not None and clock.now() < milestone.accept_by
    return (MILESTONE_LIFECYCLE.allows(milestone.state, "ask_changes") and has_rounds and is_in_time
            and acts_for_client(user, milestone.contract, Power.APPROVER))
