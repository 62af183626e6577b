"""States of a deposit that is waited for, of a line of the bank, of a payout and its batch, of a refund, of what a client's bank took back,
of a correction, and of a stop of all money.
"""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class PayoutState(TextChoices):
    REQUESTED = "requested", _("payout.state.requested")    # set aside, not yet told to the bank
    SENDING = "sending", _("payout.state.sending")          # told to the bank under its key; never guessed, only asked
    PAID = "paid", _("payout.state.paid")                   # on the bank's statement
    RETURNED = "returned", _("payout.state.returned")       # 組戻し: the bank sent it back
    UNDONE = "undone", _("payout.state.undone")             # its account was given up before any bank was told


PAYOUT_LIFECYCLE = Lifecycle({
    (PayoutState.REQUESTED, "send"): PayoutState.SENDING,
    (PayoutState.REQUESTED, "undo"): PayoutState.UNDONE,
    (PayoutState.SENDING, "confirm"): PayoutState.PAID,
    (PayoutState.SENDING, "return"): PayoutState.RETURNED,
    (PayoutState.PAID, "come_back"): PayoutState.RETURNED,      # days later, by a line of its own
})


class BatchState(TextChoices):
    """Payouts that leave with one file of the bank (総合振込)."""

    PROPOSED = "proposed", _("batch.state.proposed")        # somebody of the finance desk put it together
    APPROVED = "approved", _("batch.state.approved")        # and somebody else agreed, where it is much
    WRITTEN = "written", _("batch.state.written")           # its file was made: from now on it may be at the bank
    GIVEN = "given", _("batch.state.given")                 # somebody said that it is there
    WITHDRAWN = "withdrawn", _("batch.state.withdrawn")     # before its file was made: its payouts wait for another


BATCH_LIFECYCLE = Lifecycle({
    (BatchState.PROPOSED, "approve"): BatchState.APPROVED,
    (BatchState.PROPOSED, "withdraw"): BatchState.WITHDRAWN,
    (BatchState.APPROVED, "withdraw"): BatchState.WITHDRAWN,
    (BatchState.APPROVED, "write"): BatchState.WRITTEN,
    (BatchState.WRITTEN, "give"): BatchState.GIVEN,
})


class RefundState(TextChoices):
    """Money on its way back to a client."""

    OWED = "owed", _("refund.state.owed")                   # in the client's credit, not yet told to the bank
    SENDING = "sending", _("refund.state.sending")
    PAID = "paid", _("refund.state.paid")                   # on the bank's statement


REFUND_LIFECYCLE = Lifecycle({
    (RefundState.OWED, "send"): RefundState.SENDING,
    (RefundState.SENDING, "confirm"): RefundState.PAID,
    (RefundState.PAID, "come_back"): RefundState.OWED,          # days later, by a line of its own: it waits for an account that takes it
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


class DepositState(TextChoices):
    """A deposit that a client was asked to transfer (仮払いの振込)."""

    WAITING = "waiting", _("deposit.state.waiting")
    MATCHED = "matched", _("deposit.state.matched")         # a line of the bank's statement is this deposit
    LAPSED = "lapsed", _("deposit.state.lapsed")            # it did not come in time, or something else was agreed


DEPOSIT_LIFECYCLE = Lifecycle({
    (DepositState.WAITING, "match"): DepositState.MATCHED,
    (DepositState.WAITING, "lapse"): DepositState.LAPSED,
    (DepositState.MATCHED, "give_back"): DepositState.LAPSED,       # it came when its work had ended, or another sum was agreed
})


class LineState(TextChoices):
    """A line of the town's own account. What was decided about it stays; a mistake is mended by a new entry of two people."""

    OPEN = "open", _("line.state.open")                     # in suspense: nobody knows yet what it is
    MATCHED = "matched", _("line.state.matched")            # a deposit that was waited for, or money that left, or came back
    BOOKED = "booked", _("line.state.booked")               # the bank's own, or the operator's
    OWED = "owed", _("line.state.owed")                     # a client's again: it goes back to them as a refund
    RETURNING = "returning", _("line.state.returning")      # somebody lets the bank send it back to whoever paid
    RETURNED = "returned", _("line.state.returned")         # and it stands on the statement


LINE_LIFECYCLE = Lifecycle({
    (LineState.OPEN, "match"): LineState.MATCHED,
    (LineState.OPEN, "book"): LineState.BOOKED,
    (LineState.OPEN, "give_back"): LineState.OWED,
    (LineState.OPEN, "send_back"): LineState.RETURNING,
    (LineState.MATCHED, "owe"): LineState.OWED,             # it came when its work had ended
    (LineState.RETURNING, "leave"): LineState.RETURNED,
})


class AdjustmentState(TextChoices):
    """A correction of the books (訂正), by two people."""

    ASKED = "asked", _("adjust.state.asked")
    SIGNED = "signed", _("adjust.state.signed")             # somebody else has signed: its entry is in the books
    REFUSED = "refused", _("adjust.state.refused")          # somebody else said no, or whoever asked took it back


ADJUSTMENT_LIFECYCLE = Lifecycle({
    (AdjustmentState.ASKED, "sign"): AdjustmentState.SIGNED,
    (AdjustmentState.ASKED, "refuse"): AdjustmentState.REFUSED,
})


class TakenState(TextChoices):
    """What was held for a piece of work, and a client's bank took back."""

    RESTING = "resting", _("taken.state.resting")           # it is not known yet how that ends
    BACK = "back", _("taken.state.back")                    # won: it is held again
    LOST = "lost", _("taken.state.lost")                    # it stays away; the client may pay it anew
    FILLED = "filled", _("taken.state.filled")              # they did: it is held again
    COVERED = "covered", _("taken.state.covered")           # the town stands in for them: it is held again, and they owe it to the town
    GONE = "gone", _("taken.state.gone")                    # the work ended without it


TAKEN_LIFECYCLE = Lifecycle({
    (TakenState.RESTING, "win"): TakenState.BACK,
    (TakenState.RESTING, "lose"): TakenState.LOST,
    (TakenState.LOST, "fill"): TakenState.FILLED,
    (TakenState.LOST, "cover"): TakenState.COVERED,
    (TakenState.LOST, "end"): TakenState.GONE,
})
