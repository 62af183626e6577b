"""Work in steps and the ways of its money in plain Python, with a bank that answers at once or with an account of the town's own.

What ledgers.py knows of one piece of work from its post on, this knows of what comes after the contract: steps one after the other, parts,
differences, refunds, payouts before their day, payouts that came back, transfers that were waited for, of another sum, too late, of nobody.
It says for every deed whether it is allowed now, and what it does to the yen. Days are asked of the town's own calendar, yen never.
"""
import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from machi.banking.days import bank_days_after
from machi.contracts.actions.disputing import answer_day
from machi.payments.paydays import last_day_for, pay_day, pay_day_after
from tests.model.beside import Beside, Gift
from tests.model.differences import Difference
from tests.model.ledgers import ACCEPTANCE_DAYS, DAY, JAPAN, ROUNDS_OF_CHANGES, split

SECOND = datetime.timedelta(seconds=1)
LEAST_PART, LEAST_EARLY, HOLD, AHEAD, OPENING = 100, 3_000, datetime.timedelta(hours=72), 3, 100_000
RUNNING, PAID, OVER = ("funded", "delivered", "disputed"), ("accepted", "settled"), ("accepted", "settled", "refunded", "void")
STATES = ("agreed", *RUNNING, *OVER)
EVENTS = {"fund": "client", "deliver": "worker", "ask_changes": "client", "accept": "client", "pay_all": "", "pay_part": "",
          "pay_nothing": "", "dispute": "", "take_back": ""}      # whose deed it is; nobody's in particular
# Every edge of a step's table that people walk here.
EDGES = {("agreed", "fund"), ("funded", "deliver"), ("delivered", "ask_changes"), ("delivered", "accept"), ("funded", "dispute"),
         ("delivered", "dispute"), ("disputed", "take_back"),
         *((state, event) for state in RUNNING for event in ("pay_all", "pay_part", "pay_nothing"))}


def part(price: int, before: int, is_withheld: bool) -> dict[str, int]:
    """Where every yen of a step goes: fees go on from what was before it, tax is withheld from each payment by itself."""
    through, until = split(before + price, False), split(before, False)
    parts = {name: through[name] - until[name] for name in ("fee", "fee_tax", "all")}
    parts["withheld"] = split(price, is_withheld)["withheld"]
    return parts | {"net": parts["all"] - parts["fee"] - parts["fee_tax"] - parts["withheld"]}


@dataclass
class Step:
    """One step of one contract."""

    work: "Work"
    number: int
    price: int
    before: int
    due_on: datetime.date
    pay_on: datetime.date
    state: str = "agreed"
    changes: int = 0
    until: datetime.datetime | None = None          # the acceptance clock
    was_asked: bool = False                         # a transfer for it was
    delivered_at: datetime.datetime | None = None
    received_on: datetime.date | None = None        # the first time
    told: set[tuple[str, int]] = field(default_factory=set)        # who told a difference about which round
    disputed: Difference | None = None
    taken_back: int = 0                             # of its money is away, at the client's bank
    pk: int = 0                                     # of the real one

    def parts(self, price: int | None = None) -> dict[str, int]:
        return part(self.price if price is None else price, self.before, self.work.is_withheld)

    @property
    def round(self) -> int:
        return 2 * self.changes + (self.state == "delivered")


@dataclass
class Work:
    """One contract."""

    worker: int
    client: int
    is_withheld: bool
    contract: object
    fund_by: datetime.datetime | None
    steps: list[Step] = field(default_factory=list)
    has_asked: bool = False                         # a transfer for the next step is waited for

    @property
    def next(self) -> Step | None:
        is_under_way = any(step.state in RUNNING for step in self.steps)
        return None if is_under_way else next((step for step in self.steps if step.state == "agreed"), None)


@dataclass
class Earned:
    worker: int
    amount: int
    pay_on: datetime.date
    is_set_aside: bool = False


@dataclass
class Payout:
    worker: int
    amount: int
    account: str
    earned: list[Earned]
    value_on: datetime.date
    state: str = "requested"
    is_in_batch: bool = False
    pk: int = 0                                     # of the real one


