"""Inviting, coming in, changing powers, leaving. Locks: the organisation first, then one of its rows; so its members change one by one."""
import datetime
import logging
import secrets

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from machi.accounts import actions as accounts
from machi.accounts.models import Membership, Party, User
from machi.accounts.powers import Power, with_all_it_brings
from machi.accounts.queries import forget_roles
from machi.activity import actions as activity
from machi.notifications import actions as notifications
from machi.notifications.words import called, moment
from machi.organisations import facts, policies
from machi.organisations.models import VALID_FOR, Invitation, fingerprint
from machi.shared import clock
from machi.shared.errors import DomainError, NotAllowed

log = logging.getLogger(__name__)
A_DAY = datetime.timedelta(days=1)
REMEMBERED_FOR = datetime.timedelta(days=30)        # the address of an invitation that ended


@transaction.atomic
def invite(*, party: Party, by: User, email: str, powers) -> Invitation:
    """Ask an address to join (招待). Whether somebody lives here under it is never looked up."""
    party = _kept(party, by)
    now = clock.now()
    _end_those_whose_time_is_over(party, email)
    if Invitation.objects.filter(party=party, email__iexact=email, accepted_at=None, withdrawn_at=None).exists():
        raise DomainError(_("invitation.twice"))
    _check_not_too_many(party, by, email, now)
    invitation = Invitation.objects.create(
        party=party, email=email, invited_by=by, invited_at=now, mail_from=now, expires_at=now + VALID_FOR,
        **{f"is_{power}": True for power in with_all_it_brings(powers)})
    activity.record(actor=by, fact=facts.INVITED, about=party.reference, invitation=invitation.pk, powers=sorted(invitation.powers))
    return invitation


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> Invitation:
    """Take an invitation back: its letter opens nothing any more."""
    party = _kept(invitation.party, by)
    invitation = Invitation.objects.locked().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise NotAllowed(_("invitation.accepted_already"))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        activity.record(actor=by, fact=facts.INVITATION_WITHDRAWN, about=party.reference, invitation=invitation.pk)
    return invitation


@transaction.atomic
def accept(*, invitation: Invitation, by: User, token: str = "") -> Membership:
    """Come in. Pressed twice, somebody comes in once; whoever is in already keeps the powers they have."""
    party = Party.objects.locked().get(pk=invitation.party_id)
    invitation = Invitation.objects.locked().get(pk=invitation.pk)
    mine = Membership.objects.filter(party=party, user=by, left_at=None).first()
    if mine and invitation.accepted_by_id == by.pk:
        return mine
    if not policies.can_accept(by, invitation, token):
        raise NotAllowed(_("invitation.over"))
    invitation.accepted_at, invitation.accepted_by = clock.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    activity.record(actor=by, fact=facts.INVITATION_ACCEPTED, about=party.reference, invitation=invitation.pk)
    if mine:
        return mine
    for keeper in party.people(Power.KEEPER):
        notifications.queue(to=keeper, kind="organisation.joined", about=party.reference, who_person=by.name, client=party.name)
    return accounts.let_in(party=party, user=by, powers=invitation.powers)


@transaction.atomic
def change_powers(*, membership: Membership, by: User, powers) -> Membership:
    """A keeper says what somebody may do from now on."""
    before = membership.powers
    membership = accounts.change_powers(membership=membership, by=by, powers=powers)
    if membership.user_id != by.pk and membership.powers != before:
        notifications.queue(to=membership.user, kind="organisation.powers", about=membership.party.reference,
                            client=membership.party.name, keeper_person=by.name)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> Membership:
    """Somebody leaves, or a keeper takes them out. What they looked after is handed over by the room that keeps it (jobs)."""
    membership = accounts.end_membership(membership=membership, by=by)
    party, is_own_wish = membership.party, membership.user_id == by.pk
    kind, words = "organisation.left", {"who_person": membership.user.name, "client": party.name}
    if not is_own_wish:
        notifications.queue(to=membership.user, kind="organisation.removed", about=party.reference, client=party.name)
        kind, words = "organisation.taken_out", words | {"keeper_person": by.name}
    for keeper in party.people(Power.KEEPER):
        if keeper != by:
            notifications.queue(to=keeper, kind=kind, about=party.reference, **words)
    return membership


