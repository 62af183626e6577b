"""Joining the town, and saying who one is."""
import datetime
import secrets

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from machi.accounts import facts, policies, roles
from machi.accounts.models import Agreement, Duty, FormerAddress, Membership, Party, User
from machi.accounts.powers import EVERY_POWER, Power, with_all_it_brings
from machi.accounts.queries import TOLD_FOR, forget_roles, has_power
from machi.activity import actions as activity
from machi.activity.queries import how_often
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed
from machi.shared.seals import refuse_if_overtaken, values_of

A_DAY = datetime.timedelta(days=1)


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
def note_joining_again(*, email: str, versions: dict[str, str]) -> None:
    """Somebody gave, at the gate, an address whose person has joined already: written down, and told by mail.

    It takes as long as a real joining, which is done and taken back: a watch tells nobody who lives here (trust.md T30).
    """
    with transaction.atomic():
        newcomer = join(user=User(email=f"{secrets.token_hex(12)}@nowhere.invalid"), versions=versions)
        vouch_for_address(user=newcomer)
        for _question in range(3):                  # as many as follow a real joining on its way to the mail
            newcomer.emailaddress_set.filter(verified=True).first()
        transaction.set_rollback(True)
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        activity.record(actor=None, fact=facts.ASKED_TO_JOIN_AGAIN, about=f"user:{known.pk}")


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


def note_new_device(*, person: User, device: str) -> None:
    """Somebody signed in with a browser that the town did not know; `device` is its friendly name."""
    activity.record(actor=person, fact=facts.NEW_DEVICE, about=f"user:{person.pk}", device=device)


def forget_devices() -> int:
    """What a device was, and from where it came, goes once it has signed out, or its sign-in ran out. Returns how many."""
    signed_in = Session.objects.filter(session_key=OuterRef("session_key"))
    return UserSession.objects.exclude(Exists(signed_in)).delete()[0]


def note_address_given_up(*, person: User, email: str) -> None:
    """Another address is somebody's first now; for some days what concerns their money is told to this one, too."""
    FormerAddress.objects.create(user=person, email=email, given_up_at=clock.now())


def forget_former_addresses() -> int:
    """Those whose days are over. Returns how many."""
    return FormerAddress.objects.filter(given_up_at__lt=clock.now() - TOLD_FOR).delete()[0]


def visit_as(*, person: User) -> None:
    """Somebody looks around the demo town as this invented person: written down, so that it is never taken for a sign-in."""
    activity.record(actor=None, fact=facts.VISITED_AS, about=f"user:{person.pk}")


# ---- duties (役目) ------------------------------------------------------------------------------------

@transaction.atomic
def give_duty(*, person: User, kind: str, by: User) -> Duty:
    """An operator gives somebody a duty. Whoever holds it already keeps it as it was given."""
    person, by = _both(person, by)
    if not policies.can_give_duty(by, person):
        raise NotAllowed(_("duty.give.refused"))
    return _given(person, kind, by)


@transaction.atomic
def name_operator(*, email: str) -> Duty:
    """At the machine itself: somebody who has joined becomes an operator. The first one can come from nowhere else."""
    person = User.objects.select_for_update().filter(email__iexact=email, is_active=True).first()
    if person is None or person.has_left:
        raise DomainError(_("duty.nobody"))
    return _given(person, roles.Operator.key, None)


@transaction.atomic
def end_duty(*, duty: Duty, by: User) -> Duty:
    """An operator ends somebody's duty. It stays written down, with its two days."""
    _both(duty.person, by)
    duty = Duty.objects.select_for_update(of=("self",)).select_related("person").get(pk=duty.pk)
    if not policies.can_end_duty(by, duty):
        raise NotAllowed(_("duty.end.refused"))
    duty.ended_by, duty.ended_at = by, clock.now()
    duty.save(update_fields=["ended_by", "ended_at"])
    _note_duties(duty.person)
    activity.record(actor=by, fact=facts.DUTY_ENDED, about=f"user:{duty.person_id}", kind=duty.kind)
    return duty


def note_look(*, by: User, person: User, what: str) -> None:
    """Somebody with a duty looked at what is private to a person, who can read later that it was done and by whom.

    `what` is a word of the catalogue that says what was looked at, such as "looked.duties". One's own things are no secret.
    """
    if by.pk != person.pk:
        activity.record(actor=by, fact=facts.LOOKED_AT, about=f"user:{person.pk}", what=what)


def _given(person: User, kind: str, by: User | None) -> Duty:
    if (known := Duty.objects.filter(person=person, kind=kind, ended_at=None).first()) is not None:
        return known
    duty = Duty.objects.create(person=person, kind=roles.DUTIES[kind].key, given_by=by, given_at=clock.now())
    _note_duties(person)
    activity.record(actor=by, fact=facts.DUTY_GIVEN, about=f"user:{person.pk}", kind=kind)
    return duty


def _both(person: User, by: User) -> tuple[User, User]:
    """Both rows locked, the lower number first: of two operators who end each other's duty, the second is none any more."""
    locked = {user.pk: user for user in User.objects.select_for_update().filter(pk__in=[person.pk, by.pk]).order_by("pk")}
    return locked[person.pk], locked[by.pk]


