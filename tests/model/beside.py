"""What goes beside the price of work, in plain Python: what clients give (おひねり), and corrections of money by two people of the desk."""
import datetime
from collections import Counter
from dataclasses import dataclass, field

LEAST_GIVEN, MOST_GIVEN = 100, 100_000
# What a correction moves: from which of the town's accounts, and to which.
CORRECTIONS = {"to_worker": ("loss", "worker"), "to_client": ("loss", "client"), "was_clients": ("own", "client"),
               "was_fee": ("expense", "own"), "was_own": ("own", "expense"), "debt_lost": ("loss", "debt"), "covered": ("own", "loss")}


@dataclass
class Gift:
    """One bonus: waited for, given, or no longer waited for."""

    work: object
    price: int
    until: datetime.datetime
    pk: int = 0
    state: str = "asked"

    def parts(self) -> dict[str, int]:
        """The town keeps nothing of it; tax is withheld as from the price."""
        withheld = self.work.steps[0].parts(self.price)["withheld"]
        return {"all": self.price + self.price // 10, "withheld": withheld, "net": self.price + self.price // 10 - withheld}


@dataclass
class Correction:
    what: str
    amount: int
    asked_by: int                                       # which of the two of the desk
    whom: int = 0                                       # which worker, or which client
    pk: int = 0
    state: str = "asked"
    taken: object = None                                # of held money, for which the town stands in


@dataclass(kw_only=True)
class Beside:
    """Of a town (whole.py)."""

    gifts: list[Gift] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    have_paid: set[int] = field(default_factory=set)            # which clients ever paid something in
    own: Counter = field(default_factory=Counter)               # the town's: loss, own, expense
    debt: Counter = field(default_factory=Counter)              # by client, below zero

    # ---- gifts -------------------------------------------------------------------------------------------------------

    def may_give(self, work, role: str, price: int) -> bool:
        states = {step.state for step in work.steps}
        return (role == "client" and bool(states & {"accepted", "settled"}) and "disputed" not in states
                and LEAST_GIVEN <= price <= MOST_GIVEN and not any(one.work is work and one.state == "asked" for one in self.gifts))

    def lapse_gifts(self, heard_until: datetime.datetime) -> int:
        late = [one for one in self.gifts if one.state == "asked" and one.until < heard_until]
        for one in late:
            one.state = "lapsed"
        return len(late)

    # ---- corrections -------------------------------------------------------------------------------------------------

    def may_correct(self, what: str, client: int) -> bool:
        return CORRECTIONS[what][1] != "client" or client in self.have_paid

    def may_sign(self, one: Correction, by: int | None) -> bool:
        """Another one of the desk. What people are owed must lie at the bank; no more debt is given up than there is."""
        credit = CORRECTIONS[one.what][1]
        has_room = self.room() >= one.amount if credit in ("worker", "client") else True
        return (one.state == "asked" and by is not None and by != one.asked_by and has_room
                and (credit != "debt" or one.amount <= -self.debt[one.whom]))

    def sign(self, one: Correction) -> None:
        debit, credit = CORRECTIONS[one.what]
        one.state = "signed"
        self.own[debit] -= one.amount
        match credit:
            case "worker":
                self.earn(one.whom, one.amount, self.soon())
            case "client":
                self.owe_back(one.whom, one.amount, f"adjust:{one.pk}")
            case "debt":
                self.give_up(one.whom, one.amount)
            case _:
                self.own[credit] += one.amount

    def give_up(self, client: int, amount: int) -> None:
        self.debt[client] += amount
