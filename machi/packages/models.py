"""Service packages (用意したサービス): work that somebody has prepared, with everything said before anybody asks for it."""
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from machi.jobs.models import Job
from machi.packages.lifecycle import PACKAGE_LIFECYCLE, PackageState
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import PERSONAL, PUBLIC, TECHNICAL
from machi.taxonomy.models import Category

AT_MOST = 20                                    # of one person
LEAST_YEN, MOST_YEN, MOST_DAYS = 100, 100_000_000, 120


class PackageQuerySet(models.QuerySet):
    def for_everybody(self):
        """Those one can ask for, of people who are here."""
        return self.filter(state=PackageState.OPEN, worker__is_active=True, worker__closed_at=None)

    def visible_to(self, user):
        """An open one is for everybody, every other one for whoever wrote it."""
        is_here = Q(state=PackageState.OPEN, worker__is_active=True, worker__closed_at=None)
        return self.filter(is_here | Q(worker=user.pk)) if user.is_authenticated else self.for_everybody()

    def once_seen_by(self, user):
        """Those that are paused too: somebody may be writing on a page that is open still."""
        return self.filter(Q(state__in=(PackageState.OPEN, PackageState.PAUSED)) | Q(worker=user.pk))

    def locked(self):
        return self.select_for_update(of=("self",)).order_by("pk")


class Package(Labelled, models.Model):
    """One service as it is offered. What a client asks for is frozen in the terms of the offer: later words change nothing there."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="packages", db_comment=PERSONAL)
    state = models.CharField(max_length=8, choices=PackageState, default=PackageState.DRAFT, db_comment=TECHNICAL)
    version = models.PositiveIntegerField(default=1, db_comment=TECHNICAL)          # whoever asks, asks for what they read
    title = models.CharField(max_length=80, db_comment=PUBLIC)
    body = models.TextField(max_length=3000, db_comment=PUBLIC)                     # what is included
    needs = models.CharField(max_length=500, blank=True, db_comment=PUBLIC)         # what the client brings
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_comment=PUBLIC)
    price_yen = models.PositiveBigIntegerField(db_comment=PUBLIC)                   # excluding tax
    days_count = models.PositiveSmallIntegerField(db_comment=PUBLIC)                # from the last day of answering to the due date
    revisions_count = models.PositiveSmallIntegerField(db_comment=PUBLIC)
    place = models.CharField(max_length=80, db_comment=PUBLIC)
    sync = models.CharField(max_length=8, choices=Job.Sync, db_comment=PUBLIC)
    sync_note = models.CharField(max_length=120, blank=True, db_comment=PUBLIC)
    ai = models.CharField(max_length=10, choices=Job.AI, db_comment=PUBLIC)
    rights = models.CharField(max_length=12, choices=Job.Rights, db_comment=PUBLIC)
    written_at = models.DateTimeField(db_comment=TECHNICAL)
    changed_at = models.DateTimeField(db_comment=TECHNICAL)
    opened_at = models.DateTimeField(null=True, db_comment=TECHNICAL)               # for the first time
    pairs = ArrayField(models.CharField(max_length=40), default=list, db_comment=TECHNICAL)      # jobs.index: what it is found by

    objects = PackageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="package_opened_iff_no_draft", condition=(
                Q(state="draft", opened_at=None) | Q(state__in=["open", "paused"], opened_at__isnull=False))),
            models.CheckConstraint(name="package_numbers", condition=Q(
                price_yen__gte=LEAST_YEN, price_yen__lte=MOST_YEN, days_count__gte=1, days_count__lte=MOST_DAYS, revisions_count__lte=10)),
            models.CheckConstraint(name="package_has_its_words", condition=~Q(title="") & ~Q(body="") & ~Q(place="")),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], condition=Q(state="open"), name="package_newest"),
            models.Index(fields=["category", "-opened_at", "-id"], condition=Q(state="open"), name="package_category"),
            models.Index(fields=["worker", "-id"], name="package_worker"),
            GinIndex(fields=["pairs"], condition=Q(state="open"), name="package_pairs"),
        ]

    @property
    def price(self) -> Yen:
        return Yen(self.price_yen)

    @property
    def reference(self) -> str:
        return f"package:{self.pk}"

    @property
    def is_open(self) -> bool:
        return PACKAGE_LIFECYCLE.allows(self.state, "pause")

    def __str__(self) -> str:
        return self.title
