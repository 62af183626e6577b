"""What is owed to whom, on which day."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.payments.models.payouts import Payout
from machi.payments.models.refunds import Refund
from machi.shared.privacy import BUSINESS, PERSONAL, TECHNICAL


class EarningQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both sides of the money: who earned it, and who paid it."""
        return self.filter(Q(worker=user) | Q(party__in=Party.objects.acting_for(user, Power.PAYER)))


class Earning(models.Model):
    """What a worker has earned with one piece of work, and the calendar day on which it leaves (支払日)."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="earnings", db_comment=BUSINESS)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)      # who paid; nobody: the town
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12
    about = models.CharField(max_length=60, db_comment=TECHNICAL)               # contract:7
    title = models.CharField(max_length=120, db_comment=BUSINESS)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)             # the settlement, part by part
    tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    withheld_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    client_fee_yen = models.PositiveBigIntegerField(default=0, db_default=0, db_comment=BUSINESS)       # the client's own: beside the price
    client_fee_tax_yen = models.PositiveBigIntegerField(default=0, db_default=0, db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)            # 手取り
    pay_on = models.DateField(db_comment=BUSINESS)
    # 登録番号 of whoever earned it on that day: it stands on papers, and stays when its worker says another or none
    registered_number = models.CharField(max_length=14, blank=True, default="", db_default="", db_comment=PERSONAL)
    earned_at = models.DateTimeField(db_comment=TECHNICAL)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="earnings", db_comment=TECHNICAL)
    given_back = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="withheld_from", db_comment=TECHNICAL)   # the tax

    objects = EarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "worker"], name="earned_once"),
            models.CheckConstraint(name="earning_adds_up", condition=Q(
                amount_yen=F("price_yen") + F("tax_yen") - F("fee_yen") - F("fee_tax_yen") - F("withheld_yen"))),
        ]
        indexes = [models.Index(fields=["pay_on", "worker"], condition=Q(payout=None), name="earning_due"),
                   models.Index(fields=["worker", "-id"], name="earning_worker"),
                   models.Index(fields=["party"], condition=Q(given_back=None, withheld_yen__gt=0), name="earning_withheld")]
