"""The money of a batch: what was paid in for how many answers, and each closing (締め), which pays what was approved since the last one."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import User
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL
from machi.tasks.models.batches import Batch


class Slots(Labelled, models.Model):
    """So many answers that a client paid in for together (枠): when the batch goes out, when it is topped up, or the difference when the
    price is raised. Its deposit is `slots:<pk>`.
    """

    class Why(models.TextChoices):
        PUBLISH = "publish", _("tasks.slots.why.publish")
        TOP_UP = "top_up", _("tasks.slots.why.top_up")            # 追加する
        RAISE = "raise", _("tasks.slots.why.raise")               # 報酬を上げる

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="slots", db_comment=TECHNICAL)
    version = models.PositiveIntegerField(db_comment=TECHNICAL)                     # of the batch, as it stood on the button
    why = models.CharField(max_length=7, choices=Why, db_comment=BUSINESS)
    count = models.PositiveIntegerField(db_comment=BUSINESS)
    price_yen = models.PositiveIntegerField(db_comment=BUSINESS)                    # of one answer from then on, excluding tax
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                # paid in, with tax and the client's fee
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    held_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                 # its money is here
    refused_at = models.DateTimeField(null=True, db_comment=TECHNICAL)              # it came too late, and went back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=Q(held_at=None, refused_at=None), name="slots_one_asked_for"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0) & (Q(held_at=None) | Q(refused_at=None)), name="slots_sum")]
        indexes = [models.Index(fields=["batch", "-id"], name="slots_batch")]

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)


class Closing(models.Model):
    """One settlement of a batch. Its earnings and its refund carry its reference."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="closings", db_comment=TECHNICAL)
    number = models.PositiveIntegerField(db_comment=TECHNICAL)
    answers_count = models.PositiveIntegerField(db_comment=BUSINESS)
    workers_count = models.PositiveIntegerField(db_comment=BUSINESS)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                 # of all answers, excluding tax
    gross_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                 # what left the batch for them, with tax and fees
    back_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                  # what went back to the client
    slots = models.ForeignKey(Slots, models.PROTECT, null=True, related_name="+", db_comment=TECHNICAL)       # of this deposit
    made_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="closing_number"),
                       models.CheckConstraint(name="closing_moves_something", condition=(
                           # answers that were refused whole cost nothing
                           Q(answers_count__gt=0) | Q(gross_yen=0, back_yen__gt=0))),
                       models.CheckConstraint(name="closing_of_a_deposit", condition=(
                           Q(back_yen=0, slots=None) | Q(back_yen__gt=0, slots__isnull=False)))]

    @property
    def reference(self) -> str:
        return f"closing:{self.pk}"
