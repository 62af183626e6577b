"""What goes back to clients."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.accounts.powers import Power
from machi.payments.lifecycle import RefundState
from machi.payments.models.deposits import Funding
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL

# by what its reference speaks of
_WHY = {"milestone": _("refund.why.work"), "job": _("refund.why.contest"), "row": _("refund.why.transfer"), "card": _("refund.why.card"),
        "withheld": _("refund.why.withheld"), "closing": _("refund.why.tasks"), "adjust": _("refund.why.correction"),
        "debt": _("refund.why.debt"), "repay": _("refund.why.debt")}


class RefundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(party__in=Party.objects.acting_for(user, Power.PAYER))


class Refund(Labelled, models.Model):
    """What was held for a piece of work and goes back to its client (返金), from where the deposit came. Its bank key is fixed
    until its bank sends it back."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="refunds", db_comment=BUSINESS)
    reference = models.CharField(max_length=60, db_comment=TECHNICAL)           # milestone:12, that of the deposit
    about = models.CharField(max_length=60, db_comment=TECHNICAL)               # contract:7
    # whose money it is, where the reference does not say it: a batch of tasks has several deposits, and of each something may go back
    funding = models.ForeignKey(Funding, models.PROTECT, null=True, related_name="refunds", db_comment=TECHNICAL)
    title = models.CharField(max_length=120, db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.OWED, db_comment=TECHNICAL)
    requested_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    paid_on = models.DateField(null=True, db_comment=TECHNICAL)                 # the value date on the bank's statement

    came_back_count = models.PositiveSmallIntegerField(default=0, db_default=0, db_comment=TECHNICAL)      # so often its bank sent it back

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
                   models.Index(fields=["party", "-id"], name="refund_party"),
                   models.Index(fields=["amount_yen", "id"], name="refund_of_a_sum"),
                   models.Index(fields=["paid_on", "id"], condition=Q(state="paid"), name="refund_left_on")]

    @property
    def bank_key(self) -> str:
        """Each time it leaves it has another."""
        return f"refund:{self.reference}" + (f":{self.came_back_count}" if self.came_back_count else "")

    @property
    def why(self) -> str:
        """Why it goes back, in a few words."""
        return _WHY[self.reference.partition(":")[0]]

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)