def _note_duties(person: User) -> None:
    person.has_duties = Duty.objects.filter(person=person, ended_at=None).exists()
    person.save(update_fields=["has_duties"])


@transaction.atomic
def describe_client(*, party: Party, by: User, name: str, address: str, contact: str, trade: str,
                    has_employees: bool, is_withholding_agent: bool, seen: str | None = None) -> Party:
    """Who gives the work, as the law wants it on every post (フリーランス法12条: name, address, contact).

    `seen` is the seal of what the form had read; raises Overtaken where another keeper wrote something else meanwhile.
    """
    party = Party.objects.acting_for(by).locked().get(pk=party.pk)
    forget_roles(by)
    if not has_power(by, party.pk, Power.KEEPER):
        raise NotAllowed(_("client.describe.refused"))
    typed = {"name": name, "address": address, "contact": contact, "trade": trade, "has_employees": has_employees,
             "is_withholding_agent": is_withholding_agent}
    refuse_if_overtaken(seen, values_of(party, typed), typed)
    for field, value in typed.items():
        setattr(party, field, value)
    party.save()
    activity.record(actor=by, fact=facts.CLIENT_DESCRIBED, about=party.reference)
    return party


@transaction.atomic
def act_for(*, party: int, by: User) -> None:
    """A person says for whom they act from now on: for themselves, or for one of their organisations."""
    chosen = Membership.objects.filter(party=party, user=by, left_at=None)
    forget_roles(by)
    if not chosen.update(chosen_at=clock.now()):
        raise NotAllowed(_("acting.not_yours"))


def _give_powers(party: Party, user: User, powers) -> Membership:
    return Membership.objects.create(party=party, user=user, joined_at=clock.now(), **{f"is_{power}": True for power in powers})


@transaction.atomic
def found_organisation(*, by: User, name: str, address: str, contact: str, trade: str,
                       has_employees: bool, is_withholding_agent: bool) -> Party:
    """Somebody makes an organisation (団体): they are its first member, with every power.

    One of theirs that says exactly this is there once, however often they press.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)      # one after the other, so that they can be counted
    said = {"kind": Party.Kind.ORGANISATION, "name": name, "address": address, "contact": contact, "trade": trade,
            "has_employees": has_employees, "is_withholding_agent": is_withholding_agent}
    if there := Party.objects.acting_for(by, Power.KEEPER).filter(**said).first():
        return there
    if how_often(actor=by, fact=facts.ORGANISATION_FOUNDED, since=clock.now() - A_DAY) >= (most := settings.DAILY["found_organisation"]):
        raise DomainError(_("organisation.too_many") % {"n": most})
    party = Party.objects.create(**said)
    activity.record(actor=by, fact=facts.ORGANISATION_FOUNDED, about=party.reference)
    let_in(party=party, user=by, powers=EVERY_POWER)
    return party


def let_in(*, party: Party, user: User, powers) -> Membership:
    """Somebody acts for an organisation from now on. The caller holds the lock of the party."""
    membership = _give_powers(party, user, with_all_it_brings(powers))
    activity.record(actor=user, fact=facts.MEMBER_JOINED, about=party.reference, user=user.pk, powers=sorted(membership.powers))
    forget_roles(user)
    return membership


@transaction.atomic
def change_powers(*, membership: Membership, by: User, powers) -> Membership:
    """A keeper says what somebody may do. One keeper at least remains, who has every power."""
    party, membership = _locked_membership(membership)
    _check_keeps(by, party)
    powers = with_all_it_brings(powers)
    if not powers:
        raise NotAllowed(_("organisation.no_power"))
    if membership.is_keeper and Power.KEEPER not in powers:
        _check_another_keeper(membership)
    for power in Power:
        setattr(membership, f"is_{power.value}", power in powers)
    membership.save()
    activity.record(actor=by, fact=facts.POWERS_CHANGED, about=party.reference, user=membership.user_id, powers=sorted(powers))
    forget_roles(by)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> Membership:
    """Somebody leaves by their own wish, or a keeper takes them out. The last keeper cannot leave."""
    party, membership = _locked_membership(membership)
    if membership.user_id != by.pk:
        _check_keeps(by, party)
    if not party.is_organisation:
        raise NotAllowed(_("organisation.own_party"))
    if membership.is_keeper:
        _check_another_keeper(membership)
    membership.left_at = clock.now()
    membership.save(update_fields=["left_at"])
    activity.record(actor=by, fact=facts.MEMBER_LEFT, about=party.reference, user=membership.user_id)
    forget_roles(by)
    return membership


def _locked_membership(membership: Membership) -> tuple[Party, Membership]:
    """The party first: its members change one after the other. Waits for a deed this member is in the middle of."""
    party = Party.objects.locked().get(pk=membership.party_id)
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if membership.left_at:
        raise NotAllowed(_("organisation.left_already"))
    membership.party = party
    return party, membership


def _check_keeps(by: User, party: Party) -> None:
    forget_roles(by)
    if not (party.is_organisation and has_power(by, party.pk, Power.KEEPER)):
        raise NotAllowed(_("organisation.not_keeper"))


def _check_another_keeper(membership: Membership) -> None:
    if not Membership.objects.keeping().filter(party=membership.party_id).exclude(pk=membership.pk).exists():
        raise NotAllowed(_("organisation.needs_keeper"))
