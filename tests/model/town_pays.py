"""In the life of a town (town_life.py): money leaves for accounts, by the bank at once or by its files, and comes by transfers."""
import datetime

from django.db import transaction

from machi.activity.models import Fact
from machi.contracts.actions import funding, giving
from machi.payments import actions as payments
from machi.payments.facts import FUNDING_CONFIRMED
from machi.payments.models import BankLine, ExpectedDeposit, Payout, Refund
from machi.payments.queries import told, waiting_batches, waiting_payouts
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.beside import Gift
from tests.model.whole import DAY, OPENING, Step
from tests.people import with_bank_account


class Paying:

    # ---- money leaves ------------------------------------------------------------------------------------------------

    def name_an_account(self, dice):
        self._names(dice.randint(0, 1), dice.choice(["1234567", "7654321", "0000000"]))

    def _names(self, worker: int, number: str) -> None:
        with_bank_account(self.workers[worker], number)
        if self.model.accounts.get(worker, ("",))[0] != number:
            self.model.accounts[worker] = (number, self.model.now)

    def payday(self, dice):
        waiting = [one.pay_on for one in self.model.earned if not one.is_set_aside]
        if waiting and min(waiting) > self.model.arrives_on and dice.random() < .5:
            midnight = datetime.datetime.combine(min(waiting), datetime.time(0), clock.JAPAN) - (7 * DAY if self.has_files else 0 * DAY)
            self.model.now = max(self.model.now, midnight)
        made = payments.pay_due()
        assert made == self.model.pay_due()
        self._know_rows()
        self.reached("set aside", made)

    def _know_rows(self) -> None:
        """Which row each new payout is: of a person there is one at a time."""
        for payout in self.model.payouts:
            payout.pk = payout.pk or Payout.objects.filter(worker=self.workers[payout.worker]).latest("pk").pk

    def ask_early(self, dice):
        worker = dice.randint(0, 1)
        amount = sum(one.amount for one in self.model.earned if one.worker == worker and not one.is_set_aside)
        amount += dice.choice([0, 0, 0, 1, -1])
        allowed = self.model.may_be_early(worker, amount)
        try:
            with transaction.atomic():
                payments.ask_early(by=self.workers[worker], amount=Yen(amount))
                done = True
        except DomainError:
            done = False
        assert done == allowed
        self.reached("early" if done else "no early")
        if done:
            self.model.pay_early(worker)
            self._know_rows()

    def the_account_was_given_up(self, dice):
        """Before a file was made of it."""
        if payout := self._one(dice, [one for one in self.model.payouts if one.state == "requested"]):
            self._names(payout.worker, "7654321" if payout.account == "1234567" else "1234567")
        undone = payments.undo_set_aside()
        assert undone == self.model.undo()
        self.reached("undone", undone)

    def payouts_leave(self, dice):
        self._by_file(dice) if self.has_files else self._at_once()

    def _at_once(self):
        leaving = list(filter(self.model.goes_out, self.model.payouts))
        assert payments.send_payouts() == len(leaving)
        for payout in leaving:
            if payout.account == "0000000":
                self.model.comes_back(payout)
                self.reached("returned")
            else:
                self.model.arrives(payout)
                self.reached("paid")

    def _by_file(self, dice):
        """A file is made, or taken back; of what is at the bank some stands on the statement, alone or as one sum."""
        real = {payout.pk: payout for payout in self.model.payouts}
        for waiting in waiting_batches(waiting_payouts(), told().rules)[:1]:
            batch = payments.propose_batch(value_on=waiting.value_on, count=waiting.count, total_yen=waiting.total_yen, by=self.desk[0])
            if dice.randint(0, 4) == 0:
                payments.withdraw_batch(batch=batch, by=self.desk[1])
                self.reached("withdrawn")
            else:
                payments.take_file(batch=payments.approve_batch(batch=batch, by=self.desk[1]), by=self.desk[0])
                self.reached("file")
                for row in Payout.objects.filter(batch=batch):
                    real[row.pk].state, real[row.pk].is_in_batch = "sending", True
            for row in Payout.objects.filter(pk__in=[one.pk for one in waiting.payouts]):
                real[row.pk].value_on = row.value_on
        if batch := self._one(dice, [row.batch for row in Payout.objects.filter(state="sending").select_related("batch").order_by("pk")]):
            rows = list(batch.payouts.order_by("pk"))
            if all(row.state == "sending" for row in rows) and dice.random() < .5:
                line = self._shows(-batch.total_yen, "ｿｳｺﾞｳﾌﾘｺﾐ")
                payments.settle_batch(line=line, batch=batch, by=self.desk[0], reason="総合振込の合計")
            else:
                rows = [row for row in rows if row.state == "sending"][:1]
                line = self._shows(-rows[0].amount_yen, "ﾌﾘｺﾐ")
                payments.answer_line(line=line, payout=rows[0], by=self.desk[0], reason="受付番号で確かめた")
            for row in rows:
                self.model.arrives(real[row.pk])
                self.reached("paid")

    def refunds_leave(self, dice):
        waiting = list(Refund.objects.exclude(state="paid").order_by("pk"))
        if not self.has_files:
            assert payments.send_refunds() == len(waiting)
        elif waiting:
            waiting = [dice.choice(waiting)]
            line = self._shows(-waiting[0].amount_yen, "ﾍﾝｷﾝ")
            payments.answer_line(line=line, refund=waiting[0], by=self.desk[0], reason="返金")
        for refund in waiting:
            self.model.credit[self._index(refund.party_id)] -= refund.amount_yen
            self.model.at_bank -= refund.amount_yen
            self.reached("refund left")

    def _index(self, party: int) -> int:
        return [client.party.pk for client in self.clients].index(party)

    def _shows(self, amount: int, words: str) -> BankLine:
        """A line of the statement, whose words are its own: a real file begins with the whole day, this one where the last has ended."""
        if not self.lines:                              # the first file tells what lay there before, which is the operator's
            self.model.at_bank, self.model.own["own"] = self.model.at_bank + OPENING, self.model.own["own"] + OPENING
        self.lines += 1
        own = "".join("アイウエオカキクケコ"[int(digit)] for digit in str(self.lines))
        return self.account.shows((amount, f"{words} {own}"))[0]

    # ---- money comes, where people carry the statement -----------------------------------------------------------------

    def a_transfer_comes(self, dice):
        if self.has_files:
            waiting = [step for step in self.model.steps() if step is step.work.next and step.work.has_asked]
            waiting += [gift for gift in self.model.gifts if gift.state == "asked"]
            late = [step for step in self.model.steps() if step.state == "void" and step.was_asked]
            late += [gift for gift in self.model.gifts if gift.state == "lapsed"]
            if late and dice.random() < .5:
                self._comes("late", dice.choice(late))
            elif waiting and dice.random() < .8:
                self._comes(dice.choice(["exact", "exact", "another sum"]), dice.choice(waiting))
            else:
                self._of_nobody(dice.randint(1, 99_999), dice)

    def _comes(self, kind: str, what: Step | Gift) -> None:
        place = f"bonus:{what.pk}" if isinstance(what, Gift) else self._row(what).reference
        deposit, work = ExpectedDeposit.objects.filter(place=place).latest("pk"), what.work
        amount = what.parts()["all"] - (7 if kind == "another sum" else 0)
        line = self._shows(amount, f"{deposit.code} ﾐﾅﾄ")
        self.model.at_bank += amount
        self.reached(f"came: {kind}")
        if kind == "exact":
            self._hears()
            self.model.give(what) if isinstance(what, Gift) else self.model.begin(what)
            self.reached("bonus given", isinstance(what, Gift))
            return
        assert line.state == ("open" if kind == "another sum" else "owed")
        if kind == "another sum":
            payments.give_line_back(line=line, by=self.desk[0], reason="金額がちがう", party=self.clients[work.client].party)
        self.model.owe_back(work.client, amount, line.key)

    def _hears(self) -> None:
        """Money that is here reaches its work: the readers themselves wait for commits, of which a life has none."""
        for fact in Fact.objects.filter(name=FUNDING_CONFIRMED, pk__gt=self.read_until).order_by("pk"):
            self.read_until = fact.pk
            funding._take_up(fact)
            giving._take_up(fact)

    def _of_nobody(self, amount: int, dice) -> None:
        """It waits in suspense, and now and then the bank sends it back."""
        line = self._shows(amount, "ﾅﾅｼ")
        self.model.at_bank, self.model.suspense = self.model.at_bank + amount, self.model.suspense + amount
        self.reached("came: of nobody")
        if dice.random() < .5:
            payments.give_line_back(line=line, by=self.desk[0], reason="だれか分からない")
            out = self._shows(-amount, "ｸﾐﾓﾄﾞｼ")
            line.refresh_from_db()
            payments.answer_line(line=out, back=line, by=self.desk[0], reason="組戻し")
            self.model.at_bank, self.model.suspense = self.model.at_bank - amount, self.model.suspense - amount
            self.reached("sent back")

    def something_comes_back(self, dice):
        """Days after it had arrived."""
        if self.has_files and (payout := self._one(dice, [one for one in self.model.payouts if one.state == "paid"])):
            row = Payout.objects.get(pk=payout.pk)
            line = self._shows(payout.amount, "ｸﾐﾓﾄﾞｼ")
            payments.take_payout_back(line=line, payout=row, by=self.desk[0], reason="該当する口座がない")
            self.model.comes_back(payout)
            self.reached("returned")
