"""Accounts at banks to which money of the town goes. Checked when they are typed in; a number is shown by its last three digits."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party
from machi.shared.privacy import PERSONAL, SECRET, TECHNICAL

_DIGITS = Q(bank_code__regex=r"^\d{4}$", branch_code__regex=r"^\d{3}$", number__regex=r"^\d{7}$")


class AtABank(models.Model):
    """What a bank must be told of an account."""

    class Kind(models.TextChoices):
        ORDINARY = "1"                      # 普通
        CURRENT = "2"                       # 当座
        SAVINGS = "4"                       # 貯蓄

    bank_code = models.CharField(max_length=4, db_comment=SECRET)
    branch_code = models.CharField(max_length=3, db_comment=SECRET)
    kind = models.CharField(max_length=1, choices=Kind, default=Kind.ORDINARY, db_comment=SECRET)
    number = models.CharField(max_length=7, db_comment=SECRET)
    holder_kana = models.CharField(max_length=30, db_comment=SECRET)            # 口座名義（カナ）
    changed_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        abstract = True

    @property
    def ending(self) -> str:
        return self.number[-3:]

    @property
    def told_as(self) -> str:
        """As a bank is told: 0005-001-1-1234567."""
        return f"{self.bank_code}-{self.branch_code}-{self.kind}-{self.number}"


class BankAccount(AtABank):
    """Where a worker's money goes."""

    worker = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bank_account", db_comment=PERSONAL)
    holder_checked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)  # the holder has the worker's own name, or finance has looked
    shared_checked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)  # it is also a payer's, and finance has looked

    class Meta:
        constraints = [models.CheckConstraint(name="bank_account_digits", condition=_DIGITS)]
        indexes = [models.Index(fields=["number", "branch_code", "bank_code"], name="bank_account_told")]


class RefundAccount(AtABank):
    """Where a client's money goes when it comes back to them: a transfer has no way back of its own (返金先の口座)."""

    party = models.OneToOneField(Party, models.CASCADE, related_name="refund_account", db_comment=PERSONAL)

    class Meta:
        constraints = [models.CheckConstraint(name="refund_account_digits", condition=_DIGITS)]
        indexes = [models.Index(fields=["number", "branch_code", "bank_code"], name="refund_account_told")]
