"""Random lives of a town against the plain model of its money: after every step the yen are where the model says.

What a random test proves is what it reached: at the end the successes of each deed are counted, and so are the refusals.
"""
import datetime
import os
from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from machi.contracts import actions as contracts
from machi.contracts.invariants import broken as broken_contracts
from machi.contracts.models import Contract, Milestone, Offer
from machi.jobs import actions as jobs
from machi.ledger.accounts import Kind
from machi.ledger.models import Balance
from machi.ledger.queries import balance as ledger_balance
from machi.payments import actions as payments
from machi.payments import fees
from machi.payments.actions.arriving import arrive
from machi.payments.fakebank import FakeBank
from machi.payments.invariants import broken as broken_money
from machi.payments.queries import pays_out_on, reward_delivered
from machi.proposals import actions as proposals
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.model.ledgers import DAY, Journey, Town
from tests.people import a_client, a_job, a_person, with_bank_account

LONG = "MACHI_LONG" in os.environ
START = datetime.datetime(2026, 12, 1, 1, 0, tzinfo=datetime.UTC)
PRICES = some.sampled_from([100, 999, 9_999, 10_000, 90_909, 90_910, 100_000, 181_819, 200_000, 1_000_001]) | some.integers(100, 3_000_000)
SIXTY_DAYS = "the printed day of payment is at most sixty days after the work was received, unless a difference rested longer"
SECOND, HOUR = datetime.timedelta(seconds=1), datetime.timedelta(hours=1)
STEPS_OF_TIME = [SECOND, 7 * HOUR, DAY, 3 * DAY, 7 * DAY, 7 * DAY + SECOND, 16 * DAY, 40 * DAY]
DEEDS = ["offer", "decline", "withdraw", "change_offer", "accept_offer", "refuse_offer", "fund", "deliver", "ask_changes", "accept"]
WEIGHTS = {"apply": 3, "go_on": 8, "try_anything": 2, "time_goes_by": 1, "a_time_runs_out": 3, "the_clock_makes_its_rounds": 1,
           "name_an_account": 2, "payday": 3, "the_bank_is_silent": 1, "the_bank_answers": 2,
           "the_account_was_given_up": 1}
ONWARD = {"applied": [*["offer"] * 4, "withdraw", "decline"], "offered": [*["accept_offer"] * 4, "change_offer", "refuse_offer"],
          "agreed": ["fund"], "funded": ["deliver"], "delivered": ["accept", "ask_changes"]}
BY_WORKER = {"withdraw", "accept_offer", "refuse_offer", "deliver"}


