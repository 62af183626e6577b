"""What came in: a client's money for a piece of work, as the bank's statement shows it; and what is waited for."""
from django.conf import settings
from django.db import models
from django.db.models import Q

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.cards.models import Intent
from machi.payments.lifecycle import DepositState
from machi.payments.models.lines import BankLine
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL


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


class ExpectedDepositQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever looks after the money of the client who was asked."""
        return self.filter(party__in=Party.objects.acting_for(user, Power.PAYER))


class ExpectedDeposit(Labelled, models.Model):
    """A client was asked for a sum: to transfer it to the town's own account, with this number before their name (振込のご案内), or to pay
    it by card where money comes that way.
    """

    code = models.CharField(max_length=7, unique=True, db_comment=BUSINESS)     # six digits and their check digit; never given twice
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_comment=BUSINESS)
    place = models.CharField(max_length=60, db_comment=TECHNICAL)               # milestone:12, job:3:1
    about = models.CharField(max_length=60, db_comment=TECHNICAL)               # contract:7, job:3
    title = models.CharField(max_length=120, db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    until_at = models.DateTimeField(db_comment=BUSINESS)                        # it must be at the bank by then
    state = models.CharField(max_length=8, choices=DepositState, default=DepositState.WAITING, db_comment=TECHNICAL)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    line = models.OneToOneField(BankLine, models.PROTECT, null=True, related_name="deposit", db_comment=TECHNICAL)
    card = models.OneToOneField(Intent, models.PROTECT, null=True, related_name="+", db_comment=TECHNICAL)

    objects = ExpectedDepositQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=~Q(state="lapsed"), name="one_deposit_of_a_place"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="deposit_positive"),
            models.CheckConstraint(condition=Q(code__regex=r"^[1-9]\d{6}$"), name="deposit_code"),
            models.CheckConstraint(name="deposit_ended_iff_over", condition=(
                Q(state="waiting", ended_at=None) | Q(state__in=["matched", "lapsed"], ended_at__isnull=False))),
            models.CheckConstraint(name="deposit_line_iff_matched", condition=(
                Q(state="matched", line__isnull=False, card=None) | Q(state="matched", line=None, card__isnull=False)
                | ~Q(state="matched") & Q(line=None, card=None)))]
        indexes = [models.Index(fields=["until_at"], condition=Q(state="waiting"), name="deposit_waiting"),
                   models.Index(fields=["amount_yen"], condition=Q(state="waiting"), name="deposit_of_a_sum")]

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def key(self) -> str:
        """What is this deposit, as the books call it: a line of the bank, or a payment by card."""
        return self.line.key if self.line_id else f"card:{self.card_id}"

    @property
    def is_anew(self) -> bool:
        """Is it paid anew or repaid, because the client's bank took the first payment back? Then a transfer does, too."""
        return self.place.startswith(("again:", "repay:", "debt:"))

    @property
    def is_waiting(self) -> bool:
        return self.state == DepositState.WAITING

    @property
    def is_here(self) -> bool:
        """Has the money arrived?"""
        return self.state == DepositState.MATCHED
