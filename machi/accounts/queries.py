"""Questions about people and parties: for whom somebody acts, and what they may do there."""
import datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.db.models import Exists, Func, JSONField, OuterRef, Q, QuerySet

from machi.accounts.models import Duty, FormerAddress, Membership, Party, User
from machi.accounts.powers import Power
from machi.shared import clock
from machi.shared.question import Lines, Question

_COLUMNS = tuple(f"is_{power}" for power in Power)

LEAST_OF_A_NAME = 2                                 # letters, before people are found by how it begins
TOLD_FOR = datetime.timedelta(days=14)              # an address that was given up is still told where money goes


def other_addresses_of(user: User) -> list[str]:
    """Where this person can be reached besides their first address: others that they confirmed, and those given up a short while ago."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("pk").values_list("email", flat=True)
    former = FormerAddress.objects.filter(user=user, given_up_at__gte=clock.now() - TOLD_FOR).order_by("pk").values_list("email", flat=True)
    return [email for email in dict.fromkeys(map(str.lower, (*confirmed, *former))) if email != user.email.lower()]


_duties = Question(lambda user: Duty.objects.current().filter(person=user).order_by("pk").values_list("kind"))


def people_on(duty: str) -> list[User]:
    """Whoever has this duty now (roles.DUTIES), in the order in which they joined."""
    return list(User.objects.filter(Exists(Duty.objects.current().filter(person=OuterRef("pk"), kind=duty))).order_by("pk"))


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


class Role(NamedTuple):
    """One party for which somebody acts: its own name where it has one, and what this person may do for it."""

    party: int
    is_organisation: bool
    name: str
    powers: frozenset[str]
    chosen_at: object                       # when they last said that they act for it

    def has(self, *powers) -> bool:
        """Any of these powers; without a power, any at all."""
        return bool(self.powers.intersection(powers) if powers else self.powers)


_ROLE = ("party", "party__kind", "party__name", "chosen_at", *_COLUMNS)
_roles = Question(lambda user: Membership.objects.filter(user=user, left_at=None).order_by("party").values_list(*_ROLE))
ROLES = Lines(Membership.objects.filter(user=OuterRef("pk"), left_at=None).order_by("party").values_list(
    Func(*_ROLE, function="jsonb_build_array", output_field=JSONField())))      # of somebody who is asked about more besides


def roles_of(user) -> dict[int, Role]:
    """For whom somebody may act, by the numbers of the parties. Asked once for this very object; a deed asks anew (deeds.py)."""
    if not user.is_authenticated:
        return {}
    if (known := getattr(user, "_roles", None)) is None:
        user._roles = known = _read(_roles(user.pk))
    return known


def take_roles(user, told: list[list]) -> None:
    """What ROLES told of somebody, so that `roles_of` need not ask."""
    user._roles = _read([(party, kind, name, chosen and datetime.datetime.fromisoformat(chosen), *has)
                         for party, kind, name, chosen, *has in told])          # JSON writes a moment as text


def _read(rows) -> dict[int, Role]:
    return {party: Role(party, kind == Party.Kind.ORGANISATION, name, _given(has), chosen) for party, kind, name, chosen, *has in rows}


def _given(columns) -> frozenset[str]:
    return frozenset(power.value for power, is_given in zip(Power, columns, strict=True) if is_given)


def forget_roles(user) -> None:
    user._roles = None


def has_power(user, party: int, *powers) -> bool:
    """May this person do any of these for this party?"""
    role = roles_of(user).get(party)
    return role is not None and role.has(*powers)


def organisations_of(user) -> list[Role]:
    """The organisations for which somebody acts, by name."""
    return sorted((role for role in roles_of(user).values() if role.is_organisation), key=lambda role: (role.name, role.party))


def chosen_role(user) -> Role | None:
    """For whom this person said last that they act; until then, and after leaving that organisation, for themselves."""
    roles = roles_of(user).values()
    chosen = [role for role in roles if role.chosen_at]
    return max(chosen, key=lambda role: role.chosen_at) if chosen else next((role for role in roles if not role.is_organisation), None)


def party_of(user: User) -> Party:
    """A person's own party: for whom they give work as themselves."""
    return Party.objects.get(person=user)


def somebody(asked: str) -> User | None:
    """The person with exactly this address or this number; nobody is found by a part of either."""
    asked = asked.strip()
    if asked.isascii() and asked.isdecimal() and len(asked) <= 18:
        return User.objects.filter(pk=int(asked)).first()
    return User.objects.filter(email__iexact=asked).first() if "@" in asked else None


def people_called(asked: str) -> QuerySet[User]:
    """Whoever has exactly this number or this address, or whose name begins so, for somebody of the town whose task they are. Who left
    has no name here.
    """
    return User.objects.filter(_is_called(asked)).order_by("display_name", "pk")


def parties_called(asked: str) -> QuerySet[Party]:
    """The same of those who give work: by their own number, by the name they give work under, or as the person behind them is found."""
    asked = asked.strip()
    if asked.isdecimal():
        found = Party.objects.filter(_is_called(asked))
    else:                                               # each by its own index
        people = User.objects.filter(_is_called(asked)).values("party")
        named = Q(pk__in=Party.objects.filter(name__startswith=asked).values("pk")) if len(asked) >= LEAST_OF_A_NAME else Q(pk=None)
        found = Party.objects.filter(Q(pk__in=people) | named)
    return found.select_related("person").order_by("name", "pk")


def _is_called(asked: str) -> Q:
    asked = asked.strip()
    if asked.isdecimal() and asked.isascii():
        return Q(pk=int(asked)) if len(asked) <= 18 else Q(pk=None)
    if "@" in asked:
        return Q(email__iexact=asked)
    return Q(display_name__startswith=asked) if len(asked) >= LEAST_OF_A_NAME else Q(pk=None)


def party_to_write_for(user: User, chosen: str | None) -> Party:
    """The party of a new post: the chosen one; without a choice the only one for which this person writes posts."""
    return Party.objects.acting_for(user, Power.MEMBER).get(pk=int(chosen)) if chosen else party_of(user)


def members_of(party: Party) -> list[Membership]:
    """Everybody who acts for a party now, the longest first."""
    return list(Membership.objects.filter(party=party, left_at=None).select_related("user").order_by("joined_at", "pk"))