class TownLife(RuleBasedStateMachine):
    """Three workers, two clients of whom one withholds tax, a clock, a bank."""

    def __init__(self):
        super().__init__()
        self.reached: Counter = REACHED
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = Town(START, withholds=(False, True))
        self.clock = patch.object(clock, "now", lambda: self.model.now)
        self.clock.start()
        self.steps = 0

    def teardown(self):
        try:
            self._every_rule_holds()
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            FakeBank().file.unlink(missing_ok=True)

    @initialize()
    def people(self):
        self.workers = [a_person() for _number in range(3)]
        self.clients = [a_client(), a_client(is_withholding_agent=True)]
        self.stranger = a_client()

    def going(self) -> list[Journey]:
        return [one for one in self.model.journeys if one.state in ONWARD]

    @rule(data=some.data(), what=some.sampled_from([name for name, weight in WEIGHTS.items() for _one in range(weight)]))
    def something_happens(self, data, what):
        """One rule that draws what happens: of several rules a run would switch some off, and most lives would end nowhere."""
        getattr(self, what)(data)

    # ---- work --------------------------------------------------------------------------------------------------------

    def apply(self, data):
        if len(self.going()) > 4:
            return
        worker, client = data.draw(some.integers(0, 2)), data.draw(some.integers(0, 1))
        price, days, today = data.draw(PRICES), data.draw(some.integers(8, 60)), self.model.today
        job = a_job(self.clients[client], reward_yen=price, closes_on=today + 7 * DAY, due_on=today + days * DAY, acceptance_days=7)
        proposal = proposals.submit(job=job, by=self.workers[worker], message="書けます")
        self.model.journeys.append(Journey(worker, client, price, due_on=job.due_on, closes_on=job.closes_on, job=job, proposal=proposal))
        self.reached["apply"] += 1

    def go_on(self, data):
        """The next steps of a journey that still goes somewhere: so that lives get far, and rest on the way."""
        if self.going():
            one = data.draw(some.sampled_from(self.going()))
            for _step in range(data.draw(some.integers(1, 4))):
                if one.state in ONWARD:
                    deed = data.draw(some.sampled_from(ONWARD[one.state]))
                    self._do(deed, one, "worker" if deed in BY_WORKER else "client", data)

    def try_anything(self, data):
        if self.model.journeys:
            one = data.draw(some.sampled_from(self.going() or self.model.journeys))
            role = data.draw(some.sampled_from(["worker", "client", "stranger"]))
            for deed in data.draw(some.lists(some.sampled_from(DEEDS), min_size=2, max_size=5)):
                self._do(deed, one, role, data)

    def _do(self, deed: str, one: Journey, role: str, data) -> None:
        price = max(data.draw(PRICES), one.job.reward_yen) if deed == "change_offer" else 0       # never below the post
        allowed = self.model.allows(deed, one, role)
        done = self._for_real(deed, one, {"worker": self.workers[one.worker], "client": self.clients[one.client],
                                          "stranger": self.stranger}[role], price)
        assert done == allowed, f"{deed} by the {role} in {one.state}: the town says {done}, the model {allowed}"
        self.reached[deed if done else f"no {deed}"] += 1
        if done:
            if deed == "accept_offer":
                one.contract = Contract.objects.get(offer=one.offer)
            getattr(self.model, deed)(one, *([price] if deed == "change_offer" else []))

    def _for_real(self, deed: str, one: Journey, by, price: int) -> bool:
        """Ask the town; True when it was done. What does not exist yet cannot be asked for."""
        milestone = Milestone.objects.filter(contract=one.contract).first() if one.contract else None
        offered, agreed = one.offer is not None, milestone is not None
        asked = {
            "offer": (True, lambda: contracts.make_offer(proposal=one.proposal, by=by)),
            "decline": (True, lambda: proposals.decline(proposal=one.proposal, by=by, reason="topic")),
            "withdraw": (True, lambda: proposals.withdraw(proposal=one.proposal, by=by)),
            "change_offer": (offered, lambda: contracts.change_offer(offer=one.offer, by=by, due_on=one.due_on, reward=Yen(price))),
            "accept_offer": (offered, lambda: contracts.accept_offer(offer=one.offer, by=by, terms_hash=one.offer.terms_hash)),
            "refuse_offer": (offered, lambda: contracts.refuse_offer(offer=one.offer, by=by)),
            "fund": (agreed, lambda: contracts.fund(contract=one.contract, by=by)),
            "deliver": (agreed, lambda: contracts.deliver(milestone=milestone, by=by, text="できました。", ai_note="なし")),
            "ask_changes": (agreed, lambda: contracts.ask_changes(milestone=milestone, by=by, points="一つ")),
            "accept": (agreed, lambda: contracts.accept_delivery(milestone=milestone, by=by)),
        }
        exists, do = asked[deed]
        if not exists:
            return False
        try:
            answer = do()
        except DomainError:
            return False
        if isinstance(answer, Offer) and deed in ("offer", "change_offer"):
            one.offer = answer
        return True

    # ---- time --------------------------------------------------------------------------------------------------------

    def time_goes_by(self, data):
        self.model.now += data.draw(some.sampled_from(STEPS_OF_TIME))

    def a_time_runs_out(self, data):
        """One second before the end of some clock, at it, or one second after."""
        ends = [one.until for one in self.going() if one.until]
        if ends:
            moment = data.draw(some.sampled_from(ends)) + data.draw(some.sampled_from([-SECOND, 0 * SECOND, SECOND]))
            self.model.now = max(self.model.now, moment)
            if data.draw(some.booleans()):
                self.the_clock_makes_its_rounds()

    def the_clock_makes_its_rounds(self, _data=None):
        jobs.close_overdue()
        self.model.close_overdue()
        proposals.answer_for_silent_clients()
        self.model.answer_for_silent()
        for name, round_of_the_clock, in_the_model in (
                ("expire", contracts.expire_offers, self.model.expire_offers), ("void", contracts.void_unfunded, self.model.void_unfunded),
                ("accept by the town", contracts.accept_for_silent_clients, self.model.accept_for_silent)):
            count = round_of_the_clock()
            assert count == in_the_model(), name
            self.reached[name] += count

    # ---- money leaves ------------------------------------------------------------------------------------------------

    def name_an_account(self, data):
        worker, number = data.draw(some.integers(0, 2)), data.draw(some.sampled_from(["1234567", "1234567", "7654321", "0000000"]))
        with_bank_account(self.workers[worker], number)
        self.model.accounts[worker] = number

    def payday(self, data):
        """On the day on which money leaves next, on the evening before, or on any other day."""
        waiting = [one.pay_on for one in self.model.journeys if one.state == "accepted" and not one.is_set_aside]
        if waiting and min(waiting) > self.model.today:
            midnight = datetime.datetime.combine(min(waiting), datetime.time(0), clock.JAPAN)
            self.model.now = data.draw(some.sampled_from([midnight, midnight + 10 * HOUR, midnight - SECOND, self.model.now]))
        made = payments.pay_due()
        assert made == self.model.pay_due()
        self.reached["set aside"] += made

    def the_bank_is_silent(self, _data):
        if self._on_its_way():
            with patch.object(FakeBank, "transfer", side_effect=OSError("no line")), pytest.raises(OSError, match="no line"):
                payments.send_payouts()
            self.model.send_in_vain()
            self.reached["silent"] += 1

    def the_bank_answers(self, _data):
        ended = self.model.send()
        assert payments.send_payouts() == sum(ended.values())
        self.reached.update(ended)

    def the_account_was_given_up(self, _data):
        undone = self.model.undo()
        assert payments.undo_set_aside() == undone
        self.reached["undone"] += undone

    def _on_its_way(self) -> bool:
        return any(map(self.model.goes_out, self.model.payouts))

    # ---- after every step --------------------------------------------------------------------------------------------

    @invariant()
    def every_yen_is_where_the_model_says(self):
        if not hasattr(self, "workers"):
            return
        model = self.model
        expected = {Kind.ESCROW.of(contract): yen for contract, yen in model.held.items()}
        for kind, sums, owners in ((Kind.WORKER, model.balance, self.workers), (Kind.TRANSIT, model.transit, self.workers)):
            expected |= {kind.of(owners[index].pk): yen for index, yen in sums.items()}
        expected |= {Kind.WITHHELD.of(self.clients[index].party.pk): yen for index, yen in model.withheld.items()}
        found = dict(Balance.objects.order_by("pk").values_list("account_id", "balance_yen"))
        assert {account: yen for account, yen in found.items() if yen} == {account: yen for account, yen in expected.items() if yen}
        self.steps += 1
        if self.steps % 8 == 0:
            self._the_town_as_a_whole()

    def _the_town_as_a_whole(self):
        paid = sum(self.model.paid.values())
        assert [ledger_balance(kind.of()) for kind in (Kind.FEE, Kind.CONSUMPTION_TAX, Kind.BANK)] == [
            self.model.fees, self.model.taxes, paid - self.model.deposited]
        assert reward_delivered().amount == paid == FakeBank().sent_yen()
        for index, worker in enumerate(self.workers):
            assert reward_delivered(of=worker).amount == self.model.paid[index]
        self._every_rule_holds()

    def _every_rule_holds(self):
        late = {one.contract.pk for one in self.model.journeys if self.model.is_beyond_sixty_days(one)}
        steps = sorted(Milestone.objects.filter(contract__in=late).values_list("pk", flat=True))
        found = {name: sorted(rows) for name, rows in broken_contracts().items()}
        assert broken_money() == {} and found == ({SIXTY_DAYS: steps} if steps else {})
        self.reached["beyond sixty days"] += len(steps)


