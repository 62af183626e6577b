"""What the payment service said, as it was asked. Sums are whole yen: the currency has no smaller unit, at the service neither."""
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from machi.accounts.models import Party
from machi.cards.lifecycle import CardRefundState, ChargebackState, IntentState
from machi.shared.labels import Labelled
from machi.shared.money import Yen
from machi.shared.privacy import BUSINESS, TECHNICAL

OPEN = ("created", "authorised")


class Intent(Labelled, models.Model):
    """One payment by card (カードでの仮払い), from the page where the card is typed to the money or to nothing. Of one piece of work one at
    a time is open, so that however often somebody begins, it is paid once.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, db_comment=TECHNICAL)    # our name for it at the service
    place = models.CharField(max_length=60, db_comment=TECHNICAL)               # milestone:12, job:3:1
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", db_comment=BUSINESS)
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=10, choices=IntentState, default=IntentState.CREATED, db_comment=TECHNICAL)
    page_id = models.CharField(max_length=255, blank=True, db_comment=TECHNICAL)        # cs_...
    page_url = models.TextField(blank=True, db_comment=TECHNICAL)
    provider_id = models.CharField(max_length=255, blank=True, db_comment=TECHNICAL)    # pi_...
    is_live = models.BooleanField(default=False, db_comment=TECHNICAL)          # real money, not a test
    fee_yen = models.PositiveBigIntegerField(null=True, db_comment=BUSINESS)    # what the service keeps of it, once it says so
    is_fee_theirs = models.BooleanField(default=False, db_default=False, db_comment=BUSINESS)    # of a lost chargeback: so they read it
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_comment=BUSINESS)
    opened_at = models.DateTimeField(db_comment=TECHNICAL)
    expires_at = models.DateTimeField(null=True, db_comment=TECHNICAL)          # until then it can be captured: the service's own figure
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=Q(state__in=OPEN), name="one_card_of_a_place"),
            models.UniqueConstraint(fields=["provider_id"], condition=~Q(provider_id=""), name="intent_known_once"),
            models.UniqueConstraint(fields=["page_id"], condition=~Q(page_id=""), name="card_page_known_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="intent_positive"),
            models.CheckConstraint(condition=Q(state__in=("created", "failed", "cancelled")) | ~Q(provider_id=""),
                                   name="intent_of_the_service"),
            models.CheckConstraint(name="intent_ended_iff_over", condition=(
                Q(state__in=OPEN, ended_at=None) | Q(state__in=("captured", "cancelled", "failed"), ended_at__isnull=False)))]
        indexes = [models.Index(fields=["id"], condition=Q(state__in=OPEN), name="intent_open")]

    @property
    def key(self) -> str:
        """As the books call it."""
        return f"card:{self.pk}"

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_authorised(self) -> bool:
        return self.state == IntentState.AUTHORISED

    @property
    def is_captured(self) -> bool:
        return self.state == IntentState.CAPTURED


class CardRefund(Labelled, models.Model):
    """Money that goes back to the card it came from, all of it or a part."""

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, db_comment=TECHNICAL)
    intent = models.ForeignKey(Intent, models.PROTECT, related_name="refunds", db_comment=TECHNICAL)
    reference = models.CharField(max_length=80, db_comment=TECHNICAL)           # refund:milestone:12
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    state = models.CharField(max_length=9, choices=CardRefundState, default=CardRefundState.ASKED, db_comment=TECHNICAL)
    provider_id = models.CharField(max_length=255, blank=True, db_comment=TECHNICAL)    # re_...
    asked_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="card_refunded_once"),
            models.UniqueConstraint(fields=["provider_id"], condition=~Q(provider_id=""), name="card_refund_known_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="card_refund_positive"),
            models.CheckConstraint(name="card_refund_ended_iff_over", condition=(
                Q(state="asked", ended_at=None) | Q(state__in=("succeeded", "failed"), ended_at__isnull=False)))]
        indexes = [models.Index(fields=["id"], condition=Q(state="asked"), name="card_refund_asked")]

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def has_succeeded(self) -> bool:
        return self.state == CardRefundState.SUCCEEDED


class Chargeback(Labelled, models.Model):
    """A client's bank took a payment back (チャージバック). The money has left at `received`, and comes back if it is won."""

    intent = models.ForeignKey(Intent, models.PROTECT, related_name="chargebacks", db_comment=TECHNICAL)
    provider_id = models.CharField(max_length=255, unique=True, db_comment=TECHNICAL)   # du_...
    amount_yen = models.PositiveBigIntegerField(db_comment=BUSINESS)
    borne_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)          # by what was still held of it; the rest is a debt
    fee_yen = models.PositiveBigIntegerField(default=0, db_comment=BUSINESS)            # what the service takes for it, beside the sum
    fee_theirs_yen = models.PositiveBigIntegerField(default=0, db_default=0, db_comment=BUSINESS)       # of which the client owes so much
    fee_count = models.PositiveIntegerField(default=0, db_default=0, db_comment=TECHNICAL)      # so often it has told another fee
    state = models.CharField(max_length=12, choices=ChargebackState, default=ChargebackState.RECEIVED, db_comment=TECHNICAL)
    reason = models.CharField(max_length=60, blank=True, db_comment=TECHNICAL)          # the service's word: fraudulent
    due_at = models.DateTimeField(null=True, db_comment=BUSINESS)               # until then the service takes what shows that it was right
    received_at = models.DateTimeField(db_comment=TECHNICAL)
    ended_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_yen__gt=0) & Q(borne_yen__lte=models.F("amount_yen")), name="chargeback_sums"),
            models.CheckConstraint(name="chargeback_fee_theirs_if_lost", condition=(
                Q(fee_theirs_yen=0) | Q(state="lost", fee_theirs_yen__lte=models.F("fee_yen")))),
            models.CheckConstraint(name="chargeback_ended_iff_over", condition=(
                Q(state__in=("received", "evidence_due", "submitted"), ended_at=None)
                | Q(state__in=("won", "lost"), ended_at__isnull=False)))]
        indexes = [models.Index(fields=["intent"], condition=~Q(state="won"), name="chargeback_stands")]

    @property
    def amount(self) -> Yen:
        return Yen(self.amount_yen)

    @property
    def borne(self) -> Yen:
        return Yen(self.borne_yen)

    @property
    def is_won(self) -> bool:
        return self.state == ChargebackState.WON

    @property
    def is_lost(self) -> bool:
        return self.state == ChargebackState.LOST


