"""Taking everything home, leaving, and the papers that the law keeps after somebody has left."""
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.accounts.powers import READS_WORK
from machi.privacy.lifecycle import ExportState
from machi.shared.labels import Labelled
from machi.shared.privacy import BUSINESS, PERSONAL, SECRET, TECHNICAL

OF_TASKS = ("party_tasks:", "worker_tasks:")           # how papers of micro-tasks are called (documents.of_tasks)


class Export(Labelled, models.Model):
    """Everything about one person as one file (お持ち帰り): made in the background, one at a time, deleted on its day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", db_comment=PERSONAL)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.REQUESTED, db_comment=TECHNICAL)
    stored_as = models.CharField(max_length=64, unique=True, db_comment=SECRET)         # in MACHI_HOME/exports
    done_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)           # tables and files that are written
    of_count = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)
    size = models.PositiveBigIntegerField(default=0, db_comment=TECHNICAL)              # bytes
    tried_count = models.PositiveSmallIntegerField(default=0, db_comment=TECHNICAL)     # how often it was begun
    requested_at = models.DateTimeField(db_comment=TECHNICAL)
    ready_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    until_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    taken_at = models.DateTimeField(null=True, db_comment=TECHNICAL)                    # last

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=~Q(state="gone"), name="one_export_at_a_time"),
            models.CheckConstraint(condition=Q(done_count__lte=F("of_count")), name="export_not_more_than_all"),
            models.CheckConstraint(name="export_ready_iff_dated", condition=(
                Q(state__in=["requested", "making"], ready_at=None, until_at=None)
                | Q(state="ready", ready_at__isnull=False, until_at__isnull=False) | Q(state="gone")))]
        indexes = [models.Index(fields=["state", "id"], condition=~Q(state="gone"), name="export_open")]

    @property
    def is_running(self) -> bool:
        return self.state in (ExportState.REQUESTED, ExportState.MAKING)

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.READY


class LastWord(models.Model):
    """What would have let somebody stay, in their words. It names nobody, on purpose: not even by a number, and only the month."""

    month_on = models.DateField(db_comment=TECHNICAL)                                   # the first of it
    is_for_good = models.BooleanField(db_comment=TECHNICAL)
    text = models.TextField(max_length=2000, db_comment=PERSONAL)                       # whatever they wrote into it themselves


class KeyQuerySet(models.QuerySet):
    def to_destroy(self):
        """A key that was lost counts as destroyed, but its papers still lie there: it stays on the list until they are gone."""
        return self.filter(Q(destroyed_at=None) | Exists(Paper.objects.filter(key=OuterRef("pk"))))


class Key(models.Model):
    """What opens the papers of one holder: a file in MACHI_HOME/keys, apart from the database. Here is only its name.

    A key without a day belongs to somebody who is here; one with a day is destroyed on it, and its papers with it.
    """

    holder = models.ForeignKey(Party, models.PROTECT, related_name="keys", db_comment=BUSINESS)
    stored_as = models.CharField(max_length=64, unique=True, db_comment=TECHNICAL)
    destroy_on = models.DateField(null=True, db_comment=BUSINESS)
    made_at = models.DateTimeField(db_comment=TECHNICAL)
    destroyed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    objects = KeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "destroy_on"], condition=Q(destroyed_at=None), nulls_distinct=False,
                                    name="one_key_for_a_holder_and_a_day")]
        indexes = [models.Index(fields=["destroy_on"], condition=Q(destroyed_at=None), name="key_due")]


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A copy (控え) is for whoever holds it, as long as they are here; of an organisation, for those who read its work."""
        return self.filter(holder__in=Party.objects.acting_for(user, *READS_WORK), key__destroy_on=None)

    def sealed(self):
        """Papers of people who have left: for finance and auditors, and for nobody else."""
        return self.filter(key__destroy_on__isnull=False)


class Paper(Labelled, models.Model):
    """One paper as it was, encrypted: of somebody who left, or the copy of the one who dealt with them."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("paper.terms")               # 契約の条件
        STATEMENT = "statement", _("paper.statement")   # 報酬の明細
        RECEIPT = "receipt", _("receipt.title")         # 権利の受領書
        DOCUMENTS = "documents", _("paper.documents")   # 取引書類, all of one contract
        COPY = "copy", _("paper.copy")                  # the whole, for the side that is still here

    holder = models.ForeignKey(Party, models.PROTECT, related_name="papers", db_comment=BUSINESS)
    key = models.ForeignKey(Key, models.PROTECT, related_name="papers", db_comment=TECHNICAL)
    kind = models.CharField(max_length=9, choices=Kind, db_comment=BUSINESS)
    about = models.CharField(max_length=60, db_comment=BUSINESS)                        # contract:7, entry:3
    part = models.CharField(max_length=60, blank=True, default="", db_comment=BUSINESS)  # of several statements, which: milestone:12
    dated_on = models.DateField(db_comment=BUSINESS)                                    # the day from which the years are counted
    sha256 = models.CharField(max_length=64, db_comment=TECHNICAL)                      # of the paper itself, to prove it afterwards
    sealed = models.BinaryField(db_comment=BUSINESS)                                    # ciphertext: nonce, text, tag
    files = ArrayField(models.CharField(max_length=64), default=list, db_comment=SECRET)    # what it has in MACHI_HOME/sealed
    made_at = models.DateTimeField(db_comment=TECHNICAL)

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "kind", "about", "part"], name="one_paper_of_a_kind")]
        indexes = [models.Index(fields=["about"], name="paper_about"), GinIndex(fields=["files"], name="paper_files")]

    @property
    def is_of_contract(self) -> bool:
        return self.about.startswith("contract:")

    @property
    def is_of_tasks(self) -> bool:
        """Of the micro-tasks that somebody gave, or did."""
        return self.about.startswith(OF_TASKS)

    @property
    def number(self) -> int:
        """Of the contract, or of the entry, that it is about; of tasks that of the party or of the worker."""
        return int(self.about.partition(":")[2])
