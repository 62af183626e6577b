"""The plain model of a town whose clients pay by card: where each yen is while a payment is set aside, taken or given back. What a client's
bank takes back is in whole_taken_back.py.
"""
import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.model.beside import Gift
from tests.model.cards import ASKED_OFTEN, LAST_DAY, Asked, Back, Card, Chargeback, Debt, Repayment, Taken
from tests.model.whole import Step, Town
from tests.model.whole_taken_back import TakenBack


@dataclass
class CardTown(TakenBack, Town):
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
        if back.card_state == "asked" and not back.at:
            back.at = back.card.takes_back
        if back.card_state != "asked" or back.at == "pending":
            return False
        has_arrived = back.at == "succeeded"
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

    def is_short(self) -> bool:
        """More is owed to people than lies there: until the operator has put their own money in, a rule says so."""
        return self.beside_what_is_owed() < 0
