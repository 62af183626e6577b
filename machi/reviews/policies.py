"""Who may review and thank: the two sides of a finished contract, once each."""
from django.db.models import Q

from machi.contracts.lifecycle import ContractState
from machi.contracts.models import Contract
from machi.contracts.policies import acts_for_client
from machi.reviews.models import Review, Thanks


def side_of(user, contract: Contract) -> str | None:
    """On which side of this contract a person stands."""
    if user.pk == contract.worker_id:
        return Review.Side.WORKER
    return Review.Side.CLIENT if acts_for_client(user, contract) else None


def can_review(user, contract: Contract) -> bool:
    """Once, and without having read the other side's: once that one stands open, it is too late."""
    side = side_of(user, contract)
    is_over = contract.state == ContractState.COMPLETED
    written = Review.objects.filter(contract=contract)
    return bool(side) and is_over and not written.filter(Q(side=side) | Q(opened_at__isnull=False)).exists()


def can_thank(user, contract: Contract) -> bool:
    is_over = contract.state == ContractState.COMPLETED
    return is_over and acts_for_client(user, contract) and not Thanks.objects.filter(contract=contract).exists()
