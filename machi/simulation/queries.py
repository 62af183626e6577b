"""Whom one can be in the demo town."""
from dataclasses import dataclass

from machi.accounts.models import User
from machi.simulation.story import HOME, story


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person worth being: who they are, and what can be done as them next."""

    user: User
    line: str


def worth_being() -> list[Somebody]:
    """The people worth being, in the order in which to try them. Empty before the town is made."""
    told = story()
    found = {user.email: user for user in User.objects.filter(email__endswith=f"@{HOME}").order_by("pk")}
    return [Somebody(found[told.people[key].email], line) for key, line in told.worth_being if told.people[key].email in found]
