"""Questions about people and parties."""
from machi.accounts.models import Party, User
from machi.shared.question import Question

_parties = Question(lambda user: Party.objects.acting_for(user).order_by("pk").values_list("pk"))


def parties_of(user) -> frozenset[int]:
    """The parties for which somebody may act, by their numbers. Asked once for this very object: within a request nobody joins one."""
    if not user.is_authenticated:
        return frozenset()
    if (known := getattr(user, "_parties", None)) is None:
        user._parties = known = frozenset(number for (number,) in _parties(user.pk))
    return known


def party_of(user: User) -> Party:
    """The party for which this person gives work."""
    return Party.objects.acting_for(user).order_by("pk")[0]
