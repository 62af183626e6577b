"""Two append-only tables, in the manner of TigerBeetle: accounts, and transfers grouped by entries. Balance and Seal are derived.

Nobody writes these rows with the ORM: the role of the town may only read, and calls the functions in sql/ to post.
"""
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import DO_NOTHING, F, Q
from django.db.models.expressions import Func

from machi.ledger.accounts import OWNERS, TOWN, Kind
from machi.shared.privacy import BUSINESS, TECHNICAL


class ClockTimestamp(Func):
    """The moment itself; now() would be the moment the transaction began."""

    function, template = "clock_timestamp", "%(function)s()"
    output_field = models.DateTimeField()


class Account(models.Model):
    """A place where yen lie (勘定). Opened by the first transfer that names it, never changed."""

    number = models.BigIntegerField(primary_key=True, db_comment=BUSINESS)
    opened_at = models.DateTimeField(db_default=ClockTimestamp(), db_comment=TECHNICAL)

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_account_kind", condition=Q(number__gte=0) & (
            Q(number__gte=min(Kind) * OWNERS, number__lt=(max(k for k in Kind if k < TOWN) + 1) * OWNERS)
            | Q(number__gte=TOWN * OWNERS, number__lt=(max(Kind) + 1) * OWNERS)))]


class Entry(models.Model):
    """One business event (仕訳), for example the settlement of a milestone. Its key can be posted once."""

    key = models.TextField(db_comment=BUSINESS)             # settle:<milestone>
    actor = models.TextField(db_comment=BUSINESS)           # user:<id> or system:<job>
    reference = models.TextField(db_comment=BUSINESS)       # contract:<id>; the ledger does not read it
    happened_at = models.DateTimeField(db_default=ClockTimestamp(), db_comment=BUSINESS)

    class Meta:
        # not unique=True: for text Django would add a second, useless index (..._like)
        constraints = [models.UniqueConstraint(fields=["key"], name="ledger_entry_key")]
        indexes = [BrinIndex(fields=["happened_at"], name="ledger_entry_day")]


class Transfer(models.Model):
    """So many yen from the debit account to the credit account (借方・貸方): it cannot be unbalanced.

    No foreign keys in the database: each would lock the row of a hot account (FEE) for every settlement. The posting
    function is the only writer and opens what is missing; invariants.RULES looks for orphans.
    """

    pk = models.CompositePrimaryKey("entry_id", "line")
    entry = models.ForeignKey(Entry, DO_NOTHING, db_constraint=False, db_index=False, db_comment=TECHNICAL)
    line = models.SmallIntegerField(db_comment=TECHNICAL)
    debit = models.ForeignKey(Account, DO_NOTHING, db_constraint=False, db_index=False, related_name="debits",
                              db_comment=BUSINESS)
    credit = models.ForeignKey(Account, DO_NOTHING, db_constraint=False, db_index=False, related_name="credits",
                               db_comment=BUSINESS)
    amount_yen = models.BigIntegerField(db_comment=BUSINESS)

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_transfer_amount",
                                              condition=Q(amount_yen__gt=0) & ~Q(debit=F("credit")))]
        indexes = [models.Index(fields=["debit", "entry"], name="ledger_transfer_debit"),
                   models.Index(fields=["credit", "entry"], name="ledger_transfer_credit")]


class Balance(models.Model):
    """The cached sum of an account that may not be overdrawn. Everything in it can be computed again from the transfers."""

    account = models.OneToOneField(Account, DO_NOTHING, primary_key=True, db_constraint=False, db_comment=BUSINESS)
    balance_yen = models.BigIntegerField(db_comment=BUSINESS)
    floor_yen = models.BigIntegerField(db_default=0, db_comment=BUSINESS)

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_balance_floor",
                                              condition=Q(balance_yen__gte=F("floor_yen")))]


class Seal(models.Model):
    """The fingerprint of all entries up to a moment, chained to the one before (日次封印)."""

    until_at = models.DateTimeField(primary_key=True, db_comment=TECHNICAL)
    entry_count = models.BigIntegerField(db_comment=TECHNICAL)
    digest = models.BinaryField(db_comment=TECHNICAL)


class DaySum(models.Model):
    """What lay in an account when a day was sealed (日計); only of accounts that had moved. The newest before a moment holds."""

    pk = models.CompositePrimaryKey("account_id", "until_at")
    account = models.ForeignKey(Account, DO_NOTHING, db_constraint=False, db_index=False, related_name="+", db_comment=BUSINESS)
    until_at = models.DateTimeField(db_comment=TECHNICAL)
    sum_yen = models.BigIntegerField(db_comment=BUSINESS)
