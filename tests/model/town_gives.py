"""In the life of a town (town_life.py): what clients give beside the price, and corrections of money by two people of the desk."""
from django.db import transaction

from machi.accounts.queries import party_of
from machi.contracts import actions as contracts
from machi.contracts.models import Bonus, Contract
from machi.payments import actions as payments
from machi.payments.models import Adjustment
from machi.payments.queries import heard_until, pay_in_until
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.beside import CORRECTIONS, Correction, Gift

OF_A_WORKER = ("to_worker",)
OF_A_CLIENT = ("to_client", "was_clients", "debt_lost")


class Giving:

    def give_beside_the_price(self, dice):
        """Mostly the client of work that was paid, a sum that may be given."""
        paid = [work for work in self.model.works if self.model.may_give(work, "client", 1_000)]
        work = self._one(dice, paid if paid and dice.random() < .7 else self.model.works)
        if work is None:
            return
        role = dice.choice(["client"] * 5 + ["worker", "stranger"])
        price = dice.choice([99, 100, 3_333, 100_000, 100_001, dice.randint(100, 50_000)])
        allowed = self.gives_bonuses and self.model.may_give(work, role, price)
        bonus = self._give_for_real(work, role, price)
        assert (bonus is not None) == allowed, f"a bonus of {price} by the {role}: the town says {bonus}, the model {allowed}"
        self.reached("bonus asked" if bonus else "no bonus")
        if bonus:
            gift = Gift(work, price, pay_in_until(), bonus.pk)
            self.model.gifts.append(gift)
            if not self.has_files:
                self.model.at_bank += gift.parts()["all"]
                self.model.give(gift)
                self.reached("bonus given")

    def _give_for_real(self, work, role: str, price: int) -> Bonus | None:
        by = {"worker": self.workers[work.worker], "client": self.clients[work.client], "stranger": self.stranger}[role]
        self.forms += 1
        contract = Contract.objects.get(pk=work.contract.pk)
        try:
            with transaction.atomic():
                return contracts.give_bonus(contract=contract, by=by, price=Yen(price), key=f"form{self.forms}")
        except DomainError:
            return None

    def the_clock_looks_at_gifts(self):
        count = contracts.lapse_bonuses()
        assert count == self.model.lapse_gifts(heard_until())
        self.reached("bonus not waited for", count)

    # ---- corrections -------------------------------------------------------------------------------------------------

    def correct(self, dice):
        """One of the desk asks; the other one signs, or themselves, or somebody of no desk; or it is refused."""
        what = min(CORRECTIONS, key=lambda what: (self.tries[what], dice.random()))
        self.tries[what], amount = self.tries[what] + 1, dice.choice([1, 700, 5_000, 2_000_000])
        whom, by = dice.randint(0, 1), dice.randint(0, 1)
        allowed = self.model.may_correct(what, whom)
        asked = self._ask_for_real(what, amount, whom, by)
        assert (asked is not None) == allowed, what
        if asked is None:
            self.reached("no correction")
            return
        one = Correction(what, amount, by, whom, asked.pk)
        self.model.corrections.append(one)
        self.reached("correction asked")
        for _twice in range(dice.randint(1, 3)):
            self._answer(dice, one)

    def answer_corrections(self, dice):
        if one := self._one(dice, self.model.corrections):
            self._answer(dice, one)

    def _answer(self, dice, one: Correction) -> None:
        by, is_signed = dice.choice([0, 1, 1 - one.asked_by, 1 - one.asked_by, None]), dice.random() < .8
        allowed = self.model.may_sign(one, by) if is_signed else one.state == "asked" and by is not None
        if is_signed and by == one.asked_by:
            self.reached(f"tried own signature while {one.state}")
        done = self._answer_for_real(one, by, is_signed)
        assert done == allowed, f"{one}: the town says {done}, the model {allowed}"
        if done and is_signed:
            self.model.sign(one)
            self.reached(f"corrected: {one.what}")
        elif done:
            one.state = "refused"
            self.reached("correction refused")

    def _ask_for_real(self, what: str, amount: int, whom: int, by: int) -> Adjustment | None:
        named = {"worker": self.workers[whom]} if what in OF_A_WORKER else {}
        named |= {"party": party_of(self.clients[whom])} if what in OF_A_CLIENT else {}
        try:
            with transaction.atomic():
                return payments.ask_adjustment(by=self.desk[by], what=what, amount=Yen(amount), reason="mistake",
                                               words="帳簿の誤りです。", **named)
        except DomainError:
            return None

    def _answer_for_real(self, one: Correction, by: int | None, is_signed: bool) -> bool:
        by, asked = self.stranger if by is None else self.desk[by], Adjustment.objects.get(pk=one.pk)
        try:
            with transaction.atomic():
                if is_signed:
                    payments.sign_adjustment(adjustment=asked, by=by)
                else:
                    payments.refuse_adjustment(adjustment=asked, by=by, words="確かめました。ちがいます。")
        except DomainError:
            return False
        return True
