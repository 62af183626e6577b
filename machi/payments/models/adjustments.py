"""Corrections of money: always a new entry, never a changed row, and always two people of the finance desk."""
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.ledger.accounts import Kind
from machi.payments.lifecycle import AdjustmentState
from machi.payments.models.taken import Taken
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL


class Pair(NamedTuple):
    """From which account to which a correction goes."""

    debit: Kind
    credit: Kind


class Adjustment(Labelled, models.Model):
    """One correction (訂正): asked by one person of the finance desk, signed or refused by another. Only between these pairs of accounts,
    and never out of money that belongs to people.
    """

    class What(models.TextChoices):
        TO_WORKER = "to_worker", _("adjust.what.to_worker")         # the town makes good what a worker lost by its mistake
        TO_CLIENT = "to_client", _("adjust.what.to_client")         # or a client
        WAS_CLIENTS = "was_clients", _("adjust.what.was_clients")   # a line was booked as the operator's own, and was a client's money
        WAS_FEE = "was_fee", _("adjust.what.was_fee")               # or was a fee of the bank
        WAS_OWN = "was_own", _("adjust.what.was_own")               # the other way round
        DEBT_LOST = "debt_lost", _("adjust.what.debt_lost")         # a client's debt that nobody will pay any more
        COVERED = "covered", _("adjust.what.covered")               # the operator's own money covers what was lost
        STOOD_IN = "stood_in", _("adjust.what.stood_in")            # the town pays in for a client whose bank took held money back

    class Reason(models.TextChoices):
        MISTAKE = "mistake", _("adjust.reason.mistake")             # the town's own
        PLACED = "placed", _("adjust.reason.placed")                # a line of the bank was placed wrongly
        FAULT = "fault", _("adjust.reason.fault")                   # something in the town was broken
        LOST = "lost", _("adjust.reason.lost")                      # nobody will pay it any more

    what = models.CharField(max_length=11, choices=What, db_comment=BUSINESS)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    taken = models.ForeignKey(Taken, models.PROTECT, null=True, related_name="+", db_comment=TECHNICAL)     # for which held money
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    reason = models.CharField(max_length=7, choices=Reason, db_comment=BUSINESS)
    words = models.CharField(max_length=300, db_comment=BUSINESS)               # why; whoever is concerned reads them
    state = models.CharField(max_length=7, choices=AdjustmentState, default=AdjustmentState.ASKED, db_comment=TECHNICAL)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    answered_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    answer_words = models.CharField(max_length=300, blank=True, db_comment=BUSINESS)    # why it was refused

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="adjustment_moves_money"),
            models.CheckConstraint(name="adjustment_signed_by_another", condition=(
                ~Q(state="signed") | Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by")))),
            models.CheckConstraint(name="adjustment_answered_iff_over", condition=(
                Q(state="asked", answered_by=None, answered_at=None)
                | Q(state__in=["signed", "refused"], answered_by__isnull=False, answered_at__isnull=False))),
            models.CheckConstraint(name="adjustment_of_whom", condition=(
                Q(what="to_worker", worker__isnull=False, party=None, taken=None)
                | Q(what__in=["to_client", "was_clients", "debt_lost"], worker=None, party__isnull=False, taken=None)
                | Q(what="stood_in", worker=None, party__isnull=False, taken__isnull=False)
                | Q(what__in=["was_fee", "was_own", "covered"], worker=None, party=None, taken=None)))]
        indexes = [models.Index(fields=["id"], condition=Q(state="asked"), name="adjustment_waits")]

    @property
    def reference(self) -> str:
        return f"adjust:{self.pk}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def pair(self) -> Pair:
        return PAIRS[self.What(self.what)]

    @property
    def of_whom(self) -> str:
        """Whose money it changes, by name and number, for two may have one name; nobody's where it is only the town's."""
        whose = self.worker or self.party
        return _("adjust.name_and_number") % {"name": getattr(whose, "name", "") or str(whose), "n": whose.pk} if whose else ""

    @property
    def accounts(self) -> tuple[int, int]:
        """The numbers of the two accounts, debit and credit."""
        debit, credit = self.pair
        if self.taken:
            return debit.of(self.party_id or 0), self.taken.held_in
        return debit.of(), credit.of(self.worker_id or self.party_id or 0)


PAIRS = {
    Adjustment.What.TO_WORKER: Pair(Kind.LOSS, Kind.WORKER),
    Adjustment.What.TO_CLIENT: Pair(Kind.LOSS, Kind.CLIENT_CREDIT),
    Adjustment.What.WAS_CLIENTS: Pair(Kind.OWN, Kind.CLIENT_CREDIT),
    Adjustment.What.WAS_FEE: Pair(Kind.EXPENSE, Kind.OWN),
    Adjustment.What.WAS_OWN: Pair(Kind.OWN, Kind.EXPENSE),
    Adjustment.What.DEBT_LOST: Pair(Kind.LOSS, Kind.CLIENT_DEBT),
    Adjustment.What.COVERED: Pair(Kind.OWN, Kind.LOSS),
    Adjustment.What.STOOD_IN: Pair(Kind.CLIENT_DEBT, Kind.ESCROW),          # or the pot of a contest: where it was held
}
OF_A_WORKER = (Adjustment.What.TO_WORKER,)
OF_A_CLIENT = (Adjustment.What.TO_CLIENT, Adjustment.What.WAS_CLIENTS, Adjustment.What.DEBT_LOST)
