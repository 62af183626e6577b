"""Joining the town, and saying who one is."""
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from machi.accounts import facts
from machi.accounts.models import Agreement, Membership, Party, User
from machi.accounts.powers import EVERY_POWER, Power
from machi.accounts.queries import forget_roles, has_power
from machi.activity import actions as activity
from machi.shared import clock
from machi.shared.errors import NotAllowed


@transaction.atomic
def join(*, user: User, versions: dict[str, str]) -> User:
    """A person joins (登録): what they agreed to is written down with its version, and they get a party of their own.

    `user` is the unsaved person of the sign-up form; `versions` maps Agreement.Paper to the version that was shown.
    """
    user.joined_at = clock.now()
    user.save()
    _give_powers(Party.objects.create(person=user), user, EVERY_POWER)
    Agreement.objects.bulk_create(
        Agreement(user=user, paper=paper, version=version, agreed_at=user.joined_at) for paper, version in versions.items())
    activity.record(actor=user, fact=facts.JOINED, about=f"user:{user.pk}")
    return user


@transaction.atomic
def vouch_for_address(*, user: User) -> None:
    """The town itself answers for an address that it gave out, as a code from a mail would: nobody reads mail in a demo town."""
    EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
    activity.record(actor=None, fact=facts.ADDRESS_VOUCHED_FOR, about=f"user:{user.pk}")


@transaction.atomic
def introduce(*, by: User, display_name: str) -> User:
    """A person says what to be called (呼び名)."""
    user = User.objects.select_for_update().get(pk=by.pk)
    user.display_name = display_name
    user.save(update_fields=["display_name"])
    activity.record(actor=by, fact=facts.INTRODUCED, about=f"user:{user.pk}")
    return user


def speak(*, by: User, language: str) -> None:
    """A person chooses the language of the town."""
    User.objects.filter(pk=by.pk).update(language=language)


def visit_as(*, person: User) -> None:
    """Somebody looks around the demo town as this invented person: written down, so that it is never taken for a sign-in."""
    activity.record(actor=None, fact=facts.VISITED_AS, about=f"user:{person.pk}")


@transaction.atomic
def describe_client(*, party: Party, by: User, name: str, address: str, contact: str, trade: str,
                    has_employees: bool, is_withholding_agent: bool) -> Party:
    """Who gives the work, as the law wants it on every post (フリーランス法12条: name, address, contact)."""
    party = Party.objects.acting_for(by).locked().get(pk=party.pk)
    forget_roles(by)
    if not has_power(by, party.pk, Power.KEEPER):
        raise NotAllowed(_("client.describe.refused"))
    party.name, party.address, party.contact, party.trade = name, address, contact, trade
    party.has_employees, party.is_withholding_agent = has_employees, is_withholding_agent
    party.save()
    activity.record(actor=by, fact=facts.CLIENT_DESCRIBED, about=party.reference)
    return party


@transaction.atomic
def act_for(*, party: int, by: User) -> None:
    """A person says for whom they act from now on: for themselves, or for one of their organisations."""
    chosen = Membership.objects.filter(party=party, user=by, left_at=None)
    if not chosen.update(chosen_at=clock.now()):
        raise NotAllowed(_("acting.not_yours"))
    forget_roles(by)


def _give_powers(party: Party, user: User, powers) -> Membership:
    return Membership.objects.create(party=party, user=user, joined_at=clock.now(), **{f"is_{power}": True for power in powers})
