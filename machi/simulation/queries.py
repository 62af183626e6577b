"""Whom one can be in the demo town; and whether a crowd may move in."""
from dataclasses import dataclass

from django.conf import settings

from machi.accounts.models import User
from machi.activity.models import Fact
from machi.simulation import facts
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


_ELSEWHERE = "Make a town of its own: name a new folder in MACHI_HOME."


def why_no_crowd() -> str:
    """Why invented people by the thousand may not come into this town, in a sentence for the operator. Empty: they may."""
    if settings.MONEY_MODE != "demo":
        return f"Money is real in this town, and a crowd has earnings of which no yen moved. {_ELSEWHERE}"
    is_demo = settings.DEMO_TOWN and Fact.objects.filter(name=facts.LIVED).exists()
    if not is_demo and User.objects.exclude(email__regex=r"^crowd\d+@example\.jp$").exists():
        return f"People live here already, so no crowd moves in. {_ELSEWHERE}"
    return ""
