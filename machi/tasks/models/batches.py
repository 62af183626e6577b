"""A batch (タスクのまとまり): the same question about many items, its form in versions, and the file its items came from."""
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from machi.accounts.models import Party, User
from machi.accounts.powers import READS_WORK
from machi.files.models import File
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PRIVATE, PUBLIC, TECHNICAL
from machi.tasks.intake import MOST_COLUMNS, MOST_OF_A_NAME, MOST_ROWS
from machi.tasks.lifecycle import BatchState, ImportState
from machi.taxonomy.models import Category, Topic

ACCEPTANCE_DAYS, MOST_EACH, HOLD_HOURS = 7, 10, 24
LARGE = 20_000                                      # items: to count them takes longer than a page may (bench/progress.py)


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is out is for everybody; a draft for those of its client who read work."""
        return self.filter(~Q(state=BatchState.DRAFT) | Q(client__in=Party.objects.acting_for(user, *READS_WORK)))

    def given_by(self, user):
        return self.filter(client__in=Party.objects.acting_for(user, *READS_WORK))

    def locked(self):
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Batch(Labelled, models.Model):
    """Micro-tasks of one kind: nobody is chosen, whoever has time takes a bundle of them. One deposit for all of it."""

    client = models.ForeignKey(Party, models.PROTECT, related_name="batches", db_comment=BUSINESS)
    contact = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_comment=BUSINESS)
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.DRAFT, db_comment=TECHNICAL)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)
    # what
    title = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)
    body = models.TextField(max_length=2000, blank=True, db_comment=PUBLIC)             # what it is for
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="+", db_comment=PUBLIC)
    columns = ArrayField(models.CharField(max_length=MOST_OF_A_NAME), default=list, blank=True, db_comment=BUSINESS)
    client_name = models.CharField(max_length=80, blank=True, db_comment=PUBLIC)        # as they stood when published
    client_address = models.CharField(max_length=200, blank=True, db_comment=BUSINESS)
    client_contact = models.CharField(max_length=120, blank=True, db_comment=BUSINESS)
    is_client_withholding_agent = models.BooleanField(default=False, db_comment=PUBLIC)
    # how much, and how long it takes
    price_yen = models.PositiveIntegerField(null=True, blank=True, db_comment=PUBLIC)       # of one answer, excluding tax
    trial_seconds = ArrayField(models.PositiveIntegerField(), default=list, blank=True, db_comment=TECHNICAL)   # of the client's own trial
    seconds_each = models.PositiveIntegerField(null=True, blank=True, db_comment=PUBLIC)    # measured: of the trial, then of who answers
    rates = models.JSONField(null=True, db_comment=TECHNICAL)                               # of the day it was published
    # who, and how often
    answers_each = models.PositiveSmallIntegerField(default=3, db_comment=PUBLIC)           # of one item, by as many people
    most_each = models.PositiveSmallIntegerField(default=5, db_comment=TECHNICAL)           # where they disagree
    extra_percent = models.PositiveSmallIntegerField(default=10, db_comment=TECHNICAL)      # so many more answers are paid for, for that
    gold_percent = models.PositiveSmallIntegerField(default=5, db_comment=PUBLIC)           # of what somebody answers
    threshold_percent = models.PositiveSmallIntegerField(default=80, db_comment=TECHNICAL)  # so sure an answer is agreed on
    is_for_newcomers = models.BooleanField(default=False, db_comment=PUBLIC)                # only people without a record
    record_needed = models.PositiveSmallIntegerField(default=0, db_comment=PUBLIC)          # pieces of work that were paid
    trial_golds = models.PositiveSmallIntegerField(default=0, db_comment=PUBLIC)            # the first bundle is so many of them, and paid
    trial_percent = models.PositiveSmallIntegerField(default=60, db_comment=PUBLIC)         # right of these, to go on
    hold_hours = models.PositiveSmallIntegerField(default=HOLD_HOURS, db_comment=PUBLIC)    # a bundle nobody touches is kept so long
    acceptance_days = models.PositiveSmallIntegerField(default=ACCEPTANCE_DAYS, db_comment=PUBLIC)
    # counted
    items_count = models.PositiveIntegerField(default=0, db_comment=PUBLIC)             # without golds
    golds_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    laid_each = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)       # places that every item without a truth has got
    slots_count = models.PositiveIntegerField(default=0, db_comment=BUSINESS)           # answers that were paid in for
    slots_back_count = models.PositiveIntegerField(default=0, db_comment=BUSINESS)      # of these: given back, nobody will answer them
    extra_left = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)           # of these: wait for a disagreement
    pot_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)            # all that was paid in
    closings_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    # when
    drafted_at = models.DateTimeField(db_comment=TECHNICAL)
    changed_at = models.DateTimeField(db_comment=TECHNICAL)
    published_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    stopped_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    put_together_at = models.DateTimeField(null=True, db_comment=TECHNICAL)             # its answers, the last time
    digest = models.CharField(max_length=64, blank=True, db_comment=TECHNICAL)          # of its answers at that time
    tally = models.JSONField(null=True, blank=True, db_comment=TECHNICAL)               # how far a large one was (queries.Tally)
    spread = models.JSONField(null=True, blank=True, db_comment=BUSINESS)               # and its answers (spreading.counted), of what state
    tallied_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    unpacked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                 # its turn: of what was brought for its pieces,
    fetched_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                  # and of their addresses

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="batch_published_iff_no_draft", condition=(
                Q(state="draft", published_at=None, slots_count=0, pot_yen=0)
                | Q(state__in=["open", "paused", "stopped", "ended"]) & Q(
                    published_at__isnull=False, slots_count__gt=0, pot_yen__gt=0, rates__isnull=False,
                    price_yen__gte=1, price_yen__lte=100_000, seconds_each__gte=1, category__isnull=False)
                & ~Q(title="") & ~Q(client_name=""))),
            models.CheckConstraint(name="batch_stopped_iff_stopped", condition=(
                Q(state="stopped", stopped_at__isnull=False) | Q(state="ended") | Q(stopped_at=None))),
            models.CheckConstraint(name="batch_ended_iff_ended", condition=(
                Q(state="ended", ended_at__isnull=False) | ~Q(state="ended") & Q(ended_at=None))),
            models.CheckConstraint(name="batch_slots", condition=Q(
                slots_back_count__lte=F("slots_count"), extra_left__lte=F("slots_count") - F("slots_back_count"))),
            models.CheckConstraint(name="batch_answers", condition=Q(
                answers_each__gte=1, answers_each__lte=F("most_each"), most_each__lte=MOST_EACH, extra_percent__lte=100,
                gold_percent__lte=30, threshold_percent__gte=50, threshold_percent__lte=99, trial_golds__lte=20,
                trial_percent__lte=100)),
            models.CheckConstraint(name="batch_clocks", condition=Q(
                hold_hours__gte=1, hold_hours__lte=72, acceptance_days__gte=1, acceptance_days__lte=14)),
            models.CheckConstraint(name="batch_newcomers_have_no_record", condition=Q(is_for_newcomers=False) | Q(record_needed=0)),
            models.CheckConstraint(name="batch_size", condition=Q(items_count__lte=MOST_ROWS, columns__len__lte=MOST_COLUMNS)),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], condition=Q(state="open"), name="batch_open_newest"),
                   models.Index(fields=["client", "-id"], name="batch_client"),
                   models.Index(fields=["put_together_at"], condition=Q(state__in=["open", "paused", "stopped"]), name="batch_alive")]

    @property
    def reference(self) -> str:
        return f"batch:{self.pk}"

    @property
    def price(self) -> Yen:
        return Yen(self.price_yen or 0)

    @property
    def is_out(self) -> bool:
        return self.state != BatchState.DRAFT

    @property
    def is_alive(self) -> bool:
        """Out, and not over: something may still come of it."""
        return self.state in (BatchState.OPEN, BatchState.PAUSED, BatchState.STOPPED)

    @property
    def is_large(self) -> bool:
        """Of so many items that the clock counts them, and no page does."""
        return self.items_count > LARGE

    @property
    def slots_left(self) -> int:
        """Paid in for, and not given back."""
        return self.slots_count - self.slots_back_count

    def __str__(self) -> str:
        return self.title


class BatchForm(models.Model):
    """The question in one of its versions: what is shown, what is asked, and how to do it well. A version that somebody has answered
    by never changes; a change is a new one, and answers keep theirs.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="forms", db_comment=TECHNICAL)
    version = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    parts = models.JSONField(default=dict, db_comment=PUBLIC)                           # tasks.forms
    guide = models.TextField(max_length=5000, blank=True, db_comment=PUBLIC)            # how to do it
    examples = models.JSONField(default=list, db_comment=PUBLIC)                        # tasks.examples: good ones, and ones that are not
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    made_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "version"], name="batch_form_version")]


