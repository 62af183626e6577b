"""When somebody's payouts rest, why, and until which day."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from machi.shared import clock
from machi.shared.labels import Labelled
from machi.shared.privacy import BUSINESS, TECHNICAL


class PayoutPauseQuerySet(models.QuerySet):
    def holding(self):
        """Those because of which nothing is sent today."""
        return self.filter(ended_at=None, until_on__gte=clock.today())


class PayoutPause(Labelled, models.Model):
    """Somebody of the finance desk lets a person's payouts rest until a day (出金の保留). The person reads why."""

    class Code(models.TextChoices):
        WISH = "wish", _("pause.code.wish")                 # 本人の希望
        ACCOUNT = "account", _("pause.code.account")        # 口座を確かめる
        CLAIM = "claim", _("pause.code.claim")              # 支払いの差戻し
        RISK = "risk", _("pause.code.risk")                 # ほかの人が使ったかもしれない

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payout_pauses", db_comment=BUSINESS)
    code = models.CharField(max_length=7, choices=Code, db_comment=BUSINESS)
    words = models.CharField(max_length=300, db_comment=BUSINESS)
    until_on = models.DateField(db_comment=BUSINESS)                            # the last day on which nothing is sent
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    paused_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)            # before its day
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)

    objects = PayoutPauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker"], condition=Q(ended_at=None), name="one_pause_of_a_person"),
            models.CheckConstraint(condition=~Q(words=""), name="pause_with_a_reason"),
            models.CheckConstraint(name="pause_ended_by_somebody", condition=(
                Q(ended_at=None, ended_by=None) | Q(ended_at__gte=F("paused_at"), ended_by__isnull=False)))]