def mail_invitations(*, at_most: int = 50) -> int:
    """Send the letters that wait; return how many were sent. The token is made here for the letter; a fingerprint of it stays."""
    sent = 0
    for _number in range(at_most):
        with transaction.atomic():
            waiting = Invitation.objects.waiting().filter(mailed_at=None, mail_from__lte=clock.now())
            invitation = (waiting.select_for_update(skip_locked=True, of=("self",)).select_related("party", "invited_by")
                          .order_by("mail_from", "id").first())
            if invitation is None:
                break
            token = secrets.token_urlsafe(32)
            try:
                _letter(invitation, token).send()
                invitation.token_hash, invitation.mailed_at = fingerprint(token), clock.now()
                sent += 1
            except Exception as refusal:            # the mail server is away: nobody else waits, and this one is tried again
                log.warning("invitation %s could not be sent (%s)", invitation.pk, type(refusal).__name__)
                invitation.mail_from = clock.now() + datetime.timedelta(minutes=15)
            invitation.save(update_fields=["token_hash", "mailed_at", "mail_from"])
    return sent


def forget_addresses() -> int:
    """The addresses of invitations that ended some time ago are forgotten; return how many."""
    ended = Invitation.objects.filter(expires_at__lt=clock.now() - REMEMBERED_FOR).exclude(email="")
    now = clock.now()
    with transaction.atomic():
        Invitation.objects.filter(pk__in=ended.values("pk"), accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        return ended.update(email="", token_hash="")


def _kept(party: Party, by: User) -> Party:
    """The organisation, locked, for somebody who may invite and change powers at this moment."""
    party = Party.objects.locked().get(pk=party.pk)
    forget_roles(by)
    if not policies.can_keep(by, party):
        raise NotAllowed(_("organisation.not_keeper"))
    return party


def _check_not_too_many(party: Party, by: User, email: str, now: datetime.datetime) -> None:
    """So many a day, in whichever organisation; and an address hears once a day from the same people, also after a withdrawal."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)           # in all their organisations one after the other
    today = Invitation.objects.filter(invited_at__gt=now - A_DAY)
    if max(today.filter(party=party).count(), today.filter(invited_by=by).count()) >= (most := settings.DAILY["invite"]):
        raise DomainError(_("invitation.too_many") % {"n": most})
    written = today.filter(Q(party=party) | Q(invited_by=by), email__iexact=email).exclude(withdrawn_at__isnull=False, mailed_at=None)
    letters = written.order_by("-invited_at")[:(most := settings.DAILY["invite_same_address"])]
    if len(letters) == most:
        raise DomainError(_("invitation.again_later") % {
            "sent": moment(letters[0].invited_at), "when": moment(letters[most - 1].invited_at + A_DAY)})


def _end_those_whose_time_is_over(party: Party, email: str) -> None:
    Invitation.objects.filter(party=party, email__iexact=email, accepted_at=None, withdrawn_at=None,
                              expires_at__lte=clock.now()).update(withdrawn_at=clock.now())


def _letter(invitation: Invitation, token: str) -> EmailMessage:
    """In the language of whoever lives here under the address, otherwise in that of whoever invites. Only the addressee sees which."""
    reader = User.objects.filter(email__iexact=invitation.email).values_list("language", flat=True).first()
    with translation.override(reader or invitation.invited_by.language or settings.LANGUAGE_CODE):
        words = {"inviter": called(invitation.invited_by.name), "client": invitation.party.name, "until": moment(invitation.expires_at),
                 "powers": "、".join(str(power.label) for power in Power if power in invitation.powers)}
        lines = [_("mail.invitation") % words, f"{settings.SITE_URL}/organisations/invitation/{token}/",
                 _("mail.invitation.ignore"), _("mail.signed")]
        return EmailMessage(_("mail.invitation.subject") % words, "\n\n".join(lines), to=[invitation.email])
