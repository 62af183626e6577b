"""In the life of a town (town_life.py): clients' banks take back what was paid by card, before its work is paid and after; what is lost is
paid anew, stood in for by two people, or ends its work; what is owed is repaid, given up or won back, and nothing new begins meanwhile.
"""
import itertools

from django.db import transaction

from machi.cards.models import Chargeback as Row
from machi.cards.models import Quarantine
from machi.contracts import actions as contracts
from machi.contracts.models import Contract
from machi.payments import actions as payments
from machi.payments.models import Debt as DebtRow
from machi.payments.models import ExpectedDeposit
from machi.payments.models import Taken as TakenRow
from machi.payments.queries import heard_until, pay_in_until, read_until
from machi.payments.queries.waiting import _read_by_hand_until
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.cards.town import dispute
from tests.model.beside import Correction
from tests.model.cards import (
    CHARGEBACK_EVENTS,
    CHARGEBACK_FEE,
    DEBT_EVENTS,
    TAKEN_EVENTS,
    Asked,
    Card,
    Chargeback,
    Debt,
    Repayment,
    Taken,
)
from tests.model.whole import DAY, RUNNING, SECOND

_numbers = itertools.count(1)                           # of chargebacks at the service, in all lives
WORDS = "納品された仕事のためです。"


class TakingBack:

    # ---- the client's bank -------------------------------------------------------------------------------------------

    def a_bank_takes_back(self, dice):
        """What is under way goes on; or a new one, mostly of money that is still held."""
        going = [one for one in self.model.chargebacks if one.is_open]
        if going and dice.random() < .5:
            self._moves_on(dice, dice.choice(going))
            return
        cards = [card for card in self.model.cards if card.state == "captured" and self.model.room_on(card) > 0]
        held = [card for card in cards if self.model.is_held(card)]
        card = self._one(dice, held if held and dice.random() < .75 else cards)
        if card and (held or dice.random() < .4):
            self._a_chargeback(dice, card)

    def _a_chargeback(self, dice, card: Card) -> None:
        room = self.model.room_on(card)
        amount = room if dice.random() < .7 else dice.randint(1, room)
        if dice.random() < .35:
            self._moves_nothing(dice, card, amount)
        one = self._hears_dispute(card, None, amount, self._least_tried(dice, "received", ["ask", "submit", "win", "lose"]))
        for debt in [debt for debt in self.model.debts if debt.of is one and one.is_open]:
            if dice.random() < .7:                      # and then it is won
                self._about_debt(dice, debt, dice.choice(["repay", "give_up"]))
                self._hears_dispute(card, one, amount, "win")
        for _each in range(dice.choice([0, 1, 1, 2, 2])):
            if one.is_open:
                self._moves_on(dice, one)

    def held_money_is_away(self, dice):
        """All that a card still holds for a step; whatever can be tried while that rests, once it is lost, and when it is there again."""
        if card := self._one(dice, [card for card in self.model.cards if card.state == "captured" and self.model.is_held(card)]):
            one = self._hears_dispute(card, None, self.model.room_on(card), dice.choice(["ask", "ask", "submit"]))
            for event in ("ask", "submit"):
                if dice.random() < .4:
                    self._hears_dispute(card, one, one.amount, event)
            for taken in [taken for taken in self.model.taken if taken.of is one]:
                self._tries(dice, taken, 2)
                if one.is_open:
                    self._about_taken(dice, taken, dice.choice(["win", "lose", "lose", "lose"]))
                if taken.state == "lost":
                    self._tries(dice, taken, 1, ("win", "lose"))
                    self._about_lost(dice, taken)
                self._tries(dice, taken, 3)
                covered = [debt for debt in self.model.debts if debt.of is taken and taken.state == "covered"]
                if covered and dice.random() < .7:
                    self._about_debt(dice, covered[0], "need_less")

    def _tries(self, dice, taken: Taken, count: int, events: tuple[str, ...] = TAKEN_EVENTS) -> None:
        for _each in range(count):
            self._about_taken(dice, taken, self.least("tried taken", [(taken.state, event) for event in events], dice)[1])

    def _moves_nothing(self, dice, card: Card, amount: int) -> None:
        """A bank that only asks, or a sum that is more than was paid."""
        before, number = Row.objects.count(), f"odd{next(_numbers)}"
        is_odd = dice.random() < .5
        self.service_says(dispute(self.api, self.real(card), "needs_response" if is_odd else "warning_needs_response",
                                  amount=card.amount + 1 if is_odd else amount, number=number))
        assert Row.objects.count() == before and Quarantine.objects.filter(thing=f"du_{number}").exists() == is_odd
        self.reached("chargeback of more than was paid" if is_odd else "a bank only asked")

    def _moves_on(self, dice, one: Chargeback) -> None:
        self._hears_dispute(one.card, one, one.amount, self._least_tried(dice, one.state, [*CHARGEBACK_EVENTS]))

    def _least_tried(self, dice, state: str, events: list[str]) -> str:
        return self.least("tried chargeback", [(state, event) for event in events], dice)[1]

    def try_chargebacks(self, dice):
        """A message about one that has ended changes nothing; the same one again neither."""
        if one := self._one(dice, self.model.chargebacks):
            for event in dice.sample([*CHARGEBACK_EVENTS], 2):
                if not one.is_open or event == {"evidence_due": "ask", "submitted": "submit"}.get(one.state) or dice.random() < .2:
                    self._hears_dispute(one.card, one, one.amount, event)

    def _hears_dispute(self, card: Card, one: Chargeback | None, amount: int, event: str) -> Chargeback:
        """The service has it so, and says so, once or twice."""
        before = one.state if one else "received"
        self.reached(f"tried chargeback {before}: {event}")
        fee = one.fee if one and not one.is_open else 0 if event == "win" else CHARGEBACK_FEE
        number = one.number if one else next(_numbers)
        told = dispute(self.api, self.real(card), CHARGEBACK_EVENTS[event], amount=amount, number=str(number), fees=[fee])
        self.service_says(*[told] * (1 + (self.steps % 3 == 0)))
        is_held = self.model.is_held(card)
        if one is None:
            one = self.model.take_back_card(card, amount, number)
            self.reached("chargeback of money that is held" if is_held else "chargeback after the payment")
        self._know_debts(one)
        if self.model.hear(one, event, fee):
            self.reached(f"chargeback {before}: {event}")
        row = Row.objects.get(provider_id=f"du_{number}")
        one.pk = row.pk
        assert (row.state, row.fee_yen) == (one.state, one.fee)
        self._know_owed()
        return one

    # ---- rows --------------------------------------------------------------------------------------------------------

    def _know_debts(self, one: Chargeback) -> None:
        for debt in self.model.debts:
            if debt.of is one and not debt.pk:
                debt.pk = DebtRow.objects.get(reference=f"chargeback:{Row.objects.get(provider_id=f'du_{one.number}').pk}").pk

    def _know_owed(self) -> None:
        """Which rows are what the model knows; each stands where it says."""
        model = self.model
        for taken in model.taken:
            taken.pk = taken.pk or TakenRow.objects.get(
                chargeback__provider_id=f"du_{taken.of.number}", reference=self.place(taken.step)).pk
        for debt in model.debts:
            debt.pk = debt.pk or DebtRow.objects.get(reference=f"taken:{debt.of.pk}").pk
        for one in model.asked:
            one.pk = one.pk or ExpectedDeposit.objects.filter(place=self.place(one.what)).latest("pk").pk
        assert {row.pk: (row.state, row.amount_yen) for row in TakenRow.objects.all()} == {
            taken.pk: (taken.state, taken.amount) for taken in model.taken}
        assert {row.pk: (row.amount_yen, row.repaid_yen, row.lost_yen, row.back_yen) for row in DebtRow.objects.all()} == {
            debt.pk: (debt.amount, debt.repaid, debt.lost, debt.back) for debt in model.debts}
        owed = ExpectedDeposit.objects.filter(place__startswith="again:") | ExpectedDeposit.objects.filter(place__startswith="repay:")
        assert {row.pk: (row.state, row.amount_yen) for row in owed} == {one.pk: (one.state, one.amount) for one in model.asked}
        for name, count in model.moved.items():
            self.reached(name, count)
        model.moved.clear()

    def place_of_owed(self, what: Chargeback | Repayment) -> str:
        return f"again:{what.pk}" if isinstance(what, Chargeback) else f"repay:{what.pk}"

    # ---- what was lost -----------------------------------------------------------------------------------------------

    def what_was_lost(self, dice):
        """Mostly what can be done about it; now and then what cannot."""
        if taken := self._one(dice, [one for one in self.model.taken if one.state == "lost"]):
            self._about_lost(dice, taken)

    def _about_lost(self, dice, taken: Taken) -> None:
        self._about_taken(dice, taken, self.least("taken", [("lost", event) for event in ("fill", "cover", "end")], dice)[1])

    def try_taken(self, dice):
        for _each in range(6):
            if pairs := [(one.state, event) for one in self.model.taken for event in TAKEN_EVENTS]:
                state, event = self.least("tried taken", pairs, dice)
                self._about_taken(dice, dice.choice([one for one in self.model.taken if one.state == state]), event)

    def _about_taken(self, dice, taken: Taken, event: str) -> None:
        asked = [one for one in self.model.asked if one.what is taken.of]
        if event == "fill" and not asked:
            return                                      # it has no number and no page: nobody was ever asked for it
        self.reached(f"tried taken {taken.state}: {event}")
        match event:
            case "win" | "lose":
                self._hears_dispute(taken.of.card, taken.of, taken.of.amount, event)
            case "fill":
                self._pays_owed(dice, asked[-1])
            case "cover":
                self._town_stands_in(dice, taken)
            case "end" if taken.step.state == "funded" and not taken.step.received_on and taken.state == "lost" and dice.random() < .9:
                self._nobody_pays_until_the_end(taken)
            case "end":
                self._happens(taken.step, "pay_nothing", dice.choice(["worker", "client"]), 0)
        self._know_owed()

    def _pays_owed(self, dice, asked: Asked, is_sure: bool = False) -> None:
        """By a card or by a transfer, of the sum that was asked for; of one that is waited for no longer it goes back."""
        how = dice.choice(["card", "transfer"] if is_sure else ["card", "card", "transfer", "another sum"])
        if asked.state == "matched":
            return
        if how == "card":
            if asked.state == "waiting":
                self._is_paid_by_card(dice, asked.what, is_sure=is_sure or dice.random() < .8)
            return
        row = ExpectedDeposit.objects.get(pk=asked.pk)
        line = self._shows(asked.amount - (1 if how == "another sum" and asked.amount > 1 else 0), f"{row.code} ﾐﾅﾄ")
        self.model.at_bank += line.amount_yen
        is_right = line.amount_yen == asked.amount
        if asked.state == "waiting" and is_right:
            self.model.begin_what(asked.what, None)
            self.reached("owed came by a transfer")
            return
        if asked.state == "waiting":
            payments.give_line_back(line=line, by=self.desk[0], reason="金額がちがう", party=self.clients[asked.client].party)
        else:
            assert line.state == "owed"
            self.reached("owed came too late")
        self.model.owe_back(asked.client, line.amount_yen, line.key)

    def _town_stands_in(self, dice, taken: Taken) -> None:
        by = dice.randint(0, 1)
        asked = payments.ask_to_stand_in(taken=TakenRow.objects.get(pk=taken.pk), by=self.desk[by], words=WORDS)
        one = Correction("stood_in", taken.amount, by, taken.of.client, asked.pk, taken=taken)
        self.model.corrections.append(one)
        if taken.state == "lost" and self.model.room() < taken.amount and dice.random() < .8:
            self._is_operators(taken.amount - self.model.room())
        for _twice in range(2):
            self._answer(dice, one)

    def _answer(self, dice, one: Correction) -> None:
        super()._answer(dice, one)
        self._know_owed()

    def _nobody_pays_until_the_end(self, taken: Taken) -> None:
        self.model.now = max(self.model.now, taken.until + (SECOND if self.steps % 3 == 0 else 20 * DAY))      # or not yet
        self.the_clock_ends_what_nobody_paid()

    def the_clock_ends_what_nobody_paid(self):
        ended = self.model.end_unpaid(read_until())
        assert contracts.end_what_nobody_paid() == ended
        self.reached("ended unpaid", ended)

    def the_clock_forgets_deposits(self):
        super().the_clock_forgets_deposits()
        self.model.forget_late(min(heard_until(), _read_by_hand_until()))
        self.the_clock_ends_what_nobody_paid()
        self._know_owed()

    # ---- what is owed ------------------------------------------------------------------------------------------------

    def what_is_owed(self, dice):
        for _each in range(2):
            if pairs := [(one.state, event) for one in self.model.debts for event in DEBT_EVENTS]:
                state, event = self.least("tried debt", pairs, dice)
                debts = [one for one in self.model.debts if one.state == state]
                fitting = [one for one in debts if self._fits(one, event)]
                self._about_debt(dice, dice.choice(fitting or debts), event)

    def _fits(self, debt: Debt, event: str) -> bool:
        if event == "need_less":
            return isinstance(debt.of, Taken) and debt.of.step.state in RUNNING
        return event != "win_back" or isinstance(debt.of, Chargeback) and debt.of.is_open

    def _about_debt(self, dice, debt: Debt, event: str) -> None:
        self.reached(f"tried debt {debt.state}: {event}")
        match event:
            case "repay":
                self._repays(dice, debt)
            case "give_up":
                self._is_given_up(dice, debt)
            case "win_back" if isinstance(debt.of, Chargeback):
                self._hears_dispute(debt.of.card, debt.of, debt.of.amount, "win")
            case "win_back":                            # a chargeback that was lost stays so, though the town stood in
                self._hears_dispute(debt.of.of.card, debt.of.of, debt.of.of.amount, "win")
            case "need_less" if isinstance(debt.of, Taken):
                step = debt.of.step
                self._happens(step, dice.choice(["pay_nothing", "pay_part"]), "client", 0 if dice.random() < .5 else step.price // 2)
        self._know_owed()

    def _repays(self, dice, debt: Debt, is_sure: bool = False) -> None:
        """All of it, a part, or what is no part; asked again with another sum, the one before is waited for no longer."""
        role = "client" if is_sure else dice.choice([*["client"] * 6, "worker", "stranger"])
        by = {"client": self.clients[debt.client], "worker": self.workers[0], "stranger": self.stranger}[role]
        amount = dice.choice([debt.open, debt.open, debt.open // 2, dice.randint(1, max(1, debt.open)), debt.open + 1])
        amount = debt.open if is_sure else amount
        allowed = role == "client" and self.model.may_repay(debt, amount)
        try:
            deposit = payments.ask_to_repay(debt=DebtRow.objects.get(pk=debt.pk), by=by, amount=Yen(amount))
        except DomainError:
            deposit = None
        assert (deposit is not None) == allowed, f"repaying {amount} by the {role}: the town says {deposit}, the model {allowed}"
        if deposit is None:
            self.reached("no debt repaid")
            return
        asked = next((one for one in self.model.asked if getattr(one.what, "debt", None) is debt and one.state == "waiting"), None)
        if asked is None or asked.amount != amount:
            self.model.forget(debt)
            asked = Asked(Repayment(debt, amount, int(deposit.place.partition(":")[2])), amount, pay_in_until(), deposit.pk)
            self.model.asked.append(asked)
        asked.until = pay_in_until()
        assert (deposit.pk, deposit.amount_yen, deposit.place) == (asked.pk, asked.amount, self.place(asked.what))
        self._pays_owed(dice, asked, is_sure)

    def _is_given_up(self, dice, debt: Debt) -> None:
        """Two people sign that so much will not be paid: all of it, a part, or more than is owed."""
        by, owed = dice.randint(0, 1), -self.model.debt[debt.client]
        amount = dice.choice([max(1, owed), max(1, owed // 2), owed + 1])
        asked = self._ask_for_real("debt_lost", amount, debt.client, by)
        one = Correction("debt_lost", amount, by, debt.client, asked.pk)
        self.model.corrections.append(one)
        self._answer(dice, one)

    # ---- nothing new begins ------------------------------------------------------------------------------------------

    def agree(self, dice):
        """Mostly they repay what they owe before: else little would begin."""
        for debt in [debt for debt in self.model.debts if debt.open]:
            if dice.random() < .6:
                self._repays(dice, debt, is_sure=True)
                self._know_owed()
        super().agree(dice)

    def _a_contract(self, client: int, prices: list[int], **said) -> Contract | None:
        allowed = not self.model.owes(client)
        try:
            with transaction.atomic():
                contract = super()._a_contract(client, prices, **said)
        except DomainError:
            contract = None
        assert (contract is not None) == allowed, "somebody who owes the town has begun new work, or somebody who does not could not"
        if contract is None:
            self.reached("no new work")
        return contract

