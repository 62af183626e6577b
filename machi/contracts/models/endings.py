"""A client says a month ahead that a long contract ends (予告、フリーランス法16条)."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.contracts.models.agreed import Contract
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class EndNotice(models.Model):
    """The last day, at least thirty days ahead. Steps that are due after it and not funded will not be done; what is funded goes on.
    The reason is told when the worker asks for it.
    """

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="end_notice", db_comment=TECHNICAL)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    given_at = models.DateTimeField(db_comment=TECHNICAL)
    last_on = models.DateField(db_comment=BUSINESS)
    carried_out_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    reason_asked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    reason = models.TextField(max_length=1000, blank=True, db_comment=PRIVATE)
    reason_told_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.CheckConstraint(name="end_reason_told_after_asked", condition=(
                Q(reason_told_at=None) | Q(reason_asked_at__isnull=False, reason_told_at__gte=F("reason_asked_at"))))]
        indexes = [models.Index(fields=["last_on"], condition=Q(carried_out_at=None), name="end_notice_due")]
