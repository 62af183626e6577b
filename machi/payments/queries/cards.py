"""Money that came by card: which payment a refund goes back to."""
from machi.cards.models import Intent
from machi.cards.queries import left_on
from machi.payments.models import Funding, Refund


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
