"""What leaves for people's banks with one file, on one day."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.payments.lifecycle import BatchState
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL


class PayoutBatch(Labelled, models.Model):
    """Payouts that leave together (総合振込): proposed by one person of the finance desk, above a limit agreed to by another, made into a
    file for the bank, and given to it. The file itself is never kept: it is made again from the same rows, and known by its fingerprint.
    """

    value_on = models.DateField(db_comment=TECHNICAL)                           # on this day it reaches people
    state = models.CharField(max_length=9, choices=BatchState, default=BatchState.PROPOSED, db_comment=TECHNICAL)
    total_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    count = models.PositiveIntegerField(db_comment=BUSINESS)
    limit_yen = models.PositiveBigIntegerField(db_comment=TECHNICAL)            # above it two people, by the row of that day
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    proposed_at = models.DateTimeField(db_comment=TECHNICAL)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    approved_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    file_sha256 = models.CharField(max_length=64, blank=True, db_comment=TECHNICAL)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    given_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0, total_yen__gt=0), name="batch_moves_money"),
            models.CheckConstraint(name="batch_above_the_limit_by_two", condition=(
                Q(state__in=["proposed", "withdrawn"]) | Q(total_yen__lte=F("limit_yen"))
                | Q(approved_by__isnull=False) & ~Q(approved_by=F("proposed_by")))),
            models.CheckConstraint(name="batch_approved_iff_passed", condition=(
                Q(state="proposed", approved_at=None) | Q(state__in=["approved", "written", "given"], approved_at__isnull=False)
                | Q(state="withdrawn"))),
            models.CheckConstraint(name="batch_file_iff_written", condition=(
                Q(state__in=["written", "given"]) & ~Q(file_sha256="") | ~Q(state__in=["written", "given"]) & Q(file_sha256=""))),
            models.CheckConstraint(name="batch_given_iff_given", condition=(
                Q(state="given", given_at__isnull=False, given_by__isnull=False) | ~Q(state="given") & Q(given_at=None, given_by=None)))]
        indexes = [models.Index(fields=["value_on"], condition=Q(state__in=["proposed", "approved", "written"]), name="batch_under_way")]

    @property
    def reference(self) -> str:
        return f"payout_batch:{self.pk}"

    @property
    def total(self) -> Yen:
        return Yen(self.total_yen)

    @property
    def needs_two(self) -> bool:
        """Is it so much that a second person has to look at it?"""
        return self.total_yen > self.limit_yen

    @property
    def has_file(self) -> bool:
        """Was its file made? Then it may be at the bank."""
        return bool(self.file_sha256)
