"""Questions about people and parties."""
from machi.accounts.models import Duty, Party, User
from machi.shared.question import Question

_parties = Question(lambda user: Party.objects.acting_for(user).order_by("pk").values_list("pk"))

_duties = Question(lambda user: Duty.objects.current().filter(person=user).order_by("pk").values_list("kind"))


def duties_of(user) -> frozenset[str]:
    """The duties somebody holds, by their keys (roles.DUTIES). One question for this very object, and none for who holds none."""
    if not (user.is_authenticated and user.has_duties):
        return frozenset()
    if (known := getattr(user, "_held", None)) is None:
        user._held = known = frozenset(kind for (kind,) in _duties(user.pk))
    return known


def duties_in_force():
    """Who holds which duty today, the newest first."""
    return Duty.objects.current().select_related("person", "given_by").order_by("-given_at", "-pk")


def past_and_present_duties(person: User):
    """Every duty somebody holds or held, newest first, with who gave it and who ended it."""
    return person.duties.select_related("given_by", "ended_by").order_by("-given_at", "-pk")


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


def somebody(asked: str) -> User | None:
    """The person with exactly this address or this number; nobody is found by a part of either."""
    asked = asked.strip()
    if asked.isascii() and asked.isdecimal() and len(asked) <= 18:
        return User.objects.filter(pk=int(asked)).first()
    return User.objects.filter(email__iexact=asked).first() if "@" in asked else None
