"""Payments by card in plain Python: what the service has, what the town has written down of it, and what a client's bank takes back."""
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

FEE_PER_MILLE = 36                                      # of what is captured
CHARGEBACK_FEE = 1_500                                  # given back when it is won
LEAST_REPAID = 100                                      # of a debt with one deposit, where it is no smaller
SET_ASIDE = datetime.timedelta(days=7)                  # then the card's bank lets it go
LAST_DAY = datetime.timedelta(days=1)                   # before which the town lets go what it cannot take
ASKED_OFTEN = datetime.timedelta(minutes=5)             # a refund that is asked about with every round
# Every edge of the tables of a card, of what a card is given back, of a chargeback and of what that took of held money.
CARD_STATES, CARD_EVENTS = ("created", "authorised", "captured", "cancelled", "failed"), ("authorise", "capture", "cancel", "fail")
CARD_MOVES = {("created", "authorise"): "authorised", ("created", "cancel"): "cancelled", ("created", "fail"): "failed",
              ("authorised", "capture"): "captured", ("authorised", "cancel"): "cancelled"}
REFUND_MOVES = {("asked", "succeed"): "succeeded", ("asked", "fail"): "failed"}
CHARGEBACK_STATES = ("received", "evidence_due", "submitted", "won", "lost")
CHARGEBACK_MOVES = {("received", "ask"): "evidence_due", ("received", "submit"): "submitted", ("evidence_due", "submit"): "submitted",
                    **{(state, event): after for state in ("received", "evidence_due", "submitted")
                       for event, after in (("win", "won"), ("lose", "lost"))}}
CHARGEBACK_EVENTS = {"ask": "needs_response", "submit": "under_review", "win": "won", "lose": "lost"}    # as the service says it
TAKEN_STATES, TAKEN_EVENTS = ("resting", "back", "lost", "filled", "covered", "gone"), ("win", "lose", "fill", "cover", "end")
TAKEN_MOVES = {("resting", "win"): "back", ("resting", "lose"): "lost", ("lost", "fill"): "filled", ("lost", "cover"): "covered",
               ("lost", "end"): "gone"}
DEBT_MOVES = (("open", "repay"), ("open", "give_up"), ("open", "win_back"), ("open", "need_less"), ("over", "win_back"))
DEBT_STATES, DEBT_EVENTS = ("open", "over"), ("repay", "give_up", "win_back", "need_less")
AWAY = ("resting", "lost")


@dataclass(eq=False, repr=False)
class Card:
    """One payment by card, for a step, a gift, what is paid anew, or a debt."""

    what: object
    client: int
    amount: int
    pk: int = 0
    state: str = "created"                              # as the town has written it down
    page: str = "open"                                  # of the service: open, paid, over
    at: str = ""                                        # at the service: declined, set aside, let go, taken
    until: datetime.datetime | None = None
    is_used: bool = False                               # it pays for what it was for, and was not too late
    takes_back: str = "succeeded"                       # what comes of a refund to it
    ended_at_the_service: bool = False                  # it was let go there, not by the town

    def fee(self) -> int:
        return self.amount * FEE_PER_MILLE // 1000

    def look(self) -> None:
        """The town asks the service."""
        if self.state in ("created", "authorised"):
            if self.at == "let go":
                self.state = "cancelled"
            elif self.state == "created" and self.at in ("set aside", "taken"):
                self.state = "authorised"
            elif self.state == "created" and self.page == "over":
                self.state = "failed"

    def becomes(self, backs: Iterable["Back"], status: str) -> None:
        """So it is from now on with what goes back to it, and with what is on its way."""
        self.takes_back = status
        for back in backs:
            if back.card is self and back.at == "pending":
                back.at = "failed" if status == "refused" else status

    def let_go(self) -> None:
        if self.state == "authorised" and self.at != "taken":
            self.state, self.at = "cancelled", "let go"


@dataclass(eq=False, repr=False)
class Back:
    """Money that goes back to a client, to the card it came from or by a transfer."""

    client: int
    amount: int
    state: str = "owed"
    card: Card | None = None
    card_state: str = ""                                # asked, succeeded, failed
    at: str = ""                                        # at the service: pending, succeeded, failed
    asked_at: datetime.datetime | None = None


@dataclass(eq=False, repr=False)
class Chargeback:
    card: Card
    amount: int
    number: int                                         # of the service
    pk: int = 0
    state: str = "received"
    fee: int = 0

    @property
    def client(self) -> int:
        return self.card.client

    @property
    def is_open(self) -> bool:
        return self.state not in ("won", "lost")


@dataclass(eq=False, repr=False)
class Taken:
    """So much of what was held for a step a chargeback took."""

    step: object
    amount: int
    of: Chargeback
    pk: int = 0
    state: str = "resting"
    until: datetime.datetime | None = None


@dataclass(eq=False, repr=False)
class Debt:
    client: int
    amount: int
    of: Chargeback | Taken
    pk: int = 0
    repaid: int = 0
    lost: int = 0
    back: int = 0

    @property
    def open(self) -> int:
        return self.amount - self.repaid - self.lost - self.back

    @property
    def state(self) -> str:
        return "open" if self.open else "over"


@dataclass(eq=False, repr=False)
class Repayment:
    """So much of a debt, with one deposit."""

    debt: Debt
    amount: int
    pk: int = 0

    @property
    def client(self) -> int:
        return self.debt.client


@dataclass(eq=False, repr=False)
class Asked:
    """A deposit that is waited for, of what was lost of held money or of a debt."""

    what: Chargeback | Repayment
    amount: int
    until: datetime.datetime
    pk: int = 0
    state: str = "waiting"
    card: Card | None = None                            # that paid it; none: a transfer

    @property
    def client(self) -> int:
        return self.what.client
