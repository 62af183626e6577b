"""The two do not agree about a step (食い違い): its money rests until they do, or until the town has ruled: one person of it proposes and
writes, another one signs.
"""
import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.contracts.lifecycle import DisputeState
from machi.contracts.models.agreed import Milestone
from machi.contracts.models.wishes import Side, WishQuerySet
from machi.files.models import File
from machi.shared.privacy import BUSINESS, PRIVATE, TECHNICAL


class Dispute(models.Model):
    """One side says what went wrong; the other has five business days to tell its side (money.md 1.5). Then a moderator has thirty days
    to bring them together (仲介).
    """

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
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    taken_up_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    decide_by = models.DateTimeField(null=True, db_comment=TECHNICAL)                   # so long both may agree on what is proposed
    escalated_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
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
                Q(state="open", answered_at=None) | Q(state="closed")
                | Q(state__in=["heard", "mediation", "proposed", "escalated", "drafted"], answered_at__isnull=False))),
            models.CheckConstraint(name="dispute_mediated_iff_taken_up", condition=(
                Q(state__in=["open", "heard"], mediator=None, taken_up_at=None, decide_by=None) | Q(state="closed")
                | Q(state__in=["mediation", "proposed", "escalated", "drafted"],
                    mediator__isnull=False, taken_up_at__isnull=False, decide_by__isnull=False))),
            models.CheckConstraint(name="dispute_escalated_at_iff_escalated", condition=(
                Q(state__in=["escalated", "drafted"], escalated_at__isnull=False) | Q(state="closed")
                | Q(state__in=["open", "heard", "mediation", "proposed"], escalated_at=None))),
        ]
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="open"), name="dispute_waits"),
                   models.Index(fields=["decide_by"], condition=Q(state__in=["mediation", "proposed"]), name="dispute_mediated")]


class DisputeProposal(models.Model):
    """What the moderator proposes: so much of the step's price, without tax, to the worker; the rest goes back to the client. It is so
    when both have agreed; the first no ends it.
    """

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="proposal", db_comment=TECHNICAL)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    words = models.TextField(max_length=2000, db_comment=PRIVATE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    made_at = models.DateTimeField(db_comment=TECHNICAL)
    worker_agreed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    client_agreed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    refused_side = models.CharField(max_length=6, choices=Side, blank=True, db_comment=TECHNICAL)
    refused_words = models.TextField(max_length=1000, blank=True, db_comment=PRIVATE)

    class Meta:
        constraints = [
            models.CheckConstraint(name="proposal_agreed_or_refused", condition=(
                Q(refused_by=None, refused_side="") | Q(refused_by__isnull=False, refused_side__in=["worker", "client"])
                & (Q(worker_agreed_at=None) | Q(client_agreed_at=None))))]

    def agreed_at(self, side: str) -> datetime.datetime | None:
        """When this side agreed, if it has."""
        return self.worker_agreed_at if side == Side.WORKER else self.client_agreed_at


class Ruling(models.Model):
    """What the town decides where the two do not (裁定): written by the moderator, and so only when somebody else, of the finance desk,
    has signed it. One that was handed back stays written, with why.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="rulings", db_comment=TECHNICAL)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)                     # of the step's price, without tax, to the worker
    words = models.TextField(max_length=2000, db_comment=PRIVATE)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    written_at = models.DateTimeField(db_comment=TECHNICAL)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    is_signed = models.BooleanField(null=True, db_comment=TECHNICAL)
    answer_words = models.TextField(max_length=1000, blank=True, db_comment=PRIVATE)    # why it was not signed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(is_signed=None), name="one_ruling_waits"),
            models.UniqueConstraint(fields=["dispute"], condition=Q(is_signed=True), name="ruled_once"),
            models.CheckConstraint(condition=~Q(answered_by=F("written_by")), name="ruling_by_two"),
            models.CheckConstraint(name="ruling_answered_iff_signed_or_not", condition=(
                Q(is_signed=None, answered_by=None, answered_at=None)
                | Q(is_signed__isnull=False, answered_by__isnull=False, answered_at__isnull=False))),
        ]


class DisputeFile(models.Model):
    """A file that one side put beside its words: what a screen showed, a draft."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="files", db_comment=TECHNICAL)
    side = models.CharField(max_length=6, choices=Side, db_comment=TECHNICAL)           # whose words it stands beside
    file = models.OneToOneField(File, models.PROTECT, related_name="dispute_file", db_comment=TECHNICAL)
