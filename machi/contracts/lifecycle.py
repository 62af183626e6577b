"""States of an offer, of a contract, of a milestone, and of a wish for another due date. The money's states are the milestone's."""
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from machi.shared.lifecycle import Lifecycle


class OfferState(TextChoices):
    OPEN = "open", _("offer.state.open")                        # お願い中
    ACCEPTED = "accepted", _("offer.state.accepted")
    REFUSED = "refused", _("offer.state.refused")
    EXPIRED = "expired", _("offer.state.expired")
    REPLACED = "replaced", _("offer.state.replaced")            # other terms took its place


OFFER_LIFECYCLE = Lifecycle({
    (OfferState.OPEN, "accept"): OfferState.ACCEPTED,
    (OfferState.OPEN, "refuse"): OfferState.REFUSED,
    (OfferState.OPEN, "expire"): OfferState.EXPIRED,
    (OfferState.OPEN, "replace"): OfferState.REPLACED,
})


class ContractState(TextChoices):
    PENDING_FUNDING = "pending_funding", _("contract.state.pending_funding")    # 仮払い待ち
    ACTIVE = "active", _("contract.state.active")                               # 進行中
    COMPLETED = "completed", _("contract.state.completed")                      # 完了
    VOID = "void", _("contract.state.void")                                     # 仮払いがなく、終わった


CONTRACT_LIFECYCLE = Lifecycle({
    (ContractState.PENDING_FUNDING, "fund"): ContractState.ACTIVE,
    (ContractState.PENDING_FUNDING, "void"): ContractState.VOID,
    (ContractState.ACTIVE, "complete"): ContractState.COMPLETED,
})


class MilestoneState(TextChoices):
    AGREED = "agreed", _("milestone.state.agreed")              # 契約
    FUNDED = "funded", _("milestone.state.funded")              # 仮払い済み
    DELIVERED = "delivered", _("milestone.state.delivered")     # 納品済み
    ACCEPTED = "accepted", _("milestone.state.accepted")        # 検収済み
    VOID = "void", _("milestone.state.void")                    # 仮払いがなく、終わった


S = MilestoneState
MILESTONE_LIFECYCLE = Lifecycle({
    (S.AGREED, "fund"): S.FUNDED,
    (S.AGREED, "void"): S.VOID,
    (S.AGREED, "move_date"): S.AGREED,
    (S.FUNDED, "move_date"): S.FUNDED,
    (S.FUNDED, "deliver"): S.DELIVERED,
    (S.DELIVERED, "ask_changes"): S.FUNDED,
    (S.DELIVERED, "accept"): S.ACCEPTED,
})


class DateState(TextChoices):
    """One wish for another due date. Never shown by name: the page tells what is so."""

    ASKED = "asked"
    AGREED = "agreed"                   # the due date moved
    KEPT = "kept"                       # the other side said no: the day stays
    ANSWERED = "answered"               # the other side named another day, which is a wish of its own
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"                   # the work was handed over first, the contract ended, or the day passed


D = DateState
DATE_LIFECYCLE = Lifecycle({
    (D.ASKED, "agree"): D.AGREED,
    (D.ASKED, "keep"): D.KEPT,
    (D.ASKED, "answer"): D.ANSWERED,
    (D.ASKED, "withdraw"): D.WITHDRAWN,
    (D.ASKED, "lapse"): D.LAPSED,
})
