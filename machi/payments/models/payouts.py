"""What left for people's banks, and what had arrived when a day was over."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.payments.lifecycle import PayoutState
from machi.payments.models.batches import PayoutBatch
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PERSONAL, SECRET, TECHNICAL


class PayoutQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(worker=user)


class Payout(Labelled, models.Model):
    """Money on its way to one worker's bank (出金). Its bank key is fixed when it is made: asked twice, it moves once."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payouts", db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=10, choices=PayoutState, default=PayoutState.REQUESTED, db_comment=TECHNICAL)
    bank_name = models.CharField(max_length=60, db_comment=BUSINESS)
    bank_account = models.CharField(max_length=60, db_comment=SECRET)           # 0001-123-1-1234567: as it was told to the bank
    holder_kana = models.CharField(max_length=30, db_comment=SECRET)
    value_on = models.DateField(db_comment=TECHNICAL)                           # on this day it reaches them
    is_early = models.BooleanField(default=False, db_default=False, db_comment=TECHNICAL)      # they asked for it before its pay date
    batch = models.ForeignKey(PayoutBatch, models.PROTECT, null=True, related_name="payouts", db_comment=TECHNICAL)
    free_from = models.DateTimeField(null=True, db_comment=TECHNICAL)           # its account had rested so long; nothing where none has to
    requested_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    paid_on = models.DateField(null=True, db_comment=TECHNICAL)                 # the value date on the bank's statement
    is_untold = models.BooleanField(default=False, db_default=False, db_comment=TECHNICAL)     # it stands there; it may have come back
    reason = models.CharField(max_length=300, blank=True, default="", db_default="", db_comment=PERSONAL)   # why it did not arrive

    objects = PayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="payout_positive"),
            models.UniqueConstraint(fields=["worker", "value_on"], condition=Q(state__in=["requested", "sending"]),
                                    name="one_open_payout_of_a_day"),
            models.CheckConstraint(name="payout_ended_iff_over", condition=(
                Q(state__in=["paid", "returned", "undone"], ended_at__isnull=False)
                | Q(state__in=["requested", "sending"], ended_at=None))),
            models.CheckConstraint(name="payout_paid_on_iff_paid", condition=(
                Q(state="paid", paid_on__isnull=False) | ~Q(state="paid") & Q(paid_on=None))),
        ]
        indexes = [models.Index(fields=["state", "id"], name="payout_state"),
                   models.Index(fields=["id"], condition=Q(is_untold=True), name="payout_untold"),
                   models.Index(fields=["value_on"], condition=Q(state="requested", batch=None), name="payout_waits_for_batch"),
                   models.Index(fields=["worker", "-id"], name="payout_worker"),
                   models.Index(fields=["ended_at"], condition=Q(state="paid"), include=["worker", "amount_yen"], name="payout_paid")]

    @property
    def bank_key(self) -> str:
        return f"payout:{self.pk}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def is_set_aside(self) -> bool:
        """Does it wait to be sent?"""
        return self.state == PayoutState.REQUESTED

    @property
    def is_paid(self) -> bool:
        """Does it stand on the bank's statement?"""
        return self.state == PayoutState.PAID


class DeliveredUntil(models.Model):
    """What had reached people's accounts when a day was over, and how many people: all of it up to then, so that the town's number is
    quick however long the town counts. Written once, from the payouts, and never changed; counted anew when one of them came back later.
    """

    day = models.DateField(unique=True, db_comment=TECHNICAL)
    amount_yen = models.PositiveBigIntegerField(db_comment=TECHNICAL)
    people_count = models.PositiveIntegerField(db_comment=TECHNICAL)
