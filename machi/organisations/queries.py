"""Questions about invitations."""
from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from machi.accounts.models import Party
from machi.organisations.models import Invitation, fingerprint


def waiting_for(user) -> list[Invitation]:
    """The invitations to an address that this person has shown to be theirs; the newest first. Not those into where they are already."""
    own = EmailAddress.objects.filter(user=user, verified=True).annotate(folded=Lower("email")).values("folded")
    return list(Invitation.objects.waiting().annotate(folded=Lower("email")).filter(folded__in=own)
                .exclude(party__in=Party.objects.acting_for(user)).select_related("party", "invited_by").order_by("-pk"))


def waiting_in(party: Party) -> list[Invitation]:
    """The invitations of an organisation that nobody has answered, the newest first; also those whose time is over."""
    return list(Invitation.objects.filter(party=party, accepted_at=None, withdrawn_at=None).select_related("invited_by").order_by("-pk"))


def invitation_with(token: str) -> Invitation | None:
    """The invitation that a letter belongs to."""
    return Invitation.objects.filter(token_hash=fingerprint(token)).select_related("party", "invited_by").first()