class Event(models.Model):
    """A signed message of the service: that something happened to this thing. Its body names people and cards, so it is not kept."""

    event_id = models.CharField(max_length=255, unique=True, db_comment=TECHNICAL)      # evt_...
    kind = models.CharField(max_length=80, db_comment=TECHNICAL)                # payment_intent.amount_capturable_updated
    thing = models.CharField(max_length=255, db_comment=TECHNICAL)              # pi_..., cs_..., re_..., du_...
    received_at = models.DateTimeField(db_comment=TECHNICAL)
    handled_at = models.DateTimeField(null=True, db_comment=TECHNICAL)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(handled_at=None), name="card_event_waiting")]


class Quarantine(models.Model):
    """Something at the service that is not as it was asked for: no money moves by it, and somebody of the finance desk looks."""

    class Why(models.TextChoices):
        AMOUNT = "amount", _("card.odd.amount")
        CURRENCY = "currency", _("card.odd.currency")
        LIVE = "live", _("card.odd.live")                   # a test in a town of real money, or the other way round
        PLACE = "place", _("card.odd.place")                # for another piece of work
        UNKNOWN = "unknown", _("card.odd.unknown")          # nothing that began here

    thing = models.CharField(max_length=255, db_comment=TECHNICAL)
    why = models.CharField(max_length=8, choices=Why, db_comment=TECHNICAL)
    amount_yen = models.BigIntegerField(null=True, db_comment=BUSINESS)         # as the service says it, in the unit of its currency
    currency = models.CharField(max_length=3, blank=True, db_comment=TECHNICAL)
    found_at = models.DateTimeField(db_comment=TECHNICAL)
    closed_at = models.DateTimeField(null=True, db_comment=TECHNICAL)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_comment=BUSINESS)
    words = models.CharField(max_length=300, blank=True, db_comment=BUSINESS)   # what was done about it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thing", "why"], name="quarantined_once"),
            models.CheckConstraint(name="quarantine_closed_with_words", condition=(
                Q(closed_at=None, closed_by=None, words="") | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(words="")))]
