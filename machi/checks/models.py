"""When the rules were asked, and what is late."""
from django.db import models
from django.db.models import Q

from machi.shared.privacy import TECHNICAL


class Check(models.Model):
    """The safety rules were asked, all of them or what was written lately (検算)."""

    is_full = models.BooleanField(db_comment=TECHNICAL)
    began_at = models.DateTimeField(db_comment=TECHNICAL)
    took_ms = models.PositiveIntegerField(db_comment=TECHNICAL)
    broken_count = models.PositiveSmallIntegerField(db_comment=TECHNICAL)

    class Meta:
        indexes = [models.Index(fields=["is_full", "-began_at"], name="check_newest")]


class Alarm(models.Model):
    """Something should have happened by now (遅れの知らせ). It stops nothing, and goes by itself once it has happened."""

    rule = models.CharField(max_length=200, db_comment=TECHNICAL)
    row = models.CharField(max_length=60, db_comment=TECHNICAL)                         # of what the rule names
    since_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "row"], condition=Q(ended_at=None), name="one_alarm_of_a_row")]
        indexes = [models.Index(fields=["since_at"], condition=Q(ended_at=None), name="alarm_open")]
