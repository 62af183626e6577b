"""One item of a batch: what is asked about, who may still answer it, and what came out."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from machi.shared.labels import Labelled
from machi.shared.privacy import PRIVATE, TECHNICAL
from machi.tasks.models.batches import Batch


class Outcome(models.TextChoices):
    WAITING = "waiting", _("tasks.item.outcome.waiting")      # answers are still coming
    AGREED = "agreed", _("tasks.item.outcome.agreed")         # 答えがまとまった
    PERSON = "person", _("tasks.item.outcome.person")         # 人が見る: the answers disagree, and no more are paid for
    BROKEN = "broken", _("tasks.item.outcome.broken")         # 問題が壊れていた
    DECIDED = "decided", _("tasks.item.outcome.decided")      # the client has said what it is


class Item(Labelled, models.Model):
    """A row of the client's file. `cells` stand in the order of the batch's columns. With a truth it is a gold (答えのわかっている問題)."""

    # no index of its own: by it, where a batch is new to the planner, each bundle that is taken would read and sort all of its items
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items", db_index=False, db_comment=TECHNICAL)
    number = models.PositiveIntegerField(db_comment=TECHNICAL)                      # from 1, in the order of the file
    key = models.CharField(max_length=100, blank=True, db_comment=PRIVATE)          # the client's own number of it
    cells = models.JSONField(default=list, db_comment=PRIVATE)                                    # texts
    truth = models.JSONField(null=True, db_comment=PRIVATE)
    why = models.CharField(max_length=1000, blank=True, db_comment=PRIVATE)         # that is the right answer
    places_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)     # answers that are paid for
    places_free = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.WAITING, db_comment=TECHNICAL)
    result = models.JSONField(null=True, db_comment=PRIVATE)                        # block -> value
    confidence = models.FloatField(null=True, db_comment=TECHNICAL)                 # of the least sure block, 0 to 1

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="item_number"),
            models.UniqueConstraint(fields=["batch", "key"], condition=~Q(key=""), name="item_key"),
            models.CheckConstraint(condition=Q(places_free__lte=F("places_count")), name="item_places"),
            models.CheckConstraint(name="item_confidence", condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1))]
        indexes = [models.Index(fields=["batch", "number"], condition=Q(places_free__gt=0, truth__isnull=True), name="item_free"),
                   models.Index(fields=["batch", "number"], condition=Q(places_free__gt=0, truth__isnull=False), name="gold_free"),
                   models.Index(fields=["batch", "number"], condition=Q(outcome="person"), name="item_for_a_person")]

    @property
    def is_gold(self) -> bool:
        return self.truth is not None

    @property
    def reference(self) -> str:
        return f"item:{self.pk}"