@dataclass
class Town(Beside):
    """Everything the yen depend on."""

    now: datetime.datetime
    has_files: bool
    works: list[Work] = field(default_factory=list)
    earned: list[Earned] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    accounts: dict[int, tuple[str, datetime.datetime]] = field(default_factory=dict)
    held: Counter = field(default_factory=Counter)          # by contract
    balance: Counter = field(default_factory=Counter)
    transit: Counter = field(default_factory=Counter)
    paid: Counter = field(default_factory=Counter)
    withheld: Counter = field(default_factory=Counter)      # by client
    credit: Counter = field(default_factory=Counter)        # of each client, on its way back
    fees: int = 0
    taxes: int = 0
    suspense: int = 0
    at_bank: int = 0
    at_service: int = 0                                     # where cards are taken

    @property
    def today(self) -> datetime.date:
        return self.now.astimezone(JAPAN).date()

    @property
    def arrives_on(self) -> datetime.date:
        """The day on which money that is set aside now reaches people."""
        return bank_days_after(self.today, AHEAD) if self.has_files else self.today

    def steps(self) -> Iterator[Step]:
        return (step for work in self.works for step in work.steps)

    # ---- may this happen now? ----------------------------------------------------------------------------------------

    def allows(self, event: str, step: Step, role: str, price: int = 0) -> bool:
        if role not in ("worker", "client") or EVENTS[event] not in ("", role):
            return False
        is_in_time = step.until is None or self.now < step.until
        match event:
            case "fund":
                by = step.work.fund_by
                return step is step.work.next and not (self.has_files and by is not None and by < self.now)
            case "deliver":
                return step.state == "funded"
            case "ask_changes":
                return step.state == "delivered" and is_in_time and step.changes < ROUNDS_OF_CHANGES
            case "accept":
                return step.state == "delivered" and self.is_there(step, step.price)
            case "dispute":
                return step.state in ("funded", "delivered") and is_in_time and (role, step.round) not in step.told
            case "take_back":
                return step.state == "disputed" and step.disputed.side == role
        return step.state in RUNNING and self.is_there(step, price) and self.is_part(step, price)

    def is_there(self, step: Step, price: int) -> bool:
        """Can so much of it be given out now?"""
        return not step.taken_back

    def is_part(self, step: Step, price: int) -> bool:
        return price in (0, step.price) or LEAST_PART <= price < step.price

    # ---- what it does ------------------------------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        """Its money is here."""
        step.state, step.work.fund_by, step.work.has_asked = "funded", None, False
        self.held[step.work.contract.pk] += step.parts()["all"]
        self.have_paid.add(step.work.client)

    def deliver(self, step: Step) -> None:
        step.state, step.until, step.delivered_at = "delivered", self.now + ACCEPTANCE_DAYS * DAY, self.now
        step.received_on = step.received_on or self.today
        step.pay_on = pay_day_after(step.pay_on, self.today, due_on=step.due_on, acceptance_days=ACCEPTANCE_DAYS,
                                    was_sent_back=step.changes > 0)

    def ask_changes(self, step: Step) -> None:
        step.state, step.changes, step.until = "funded", step.changes + 1, None

    def dispute(self, step: Step, role: str) -> None:
        step.told.add((role, step.round))
        step.disputed, step.state = Difference(role, self.now, step.state, answer_day(self.today)), "disputed"

    def take_back(self, step: Step) -> None:
        rested, step.state, step.disputed = self.now - step.disputed.since, step.disputed.before, None
        if step.state == "delivered":
            step.until += rested                        # while it rested no time went by
        else:
            step.until = None

    def end(self, step: Step, price: int, until: datetime.datetime) -> None:
        """So much of it is the worker's, the rest goes back. `until`: by then the next one's money must be here."""
        parts, work = step.parts(price) if price else Counter(), step.work
        self.let_go(step, step.parts()["all"] - parts["all"])
        if price:
            step.pay_on = self._pay_day_of(step)
            self.earn(work.worker, parts["net"], step.pay_on)
            self.withheld[work.client] += parts["withheld"]
            self.fees, self.taxes = self.fees + parts["fee"], self.taxes + parts["fee_tax"]
        step.state, step.disputed = "refunded" if not price else "accepted" if price == step.price else "settled", None
        work.fund_by = until if work.next else None

    def let_go(self, step: Step, back: int) -> None:
        """Nothing of it is held any longer, and so much of it is its client's again."""
        self.held[step.work.contract.pk] -= step.parts()["all"]
        self.owe_back(step.work.client, back, f"milestone:{step.pk}")

    def owe_back(self, client: int, amount: int, reference: str) -> None:
        self.credit[client] += amount

    def earn(self, worker: int, amount: int, pay_on: datetime.date) -> None:
        self.earned.append(Earned(worker, amount, pay_on))
        self.balance[worker] += amount

    def give(self, gift: Gift) -> None:
        """Its money is here, and all of it goes out again."""
        parts, gift.state = gift.parts(), "paid"
        self.earn(gift.work.worker, parts["net"], self.soon())
        self.withheld[gift.work.client] += parts["withheld"]
        self.have_paid.add(gift.work.client)

    def soon(self) -> datetime.date:
        return pay_day(self.today, acceptance_days=0)

    def beside_what_is_owed(self) -> int:
        """What lies at the bank and belongs to nobody but the town."""
        return self.at_bank + self.at_service - sum(sum(sums.values()) for sums in (
            self.held, self.balance, self.transit, self.withheld, self.credit))

    def room(self) -> int:
        """Of it the town may give away what is not somebody's of whom nobody knows yet who they are."""
        return self.beside_what_is_owed() - self.suspense

    def _pay_day_of(self, step: Step) -> datetime.date:
        if step.received_on and step.pay_on >= self.today:
            return step.pay_on
        found = self.soon()
        latest = last_day_for(step.received_on) if step.received_on else found
        return latest if self.today <= latest < found else found

    # ---- the clock's rounds ------------------------------------------------------------------------------------------

    def accept_for_silent(self, until: datetime.datetime) -> int:
        late = [step for step in self.steps() if step.state == "delivered" and step.until <= self.now and not step.taken_back]
        for step in late:
            self.end(step, step.price, until)
        return len(late)

    def remind(self) -> int:
        return sum(step.disputed.is_reminded(self.now) for step in self.steps() if step.disputed)

    def end_mediation(self) -> int:
        return sum(step.disputed.is_escalated(self.now) for step in self.steps() if step.disputed)

    def settle_for_silent(self, until: datetime.datetime) -> int:
        """The client who spoke gets it back, the worker what they handed over; of what was never handed over nothing is paid by silence."""
        late = [step for step in self.steps() if step.disputed and step.disputed.is_silence_over(self.now)
                and (not step.taken_back or step.disputed.side == "worker" and not step.received_on)]
        for step in late:
            if step.disputed.side == "worker" and not step.received_on:
                self.take_back(step)
            else:
                self.end(step, step.price if step.disputed.side == "worker" else 0, until)
        return len(late)

    def void_unfunded(self, heard_until: datetime.datetime) -> int:
        late = [work for work in self.works if work.next and work.fund_by is not None and work.fund_by < heard_until]
        for work in late:
            for step in work.steps:
                if step.state == "agreed":
                    step.state = "void"
            work.fund_by, work.has_asked = None, False
        return len(late)

    # ---- money leaves ------------------------------------------------------------------------------------------------

    def is_free(self, worker: int) -> bool:
        """May money be sent to their account now? One that was just named rests where real money leaves."""
        return worker in self.accounts and not (self.has_files and self.accounts[worker][1] > self.now - HOLD)

    def _may_be_paid(self, worker: int) -> bool:
        return self.is_free(worker) and not any(
            one.worker == worker and one.value_on == self.arrives_on and one.state in ("requested", "sending") for one in self.payouts)

    def pay_due(self) -> int:
        made = 0
        for worker in list(self.accounts):
            due = [one for one in self.earned if one.worker == worker and not one.is_set_aside and one.pay_on <= self.arrives_on]
            if due and self._may_be_paid(worker):
                self._set_aside(worker, due)
                made += 1
        return made

    def may_be_early(self, worker: int, amount: int) -> bool:
        waiting = sum(one.amount for one in self.earned if one.worker == worker and not one.is_set_aside)
        return self._may_be_paid(worker) and amount == waiting >= LEAST_EARLY

    def pay_early(self, worker: int) -> None:
        self._set_aside(worker, [one for one in self.earned if one.worker == worker and not one.is_set_aside])

    def _set_aside(self, worker: int, due: list[Earned]) -> None:
        amount = sum(one.amount for one in due)
        self.payouts.append(Payout(worker, amount, self.accounts[worker][0], due, self.arrives_on))
        self.balance[worker] -= amount
        self.transit[worker] += amount
        for one in due:
            one.is_set_aside = True

    def goes_out(self, payout: Payout) -> bool:
        return payout.state == "sending" or payout.state == "requested" and self._names(payout)

    def _names(self, payout: Payout) -> bool:
        return self.accounts.get(payout.worker, ("",))[0] == payout.account

    def undo(self) -> int:
        """What was set aside for an account of before, and is in no batch, is its worker's again."""
        vain = [one for one in self.payouts if one.state == "requested" and not one.is_in_batch and not self._names(one)]
        for payout in vain:
            self._is_theirs_again(payout, "undone", self.transit)
        return len(vain)

    def arrives(self, payout: Payout) -> None:
        payout.state = "paid"
        self.transit[payout.worker] -= payout.amount
        self.paid[payout.worker] += payout.amount
        self.at_bank -= payout.amount

    def comes_back(self, payout: Payout) -> None:
        """From an account that no bank knows: at once, or days after it had arrived."""
        was_paid = payout.state == "paid"
        self._is_theirs_again(payout, "returned", self.paid if was_paid else self.transit)
        self.at_bank += payout.amount if was_paid else 0
        if self._names(payout):
            del self.accounts[payout.worker]

    def _is_theirs_again(self, payout: Payout, state: str, out_of: Counter) -> None:
        payout.state = state
        out_of[payout.worker] -= payout.amount
        self.balance[payout.worker] += payout.amount
        for one in payout.earned:
            one.is_set_aside = False
