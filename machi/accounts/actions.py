"""Joining the town, and saying who one is."""
from allauth.account.models import EmailAddress
from django.db import transaction

from machi.accounts import facts
from machi.accounts.models import Agreement, Party, User
from machi.activity import actions as activity
from machi.shared import clock


@transaction.atomic
def join(*, user: User, versions: dict[str, str]) -> User:
    """A person joins (登録): what they agreed to is written down with its version, and they get a party of their own.

    `user` is the unsaved person of the sign-up form; `versions` maps Agreement.Paper to the version that was shown.
    """
    user.joined_at = clock.now()
    user.save()
    Party.objects.create(person=user)
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
def introduce(*, by: User, display_name: str, reading: str | None = None) -> User:
    """A person says what to be called (呼び名), and how it is read. A reading belongs to its name: another name has none yet."""
    user = User.objects.select_for_update().get(pk=by.pk)
    if reading is not None or user.display_name != display_name:
        user.name_reading = reading or ""
    user.display_name = display_name
    user.save(update_fields=["display_name", "name_reading"])
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
    party = Party.objects.acting_for(by).select_for_update(of=("self",)).get(pk=party.pk)
    party.name, party.address, party.contact, party.trade = name, address, contact, trade
    party.has_employees, party.is_withholding_agent = has_employees, is_withholding_agent
    party.save()
    activity.record(actor=by, fact=facts.CLIENT_DESCRIBED, about=party.reference)
    return party
