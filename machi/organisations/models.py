"""Invitations into an organisation (招待): to an address, whether somebody lives here under it or not."""
import datetime
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from machi.accounts.models import Party
from machi.accounts.powers import EVERY_POWER, Power
from machi.shared import clock
from machi.shared.privacy import BUSINESS, PERSONAL, SECRET, TECHNICAL

VALID_FOR = datetime.timedelta(days=14)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who may invite."""
        return self.filter(party__in=Party.objects.acting_for(user, Power.KEEPER))

    def waiting(self):
        """Neither accepted nor taken back, and their time is not over."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Invitation(models.Model):
    """One address is asked to join one organisation, with these powers. The token of the mail is kept as a fingerprint only."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="invitations", db_comment=BUSINESS)
    email = models.EmailField(blank=True, db_comment=PERSONAL)          # forgotten some time after the end
    is_member = models.BooleanField(default=False, db_comment=BUSINESS)
    is_approver = models.BooleanField(default=False, db_comment=BUSINESS)
    is_payer = models.BooleanField(default=False, db_comment=BUSINESS)
    is_keeper = models.BooleanField(default=False, db_comment=BUSINESS)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    invited_at = models.DateTimeField(db_comment=TECHNICAL)
    expires_at = models.DateTimeField(db_comment=TECHNICAL)
    token_hash = models.CharField(max_length=64, blank=True, db_comment=SECRET)     # written when the mail is
    mail_from = models.DateTimeField(db_comment=TECHNICAL)
    mailed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    accepted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    withdrawn_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("party", Lower("email"), condition=Q(accepted_at=None, withdrawn_at=None),
                                    name="one_open_invitation_for_an_address"),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="one_invitation_for_a_token"),
            models.CheckConstraint(name="invitation_ends_once", condition=(
                Q(accepted_at=None, accepted_by=None) | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None))),
            models.CheckConstraint(name="invitation_gives_a_power", condition=(
                Q(is_member=True) | Q(is_approver=True) | Q(is_payer=True) | Q(is_keeper=True))),
        ]
        indexes = [
            models.Index(Lower("email"), condition=Q(accepted_at=None, withdrawn_at=None), name="invitation_to_an_address"),
            models.Index(fields=["mail_from", "id"], condition=Q(mailed_at=None), name="invitation_to_mail")]

    @property
    def powers(self) -> frozenset[str]:
        return frozenset(power for power in EVERY_POWER if getattr(self, f"is_{power}"))

    @property
    def is_waiting(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and clock.now() < self.expires_at

    @property
    def reference(self) -> str:
        return f"invitation:{self.pk}"


def fingerprint(token: str) -> str:
    """How a token lies in the database: nobody who reads the table can open a door with it."""
    return hashlib.sha256(token.encode()).hexdigest()
