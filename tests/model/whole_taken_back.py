"""What clients' banks take back of payments by card, in plain Python: what is still held bears it first, the rest is owed; what is lost is
paid anew, stood in for by the town, or ends its work; what is owed is repaid, given up or won back.
"""
import datetime

from tests.model.beside import CORRECTIONS, Correction
from tests.model.cards import CHARGEBACK_MOVES, LEAST_REPAID, Asked, Card, Chargeback, Debt, Repayment, Taken
from tests.model.whole import OVER, Step


class TakenBack:
    """Of a town that takes cards (whole_by_card.py), which has the rows."""

    # ---- a client's bank takes it back -------------------------------------------------------------------------------

    def room_on(self, card: Card) -> int:
        """How much of it a bank can still take back."""
        gone = sum(one.amount for one in self.chargebacks if one.card is card and one.state != "won")
        return card.amount - gone - sum(back.amount for back in self.backs.values() if back.card is card and back.card_state != "failed")

    def take_back_card(self, card: Card, amount: int, number: int) -> Chargeback:
        one, left = Chargeback(card, amount, number), amount
        self.chargebacks.append(one)
        self.at_service -= amount
        for step, held in self._held_of(card):
            if part := min(left, held):
                self.taken.append(Taken(step, part, one))
                self._moves(step, -part)
                left -= part
        if left:
            self.owe(card.client, left, one)
        return one

    def _held_of(self, card: Card) -> list[tuple[Step, int]]:
        """What is still held of that very payment."""
        if not card.is_used:
            return []
        if isinstance(card.what, Step):
            paid = [(card.what, card.amount)]
        elif isinstance(card.what, Chargeback):
            paid = [(one.step, one.amount) for one in self.taken if one.of is card.what and one.state == "filled"]
        else:
            return []
        gone = {id(step): sum(one.amount for one in self.taken if one.step is step and one.of.card is card and one.state != "back")
                for step, _amount in paid}
        return [(step, amount - gone[id(step)]) for step, amount in paid if step.state not in OVER]

    def is_held(self, card: Card) -> bool:
        return any(amount for _step, amount in self._held_of(card))

    def _moves(self, step: Step, amount: int) -> None:
        self.held[step.work.contract.pk] += amount
        step.taken_back -= amount

    def owe(self, client: int, amount: int, of) -> None:
        self.debts.append(Debt(client, amount, of))
        self.debt[client] -= amount

    def hear(self, one: Chargeback, event: str, fee: int) -> bool:
        """The service says how it stands; False where that changes nothing."""
        self.at_service -= fee - one.fee
        self.own["expense"] -= fee - one.fee
        one.fee = fee
        if (one.state, event) not in CHARGEBACK_MOVES:
            return False
        one.state = CHARGEBACK_MOVES[one.state, event]
        if event == "win":
            self._win(one)
        elif event == "lose":
            self._lose(one)
        return True

    def _win(self, one: Chargeback) -> None:
        self.at_service += one.amount
        for taken in self._taken(one, "resting", "win", "back"):
            self._moves(taken.step, taken.amount)
        for debt in self.debts:
            if debt.of is one:
                self.forget(debt)
                self.moved[f"debt {debt.state}: win_back"] += 1
                self.debt[debt.client] += debt.open
                self.own["loss"] += debt.lost
                debt.back += debt.open
                for one in self.came:                   # whatever the client has repaid is theirs again
                    if isinstance(one.what, Repayment) and one.what.debt is debt:
                        self.owe_back(debt.client, one.amount, f"repay:{one.what.pk}")

    def _lose(self, one: Chargeback) -> None:
        if lost := self._taken(one, "resting", "lose", "lost"):
            until = self.pay_in_until()
            for taken in lost:
                taken.until = until
            self.asked.append(Asked(one, sum(taken.amount for taken in lost), until))

    def _taken(self, one: Chargeback, state: str, event: str, after: str) -> list[Taken]:
        found = [taken for taken in self.taken if taken.of is one and taken.state == state]
        for taken in found:
            taken.state = after
        self.moved[f"taken {state}: {event}"] += len(found)
        return found

    # ---- what was lost, and what is owed -----------------------------------------------------------------------------

    def is_there(self, step: Step, price: int) -> bool:
        """Nobody knows how it ends, nothing is given out; it is lost, nobody is paid with what is not there."""
        states = {one.state for one in self.taken if one.step is step}
        return "resting" not in states and not (price and "lost" in states)

    def fill(self, one: Chargeback) -> None:
        for taken in self._taken(one, "lost", "fill", "filled"):
            self._moves(taken.step, taken.amount)

    def may_repay(self, debt: Debt, amount: int) -> bool:
        return min(LEAST_REPAID, debt.open) <= amount <= debt.open > 0

    def repay(self, one: Repayment) -> None:
        self.moved[f"debt {one.debt.state}: repay"] += 1
        self.debt[one.client] += one.amount
        one.debt.repaid += one.amount

    def forget(self, what: Chargeback | Debt) -> None:
        """It is waited for no longer: something else was done, or the sum is another."""
        for one in self.asked:
            if one.state == "waiting" and what in (one.what, getattr(one.what, "debt", None)):
                one.state = "lapsed"

    def forget_late(self, until: datetime.datetime) -> None:
        for one in self.asked:
            if one.state == "waiting" and one.until < until:
                one.state = "lapsed"

    def let_go(self, step: Step, back: int) -> None:
        """What is lost is not there, and of what the town has paid in nothing is the client's."""
        mine = [one for one in self.taken if one.step is step]
        lost = [one for one in mine if one.state == "lost"]
        self.held[step.work.contract.pk] -= step.parts()["all"] - step.taken_back
        step.taken_back = 0
        for one in lost:
            one.state = "gone"
            self.moved["taken lost: end"] += 1
            self.forget(one.of)
        left = back - sum(one.amount for one in lost)
        for debt in (debt for one in mine if one.state == "covered" for debt in self.debts if debt.of is one):
            if left:
                left -= self._need_less(debt, min(left, debt.amount))
        self.owe_back(step.work.client, left, f"milestone:{step.pk}")

    def _need_less(self, debt: Debt, part: int) -> int:
        self.forget(debt)
        self.moved[f"debt {debt.state}: need_less"] += 1
        owed = min(part, debt.open)
        lost = min(part - owed, debt.lost)
        debt.back += owed
        self.debt[debt.client] += owed
        self.own["loss"] += lost
        return owed + lost

    def give_up(self, client: int, amount: int) -> None:
        super().give_up(client, amount)
        for debt in self.debts:
            if debt.client == client and debt.open:
                self.forget(debt)
                part = min(amount, debt.open)
                self.moved["debt open: give_up"] += bool(part)
                debt.lost, amount = debt.lost + part, amount - part

    def may_sign(self, one: Correction, by: int | None) -> bool:
        if one.what in CORRECTIONS:
            return super().may_sign(one, by)
        return (one.state == "asked" and by is not None and by != one.asked_by and one.taken.state == "lost"
                and self.room() >= one.amount)

    def sign(self, one: Correction) -> None:
        if one.what in CORRECTIONS:
            super().sign(one)
            return
        one.state, one.taken.state = "signed", "covered"
        self.moved["taken lost: cover"] += 1
        self.forget(one.taken.of)
        self._moves(one.taken.step, one.amount)
        self.owe(one.whom, one.amount, one.taken)

    def end_unpaid(self, until: datetime.datetime) -> int:
        """By the clock: what was not handed over and nobody paid anew."""
        late = [step for step in self.steps() if step.state == "funded" and not step.received_on and any(
            one.step is step and one.state == "lost" and one.until < until for one in self.taken)]
        for step in late:
            if self.is_there(step, 0):
                self.end(step, 0, self.pay_in_until())
                for other in step.work.steps:
                    other.state = "void" if other.state == "agreed" else other.state
                step.work.fund_by, step.work.has_asked = None, False
        return sum(step.state == "refunded" for step in late)
