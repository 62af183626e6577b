"""One life of a town: the deeds of its people, its clock and its bank, each done to the town and to the plain model (whole.py)."""
import datetime
import random
from collections import Counter
from contextlib import ExitStack
from unittest.mock import patch

from django.db import transaction
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from machi.contracts import actions as contracts
from machi.contracts.invariants import broken as broken_contracts
from machi.contracts.models import Contract, Milestone
from machi.ledger.accounts import Kind
from machi.ledger.models import Balance
from machi.ledger.queries import balance as ledger_balance
from machi.payments import actions as payments
from machi.payments.fakebank import FakeBank
from machi.payments.invariants import broken as broken_money
from machi.payments.queries import heard_until, pay_in_until, reward_delivered
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model import whole
from tests.model.town_differs import Differing
from tests.model.town_gives import Giving
from tests.model.town_pays import Paying
from tests.model.whole import DAY, EVENTS, RUNNING, SECOND, Step, Town, Work
from tests.payments.batches import in_a_town_with_files
from tests.payments.statements import Account
from tests.people import a_client, a_contract, a_contract_in_steps, a_person, a_staff_member

START = datetime.datetime(2026, 12, 1, 1, 0, tzinfo=datetime.UTC)
LEAPS = [SECOND, 7 * DAY / 24, DAY, 3 * DAY, 3 * DAY + SECOND, 7 * DAY, 7 * DAY + SECOND, 16 * DAY]
PRICES = (100, 101, 999, 9_999, 90_909, 100_000, 200_001)
WEIGHTS = {"agree": 3, "go_on": 10, "try_what_is_not_allowed": 4, "time_goes_by": 1, "a_time_runs_out": 3, "the_clock_makes_its_rounds": 1,
           "name_an_account": 3, "payday": 4, "ask_early": 2, "the_account_was_given_up": 1, "refunds_leave": 2, "payouts_leave": 4,
           "a_transfer_comes": 4, "something_comes_back": 3,
           "differ_on": 5, "somebody_stays_silent": 2, "give_beside_the_price": 3, "correct": 2,
           "answer_corrections": 1}
ONWARD = {"agreed": ["fund"], "funded": [*["deliver"] * 5, "dispute", "pay_part", "pay_all", "pay_nothing"],
          "delivered": [*["accept"] * 3, "ask_changes", "dispute", "dispute", "pay_part", "pay_all", "pay_nothing"],
          "disputed": ["take_back", "pay_part", "pay_all", "pay_nothing"]}
TRANSFERS = ("exact", "another sum", "late", "of nobody")
REACHED: Counter = Counter()


