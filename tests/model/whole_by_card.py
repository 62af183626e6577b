"""The plain model of a town whose clients pay by card: where each yen is while a payment is set aside, taken, given back, taken back by a
client's bank, paid anew, stood in for by the town, or owed to it.
"""
import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.model.beside import CORRECTIONS, Correction, Gift
from tests.model.cards import ASKED_OFTEN, CHARGEBACK_MOVES, LAST_DAY, LEAST_REPAID, Asked, Back, Card, Chargeback, Debt, Repayment, Taken
from tests.model.whole import OVER, Step, Town


@dataclass
class CardTown(Town):
    cards: list[Card] = field(default_factory=list)
    backs: dict[str, Back] = field(default_factory=dict)                # by what they are called
    chargebacks: list[Chargeback] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    came: list[Asked] = field(default_factory=list)                     # of it what came, in this order
    pay_in_until: Callable[[], datetime.datetime] | None = None
    moved: Counter = field(default_factory=Counter)                     # which edges were gone since somebody looked

    # ---- who owes begins nothing -------------------------------------------------------------------------------------

    def owes(self, client: int) -> bool:
        return self.debt[client] < 0

    def allows(self, event: str, step: Step, role: str, price: int = 0) -> bool:
        return super().allows(event, step, role, price) and not (event == "fund" and self.owes(step.work.client))

    def may_give(self, work, role: str, price: int) -> bool:
        return super().may_give(work, role, price) and not self.owes(work.client)

    # ---- cards -------------------------------------------------------------------------------------------------------

    def asked_for(self, what) -> tuple[int, int, datetime.datetime] | None:
        """Of what is waited for: by whom it is paid, how much it is, and until when."""
        if isinstance(what, Step):
            work = what.work
            is_so = work.has_asked and what is work.next
            return (work.client, what.parts()["all"], work.fund_by) if is_so else None
        if isinstance(what, Gift):
            return (what.work.client, what.parts()["all"], what.until) if what.state == "asked" else None
        found = next((one for one in self.asked if one.what is what and one.state == "waiting"), None)
        return (found.client, found.amount, found.until) if found else None

    def open_card(self, what) -> Card | None:
        return next((card for card in self.cards if card.what is what and card.state in ("created", "authorised")), None)

    def open_page(self, what, is_clients: bool) -> tuple[Card | None, bool]:
        """The payment whose page a client is led to, and whether it is a new one."""
        asked = self.asked_for(what)
        if not is_clients or asked is None or asked[2] < self.now:
            return None, False
        client, amount, _until = asked
        if card := self.open_card(what):
            card.look()
            if card.state == "authorised":
                return None, False                      # it is being taken
            if card.state == "created" and card.amount == amount:
                return card, False
            if card.state == "created":                 # another sum is asked for now
                card.page, card.state = "over", "failed"
        self.cards.append(Card(what, client, amount))
        return self.cards[-1], True

    def read(self, card: Card) -> bool:
        """The town hears how it stands, and takes it if it is waited for."""
        card.look()
        return card.state == "authorised" and self.take(card)

    def take(self, card: Card) -> bool:
        asked = self.asked_for(card.what)
        is_wanted = asked is not None and asked[:2] == (card.client, card.amount)
        if not is_wanted or card.at == "let go":
            card.let_go()
        if card.state != "authorised":
            return False
        card.state, card.at, card.is_used = "captured", "taken", is_wanted
        self.at_service += card.amount - card.fee()
        self.own["expense"] -= card.fee()
        if is_wanted:
            self.begin_what(card.what, card)
        else:                                           # somebody had taken it at the service itself
            self.owe_back(card.client, card.amount, f"card:{card.pk}")
        return True

    def begin_what(self, what, card: Card | None) -> None:
        """Money that was waited for is here: by a card, or by a transfer."""
        if isinstance(what, Step):
            self.begin(what)
        elif isinstance(what, Gift):
            self.give(what)
        else:
            deposit = next(one for one in self.asked if one.what is what and one.state == "waiting")
            deposit.state, deposit.card = "matched", card
            self.came.append(deposit)
            self.repay(what) if isinstance(what, Repayment) else self.fill(what)

    def ask_service(self) -> None:
        """What the clock asks once a minute."""
        for card in self.cards:
            self.read(card)
        self.let_go_late()
        for back in self.backs.values():
            self.send_back(back)

    def let_go_late(self) -> None:
        """What would run out, and was not taken."""
        for card in self.cards:
            if card.state == "authorised" and card.until < self.now + LAST_DAY:
                card.let_go()

    # ---- back to the card --------------------------------------------------------------------------------------------

    def owe_back(self, client: int, amount: int, reference: str) -> None:
        super().owe_back(client, amount, reference)
        if amount:
            self.backs[reference] = Back(client, amount)

    def left_on(self, card: Card) -> int:
        if any(one.card is card and one.state != "won" for one in self.chargebacks):
            return 0
        return card.amount - sum(back.amount for back in self.backs.values() if back.card is card and back.card_state != "failed")

    def card_for(self, reference: str) -> Card | None:
        kind, _colon, number = reference.partition(":")
        pk, found = int(number), None
        if kind == "milestone":
            filled = [one for one in self.taken if one.step.pk == pk and one.state == "filled"]
            found = next(one.card for one in self.came if one.what is filled[-1].of) if filled else next(
                (card for card in self.cards if isinstance(card.what, Step) and card.what.pk == pk and card.is_used), None)
        elif kind == "card":
            found = next(card for card in self.cards if card.pk == pk)
        elif kind == "repay":
            found = next(one.card for one in self.came if isinstance(one.what, Repayment) and one.what.pk == pk)
        return found if found and self.left_on(found) >= self.backs[reference].amount else None

    def send_backs(self) -> int:
        for reference, back in self.backs.items():
            if back.state == "owed" and (card := self.card_for(reference)):
                back.state, back.card, back.card_state, back.asked_at = "sending", card, "asked", self.now
        return sum(self.send_back(back) for back in self.backs.values() if back.asked_at and back.asked_at > self.now - ASKED_OFTEN)

    def send_back(self, back: Back) -> bool:
        """The service is told of it, or asked what became of it: has it arrived with this?"""
        if back.card_state != "asked" or back.card.takes_back == "pending":
            return False
        has_arrived = back.card.takes_back == "succeeded"
        self.moved[f"card refund asked: {'succeed' if has_arrived else 'fail'}"] += 1
        back.card_state = "succeeded" if has_arrived else "failed"
        if has_arrived:
            self.is_back(back)
            self.at_service -= back.amount
        return has_arrived

    def is_back(self, back: Back) -> None:
        back.state = "paid"
        self.credit[back.client] -= back.amount

    def may_leave_by_transfer(self, back: Back) -> bool:
        return back.state != "paid" and back.card_state in ("", "failed")

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

    def is_short(self) -> bool:
        """More is owed to people than lies there: until the operator has put their own money in, a rule says so."""
        return self.beside_what_is_owed() < 0
