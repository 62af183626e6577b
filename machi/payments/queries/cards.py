"""Money that came by card: which payment a refund goes back to."""
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from machi.cards.lifecycle import CardRefundState
from machi.cards.models import CardRefund, Intent
from machi.cards.queries import left_on
from machi.payments.lifecycle import RefundState, TakenState
from machi.payments.models import Funding, Refund, Taken
from machi.payments.queries.waiting import AGAIN, read_until

AWAY = (TakenState.RESTING, TakenState.LOST)


def taken_back(kind: str, row: str = "pk") -> Exists:
    """In a question about rows of this kind (`milestone`): is what was held for the row away, because its client's bank took it back?"""
    return Exists(Taken.objects.filter(reference=_reference(kind, row), state__in=AWAY))


def unpaid_anew(kind: str) -> Q:
    """The same where it is lost, and was not paid anew in time: what a bank carries is read by now. While another part of it rests, nobody
    knows yet what is left.
    """
    parts = Taken.objects.filter(reference=_reference(kind, "pk"))
    return Q(Exists(parts.filter(state=TakenState.LOST, until_at__lt=read_until())) & ~Exists(parts.filter(state=TakenState.RESTING)))


def lost_of(reference: str) -> Taken | None:
    """What was held for this piece of work and is lost, while it waits to be paid anew."""
    return Taken.objects.filter(reference=reference, state=TakenState.LOST).order_by("pk").first()


def is_gone(reference: str) -> bool:
    """Did this piece of work end without what was held for it, because its client's bank had it already?"""
    return Taken.objects.filter(reference=reference, state=TakenState.GONE).exists()


def lost_held() -> QuerySet[Taken]:
    """All of it, the oldest first."""
    return Taken.objects.filter(state=TakenState.LOST).select_related("chargeback__intent__party__person").order_by("until_at", "pk")


def again_place(chargeback: int) -> str:
    """What a deposit is for with which a client pays anew what their bank took back of held money."""
    return f"{AGAIN}{chargeback}"


def _reference(kind: str, row: str) -> Concat:
    return Concat(Value(f"{kind}:"), Cast(OuterRef(row), CharField()))


def refunds_not_by_card() -> QuerySet[Refund]:
    """What goes back to clients and no card takes: a card refused it, or it has none with room. Somebody sends it by a transfer."""
    return _by_transfer().exclude(state=RefundState.PAID)


def refunds_sent() -> QuerySet[Refund]:
    """What went back to clients by a transfer: its bank may send it back, days later."""
    return _by_transfer().filter(state=RefundState.PAID)


def _by_transfer() -> QuerySet[Refund]:
    at_the_card = _not_refused().filter(reference=Concat(Value("refund:"), OuterRef("reference")))
    return Refund.objects.filter(~Exists(at_the_card)).select_related("party", "party__person", "party__refund_account").order_by("pk")


def is_at_the_card(refund: Refund) -> bool:
    """Has its card been asked to take it back, and not refused? Then it must not leave by a transfer too."""
    return _not_refused().filter(reference=f"refund:{refund.reference}").exists()


def _not_refused() -> QuerySet[CardRefund]:
    return CardRefund.objects.exclude(state=CardRefundState.FAILED)


def card_for(refund: Refund) -> Intent | None:
    """The payment by card from which this money came, if so much of it may still go back. Withheld tax is of many: the newest of its
    client on which there is room. None: it goes by a transfer, by hand, as what a bank has sent back does.
    """
    if refund.came_back_count:
        return None
    captured = Intent.objects.filter(party=refund.party_id, state="captured")
    if refund.reference.startswith("withheld:"):
        return next((one for one in captured.order_by("-pk")[:50] if left_on(one) >= refund.amount_yen), None)
    key = place = refund.funding.reference if refund.funding else refund.reference
    if anew := Taken.objects.filter(reference=place, state=TakenState.FILLED).order_by("-pk").first():
        key = Funding.objects.get(reference=again_place(anew.chargeback_id)).bank_key
    elif own := Funding.objects.filter(reference=place).select_related("part_of").first():
        key = own.part_of.bank_key if own.part_of else own.bank_key
    number = key.removeprefix("card:")
    intent = captured.filter(pk=number).first() if key.startswith("card:") and number.isdecimal() else None
    return intent if intent and left_on(intent) >= refund.amount_yen else None
