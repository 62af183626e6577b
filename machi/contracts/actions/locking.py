"""The locks of this room: contract, then milestone, then a wish, a stand-in or a dispute, then an offer to a stand-in."""
from django.db.models import Q

from machi.contracts.models import Contract, Milestone, StandIn

_PARTIES = ("client", "client__person", "worker", "offer")


def locked(milestone: Milestone) -> tuple[Contract, Milestone]:
    """A step and its contract as they are now, held until the deed is done."""
    contract = locked_contract(milestone.contract_id)
    milestone = Milestone.objects.locked().get(pk=milestone.pk)
    milestone.contract = contract
    return contract, milestone


def locked_contract(pk: int) -> Contract:
    """With the contract that it took over, whose last step ends when its own first one does: the elder is locked first."""
    before = Contract.objects.filter(pk=pk).values("takes_over")
    return {one.pk: one for one in Contract.objects.locked().filter(Q(pk=pk) | Q(pk__in=before)).select_related(*_PARTIES)}[pk]


def locked_stand_in(stand_in: StandIn) -> tuple[Contract, StandIn]:
    """A stand-in and the contract as they are now."""
    contract = locked_contract(stand_in.contract_id)
    stand_in = StandIn.objects.locked().select_related("person").get(pk=stand_in.pk)
    stand_in.contract = contract
    return contract, stand_in


def steps_of(contract: Contract) -> list[Milestone]:
    """All steps of a contract that is locked, in their order."""
    steps = list(Milestone.objects.locked().filter(contract=contract))
    for step in steps:
        step.contract = contract
    return sorted(steps, key=lambda step: step.number)
