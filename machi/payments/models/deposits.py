"""What came in: a client's money for a piece of work, as the bank's statement shows it."""
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party
from machi.shared.privacy import BUSINESS, TECHNICAL


class Funding(models.Model):
    """A client's deposit for one piece of work (仮払い), confirmed by a line of the bank's statement; or the part of one that was passed
    on to whoever took the work over.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="fundings", db_comment=BUSINESS)
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    bank_key = models.CharField(max_length=60, blank=True, db_comment=TECHNICAL)                # the line of the statement
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_comment=TECHNICAL)
    confirmed_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference"], name="funded_once"),
                       models.UniqueConstraint(fields=["bank_key"], condition=~Q(bank_key=""), name="deposit_counted_once"),
                       models.CheckConstraint(condition=Q(part_of=None) & ~Q(bank_key="") | Q(part_of__isnull=False, bank_key=""),
                                              name="funding_of_a_line_or_a_part"),
                       models.CheckConstraint(condition=Q(amount_yen__gt=0), name="funding_positive")]
