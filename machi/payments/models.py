"""What came in, what is owed to whom on which day, and what left for the bank. The yen themselves lie in the ledger."""
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.payments.lifecycle import PayoutState, RefundState, StopState
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, PERSONAL, SECRET, TECHNICAL


class Funding(models.Model):
    """A client's deposit for one piece of work (仮払い), confirmed by a line of the bank's statement; or the part of one that was passed
    on to whoever took the work over.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="fundings", db_comment=BUSINESS)
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    bank_key = models.CharField(max_length=60, blank=True, db_comment=TECHNICAL)                # the line of the statement
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_comment=TECHNICAL)
    confirmed_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reference"], name="funded_once"),
                       models.UniqueConstraint(fields=["bank_key"], condition=~Q(bank_key=""), name="deposit_counted_once"),
                       models.CheckConstraint(condition=Q(part_of=None) & ~Q(bank_key="") | Q(part_of__isnull=False, bank_key=""),
                                              name="funding_of_a_line_or_a_part"),
                       models.CheckConstraint(condition=Q(amount_yen__gt=0), name="funding_positive")]


class BankAccount(models.Model):
    """Where a worker's money goes. Checked when it is typed in; the number is shown by its last three digits."""

    class Kind(models.TextChoices):
        ORDINARY = "1"                      # 普通
        CURRENT = "2"                       # 当座
        SAVINGS = "4"                       # 貯蓄

    worker = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bank_account", db_comment=PERSONAL)
    bank_code = models.CharField(max_length=4, db_comment=SECRET)
    branch_code = models.CharField(max_length=3, db_comment=SECRET)
    kind = models.CharField(max_length=1, choices=Kind, default=Kind.ORDINARY, db_comment=SECRET)
    number = models.CharField(max_length=7, db_comment=SECRET)
    holder_kana = models.CharField(max_length=30, db_comment=SECRET)            # 口座名義（カナ）
    changed_at = models.DateTimeField(db_comment=TECHNICAL)

    class Meta:
        constraints = [models.CheckConstraint(name="bank_account_digits", condition=Q(
            bank_code__regex=r"^\d{4}$", branch_code__regex=r"^\d{3}$", number__regex=r"^\d{7}$"))]

    @property
    def ending(self) -> str:
        return self.number[-3:]

    @property
    def told_as(self) -> str:
        """As a bank is told: 0005-001-1-1234567."""
        return f"{self.bank_code}-{self.branch_code}-{self.kind}-{self.number}"


class PayoutQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(worker=user)


class Payout(Labelled, models.Model):
    """Money on its way to one worker's bank (出金). Its bank key is fixed when it is made: asked twice, it moves once."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payouts", db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=10, choices=PayoutState, default=PayoutState.REQUESTED, db_comment=TECHNICAL)
    bank_name = models.CharField(max_length=60, db_comment=BUSINESS)
    bank_account = models.CharField(max_length=60, db_comment=SECRET)           # 0001-123-1-1234567: as it was told to the bank
    holder_kana = models.CharField(max_length=30, db_comment=SECRET)
    requested_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    paid_on = models.DateField(null=True, db_comment=TECHNICAL)                 # the value date on the bank's statement

    objects = PayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="payout_positive"),
            models.UniqueConstraint(fields=["worker"], condition=Q(state__in=["requested", "sending"]), name="one_open_payout"),
            models.CheckConstraint(name="payout_ended_iff_over", condition=(
                Q(state__in=["paid", "returned"], ended_at__isnull=False) | Q(state__in=["requested", "sending"], ended_at=None))),
            models.CheckConstraint(name="payout_paid_on_iff_paid", condition=(
                Q(state="paid", paid_on__isnull=False) | ~Q(state="paid") & Q(paid_on=None))),
        ]
        indexes = [models.Index(fields=["state", "id"], name="payout_state"),
                   models.Index(fields=["worker", "-id"], name="payout_worker"),
                   models.Index(fields=["ended_at"], condition=Q(state="paid"), include=["worker", "amount_yen"], name="payout_paid")]

    @property
    def bank_key(self) -> str:
        return f"payout:{self.pk}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def is_paid(self) -> bool:
        """Does it stand on the bank's statement?"""
        return self.state == PayoutState.PAID


class DeliveredUntil(models.Model):
    """What had reached people's accounts when a day was over, and how many people: all of it up to then, so that the town's number is
    quick however long the town counts. Written once, from the payouts, and never changed.
    """

    day = models.DateField(unique=True, db_comment=TECHNICAL)
    amount_yen = models.PositiveBigIntegerField(db_comment=TECHNICAL)
    people_count = models.PositiveIntegerField(db_comment=TECHNICAL)


class EarningQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both sides of the money: who earned it, and who paid it."""
        return self.filter(Q(worker=user) | Q(party__in=Party.objects.acting_for(user, Power.PAYER)))


class Earning(models.Model):
    """What a worker has earned with one piece of work, and the calendar day on which it leaves (支払日)."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="earnings", db_comment=BUSINESS)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_comment=BUSINESS)     # who paid
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12
    about = models.CharField(max_length=60, db_comment=TECHNICAL)               # contract:7
    title = models.CharField(max_length=120, db_comment=BUSINESS)
    price_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)             # the settlement, part by part
    tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    fee_tax_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    withheld_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)            # 手取り
    pay_on = models.DateField(db_comment=BUSINESS)
    earned_at = models.DateTimeField(db_comment=TECHNICAL)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="earnings", db_comment=TECHNICAL)

    objects = EarningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "worker"], name="earned_once"),
            models.CheckConstraint(name="earning_adds_up", condition=Q(
                amount_yen=F("price_yen") + F("tax_yen") - F("fee_yen") - F("fee_tax_yen") - F("withheld_yen"))),
        ]
        indexes = [models.Index(fields=["pay_on", "worker"], condition=Q(payout=None), name="earning_due"),
                   models.Index(fields=["worker", "-id"], name="earning_worker")]


class RefundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(party__in=Party.objects.acting_for(user, Power.PAYER))


class Refund(Labelled, models.Model):
    """What was held for a piece of work and goes back to its client (返金), from where the deposit came. Its bank key is fixed."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="refunds", db_comment=BUSINESS)
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12, that of the deposit
    about = models.CharField(max_length=60, db_comment=TECHNICAL)               # contract:7
    title = models.CharField(max_length=120, db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.OWED, db_comment=TECHNICAL)
    requested_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    paid_on = models.DateField(null=True, db_comment=TECHNICAL)                 # the value date on the bank's statement

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="refunded_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="refund_positive"),
            models.CheckConstraint(name="refund_ended_iff_over", condition=(
                Q(state="paid", ended_at__isnull=False, paid_on__isnull=False)
                | Q(state__in=["owed", "sending"], ended_at=None, paid_on=None))),
        ]
        indexes = [models.Index(fields=["id"], condition=~Q(state="paid"), name="refund_on_its_way"),
                   models.Index(fields=["party", "-id"], name="refund_party")]

    @property
    def bank_key(self) -> str:
        return f"refund:{self.reference}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)


class StatementLine(models.Model):
    """A line of the bank's own statement, as it was read. The bank's file is the outside record; this is our copy."""

    key = models.CharField(max_length=60, primary_key=True, db_comment=TECHNICAL)
    value_on = models.DateField(db_comment=TECHNICAL)
    amount_yen = models.BigIntegerField(db_comment=BUSINESS)                    # in: above zero, out: below
    read_at = models.DateTimeField(db_comment=TECHNICAL)


class MoneyStopQuerySet(models.QuerySet):
    def standing(self):
        """Those because of which no money moves."""
        return self.exclude(state=StopState.LIFTED)


class MoneyStop(Labelled, models.Model):
    """Money stands still in the whole town: because a rule of the books is broken, or because somebody said so (資金の停止)."""

    rule = models.CharField(max_length=200, blank=True, db_comment=TECHNICAL)           # empty: a person raised it
    rows = models.JSONField(default=list, db_comment=TECHNICAL)                         # what broke the rule, as text
    why = models.CharField(max_length=500, blank=True, db_comment=BUSINESS)             # a person's reason
    state = models.CharField(max_length=8, choices=StopState, default=StopState.RAISED, db_comment=TECHNICAL)
    raised_at = models.DateTimeField(db_comment=TECHNICAL)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    asked_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    reason = models.CharField(max_length=500, blank=True, db_comment=BUSINESS)          # why it is lifted though nobody could mend it
    lifted_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    was_clean = models.BooleanField(null=True, db_comment=TECHNICAL)                    # when it was lifted

    objects = MoneyStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=~Q(state="lifted"), name="one_stop_of_a_rule"),
            models.CheckConstraint(name="stop_has_a_cause", condition=~Q(rule="") | ~Q(why="")),
            models.CheckConstraint(name="stop_asked_iff_asked", condition=(
                Q(state="raised", asked_at=None) | Q(state="asked", asked_at__isnull=False) | Q(state="lifted"))),
            models.CheckConstraint(name="stop_lift_is_asked_whole", condition=(
                Q(asked_at=None, asked_by=None, reason="") | Q(asked_at__isnull=False, asked_by__isnull=False) & ~Q(reason=""))),
            models.CheckConstraint(name="stop_lifted_iff_over", condition=(
                Q(state="lifted", lifted_at__isnull=False, was_clean__isnull=False)
                | ~Q(state="lifted") & Q(lifted_at=None, lifted_by=None, was_clean=None))),
            models.CheckConstraint(name="stop_lifted_clean_or_by_two", condition=(
                ~Q(was_clean=False) | Q(asked_by__isnull=False, lifted_by__isnull=False) & ~Q(asked_by=F("lifted_by")))),
        ]
        indexes = [models.Index(fields=["raised_at"], condition=~Q(state="lifted"), name="stop_standing")]
