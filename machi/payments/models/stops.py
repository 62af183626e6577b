"""When money stood still in the whole town, and who let it move again."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.payments.lifecycle import StopState
from machi.shared.labels import Labelled
from machi.shared.privacy import BUSINESS, TECHNICAL


class MoneyStopQuerySet(models.QuerySet):
    def standing(self):
        """Those because of which no money moves."""
        return self.exclude(state=StopState.LIFTED)


class MoneyStop(Labelled, models.Model):
    """Money stands still in the whole town: because a rule of the books is broken, or because somebody said so (資金の停止)."""

    rule = models.CharField(max_length=200, blank=True, db_comment=TECHNICAL)           # empty: a person raised it
    rows = models.JSONField(default=list, db_comment=TECHNICAL)                         # what broke the rule, as text
    why = models.CharField(max_length=500, blank=True, db_comment=BUSINESS)             # a person's reason
    state = models.CharField(max_length=8, choices=StopState, default=StopState.RAISED, db_comment=TECHNICAL)
    raised_at = models.DateTimeField(db_comment=TECHNICAL)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    asked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    reason = models.CharField(max_length=500, blank=True, db_comment=BUSINESS)          # why it is lifted though nobody could mend it
    lifted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    was_clean = models.BooleanField(null=True, db_comment=TECHNICAL)                    # when it was lifted

    objects = MoneyStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=~Q(state="lifted"), name="one_stop_of_a_rule"),
            models.CheckConstraint(name="stop_has_a_cause", condition=~Q(rule="") | ~Q(why="")),
            models.CheckConstraint(name="stop_asked_iff_asked", condition=(
                Q(state="raised", asked_at=None) | Q(state="asked", asked_at__isnull=False) | Q(state="lifted"))),
            models.CheckConstraint(name="stop_lift_is_asked_whole", condition=(
                Q(asked_at=None, asked_by=None, reason="") | Q(asked_at__isnull=False, asked_by__isnull=False) & ~Q(reason=""))),
            models.CheckConstraint(name="stop_lifted_iff_over", condition=(
                Q(state="lifted", lifted_at__isnull=False, was_clean__isnull=False)
                | ~Q(state="lifted") & Q(lifted_at=None, lifted_by=None, was_clean=None))),
            models.CheckConstraint(name="stop_lifted_clean_or_by_two", condition=(
                ~Q(was_clean=False) | Q(asked_by__isnull=False, lifted_by__isnull=False) & ~Q(asked_by=F("lifted_by")))),
        ]
        indexes = [models.Index(fields=["raised_at"], condition=~Q(state="lifted"), name="stop_standing")]