class TownLife(Differing, Giving, Paying, RuleBasedStateMachine):
    """Two workers, two clients of whom one withholds tax, two people of the finance desk, two who mediate, a clock, a bank."""

    town, has_files, gives_bonuses, pay_in_until = Town, False, True, staticmethod(pay_in_until)
    weights, in_its_mode = WEIGHTS, staticmethod(in_a_town_with_files)

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = self.town(START, has_files=self.has_files)
        self.stack.enter_context(patch.object(clock, "now", lambda: self.model.now))
        self.stack.enter_context(patch("machi.jobs.actions.looking.check_words"))      # the words are those of every post here
        if self.has_files:
            self.stack.enter_context(self.in_its_mode())
        self.steps, self.lines, self.forms, self.tries = 0, 0, 0, Counter()

    def teardown(self):
        try:
            self.nothing_is_broken()
        finally:
            self.stack.close()
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            FakeBank().file.unlink(missing_ok=True)

    @initialize()
    def people(self):
        self.workers, self.clients = [a_person() for _each in range(2)], [a_client(), a_client(is_withholding_agent=True)]
        self.stranger, self.desk = a_client(), [a_staff_member("finance") for _each in range(2)]
        self.account, self.read_until = Account(self.desk[0]), 0
        self.people_who_rule()

    @rule(number=some.integers(0, 2**32))
    def some_days_go_by(self, number):
        """One number is all that is drawn: drawn one by one, most choices would be the first that can be chosen, again and again. At each
        step of a life the same number means something else.
        """
        dice = random.Random(f"{number} {self.steps}")
        for what in dice.choices([*self.weights], [*self.weights.values()], k=16):
            self.deed = what
            getattr(self, what)(dice)
            self.every_yen_is_where_the_model_says()

    def reached(self, name: str, count: int = 1) -> None:
        REACHED[name] += count

    def least(self, prefix: str, pairs: list[tuple[str, str]], dice) -> tuple[str, str]:
        """What this life has tried least."""
        pair = min(pairs, key=lambda pair: (self.tries[prefix, *pair], dice.random()))
        self.tries[prefix, *pair] += 1
        return pair

    # ---- work --------------------------------------------------------------------------------------------------------

    def agree(self, dice):
        """A contract of one to three steps."""
        if sum(work.next is not None or any(step.state in RUNNING for step in work.steps) for work in self.model.works) > 3:
            return
        worker, client = dice.randint(0, 1), dice.randint(0, 1)
        prices = [dice.choice([*PRICES, dice.randint(100, 1_500_000)]) for _each in range(dice.randint(1, 3))]
        said = {"by": self.clients[client], "worker": self.workers[worker], "acceptance_days": 7}
        contract = self._a_contract(client, prices, **said)
        if contract is None:
            return
        work = Work(worker, client, is_withheld=client == 1, contract=contract, fund_by=contract.fund_by)
        for milestone, price in zip(contract.milestones.order_by("number"), prices, strict=True):
            work.steps.append(Step(work, milestone.number, price, sum(prices[:milestone.number - 1]), milestone.due_on,
                                   whole.pay_day(milestone.due_on, acceptance_days=7), pk=milestone.pk))
        self.model.works.append(work)

    def _a_contract(self, _client: int, prices: list[int], **said) -> Contract | None:
        return a_contract_in_steps(prices=prices, **said) if prices[1:] else a_contract(reward_yen=prices[0], **said)

    def go_on(self, dice):
        """The next steps of work that still goes somewhere, mostly by whose deed it is."""
        for _each in range(dice.randint(1, 4)):
            going = [step for step in self.model.steps() if step.state in RUNNING or step is step.work.next]
            if step := self._one(dice, [step for step in going if step.state != "disputed" or dice.random() < .4]):
                event = dice.choice(ONWARD[step.state])
                role = EVENTS[event] or (step.disputed.side if event == "take_back" else dice.choice(["worker", "client"]))
                self._happens(step, event, role, self._price(dice, step, event))
                self._is_paid_in(dice, step)
                if step.state in ("delivered", "disputed") and dice.random() < .8:
                    self._try_least(dice, [step])

    def _is_paid_in(self, dice, step: Step) -> None:
        if self.has_files and step.work.has_asked and dice.random() < .5:
            self._comes("exact", step)

    def try_what_is_not_allowed(self, dice):
        """Any event in any state that is there, those first that this life has tried least: people seldom think of them."""
        for _each in range(14):
            self._try_least(dice, list(self.model.steps()))

    def _try_least(self, dice, steps: list[Step]) -> None:
        if pairs := [(step.state, event) for step in steps for event in EVENTS]:
            state, event = self.least("tried", pairs, dice)
            step = dice.choice([step for step in steps if step.state == state])
            role = dice.choice(["worker", "client", "stranger"])
            self._happens(step, event, role, self._price(dice, step, event))

    def _price(self, dice, step: Step, event: str) -> int:
        """Of a part one to 99 percent, which may be too little to be one."""
        percent = dice.randint(1, 99) if event == "pay_part" else 0
        return {"pay_all": step.price, "pay_part": max(1, step.price * percent // 100)}.get(event, 0)

    def _happens(self, step: Step, event: str, role: str, price: int) -> None:
        before, allowed = step.state, self.model.allows(event, step, role, price)
        REACHED[f"tried {before}: {event}"] += 1
        done = self._for_real(step, event, role, price)
        assert done == allowed, f"{event} by the {role} in {before}: the town says {done}, the model {allowed}"
        if not done:
            return
        REACHED[f"{before}: {event}"] += 1
        if event == "fund" and self.has_files:
            step.work.has_asked = step.was_asked = True
        elif event == "fund":
            self.model.at_bank += step.parts()["all"]
            self.model.begin(step)
        elif event in ("accept", "pay_all", "pay_part", "pay_nothing"):
            self.model.end(step, step.price if event == "accept" else price, self.pay_in_until())
        else:
            getattr(self.model, event)(step, *([role] if event == "dispute" else []))

    def _for_real(self, step: Step, event: str, role: str, price: int) -> bool:
        sides = {"worker": self.workers[step.work.worker], "client": self.clients[step.work.client], "stranger": self.stranger}
        by, other = sides[role], sides["worker" if role == "client" else "client"]
        contract, milestone = Contract.objects.get(pk=step.work.contract.pk), self._row(step)
        try:
            with transaction.atomic():
                match event:
                    case "fund":
                        contracts.fund(contract=contract, by=by, number=step.number)
                    case "deliver":
                        contracts.deliver(milestone=milestone, by=by, text="できました。", ai_note="なし")
                    case "ask_changes":
                        contracts.ask_changes(milestone=milestone, by=by, points="一つ")
                    case "accept":
                        contracts.accept_delivery(milestone=milestone, by=by)
                    case "dispute":
                        contracts.open_dispute(milestone=milestone, by=by, reason="違います。")
                    case "take_back":
                        return bool(last := milestone.disputes.order_by("-pk").first()) and bool(
                            contracts.withdraw_dispute(dispute=last, by=by))
                    case _:
                        contracts.agree_to_change(by=other, order=contracts.ask_for_part(milestone=milestone, by=by, price=Yen(price)))
        except DomainError:
            return False
        return True

    def _row(self, step: Step) -> Milestone:
        return Milestone.objects.get(contract=step.work.contract, number=step.number)

    def _one(self, dice, these: list):
        return dice.choice(these) if these else None

    # ---- time --------------------------------------------------------------------------------------------------------

    def time_goes_by(self, dice):
        self.model.now += dice.choice(LEAPS)

    def a_time_runs_out(self, dice):
        """One second before the end of some clock, at it, or one second after."""
        ends = [step.until for step in self.model.steps() if step.state == "delivered"] + [
            work.fund_by for work in self.model.works if work.fund_by] + [gift.until for gift in self.model.gifts if gift.state == "asked"]
        if ends:
            moment = dice.choice(ends) + dice.choice([-SECOND, 0 * SECOND, SECOND, 3 * DAY])
            self.model.now = max(self.model.now, moment)
            self.the_clock_makes_its_rounds()

    def the_clock_makes_its_rounds(self, _dice=None):
        for name, round_of_the_clock, in_the_model in (
                ("void", contracts.void_unfunded, lambda: self.model.void_unfunded(heard_until())),
                ("accept by the town", contracts.accept_for_silent_clients, lambda: self.model.accept_for_silent(self.pay_in_until()))):
            count = round_of_the_clock()
            assert count == in_the_model(), name
            REACHED[name] += count
        self.the_clock_looks_at_differences()
        self.the_clock_looks_at_gifts()
        self.the_clock_forgets_deposits()

    def the_clock_forgets_deposits(self):
        payments.lapse_deposits()

    # ---- after every step --------------------------------------------------------------------------------------------

    def every_yen_is_where_the_model_says(self):
        model, parties = self.model, [client.party for client in self.clients]
        expected = {Kind.ESCROW.of(contract): yen for contract, yen in model.held.items()}
        for kind, sums, owners in ((Kind.WORKER, model.balance, self.workers), (Kind.TRANSIT, model.transit, self.workers),
                                   (Kind.WITHHELD, model.withheld, parties), (Kind.CLIENT_CREDIT, model.credit, parties)):
            expected |= {kind.of(owners[index].pk): yen for index, yen in sums.items()}
        found = dict(Balance.objects.order_by("pk").values_list("account_id", "balance_yen"))
        wrong = {account: (found.get(account, 0), expected.get(account, 0)) for account in {*found, *expected}
                 if found.get(account, 0) != expected.get(account, 0)}
        assert wrong == {}, f"after {self.deed}, the books and the model: {wrong}"
        self.steps += 1
        if self.steps % 30 == 0:
            self._the_town_as_a_whole()

    def _the_town_as_a_whole(self):
        model = self.model
        expected = {Kind.FEE: model.fees, Kind.CONSUMPTION_TAX: model.taxes, Kind.SUSPENSE: model.suspense, Kind.BANK: -model.at_bank,
                    Kind.GATEWAY: -model.at_service, Kind.OWN: model.own["own"], Kind.LOSS: model.own["loss"],
                    Kind.EXPENSE: model.own["expense"]}
        assert {kind: int(ledger_balance(kind.of())) for kind in expected} == expected
        assert [int(ledger_balance(Kind.CLIENT_DEBT.of(client.party.pk))) for client in self.clients] == [model.debt[0], model.debt[1]]
        assert reward_delivered().amount == sum(model.paid.values())
        states = {(step.work.contract.pk, step.number): step.state for step in model.steps()}
        assert {(row.contract_id, row.number): row.state for row in Milestone.objects.all()} == states
        self.nothing_is_broken()

    def nothing_is_broken(self):
        assert broken_money() == {} and broken_contracts() == {}


class TownWithFiles(TownLife):
    has_files = True
