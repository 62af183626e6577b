"""The lines of the town's own bank account, as the bank's files told them: the outside record with which the books are compared.

A line and the import that brought it are never changed and never deleted: the database refuses it (sql/guard.sql), and the role of the
town has no right to try (sql/rights.sql). Who paid stands apart, in BankWords, because it is about people: it may go, and goes after the
years of the law (privacy/data/retention.json), while the sums stay.
"""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PERSONAL, TECHNICAL


class Import(models.Model):
    """One file of the bank, and what was new in it."""

    account = models.CharField(max_length=40, db_comment=BUSINESS)              # the town's own: 0005-001-1-1234567
    profile = models.CharField(max_length=40, db_comment=TECHNICAL)             # mufg
    file_sha256 = models.CharField(max_length=64, db_comment=TECHNICAL)
    line_count = models.PositiveIntegerField(db_comment=TECHNICAL)
    new_count = models.PositiveIntegerField(db_comment=TECHNICAL)
    first_on = models.DateField(db_comment=BUSINESS)
    last_on = models.DateField(db_comment=BUSINESS)
    opening_yen = models.BigIntegerField(null=True, db_comment=BUSINESS)        # where the bank prints balances
    closing_yen = models.BigIntegerField(null=True, db_comment=BUSINESS)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    imported_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "file_sha256"], name="statement_read_once"),
                       models.CheckConstraint(condition=Q(new_count__lte=models.F("line_count")), name="statement_new_lines"),
                       models.CheckConstraint(condition=Q(opening_yen__isnull=True, closing_yen__isnull=True)
                                              | Q(opening_yen__isnull=False, closing_yen__isnull=False), name="statement_balances")]


class BankRow(models.Model):
    """One line of the account. Its place counts on without a hole, so that no line can be slipped in between later."""

    brought_by = models.ForeignKey(Import, models.PROTECT, related_name="rows", db_comment=TECHNICAL)
    account = models.CharField(max_length=40, db_comment=BUSINESS)
    place = models.PositiveBigIntegerField(db_comment=TECHNICAL)                # 1, 2, 3 ... of this account
    line = models.PositiveIntegerField(db_comment=TECHNICAL)                    # of the file
    booked_on = models.DateField(db_comment=BUSINESS)
    amount_yen = models.BigIntegerField(db_comment=BUSINESS)                    # in: above zero, out: below
    balance_yen = models.BigIntegerField(null=True, db_comment=BUSINESS)        # after it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "place"], name="bank_row_place"),
                       models.CheckConstraint(condition=Q(place__gte=1) & ~Q(amount_yen=0), name="bank_row_moves_money")]
        indexes = [models.Index(fields=["account", "booked_on", "place"], name="bank_row_day"),
                   models.Index(fields=["booked_on"], name="bank_row_booked")]

    @property
    def reference(self) -> str:
        """As other rooms name it."""
        return f"bank_row:{self.pk}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)


class BankWords(models.Model):
    """What the bank wrote beside a line: mostly who paid. Never changed; deleted when the years of the law are over."""

    row = models.OneToOneField(BankRow, models.CASCADE, primary_key=True, related_name="words", db_comment=TECHNICAL)
    kana = models.CharField(max_length=300, blank=True, db_comment=PERSONAL)
    memo = models.CharField(max_length=300, blank=True, db_comment=PERSONAL)
