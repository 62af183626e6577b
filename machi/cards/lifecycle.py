"""States of a payment by card, of money that goes back to one, and of a payment that a client's bank took back."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class IntentState(TextChoices):
    CREATED = "created", _("card.state.created")            # the page of the service is open, or will be
    AUTHORISED = "authorised", _("card.state.authorised")   # the card's bank sets it aside (与信); nothing has moved
    CAPTURED = "captured", _("card.state.captured")         # the service has the money (売上確定)
    CANCELLED = "cancelled", _("card.state.cancelled")      # given up before anything moved: it costs nobody anything
    FAILED = "failed", _("card.state.failed")               # the page was closed without a payment


INTENT_LIFECYCLE = Lifecycle({
    (IntentState.CREATED, "authorise"): IntentState.AUTHORISED,
    (IntentState.CREATED, "cancel"): IntentState.CANCELLED,
    (IntentState.CREATED, "fail"): IntentState.FAILED,
    (IntentState.AUTHORISED, "capture"): IntentState.CAPTURED,
    (IntentState.AUTHORISED, "cancel"): IntentState.CANCELLED,
})


class CardRefundState(TextChoices):
    ASKED = "asked", _("card_refund.state.asked")           # told to the service under its key; never guessed, only asked
    SUCCEEDED = "succeeded", _("card_refund.state.succeeded")
    FAILED = "failed", _("card_refund.state.failed")        # the card cannot take it: it stays owed


CARD_REFUND_LIFECYCLE = Lifecycle({
    (CardRefundState.ASKED, "succeed"): CardRefundState.SUCCEEDED,
    (CardRefundState.ASKED, "fail"): CardRefundState.FAILED,
})


class ChargebackState(TextChoices):
    RECEIVED = "received", _("chargeback.state.received")           # the client's bank took it back: the money has left already
    EVIDENCE_DUE = "evidence_due", _("chargeback.state.evidence_due")    # until a day somebody may show that it was right
    SUBMITTED = "submitted", _("chargeback.state.submitted")
    WON = "won", _("chargeback.state.won")                          # it comes back
    LOST = "lost", _("chargeback.state.lost")


C = ChargebackState
CHARGEBACK_LIFECYCLE = Lifecycle({
    (C.RECEIVED, "ask"): C.EVIDENCE_DUE,
    **{(state, "submit"): C.SUBMITTED for state in (C.RECEIVED, C.EVIDENCE_DUE)},
    **{(state, move): after for state in (C.RECEIVED, C.EVIDENCE_DUE, C.SUBMITTED) for move, after in (("win", C.WON), ("lose", C.LOST))},
})
