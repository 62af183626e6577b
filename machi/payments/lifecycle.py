"""States of a payout and of a refund."""
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
