"""Proposals: what a worker writes to a client about one post, and the answer, which always comes."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.jobs.models import Job
from machi.proposals.entries import Entry, EntryFile, EntryMark  # noqa: F401 - tables of this room
from machi.proposals.lifecycle import ProposalState
from machi.shared.labels import Labelled
from machi.shared.privacy import PERSONAL, PRIVATE, TECHNICAL


class Reason(models.TextChoices):
    """Why somebody else was chosen: noun phrases about the work, never about the person."""

    TOPIC = "topic", _("reason.topic")                  # 題材への詳しさ
    RECORD = "record", _("reason.record")               # 似た仕事の実績
    SCHEDULE = "schedule", _("reason.schedule")         # 日程
    SAMPLE = "sample", _("reason.sample")               # 見本との相性
    BUDGET = "budget", _("reason.budget")               # 予算の変更
    PLAN = "plan", _("reason.plan")                     # 計画の変更
    SEATS = "seats", _("reason.seats")                  # 席の数


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A worker sees their own; a client sees what was sent to their posts, never a draft."""
        sent_to_them = Q(job__client__in=Party.objects.acting_for(user, *READS_WORK)) & ~Q(state="draft") & Q(submitted_at__isnull=False)
        return self.filter(Q(worker=user) | sent_to_them)

    def for_client(self, user):
        theirs = self.filter(job__client__in=Party.objects.acting_for(user, *READS_WORK))
        return theirs.filter(submitted_at__isnull=False).exclude(state="withdrawn")

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Proposal(Labelled, models.Model):
    """A worker's answer to a post (応募)."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="proposals", db_comment=TECHNICAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals", db_comment=PERSONAL)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.DRAFT, db_comment=TECHNICAL)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)      # grows with every autosave: two tabs notice each other
    message = models.TextField(max_length=3000, blank=True, db_comment=PRIVATE)
    drafted_at = models.DateTimeField(db_comment=TECHNICAL)
    saved_at = models.DateTimeField(db_comment=TECHNICAL)
    submitted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    written_percent = models.PositiveSmallIntegerField(null=True, db_comment=PERSONAL)   # of the worker's page, when it was sent
    was_newcomer = models.BooleanField(default=False, db_comment=PERSONAL)             # had no record yet when it was sent
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, db_comment=PERSONAL)
    reason_words = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "worker"], name="one_proposal_per_worker"),
            models.CheckConstraint(name="proposal_submitted_iff_sent", condition=(
                Q(state="draft", submitted_at=None) | Q(state="withdrawn")
                | ~Q(state__in=["draft", "withdrawn"]) & Q(submitted_at__isnull=False))),
            models.CheckConstraint(name="proposal_answered_iff_ended", condition=(
                Q(state__in=["accepted", "refused", "not_chosen", "closed"], answered_at__isnull=False)
                | Q(state__in=["draft", "submitted", "offered", "withdrawn"], answered_at=None))),
            models.CheckConstraint(name="proposal_reason_when_not_chosen", condition=~Q(state="not_chosen") | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=["worker", "-id"], name="proposal_worker"),
                   models.Index(fields=["job", "state"], name="proposal_job")]

    @property
    def reference(self) -> str:
        return f"proposal:{self.pk}"
