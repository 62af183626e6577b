"""The two do not agree about a step (食い違い): its money rests until they do, or until somebody decides."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.contracts.lifecycle import DisputeState
from machi.contracts.models.agreed import Milestone
from machi.contracts.models.wishes import Side, WishQuerySet
from machi.files.models import File
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class Dispute(models.Model):
    """One side says what went wrong; the other has five business days to tell its side (money.md 1.5)."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="disputes", db_comment=TECHNICAL)
    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)           # who said so
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    round = models.PositiveSmallIntegerField(default=1, db_comment=TECHNICAL)           # policies.round_of: each side tells one in each
    reason = models.TextField(max_length=3000, db_comment=PRIVATE)
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN, db_comment=TECHNICAL)
    opened_at = models.DateTimeField(db_comment=TECHNICAL)
    answer_by = models.DateTimeField(db_comment=TECHNICAL)
    reminders_count = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    answer = models.TextField(max_length=3000, blank=True, db_comment=PRIVATE)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    closed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = WishQuerySet.as_manager()

    @property
    def wants_answer(self) -> bool:
        """Has the other side not told yet how it sees the matter?"""
        return self.state == DisputeState.OPEN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone"], condition=~Q(state="closed"), name="one_open_dispute"),
            models.CheckConstraint(name="dispute_closed_at_iff_closed", condition=(
                Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None))),
            models.CheckConstraint(name="dispute_heard_iff_answered", condition=(
                Q(state="open", answered_at=None) | Q(state="heard", answered_at__isnull=False) | Q(state="closed"))),
        ]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="open"), name="dispute_waits")]


class DisputeFile(models.Model):
    """A file that one side put beside its words: what a screen showed, a draft."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="files", db_comment=TECHNICAL)
    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)           # whose words it stands beside
    file = models.OneToOneField(File, models.PROTECT, related_name="dispute_file", db_comment=TECHNICAL)
