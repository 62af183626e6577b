"""Questions about cards: what stands open, what went back, and what is odd."""
from django.db.models import Exists, OuterRef, QuerySet, Sum

from machi.cards.lifecycle import CardRefundState, IntentState
from machi.cards.models import OPEN, CardRefund, Intent, Quarantine


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
    gone = intent.refunds.exclude(state=CardRefundState.FAILED).aggregate(sum=Sum("amount_yen"))["sum"] or 0
    return intent.amount_yen - gone


def refund_to_card(reference: str) -> CardRefund | None:
    return CardRefund.objects.filter(reference=reference).first()


def failed_refunds() -> QuerySet[CardRefund]:
    """What a card could not take: it stays owed, and somebody sends it another way."""
    return CardRefund.objects.filter(state=CardRefundState.FAILED).select_related("intent", "intent__party").order_by("pk")


def quarantined() -> QuerySet[Quarantine]:
    """What nobody has looked at yet."""
    return Quarantine.objects.filter(closed_at=None).order_by("pk")
