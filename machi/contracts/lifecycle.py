"""States of an offer, of a contract, of a milestone, of a wish of one side, of a stand-in, of a bonus, and of a dispute. The money's
states are the milestone's.
"""
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
    PASSED_ON = "passed_on", _("contract.state.passed_on")                      # 引き継いだ: a part waits for whoever goes on
    COMPLETED = "completed", _("contract.state.completed")                      # 完了: something was paid
    ENDED = "ended", _("contract.state.ended")                                  # 終わった: the money went back, nothing was paid
    VOID = "void", _("contract.state.void")                                     # 仮払いがなく、終わった


CONTRACT_LIFECYCLE = Lifecycle({
    (ContractState.PENDING_FUNDING, "fund"): ContractState.ACTIVE,
    (ContractState.PENDING_FUNDING, "void"): ContractState.VOID,
    (ContractState.ACTIVE, "fund"): ContractState.ACTIVE,                       # the next step
    (ContractState.ACTIVE, "complete"): ContractState.COMPLETED,
    (ContractState.ACTIVE, "end"): ContractState.ENDED,
    (ContractState.ACTIVE, "pass_on"): ContractState.PASSED_ON,                 # a stand-in goes on, in a contract of their own
    (ContractState.PASSED_ON, "complete_part"): ContractState.COMPLETED,
    (ContractState.PASSED_ON, "end_part"): ContractState.ENDED,
})


class MilestoneState(TextChoices):
    AGREED = "agreed", _("milestone.state.agreed")              # 契約
    FUNDED = "funded", _("milestone.state.funded")              # 仮払い済み
    DELIVERED = "delivered", _("milestone.state.delivered")     # 納品済み
    DISPUTED = "disputed", _("milestone.state.disputed")        # 食い違い: its money rests
    PASSED_ON = "passed_on", _("milestone.state.passed_on")     # 引き継いだ: its money ends as that of whoever goes on does
    ACCEPTED = "accepted", _("milestone.state.accepted")        # 検収済み
    SETTLED = "settled", _("milestone.state.settled")           # 一部を支払って終わった
    REFUNDED = "refunded", _("milestone.state.refunded")        # 返金して終わった
    VOID = "void", _("milestone.state.void")                    # 仮払いがなく、終わった


S = MilestoneState
RUNNING = (S.FUNDED, S.DELIVERED, S.DISPUTED)                   # its money lies in escrow
PAID_STATES = (S.ACCEPTED, S.SETTLED)                           # somebody earned something
CLOSED = (*PAID_STATES, S.REFUNDED, S.VOID)
MILESTONE_LIFECYCLE = Lifecycle({
    (S.AGREED, "fund"): S.FUNDED,
    (S.AGREED, "void"): S.VOID,
    (S.AGREED, "move_date"): S.AGREED,
    (S.AGREED, "change"): S.AGREED,                             # both agreed on another price, title or day
    (S.FUNDED, "move_date"): S.FUNDED,
    (S.FUNDED, "deliver"): S.DELIVERED,
    (S.FUNDED, "settle"): S.SETTLED,                            # both agreed on a part
    (S.FUNDED, "refund"): S.REFUNDED,                           # both agreed that nothing is paid
    (S.FUNDED, "pay"): S.ACCEPTED,                              # both agreed that all of it is paid
    (S.FUNDED, "end_unpaid"): S.REFUNDED,                       # the client's bank took its money back, and it was not paid anew
    (S.FUNDED, "give_back"): S.REFUNDED,                        # by the hour: a week in which nobody worked is over
    (S.FUNDED, "dispute"): S.DISPUTED,
    (S.DELIVERED, "ask_changes"): S.FUNDED,
    (S.DELIVERED, "accept"): S.ACCEPTED,
    (S.DELIVERED, "bill"): S.SETTLED,                           # by the hour: the minutes are confirmed, the rest goes back
    (S.DELIVERED, "pay"): S.ACCEPTED,
    (S.DELIVERED, "settle"): S.SETTLED,
    (S.DELIVERED, "refund"): S.REFUNDED,
    (S.DELIVERED, "dispute"): S.DISPUTED,
    (S.DISPUTED, "go_on"): S.FUNDED,                            # it was taken back: the work goes on
    (S.DISPUTED, "look_again"): S.DELIVERED,                    # it was taken back: what was delivered waits for acceptance
    (S.DISPUTED, "pay"): S.ACCEPTED,
    (S.DISPUTED, "settle"): S.SETTLED,
    (S.DISPUTED, "refund"): S.REFUNDED,
    (S.DISPUTED, "pay_unanswered"): S.ACCEPTED,                 # the client stayed silent until the day of answer
    (S.DISPUTED, "bill_unanswered"): S.SETTLED,                 # by the hour: so the minutes are paid
    (S.DISPUTED, "refund_unanswered"): S.REFUNDED,              # the worker did
    (S.FUNDED, "pass_on"): S.PASSED_ON,                         # a stand-in took over
    (S.PASSED_ON, "pay_part"): S.ACCEPTED,                      # what the stand-in made was paid,
    (S.PASSED_ON, "settle_part"): S.SETTLED,                    # paid in part,
    (S.PASSED_ON, "refund_part"): S.REFUNDED,                   # or not
})


