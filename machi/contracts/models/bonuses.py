"""What a client gives beside the price, after the work (おひねり): freely, and no part of what was agreed."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.contracts.lifecycle import BonusState
from machi.contracts.models.agreed import Contract
from machi.payments.fees import PARTS, Settlement
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class BonusQuerySet(models.QuerySet):
    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Bonus(models.Model):
    """One gift, with its money as both sides saw it before it was given, and the rates by which that was counted."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="bonuses", db_comment=TECHNICAL)
    key = models.CharField(max_length=40, db_comment=TECHNICAL)                         # the form: sent twice, it is one
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    words = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)
    state = models.CharField(max_length=10, choices=BonusState, default=BonusState.ASKED, db_comment=TECHNICAL)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                     # the settlement, part by part
    tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    withheld_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    client_fee_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    client_fee_tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    rates = models.JSONField(db_comment=BUSINESS)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    until_at = models.DateTimeField(db_comment=BUSINESS)                                # its money is waited for until then
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                    # it is the worker's, or waited for no longer
    pay_on = models.DateField(null=True, db_comment=BUSINESS)

    objects = BonusQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "key"], name="bonus_given_once"),
            models.UniqueConstraint(fields=["contract"], condition=Q(state="asked"), name="one_bonus_waits"),
            models.CheckConstraint(name="bonus_positive", condition=Q(price_yen__gt=0, price_yen__gte=F("withheld_yen"))),
            models.CheckConstraint(name="bonus_ended_iff_over", condition=(
                Q(state="asked", ended_at=None) | Q(state__in=["paid", "lapsed"], ended_at__isnull=False))),
            models.CheckConstraint(name="bonus_day_iff_paid", condition=(
                Q(state="paid", pay_on__isnull=False) | ~Q(state="paid") & Q(pay_on=None)))]
        indexes = [models.Index(fields=["until_at"], condition=Q(state="asked"), name="bonus_waiting")]

    @property
    def reference(self) -> str:
        return f"bonus:{self.pk}"

    @property
    def money(self) -> Settlement:
        """Both sides' money."""
        return Settlement(*(Yen(getattr(self, f"{part}_yen")) for part in PARTS))

    @property
    def is_waited_for(self) -> bool:
        return self.state == BonusState.ASKED

    @property
    def is_over(self) -> bool:
        """Did its money never come?"""
        return self.state == BonusState.LAPSED

    @property
    def is_paid(self) -> bool:
        return self.state == BonusState.PAID
