"""The money of a town in plain Python: numbers in dictionaries, no database, none of the town's own arithmetic.

A journey is one piece of work on its way from a proposal to a bank line. It may stop anywhere. The model says for every
deed whether it is allowed now, and what it does to the yen.
"""
import datetime
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from machi.payments.paydays import last_day_for, pay_day, pay_day_after

DAY = datetime.timedelta(days=1)
JAPAN = datetime.timezone(datetime.timedelta(hours=9))
WEEK, PATIENCE, LONGEST_WAIT, ROUNDS_OF_CHANGES, ACCEPTANCE_DAYS = 7 * DAY, 14 * DAY, 22 * DAY, 2, 7


def end_of(day: datetime.date) -> datetime.datetime:
    """Nobody answers an offer after its own due day."""
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), JAPAN)


def split(price: int, is_withheld: bool) -> dict[str, int]:
    """Where every yen of a price goes."""
    tax = price // 10
    base = price + tax
    fee = floor(Fraction(1, 5) * min(base, 100_000) + Fraction(1, 10) * min(max(base - 100_000, 0), 100_000)
                + Fraction(1, 20) * max(base - 200_000, 0))
    withheld = floor(Fraction(1021, 10_000) * min(price, 1_000_000) + Fraction(2042, 10_000) * max(price - 1_000_000, 0))
    parts = {"fee": fee, "fee_tax": fee // 10, "withheld": withheld if is_withheld else 0}
    return parts | {"all": base, "net": base - sum(parts.values())}


@dataclass
class Journey:
    """One piece of work."""

    worker: int
    client: int
    price: int
    state: str = "applied"
    due_on: datetime.date | None = None
    closes_on: datetime.date | None = None
    closed_at: datetime.datetime | None = None      # when the town closed the post
    until: datetime.datetime | None = None          # the clock that runs now: answer, money, acceptance
    changes: int = 0
    pay_on: datetime.date | None = None
    received_on: datetime.date | None = None        # what was handed over first
    is_set_aside: bool = False
    job: object = None                              # the real things, so that the test can name them
    proposal: object = None
    offer: object = None
    contract: object = None


@dataclass
class Payout:
    worker: int
    amount: int
    account: str
    journeys: list[Journey]
    value_on: datetime.date
    state: str = "requested"


@dataclass
class Town:
    """Everything the yen depend on."""

    now: datetime.datetime
    withholds: tuple[bool, ...]                     # of each client
    journeys: list[Journey] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    accounts: dict[int, str] = field(default_factory=dict)
    held: Counter = field(default_factory=Counter)
    balance: Counter = field(default_factory=Counter)
    transit: Counter = field(default_factory=Counter)
    withheld: Counter = field(default_factory=Counter)
    paid: Counter = field(default_factory=Counter)
    fees: int = 0
    taxes: int = 0
    deposited: int = 0

    @property
    def today(self) -> datetime.date:
        return self.now.astimezone(JAPAN).date()

    def parts(self, one: Journey) -> dict[str, int]:
        return split(one.price, self.withholds[one.client])

    # ---- may this happen now? ----------------------------------------------------------------------------------------

    def allows(self, deed: str, one: Journey, role: str) -> bool:
        who, states = {
            "offer": ("client", {"applied"}), "decline": ("client", {"applied"}), "withdraw": ("worker", {"applied"}),
            "change_offer": ("client", {"offered"}), "accept_offer": ("worker", {"offered"}), "refuse_offer": ("worker", {"offered"}),
            "fund": ("client", {"agreed"}), "deliver": ("worker", {"funded"}), "ask_changes": ("client", {"delivered"}),
            "accept": ("client", {"delivered"})}[deed]
        in_time = {"offer": lambda: self.today < one.due_on, "change_offer": lambda: self.today < one.due_on,
                   "accept_offer": lambda: self.now <= one.until, "refuse_offer": lambda: self.now <= one.until,
                   "ask_changes": lambda: self.now < one.until and one.changes < ROUNDS_OF_CHANGES}.get(deed, lambda: True)
        return role == who and one.state in states and in_time()

    # ---- what it does ------------------------------------------------------------------------------------------------

    def offer(self, one: Journey) -> None:
        one.state, one.until = "offered", min(self.now + WEEK, end_of(one.due_on))

    def change_offer(self, one: Journey, price: int) -> None:
        one.price, one.until = price, min(self.now + WEEK, end_of(one.due_on))

    def accept_offer(self, one: Journey) -> None:
        one.state, one.until = "agreed", self.now + WEEK
        one.pay_on = pay_day(one.due_on, acceptance_days=ACCEPTANCE_DAYS)

    def end(self, one: Journey) -> None:
        one.state = "ended"

    decline = withdraw = refuse_offer = end

    def fund(self, one: Journey) -> None:
        one.state = "funded"
        self.held[one.contract.pk] = self.parts(one)["all"]
        self.deposited += self.parts(one)["all"]

    def deliver(self, one: Journey) -> None:
        one.state, one.until, one.received_on = "delivered", self.now + ACCEPTANCE_DAYS * DAY, one.received_on or self.today
        one.pay_on = pay_day_after(one.pay_on, self.today, due_on=one.due_on, acceptance_days=ACCEPTANCE_DAYS,
                                   was_sent_back=one.changes > 0)

    def ask_changes(self, one: Journey) -> None:
        one.state, one.changes = "funded", one.changes + 1

    def accept(self, one: Journey) -> None:
        one.state, parts, one.pay_on = "accepted", self.parts(one), self._pay_day_of(one)
        del self.held[one.contract.pk]
        self.balance[one.worker] += parts["net"]
        self.withheld[one.client] += parts["withheld"]
        self.fees += parts["fee"]
        self.taxes += parts["fee_tax"]

    # ---- the clock's rounds ------------------------------------------------------------------------------------------

    def close_overdue(self) -> None:
        for one in self.journeys:
            if one.closed_at is None and one.closes_on < self.today and one.state in ("applied", "offered", "ended"):
                one.closed_at = self.now

    def answer_for_silent(self) -> None:
        for one in self.journeys:
            if one.state == "applied" and one.closed_at is not None and (
                    one.closed_at < self.now - PATIENCE or one.closes_on <= self.today - LONGEST_WAIT):
                one.state = "ended"

    def expire_offers(self) -> int:
        return self._all(lambda one: one.state == "offered" and one.until < self.now, self.end)

    def void_unfunded(self) -> int:
        return self._all(lambda one: one.state == "agreed" and one.until < self.now, self.end)

    def accept_for_silent(self) -> int:
        return self._all(lambda one: one.state == "delivered" and one.until <= self.now, self.accept)

    def _all(self, which, deed) -> int:
        found = [one for one in self.journeys if which(one)]
        for one in found:
            deed(one)
        return len(found)

    def _pay_day_of(self, one: Journey) -> datetime.date:
        """Accepted after its day, as where a town was switched off, it is paid on the next one: by day 60 of the receipt, if it can be."""
        if one.pay_on >= self.today:
            return one.pay_on
        soon, latest = pay_day(self.today, acceptance_days=0), last_day_for(one.received_on)
        return latest if self.today <= latest < soon else soon

    def is_beyond_sixty_days(self, one: Journey) -> bool:
        """Only a town that was switched off for weeks gets there: its alarm is right, and no yen is wrong."""
        return bool(one.received_on) and one.changes == 0 and one.pay_on > one.received_on + 59 * DAY

    # ---- money leaves ------------------------------------------------------------------------------------------------

    def pay_due(self) -> int:
        made = 0
        for worker, account in self.accounts.items():
            due = [one for one in self.journeys if one.worker == worker and one.state == "accepted" and not one.is_set_aside
                   and one.pay_on <= self.today]
            if due and not any(payout.worker == worker and payout.value_on == self.today and payout.state in ("requested", "sending")
                               for payout in self.payouts):
                amount = sum(self.parts(one)["net"] for one in due)
                self.payouts.append(Payout(worker, amount, account, due, self.today))
                self.balance[worker] -= amount
                self.transit[worker] += amount
                for one in due:
                    one.is_set_aside = True
                made += 1
        return made

    def goes_out(self, payout: Payout) -> bool:
        """Told already, or about to be: nobody is paid to an account that they name no more."""
        return payout.state == "sending" or payout.state == "requested" and self.accounts.get(payout.worker) == payout.account

    def send_in_vain(self) -> None:
        for payout in filter(self.goes_out, self.payouts):
            payout.state = "sending"

    def undo(self) -> int:
        """What was set aside for an account of before is its worker's again."""
        vain = [one for one in self.payouts if one.state == "requested" and not self.goes_out(one)]
        for payout in vain:
            payout.state = "undone"
            self.transit[payout.worker] -= payout.amount
            self.balance[payout.worker] += payout.amount
            for one in payout.journeys:
                one.is_set_aside = False
        return len(vain)

    def send(self) -> Counter:
        """The bank answers: it knows every account but one."""
        ended = Counter()
        self.send_in_vain()
        for payout in (one for one in self.payouts if one.state == "sending"):
            payout.state = "returned" if payout.account == "0000000" else "paid"
            self.transit[payout.worker] -= payout.amount
            (self.balance if payout.state == "returned" else self.paid)[payout.worker] += payout.amount
            if payout.state == "returned":
                for one in payout.journeys:
                    one.is_set_aside = False
                if self.accounts.get(payout.worker) == payout.account:
                    del self.accounts[payout.worker]
            ended[payout.state] += 1
        return ended
