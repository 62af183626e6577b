"""Questions about cards: what stands open, what went back, and what is odd."""
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from machi.cards.lifecycle import CardRefundState, ChargebackState, IntentState
from machi.cards.models import OPEN, CardRefund, Chargeback, Intent, Quarantine


def card_of(place: str) -> Intent | None:
    """The newest payment for this piece of work."""
    return Intent.objects.filter(place=place).order_by("-pk").first()


def open_cards() -> QuerySet[Intent]:
    """Begun, and neither paid nor given up."""
    return Intent.objects.filter(state__in=OPEN).order_by("pk")


def takeable_cards() -> QuerySet[Intent]:
    """Set aside on a card, and as it was asked for."""
    odd = Quarantine.objects.filter(thing=OuterRef("provider_id"))
    return Intent.objects.filter(~Exists(odd), state=IntentState.AUTHORISED).order_by("pk")


def without_fee() -> QuerySet[Intent]:
    """Of which the service has not said yet what it keeps."""
    return Intent.objects.filter(state=IntentState.CAPTURED, fee_yen=None).order_by("pk")


def left_on(intent: Intent) -> int:
    """How many yen of it may still go back to its card."""
    if intent.chargebacks.exclude(state=ChargebackState.WON).exists():
        return 0                                    # its bank has it back already
    gone = intent.refunds.exclude(state=CardRefundState.FAILED).aggregate(sum=Sum("amount_yen"))["sum"] or 0
    return intent.amount_yen - gone


def refund_to_card(reference: str) -> CardRefund | None:
    return CardRefund.objects.filter(reference=reference).first()


def chargebacks() -> QuerySet[Chargeback]:
    """What clients' banks took back; what is still open comes first, the next day of evidence before all."""
    return Chargeback.objects.select_related("intent__party__person").order_by(F("ended_at").asc(nulls_first=True), "due_at", "pk")


def quarantined() -> QuerySet[Quarantine]:
    """What nobody has looked at yet."""
    return Quarantine.objects.filter(closed_at=None).order_by("pk")