class WishState(TextChoices):
    """One side wishes for something that both must agree on: another due date, other terms, a part of the money, an end. Never shown
    by name: the page tells what is so.
    """

    ASKED = "asked"
    AGREED = "agreed"                   # it is so now
    KEPT = "kept"                       # the other side said no: everything stays
    ANSWERED = "answered"               # the other side asked for something else, which is a wish of its own
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"                   # something else came first, or its time passed


W = WishState
WISH_LIFECYCLE = Lifecycle({
    (W.ASKED, "agree"): W.AGREED,
    (W.ASKED, "keep"): W.KEPT,
    (W.ASKED, "answer"): W.ANSWERED,
    (W.ASKED, "withdraw"): W.WITHDRAWN,
    (W.ASKED, "lapse"): W.LAPSED,
})


class StandInState(TextChoices):
    """Somebody who would go on if the worker suddenly cannot. Never shown by name: the page tells what is so."""

    ASKED = "asked"                     # the client, the stand-in, or both have not answered
    READY = "ready"                     # all three have agreed
    TOOK_OVER = "took_over"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"             # by the worker, or by the stand-in
    LAPSED = "lapsed"                   # the contract was over first


N = StandInState
STAND_IN_LIFECYCLE = Lifecycle({
    (N.ASKED, "agree"): N.ASKED,        # the first of the two
    (N.ASKED, "ready"): N.READY,        # the second
    (N.ASKED, "decline"): N.DECLINED,
    (N.ASKED, "withdraw"): N.WITHDRAWN,
    (N.ASKED, "lapse"): N.LAPSED,
    (N.READY, "withdraw"): N.WITHDRAWN,
    (N.READY, "take_over"): N.TOOK_OVER,
    (N.READY, "lapse"): N.LAPSED,
})


class BonusState(TextChoices):
    """What a client gives beside the price. Never shown by name: the page tells what is so."""

    ASKED = "asked"                     # its money is waited for
    PAID = "paid"                       # it came, and is the worker's
    LAPSED = "lapsed"                   # it never came, or too late


B = BonusState
BONUS_LIFECYCLE = Lifecycle({
    (B.ASKED, "pay"): B.PAID,
    (B.ASKED, "lapse"): B.LAPSED,
})


class DisputeState(TextChoices):
    OPEN = "open", _("dispute.state.open")                      # 食い違いを伝えた
    HEARD = "heard", _("dispute.state.heard")                   # 相手の話も届いた
    MEDIATION = "mediation", _("dispute.state.mediation")       # 仲介: a person of the town reads both
    PROPOSED = "proposed", _("dispute.state.proposed")          # and has proposed a split
    ESCALATED = "escalated", _("dispute.state.escalated")       # one said no, or thirty days were over: the town rules
    DRAFTED = "drafted", _("dispute.state.drafted")             # a ruling is written and waits for the second person
    CLOSED = "closed", _("dispute.state.closed")                # 終わった


D = DisputeState
DISPUTE_LIFECYCLE = Lifecycle({
    (D.OPEN, "answer"): D.HEARD,
    (D.HEARD, "take_up"): D.MEDIATION,
    (D.MEDIATION, "propose"): D.PROPOSED,
    (D.PROPOSED, "agree"): D.PROPOSED,                          # the first of the two
    (D.PROPOSED, "settle"): D.CLOSED,                           # the second
    (D.PROPOSED, "refuse"): D.ESCALATED,
    (D.ESCALATED, "rule"): D.DRAFTED,
    (D.DRAFTED, "hand_back"): D.ESCALATED,                      # finance does not sign, and says why
    (D.DRAFTED, "sign"): D.CLOSED,
    **{(state, "escalate"): D.ESCALATED for state in (D.MEDIATION, D.PROPOSED)},                 # by the clock
    **{(state, "take_over"): state for state in (D.MEDIATION, D.PROPOSED, D.ESCALATED)},        # by another moderator
    **{(state, "close"): D.CLOSED for state in D if state != D.CLOSED},     # it was taken back, or the two settled it by themselves
})
