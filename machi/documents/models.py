"""Papers as they were given out, and the numbers they bear.

A paper is never changed and never deleted: the database refuses it (sql/guard.sql), and the role of the town has no right to try
(sql/rights.sql). What stands on it lies apart, in DocumentText, because names are people's: when one of them leaves for good it goes from
here into the sealed store, where it stays as long as the law says; the number, the day, the sum and the fingerprint stay.
"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.documents.kinds import Kind, code_of
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PERSONAL, TECHNICAL


def number_of(issuer: str, year: int, serial: int) -> str:
    """C3-2026-00001: it says who gave a paper out, and in which year."""
    return f"{code_of(issuer)}-{year}-{serial:05}"


class Series(models.Model):
    """The last number that an issuer gave in a year. Whoever gives the next one holds this row, so that no number is left out."""

    issuer = models.CharField(max_length=24, db_comment=TECHNICAL)              # worker:12, party:3, town
    year = models.PositiveSmallIntegerField(db_comment=TECHNICAL)
    last = models.PositiveIntegerField(default=0, db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "year"], name="one_series")]


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Each side its own papers; of a client's, whoever looks after its money."""
        parties = Party.objects.acting_for(user, Power.PAYER)
        return self.filter(Q(worker=user) | Q(party__in=parties))


class Document(Labelled, models.Model):
    """One paper (取引書類): its number, its day, its sum, and the fingerprint of everything that stands on it."""

    kind = models.CharField(max_length=12, choices=Kind, db_comment=BUSINESS)
    issuer = models.CharField(max_length=24, db_comment=TECHNICAL)
    year = models.PositiveSmallIntegerField(db_comment=BUSINESS)
    serial = models.PositiveIntegerField(db_comment=BUSINESS)
    version = models.PositiveSmallIntegerField(default=1, db_comment=BUSINESS)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by", db_comment=TECHNICAL)
    about = models.CharField(max_length=60, db_comment=TECHNICAL)               # contract:7, delivery:9, milestone:12, entry:4
    dealing = models.CharField(max_length=60, db_comment=TECHNICAL)             # contract:7, entry:4: what it is a paper of
    # whose paper it is: both, or only one of them where the town wrote to one
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    dated_on = models.DateField(db_comment=BUSINESS)                            # 取引年月日
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)            # 取引金額, with tax
    sha256 = models.CharField(max_length=64, db_comment=TECHNICAL)
    issued_at = models.DateTimeField(db_comment=TECHNICAL)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "serial"], name="document_number"),
            models.UniqueConstraint(fields=["kind", "about", "version"], name="document_once"),
            models.CheckConstraint(name="document_version_after_another", condition=(
                Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False))),
            models.CheckConstraint(name="document_numbered", condition=Q(serial__gte=1)),
            models.CheckConstraint(name="document_of_somebody", condition=Q(worker__isnull=False) | Q(party__isnull=False))]
        indexes = [models.Index(fields=["worker", "-dated_on", "-id"], name="document_worker_day"),
                   models.Index(fields=["party", "-dated_on", "-id"], name="document_party_day"),
                   models.Index(fields=["worker", "amount_yen"], name="document_worker_sum"),
                   models.Index(fields=["party", "amount_yen"], name="document_party_sum"),
                   models.Index(fields=["dealing"], name="document_dealing")]

    @property
    def number(self) -> str:
        return number_of(self.issuer, self.year, self.serial)

    @property
    def reference(self) -> str:
        return f"document:{self.pk}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)


class DocumentText(models.Model):
    """Everything that stands on a paper. Never changed; it leaves this table with whoever leaves the town."""

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True, related_name="text", db_comment=TECHNICAL)
    worker_name = models.CharField(max_length=120, db_comment=PERSONAL)         # 取引先, as each side finds the other by it
    client_name = models.CharField(max_length=120, db_comment=PERSONAL)
    worker_key = models.CharField(max_length=120, db_comment=PERSONAL)          # the same in one spelling, to be searched
    client_key = models.CharField(max_length=120, db_comment=PERSONAL)
    payload = models.JSONField(db_comment=BUSINESS)


class Unmade(models.Model):
    """A fact of which a paper could not be made. The clock tries again; the papers behind it do not wait."""

    fact_number = models.BigIntegerField(primary_key=True, db_comment=TECHNICAL)
    since_at = models.DateTimeField(db_comment=TECHNICAL)
