"""On the way to a due date the town asks the worker once or twice how it goes (途中の様子): one press, or none."""
from django.db import models
from django.db.models import Q

from machi.contracts.models.agreed import Milestone
from machi.shared.privacy import BUSINESS, TECHNICAL


class CheckIn(models.Model):
    """A quarter or half of the time is over. The answer is the worker's to give; without one nothing is counted or told."""

    class Answer(models.TextChoices):
        WELL = "well"                       # 順調です
        LATER = "later"                     # 少し遅れそう
        TALK = "talk"                       # 相談したい

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="check_ins", db_comment=TECHNICAL)
    percent = models.PositiveSmallIntegerField(db_comment=TECHNICAL)                    # of the time from the money to the due date
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    answer = models.CharField(max_length=5, choices=Answer, blank=True, db_comment=BUSINESS)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "percent"], name="asked_once"),
            models.CheckConstraint(name="check_in_percent", condition=Q(percent__in=[25, 50])),
            models.CheckConstraint(name="check_in_answered_iff_answer", condition=(
                Q(answer="", answered_at=None) | Q(answer__in=["well", "later", "talk"], answered_at__isnull=False)))]
