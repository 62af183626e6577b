"""The lines of the town's own account as the books know them, and what each of them turned out to be."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.banking.models import BankRow
from machi.payments.lifecycle import LineState
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL


class BankLine(Labelled, models.Model):
    """One line of the bank's statement. It is booked into suspense (不明入金) the moment it is read, and leaves it when somebody, or its
    number, says what it is: so the books never say anything else than the bank.
    """

    class Use(models.TextChoices):
        DEPOSIT = "deposit", _("line.use.deposit")          # 仮払いの入金
        REFUND = "refund", _("line.use.refund")             # a refund that left
        PAYOUT = "payout", _("line.use.payout")             # 出金
        BATCH = "batch", _("line.use.batch")                # a whole file of payouts, in one sum
        RETURN = "return", _("line.use.return")             # a payout that came back (組戻し・振込返却)
        ANSWER = "answer", _("line.use.answer")             # what was sent back to whoever paid it
        FEE = "fee", _("line.use.fee")                      # 銀行の手数料
        OWN = "own", _("line.use.own")                      # the operator's own money, in or out
        SERVICE = "service", _("line.use.service")          # 決済代行の入金: what clients paid by card, in sums of many
        BACK = "back", _("line.use.back")                   # goes back

    row = models.OneToOneField(BankRow, models.PROTECT, related_name="+", db_comment=TECHNICAL)
    amount_yen = models.BigIntegerField(db_comment=BUSINESS)                    # in: above zero, out: below
    state = models.CharField(max_length=9, choices=LineState, default=LineState.OPEN, db_comment=TECHNICAL)
    use = models.CharField(max_length=7, choices=Use, blank=True, db_comment=BUSINESS)
    reference = models.CharField(max_length=80, blank=True, db_comment=TECHNICAL)       # milestone:12, refund:milestone:12, row:7
    fee_yen = models.PositiveIntegerField(default=0, db_comment=BUSINESS)       # of a whole file: what the bank took in the same sum
    left_out = models.ForeignKey("payments.Payout", models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)  # or did not carry
    reason = models.CharField(max_length=300, blank=True, db_comment=BUSINESS)  # why, in the words of whoever decided
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    decided_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_yen=0), name="line_moves_money"),
            models.CheckConstraint(name="line_decided_iff_placed", condition=(
                Q(state="open", use="", reference="", decided_at=None, decided_by=None)
                | Q(state__in=["matched", "booked", "owed", "returning", "returned"], decided_at__isnull=False) & ~Q(use=""))),
            models.CheckConstraint(condition=Q(fee_yen=0, left_out=None) | Q(use="batch"), name="line_fee_and_left_out_of_a_file"),
            models.CheckConstraint(name="line_decided_with_a_reason", condition=Q(decided_by=None) | ~Q(reason="")),
            models.UniqueConstraint(fields=["use", "reference"], name="line_answers_once",
                                    condition=Q(use__in=["refund", "payout", "batch", "return", "answer"]))]
        indexes = [models.Index(fields=["row"], condition=Q(state__in=["open", "returning"]), name="line_waiting"),
                   models.Index(fields=["amount_yen", "row"], name="line_of_a_sum")]

    @property
    def key(self) -> str:
        """As the books call it."""
        return f"row:{self.row_id}"

    @property
    def amount(self) -> Yen:
        """How much, whichever way it went."""
        return Yen(abs(self.amount_yen))

    @property
    def is_in(self) -> bool:
        return self.amount_yen > 0

    @property
    def is_open(self) -> bool:
        return self.state == LineState.OPEN
