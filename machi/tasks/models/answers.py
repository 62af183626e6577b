"""What somebody has taken and answered: a bundle for so many minutes, and each of its answers."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party, User
from machi.accounts.powers import READS_WORK
from machi.files.models import File
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PERSONAL, PRIVATE, TECHNICAL
from machi.tasks.lifecycle import IS_PAID, AnswerState, BundleState
from machi.tasks.models.batches import Batch, BatchForm
from machi.tasks.models.closings import Closing
from machi.tasks.models.items import Item

UNREAD = ("held", "given_back", "flagged")              # what lies with such an answer was handed over to nobody


class BundleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A bundle is its worker's alone: the client sees answers, not who sat there at night."""
        return self.filter(worker=user)

    def locked(self):
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Bundle(Labelled, models.Model):
    """Items that somebody has taken together, for about 15, 30 or 60 minutes, at the price and with the form of that moment."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="bundles", db_comment=TECHNICAL)
    form = models.ForeignKey(BatchForm, models.PROTECT, related_name="+", db_comment=TECHNICAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bundles", db_index=False, db_comment=PERSONAL)
    state = models.CharField(max_length=8, choices=BundleState, default=BundleState.OPEN, db_comment=TECHNICAL)
    minutes = models.PositiveSmallIntegerField(db_comment=PERSONAL)
    price_yen = models.PositiveIntegerField(db_comment=BUSINESS)                    # of one answer, excluding tax
    is_trial = models.BooleanField(default=False, db_comment=PERSONAL)              # golds only: may they go on?
    seconds = models.PositiveIntegerField(default=0, db_comment=PERSONAL)           # of work, so far
    last_number = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)      # of its items: the next bundle begins behind it
    taken_at = models.DateTimeField(db_comment=PERSONAL)
    seen_at = models.DateTimeField(db_comment=PERSONAL)                             # the last touch
    until_at = models.DateTimeField(db_comment=TECHNICAL)                           # so long it is kept without another
    ended_at = models.DateTimeField(null=True, db_comment=PERSONAL)

    objects = BundleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "worker"], condition=Q(state="open"), name="one_open_bundle"),
            models.CheckConstraint(name="bundle_ended_iff_over", condition=(
                Q(state="open", ended_at=None) | Q(state__in=["done", "left"], ended_at__isnull=False)))]
        indexes = [models.Index(fields=["worker", "-id"], name="bundle_worker"),
                   # those that are open, and not by until_at: each touch would write into every index of the table
                   models.Index(fields=["id"], condition=Q(state="open"), name="bundle_open")]

    @property
    def reference(self) -> str:
        return f"bundle:{self.pk}"

    @property
    def price(self) -> Yen:
        return Yen(self.price_yen)


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever answered; and those of the client who read work, once it was given."""
        theirs = Q(batch__client__in=Party.objects.acting_for(user, *READS_WORK)) & ~Q(state__in=["held", "given_back"])
        return self.filter(Q(worker=user) | theirs)

    def locked(self):
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def to_be_paid(self):
        return self.filter(state__in=IS_PAID, closing=None)