class Import(Labelled, models.Model):
    """A file of items on its way into a batch. Nothing of it is taken in before all of it is clean."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="imports", db_comment=TECHNICAL)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING, db_comment=TECHNICAL)
    name = models.CharField(max_length=200, db_comment=PRIVATE)                         # of the file, as the client calls it
    file = models.OneToOneField(File, models.SET_NULL, null=True, related_name="+", db_comment=TECHNICAL)    # until it was read
    bytes_count = models.BigIntegerField(db_comment=TECHNICAL)
    read_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)           # rows, so far
    rows_count = models.PositiveIntegerField(null=True, db_comment=TECHNICAL)           # rows in all, once it was walked through
    columns = ArrayField(models.CharField(max_length=MOST_OF_A_NAME), default=list, db_comment=PRIVATE)
    key_column = models.CharField(max_length=MOST_OF_A_NAME, blank=True, db_comment=PRIVATE)     # holds the client's own number of an item
    gold_column = models.CharField(max_length=MOST_OF_A_NAME, blank=True, db_comment=PRIVATE)     # the right answer, where it is known
    why_column = models.CharField(max_length=MOST_OF_A_NAME, blank=True, db_comment=PRIVATE)     # why it is right
    fault = models.CharField(max_length=300, blank=True, db_comment=PRIVATE)            # what spoils the file as a whole
    faults = models.JSONField(default=list, db_comment=PRIVATE)                         # [[line, what], ...], the first of them
    faults_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    brought_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_comment=BUSINESS)
    brought_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=Q(state="waiting"), name="one_import_at_a_time"),
            models.CheckConstraint(name="import_ended_iff_over", condition=(
                Q(state="waiting", ended_at=None) | Q(state__in=["faulty", "done", "left"], ended_at__isnull=False)))]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="imports_to_do"),
                   models.Index(fields=["batch", "-id"], name="import_batch")]
