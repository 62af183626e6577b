"""Who may do what with offers, contracts and milestones."""
from machi.accounts.queries import parties_of
from machi.contracts.lifecycle import CONTRACT_LIFECYCLE, MILESTONE_LIFECYCLE, OFFER_LIFECYCLE
from machi.contracts.models import Contract, Milestone, Offer
from machi.shared import clock


def acts_for_client(user, thing: Offer | Contract) -> bool:
    """Does this person act for the party that gives the work?"""
    return thing.client_id in parties_of(user)


def can_answer_offer(user, offer: Offer) -> bool:
    return user.pk == offer.worker_id and OFFER_LIFECYCLE.allows(offer.state, "accept") and clock.now() <= offer.answer_by


def can_change_offer(user, offer: Offer) -> bool:
    return OFFER_LIFECYCLE.allows(offer.state, "replace") and acts_for_client(user, offer)


def can_fund(user, contract: Contract) -> bool:
    return CONTRACT_LIFECYCLE.allows(contract.state, "fund") and acts_for_client(user, contract)


def can_deliver(user, milestone: Milestone) -> bool:
    return user.pk == milestone.contract.worker_id and MILESTONE_LIFECYCLE.allows(milestone.state, "deliver")


def can_accept_delivery(user, milestone: Milestone) -> bool:
    return MILESTONE_LIFECYCLE.allows(milestone.state, "accept") and acts_for_client(user, milestone.contract)


def can_ask_changes(user, milestone: Milestone) -> bool:
    """As often as the terms say, until the acceptance clock has run out: from then on the work is accepted."""
    has_rounds = milestone.revisions_used < milestone.revisions_count
    is_in_time = milestone.accept_by is not None and clock.now() < milestone.accept_by
    return (MILESTONE_LIFECYCLE.allows(milestone.state, "ask_changes") and has_rounds and is_in_time
            and acts_for_client(user, milestone.contract))
