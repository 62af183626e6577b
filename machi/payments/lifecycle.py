"""States of a payout, of a refund, and of a stop of all money."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class PayoutState(TextChoices):
    REQUESTED = "requested", _("payout.state.requested")    # set aside, not yet told to the bank
    SENDING = "sending", _("payout.state.sending")          # told to the bank under its key; never guessed, only asked
    PAID = "paid", _("payout.state.paid")                   # on the bank's statement
    RETURNED = "returned", _("payout.state.returned")       # 組戻し: the bank sent it back


PAYOUT_LIFECYCLE = Lifecycle({
    (PayoutState.REQUESTED, "send"): PayoutState.SENDING,
    (PayoutState.SENDING, "confirm"): PayoutState.PAID,
    (PayoutState.SENDING, "return"): PayoutState.RETURNED,
})


class RefundState(TextChoices):
    """Money on its way back to a client."""

    OWED = "owed", _("refund.state.owed")                   # in the client's credit, not yet told to the bank
    SENDING = "sending", _("refund.state.sending")
    PAID = "paid", _("refund.state.paid")                   # on the bank's statement


REFUND_LIFECYCLE = Lifecycle({
    (RefundState.OWED, "send"): RefundState.SENDING,
    (RefundState.SENDING, "confirm"): RefundState.PAID,
})


class StopState(TextChoices):
    """Money has stopped in the whole town."""

    RAISED = "raised", _("stop.state.raised")
    ASKED = "asked", _("stop.state.asked")                  # one of the finance desk asks to lift it, with a reason
    LIFTED = "lifted", _("stop.state.lifted")


STOP_LIFECYCLE = Lifecycle({
    (StopState.RAISED, "lift"): StopState.LIFTED,           # its rule is clean again
    (StopState.ASKED, "lift"): StopState.LIFTED,
    (StopState.RAISED, "ask"): StopState.ASKED,
    (StopState.ASKED, "keep"): StopState.RAISED,
    (StopState.ASKED, "agree"): StopState.LIFTED,           # somebody else of the desk agrees: two people
})