REACHED: Counter = Counter()
# How often each deed must have succeeded, and been refused, for the run to prove anything.
AT_LEAST = {**dict.fromkeys(["apply", "offer", "accept_offer", "fund", "deliver"], 60), "accept": 20, "ask_changes": 20, "change_offer": 20,
            **dict.fromkeys(["decline", "withdraw", "refuse_offer", "expire", "void", "accept by the town"], 5),
            "set aside": 15, "paid": 8, "returned": 4, "silent": 4, "undone": 4, **{f"no {deed}": 20 for deed in DEEDS}}


def live(examples: int, steps: int, *, shrinks: bool = False) -> None:
    run_state_machine_as_test(TownLife, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=not LONG,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate], suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False))


@pytest.mark.django_db
def test_the_yen_of_random_lives_are_where_the_model_says():
    REACHED.clear()
    live(examples=400, steps=80, shrinks=True) if LONG else live(examples=32, steps=60)

    floors = {deed: least if LONG else least // 8 for deed, least in AT_LEAST.items()}      # the short run is thinner, never empty
    assert {deed: (REACHED[deed], least) for deed, least in floors.items() if REACHED[deed] < least} == {}


# ---- the model can fail: planted faults, each found within a few lives -----------------------------------------------

def _one_yen_more_fee(real):
    def settlement_by(by, price, **named):
        money = real(by, price, **named)
        return replace(money, fee=money.fee + 1)
    return settlement_by


PLANTS = {
    "a yen too much is kept": lambda plant: plant.setattr("machi.contracts.counting.settlement_by", _one_yen_more_fee(fees.settlement_by)),
    "changes without end": lambda plant: plant.setattr("machi.contracts.policies.can_ask_changes", lambda user, milestone: True),
    "nobody is asked who they are": lambda plant: plant.setattr("machi.contracts.policies.acts_for_client", lambda *_: True),
    "money leaves a day early": lambda plant: plant.setattr(
        "machi.payments.actions.payday.pays_out_on", lambda: pays_out_on() + DAY),
    "what came back counts as paid": lambda plant: plant.setattr(
        "machi.payments.actions.bank.come_back", lambda payout, reason: arrive(payout, clock.today())),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", PLANTS)
def test_a_planted_fault_is_found(fault, monkeypatch):
    PLANTS[fault](monkeypatch)

    with pytest.raises((AssertionError, IntegrityError)):        # the model sees it, or the database does
        live(examples=400 if LONG else 40, steps=60)             # by chance, some lives never meet what is broken


