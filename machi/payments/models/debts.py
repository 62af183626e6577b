"""What a client owes the town."""
from django.db import models
from django.db.models import F, Q

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL


class DebtQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever looks after the money of the client."""
        return self.filter(party__in=Party.objects.acting_for(user, Power.PAYER))

    def open(self):
        """Of which something is still owed."""
        return self.filter(amount_yen__gt=F("repaid_yen") + F("lost_yen") + F("back_yen"))


class Debt(Labelled, models.Model):
    """A client's bank took back what was somebody's reward already, or the town paid held money in for them (未払い). While something of it
    is open they begin no new work; what is under way and funded goes on.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="debts", db_comment=BUSINESS)
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # chargeback:7, taken:3, chargeback_fee:7
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    repaid_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)     # by the client
    lost_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)       # given up by two people of the town
    back_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)       # won at the card company, or not needed for the work
    since_at = models.DateTimeField(db_comment=BUSINESS)

    objects = DebtQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="debt_once"),
            models.CheckConstraint(name="debt_sums", condition=(
                Q(amount_yen__gt=0) & Q(amount_yen__gte=F("repaid_yen") + F("lost_yen") + F("back_yen"))))]
        indexes = [models.Index(fields=["party"], name="debt_open",
                                condition=Q(amount_yen__gt=F("repaid_yen") + F("lost_yen") + F("back_yen")))]

    @property
    def repaid(self) -> Yen:
        return Yen(self.repaid_yen)

    @property
    def open(self) -> Yen:
        """What is still owed."""
        return Yen(self.amount_yen - self.repaid_yen - self.lost_yen - self.back_yen)

    @property
    def is_fee(self) -> bool:
        """Is it what the payment service took for a chargeback?"""
        return self.reference.startswith("chargeback_fee:")

    @property
    def is_open(self) -> bool:
        return self.open > 0


class Repayment(Labelled, models.Model):
    """With one deposit a client repays so much of a debt: all that is open, or a part. Its number makes the deposit one of its own."""

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="repayments", db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_yen__gt=0), name="repayment_positive")]
