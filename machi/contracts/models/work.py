"""What was handed over, and what was asked for after it."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from machi.contracts.models.agreed import Milestone
from machi.files.models import File
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class Delivery(models.Model):
    """Work handed over (納品): a text, files, or both, and a word on the use of AI when the terms ask for it."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="deliveries", db_comment=TECHNICAL)
    round = models.PositiveSmallIntegerField(db_comment=TECHNICAL)                      # 1, then one more after each revision
    text = models.TextField(max_length=50_000, blank=True, db_comment=PRIVATE)
    ai_note = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)
    minutes_spent = models.PositiveIntegerField(null=True, blank=True, db_comment=PRIVATE)     # as the worker says; never shown
    delivered_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "round"], name="delivery_round")]


class DeliveryFile(models.Model):
    """A file of a delivery."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="files", db_comment=TECHNICAL)
    file = models.OneToOneField(File, models.PROTECT, related_name="delivery_file", db_comment=TECHNICAL)


class RevisionRequest(models.Model):
    """The client asks for changes (直し), counted by the terms; the reason stays in writing."""

    class Reason(models.TextChoices):
        AGREED = "agreed", _("changes.reason.agreed")       # not as it was agreed
        WITHIN = "within", _("changes.reason.within")       # as it was agreed: the finish, within the rounds that were agreed

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="revision_requests", db_comment=TECHNICAL)
    round = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    reason = models.CharField(max_length=6, choices=Reason, blank=True, default="", db_default="", db_comment=BUSINESS)
    points = models.TextField(max_length=3000, db_comment=PRIVATE)                      # one point a line
    asked_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "round"], name="revision_round")]

    @property
    def points_count(self) -> int:
        return max(1, len([line for line in self.points.splitlines() if line.strip()]))
