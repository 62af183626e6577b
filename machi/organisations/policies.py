"""Who may invite, and who may come in."""
import hmac

from allauth.account.models import EmailAddress

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.accounts.queries import has_power
from machi.organisations.models import Invitation, fingerprint


def can_keep(user, party: Party) -> bool:
    """Invite, change powers, take a member out, say who the organisation is. A person's own party stays theirs alone."""
    return party.is_organisation and has_power(user, party.pk, Power.KEEPER)


def can_accept(user, invitation: Invitation, token: str = "") -> bool:
    """Whoever holds the letter, or has shown that the address is theirs."""
    return invitation.is_waiting and (holds_letter(invitation, token) or is_theirs(user, invitation))


def holds_letter(invitation: Invitation, token: str) -> bool:
    return bool(token and invitation.token_hash) and hmac.compare_digest(invitation.token_hash, fingerprint(token))


def is_theirs(user, invitation: Invitation) -> bool:
    return bool(invitation.email) and EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists()
