"""Who hears of what happens in a contract."""
from collections.abc import Iterable

from machi.accounts.models import User
from machi.accounts.powers import Power
from machi.contracts.models import Contract, Dispute, Milestone, Side
from machi.contracts.titles import titled
from machi.notifications import actions as notifications


def tell(contract: Contract, people: Iterable[User], kind: str, *, step: Milestone | None = None, about: str = "", **words) -> None:
    """A notice to each of them, in the name of the work or of one step of it; it leads to the contract, or to what it is `about`."""
    for person in people:
        notifications.queue(to=person, kind=kind, about=about or contract.reference, job=titled(step) if step else contract.title, **words)


def tell_the_town(contract: Contract, step: Milestone, dispute: Dispute, people: Iterable[User]) -> None:
    """It is the turn of these people of the town: the notice leads to their desk."""
    tell(contract, people, "contract.dispute_your_turn", step=step, about=f"dispute:{dispute.pk}")


def people_of(contract: Contract, side: str) -> list[User]:
    """Whoever answers for one side: the worker, or those of the client who choose and accept."""
    return [contract.worker] if side == Side.WORKER else list(contract.client.people(Power.APPROVER))


def both_sides(contract: Contract) -> list[User]:
    return [person for side in (Side.WORKER, Side.CLIENT) for person in people_of(contract, side)]
