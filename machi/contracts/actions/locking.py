"""The locks of this room: contract, then milestone, then a wish or a dispute."""
from machi.contracts.models import Contract, Milestone

_PARTIES = ("client", "client__person", "worker", "offer")


def locked(milestone: Milestone) -> tuple[Contract, Milestone]:
    """A step and its contract as they are now, held until the deed is done."""
    contract = locked_contract(milestone.contract_id)
    milestone = Milestone.objects.locked().get(pk=milestone.pk)
    milestone.contract = contract
    return contract, milestone


def locked_contract(pk: int) -> Contract:
    return Contract.objects.locked().select_related(*_PARTIES).get(pk=pk)


def steps_of(contract: Contract) -> list[Milestone]:
    """All steps of a contract that is locked, in their order."""
    steps = list(Milestone.objects.locked().filter(contract=contract))
    for step in steps:
        step.contract = contract
    return sorted(steps, key=lambda step: step.number)