class Answer(Labelled, models.Model):
    """One person's answer about one item, from the moment they took it. Nobody answers an item twice."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_comment=TECHNICAL)
    item = models.ForeignKey(Item, models.PROTECT, related_name="answers", db_index=False, db_comment=TECHNICAL)
    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="answers", db_index=False, db_comment=TECHNICAL)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, db_comment=PERSONAL)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.HELD, db_comment=TECHNICAL)
    position = models.PositiveSmallIntegerField(db_comment=TECHNICAL)               # in the bundle, from 1
    values = models.JSONField(null=True, db_comment=PRIVATE)                        # block -> value; while it is held: half of them
    is_skipped = models.BooleanField(default=False, db_comment=PERSONAL)            # by its worker: they are not asked about it again
    flag = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)         # what is broken about the item
    is_right = models.BooleanField(null=True, db_comment=PERSONAL)                  # of a gold
    seconds = models.PositiveIntegerField(default=0, db_comment=PERSONAL)
    given_at = models.DateTimeField(null=True, db_comment=PERSONAL)
    reason = models.CharField(max_length=500, blank=True, db_comment=PRIVATE)       # why it was refused
    paid_percent = models.PositiveSmallIntegerField(default=100, db_comment=BUSINESS)       # of the price
    refused_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, db_comment=BUSINESS)
    appeal = models.CharField(max_length=1000, blank=True, db_comment=PRIVATE)
    ruling = models.CharField(max_length=1000, blank=True, db_default="", db_comment=PRIVATE)    # why the town decided so
    decided_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, db_comment=BUSINESS)
    closing = models.ForeignKey(Closing, models.PROTECT, null=True, related_name="answers", db_index=False, db_comment=TECHNICAL)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "worker"], name="one_answer_each"),
            models.UniqueConstraint(fields=["bundle", "position"], name="answer_position"),
            models.CheckConstraint(name="answer_given_iff_given", condition=(
                Q(state__in=["held", "given_back"], given_at=None)
                | Q(state__in=["given", "approved", "refused", "appealed", "closed", "flagged"], given_at__isnull=False))),
            models.CheckConstraint(name="answer_flag_iff_flagged", condition=(
                ~Q(state="flagged") | ~Q(flag=""))),
            models.CheckConstraint(name="answer_refused_by_somebody", condition=(
                Q(state__in=["refused", "appealed", "closed"], refused_at__isnull=False, refused_by__isnull=False) & ~Q(reason="")
                | ~Q(state__in=["refused", "appealed", "closed"]))),
            models.CheckConstraint(name="answer_paid_percent", condition=(
                Q(state__in=["refused", "appealed", "closed"], paid_percent__lt=100)
                | ~Q(state__in=["refused", "appealed", "closed"]) & Q(paid_percent=100))),
            models.CheckConstraint(name="answer_decided_iff_over", condition=(
                Q(state__in=["approved", "closed"], decided_at__isnull=False) | ~Q(state__in=["approved", "closed"]) & Q(decided_at=None))),
            models.CheckConstraint(name="answer_closed_once_decided", condition=Q(closing=None) | Q(state__in=["approved", "closed"])),
        ]
        indexes = [models.Index(fields=["batch", "given_at"], condition=Q(state="given"), name="answers_given"),
                   models.Index(fields=["batch", "worker"], condition=Q(state__in=["approved", "closed"], closing=None),
                         name="answers_to_pay"),
                   models.Index(fields=["batch", "id"], condition=Q(state__in=["refused", "appealed", "flagged"]), name="answers_disputed"),
                   models.Index(fields=["batch"], condition=Q(state__in=["refused", "appealed", "closed"]), name="answers_refused"),
                   models.Index(fields=["worker", "-id"], name="answer_worker"),
                   # an answer is written often: what is empty in most of them has an index of those where it is not
                   models.Index(fields=["closing"], condition=Q(closing__isnull=False), name="answer_closing"),
                   models.Index(fields=["refused_by"], condition=Q(refused_by__isnull=False), name="answer_refused_by"),
                   models.Index(fields=["decided_by"], condition=Q(decided_by__isnull=False), name="answer_decided_by")]

    @property
    def reference(self) -> str:
        return f"answer:{self.pk}"

    @property
    def part(self) -> Yen:
        """What is paid for it as it stands, without tax: all of the price of its bundle, or the part that a refusal names, rounded down."""
        return Yen(self.bundle.price_yen * self.paid_percent // 100)

class AnswerFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever gave it; and those of the client who read work, once the answer was given."""
        theirs = Q(answer__batch__client__in=Party.objects.acting_for(user, *READS_WORK)) & ~Q(answer__state__in=UNREAD)
        return self.filter(Q(answer__worker=user) | theirs)

    def handed_over(self, batch: Batch):
        """What the client of a batch has of it."""
        return self.filter(answer__batch=batch).exclude(answer__state__in=UNREAD)


class AnswerFile(models.Model):
    """A file that somebody gave in an answer, or that lies with a half one: one for each block that asks for one."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files", db_comment=TECHNICAL)
    block = models.CharField(max_length=30, db_comment=TECHNICAL)                   # of the form, by its name
    file = models.OneToOneField(File, models.PROTECT, related_name="answer_file", db_comment=TECHNICAL)

    objects = AnswerFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "block"], name="one_file_for_a_block")]
