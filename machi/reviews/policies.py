"""Who may review and thank: the two sides of a finished contract, once each."""
from collections.abc import Iterable

from machi.accounts.powers import Power
from machi.contracts.lifecycle import ContractState
from machi.contracts.models import Contract
from machi.contracts.policies import acts_for_client, side_of
from machi.reviews.models import Review


def can_review(user, contract: Contract) -> bool:
    """Once, and without having read the other side's: once that one stands open, it is too late."""
    return contract.state == ContractState.COMPLETED and may_write(user, contract, Review.objects.filter(contract=contract))


def may_write(user, contract: Contract, written: Iterable[Review]) -> bool:
    """The same for a finished contract whose reviews are known."""
    side = side_of(user, contract)
    return bool(side) and not any(review.side == side or review.opened_at for review in written)


def can_thank(user, contract: Contract) -> bool:
    is_over = contract.state == ContractState.COMPLETED
    return is_over and acts_for_client(user, contract, Power.APPROVER) and not hasattr(contract, "thanks")
