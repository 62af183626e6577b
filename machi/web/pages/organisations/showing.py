"""What stands on the pages of an organisation, for whoever looks at it."""
from typing import NamedTuple

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Membership, Party
from machi.accounts.powers import Power
from machi.accounts.queries import members_of, organisations_of, roles_of
from machi.jobs.queries import looked_after_counts
from machi.notifications.words import called
from machi.organisations.policies import can_keep
from machi.organisations.queries import waiting_for, waiting_in
from machi.web.frame.jinja import page

TRADES = {Party.Trade.COMPANY: _("job.client.company"), Party.Trade.SOLE: _("job.client.sole"),
          Party.Trade.CONSUMER: _("job.client.consumer")}


class Person(NamedTuple):
    """One member: what they may do, how many posts they look after."""

    membership: Membership
    powers: list[str]
    posts_count: int
    is_me: bool


def organisation_for(request, pk: int) -> Party:
    """The organisation, for its members; for everybody else it does not exist."""
    return get_object_or_404(Party.objects.acting_for(request.user).filter(kind=Party.Kind.ORGANISATION), pk=pk)


def membership_for(request, pk: int) -> Membership:
    """A member, for those who may change who belongs to the organisation, and for themselves."""
    present = Membership.objects.filter(left_at=None, party__kind=Party.Kind.ORGANISATION).select_related("party", "user")
    kept = Party.objects.acting_for(request.user, Power.KEEPER)
    return get_object_or_404(present.filter(party__in=kept) | present.filter(user=request.user), pk=pk)


def named(powers) -> list[str]:
    """Powers in words, in their order; a keeper is called just that."""
    return [Power.KEEPER.label] if Power.KEEPER in powers else [str(power.label) for power in Power if power in powers]


def shown(request, party: Party) -> dict:
    """Everything on the page of an organisation. The same few questions however many members there are."""
    is_keeper, counts = can_keep(request.user, party), looked_after_counts(party)
    people = [Person(one, named(one.powers), counts.get(one.user_id, 0), one.user_id == request.user.pk) for one in members_of(party)]
    return {
        "party": party, "people": people, "is_keeper": is_keeper,
        "role_words": named(roles_of(request.user)[party.pk].powers), "trade": TRADES.get(party.trade, _("money.unknown")),
        "keepers": [called(one.membership.user.name) for one in people if one.membership.is_keeper and not one.membership.user.has_left],
        "mine": next(one.membership for one in people if one.is_me),
        "invitations": [(one, named(one.powers)) for one in waiting_in(party)] if is_keeper else []}


def my_page(request, *, refusal: str = "", status: int = 200):
    """Where I belong, who has invited me, and how to make one."""
    mine = [(role, named(role.powers)) for role in organisations_of(request.user)]
    invited = [(one, named(one.powers)) for one in waiting_for(request.user)]
    return page(request, "organisations/list.html", {"mine": mine, "invited": invited, "refusal": refusal}, status=status)


def one_page(request, party: Party, *, refusal: str = "", status: int = 200):
    return page(request, "organisations/one.html", shown(request, party) | {"refusal": refusal}, status=status)


def ending(request, membership: Membership) -> dict:
    """Before somebody leaves or is taken out: how many posts they look after, and the others."""
    return {"membership": membership, "party": membership.party, "is_me": membership.user_id == request.user.pk,
            "posts_count": looked_after_counts(membership.party).get(membership.user_id, 0)}


def others_than(membership: Membership) -> list[Membership]:
    """To whom what they look after could go."""
    return [one for one in members_of(membership.party) if one.pk != membership.pk and not one.user.has_left]
