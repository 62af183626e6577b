"""Where money goes that came back to somebody who has left for good: they said so in writing, and two people have read it."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.payments.lifecycle import AdjustmentState
from machi.shared.labels import Labelled
from machi.shared.privacy import BUSINESS, SECRET, TECHNICAL


class LateAccount(Labelled, models.Model):
    """An account that somebody of the desk has typed in from a letter, and somebody else reads beside the same letter. It stands here only
    until that is done: signed, it is the person's bank account until their money has arrived.
    """

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="late_accounts", db_comment=BUSINESS)
    told_as = models.CharField(max_length=60, blank=True, db_comment=SECRET)            # 0005-001-1-1234567
    holder_kana = models.CharField(max_length=30, blank=True, db_comment=SECRET)
    words = models.CharField(max_length=300, db_comment=BUSINESS)               # which letter, and how it is known to be theirs
    state = models.CharField(max_length=7, choices=AdjustmentState, default=AdjustmentState.ASKED, db_comment=TECHNICAL)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker"], condition=Q(state="asked"), name="one_late_account_at_a_time"),
            models.CheckConstraint(name="late_account_signed_by_another", condition=(
                ~Q(state="signed") | Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by")))),
            models.CheckConstraint(name="late_account_only_until_answered", condition=(
                Q(state="asked", answered_by=None, answered_at=None) & ~Q(told_as="")
                | Q(state__in=["signed", "refused"], told_as="", holder_kana="", answered_by__isnull=False, answered_at__isnull=False)))]

    @property
    def account(self) -> dict[str, str]:
        """As a bank account is named."""
        names = ("bank_code", "branch_code", "kind", "number")
        return dict(zip(names, self.told_as.split("-"), strict=True)) | {"holder_kana": self.holder_kana}
