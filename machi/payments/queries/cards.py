"""Money that came by card: which payment a refund goes back to."""
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from machi.cards.lifecycle import CardRefundState
from machi.cards.models import CardRefund, Intent
from machi.cards.queries import left_on, standing_chargebacks
from machi.payments.lifecycle import RefundState
from machi.payments.models import Funding, Refund


def is_taken_back(bank_key: str) -> bool:
    """Is something gone of what was held of this deposit, because the client's bank took it back?"""
    number = bank_key.removeprefix("card:")
    return bank_key.startswith("card:") and standing_chargebacks().filter(intent_id=number, borne_yen__gt=0).exists()


def taken_back(kind: str) -> Exists:
    """In a question about rows of this kind (`milestone`): the same of what was held for the row."""
    place = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(standing_chargebacks().filter(intent__place=place, borne_yen__gt=0))


def refunds_not_by_card() -> QuerySet[Refund]:
    """What goes back to clients and no card takes: a card refused it, or it has none with room. Somebody sends it by a transfer."""
    reference = Concat(Value("refund:"), OuterRef("reference"))
    asked = CardRefund.objects.filter(reference=reference).exclude(state=CardRefundState.FAILED)
    waiting = Refund.objects.exclude(state=RefundState.PAID).filter(~Exists(asked))
    return waiting.select_related("party", "party__person").order_by("pk")


def card_for(refund: Refund) -> Intent | None:
    """The payment by card from which this money came, if so much of it may still go back. Withheld tax is of many: the newest of its
    client on which there is room. None: it goes by a transfer, by hand.
    """
    captured = Intent.objects.filter(party=refund.party_id, state="captured")
    if refund.reference.startswith("withheld:"):
        return next((one for one in captured.order_by("-pk")[:50] if left_on(one) >= refund.amount_yen), None)
    key = refund.reference
    if own := Funding.objects.filter(reference=refund.reference).select_related("part_of").first():
        key = own.part_of.bank_key if own.part_of else own.bank_key
    number = key.removeprefix("card:")
    intent = captured.filter(pk=number).first() if key.startswith("card:") and number.isdecimal() else None
    return intent if intent and left_on(intent) >= refund.amount_yen else None
