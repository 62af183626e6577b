"""Reviews of both sides, opened together, and thanks that come from finished work."""
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.contracts.models import Contract
from machi.shared.labels import Labelled
from machi.shared.privacy import PERSONAL, PUBLIC, TECHNICAL


class Review(Labelled, models.Model):
    """What one side saw in the other (評価). Nobody reads one before both are written, or the time is over."""

    class Side(models.TextChoices):
        CLIENT = "client"                   # the client writes about the worker
        WORKER = "worker"

    class Again(models.TextChoices):        # no stars: would you work together again
        YES = "yes", _("review.again.yes")
        PERHAPS = "perhaps", _("review.again.perhaps")
        NO = "no", _("review.again.no")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reviews", db_comment=TECHNICAL)
    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=PERSONAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", db_comment=PERSONAL)
    client = models.ForeignKey(Party, models.PROTECT, related_name="reviews", db_comment=PERSONAL)
    again = models.CharField(max_length=7, choices=Again, db_comment=PUBLIC)
    text = models.TextField(max_length=1000, blank=True, db_comment=PUBLIC)
    written_at = models.DateTimeField(db_comment=TECHNICAL)
    opened_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "side"], name="one_review_per_side")]
        indexes = [models.Index(fields=["worker", "-id"], condition=Q(side="client"), name="reviews_of_worker"),
                   models.Index(fields=["client", "-id"], condition=Q(side="worker"), name="reviews_of_client"),
                   models.Index(fields=["written_at"], condition=Q(opened_at=None), name="reviews_closed")]


class Thanks(models.Model):
    """A word of thanks tied to the work it came from (ありがとう)."""

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="thanks", db_comment=TECHNICAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="thanks", db_comment=PERSONAL)
    text = models.CharField(max_length=300, db_comment=PUBLIC)
    sent_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        indexes = [models.Index(fields=["worker", "-id"], name="thanks_of_worker")]


class IssuedRecordQuerySet(models.QuerySet):
    def in_use(self):
        """Those the town stands by: not taken back, not emptied, of somebody who lives here."""
        return self.filter(revoked_at=None, user__is_active=True).exclude(jwt="")


class IssuedRecord(models.Model):
    """A signed record that somebody took along (持ち出せる実績). Taken back, the row stays: by it the town answers "revoked"."""

    number = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, db_comment=TECHNICAL)      # names the record, nobody else
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="issued_records", db_comment=PERSONAL)
    called = models.CharField(max_length=80, blank=True, db_comment=PERSONAL)           # as they wished to be named
    jwt = models.TextField(blank=True, db_comment=PERSONAL)                             # the signed text; forgotten when it is taken back
    issued_at = models.DateTimeField(db_comment=TECHNICAL)
    revoked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = IssuedRecordQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="revoked_record_is_forgotten", condition=(
            Q(revoked_at=None) | Q(revoked_at__isnull=False, called="", jwt="")))]
        indexes = [models.Index(fields=["user", "-id"], condition=Q(revoked_at=None), name="records_of_person")]
