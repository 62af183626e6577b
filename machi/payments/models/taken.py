"""What was held for a piece of work and is gone, because a client's bank took it back."""
from django.db import models
from django.db.models import Q

from machi.cards.models import Chargeback
from machi.payments.lifecycle import TakenState
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL


class Taken(Labelled, models.Model):
    """So much of what was held for one piece of work a chargeback took. While it is away nothing of that work's money moves, and nobody
    who was paid is asked for a yen.
    """

    chargeback = models.ForeignKey(Chargeback, models.PROTECT, related_name="taken", db_comment=TECHNICAL)
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12, job:3
    held_in = models.BigIntegerField(db_comment=TECHNICAL)                      # the number of the account that held it
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=7, choices=TakenState, default=TakenState.RESTING, db_comment=TECHNICAL)
    until_at = models.DateTimeField(null=True, db_comment=BUSINESS)             # lost: by then the client may pay it anew
    gone_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)   # of which nothing went back: its client has it already

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chargeback", "reference"], name="taken_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0) & Q(gone_yen__lte=models.F("amount_yen")), name="taken_sums"),
            models.CheckConstraint(name="taken_until_iff_lost", condition=(
                Q(state__in=["resting", "back"], until_at=None)
                | Q(state__in=["lost", "filled", "covered", "gone"], until_at__isnull=False))),
            models.CheckConstraint(name="taken_gone_at_the_end", condition=(
                Q(state="covered") | Q(state="gone", gone_yen=models.F("amount_yen")) | ~Q(state__in=["covered", "gone"]) & Q(gone_yen=0)))]
        indexes = [models.Index(fields=["reference"], name="taken_reference")]

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)
