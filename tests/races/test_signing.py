"""Signing, freezing, funding and ending at the same moment: a step ends once, one wish stands, and no yen moves twice."""
import datetime
import threading
import time
from functools import partial

from django.db import transaction

from machi.contracts import actions as contracts
from machi.contracts.models import ChangeOrder, Contract, Milestone
from machi.payments import actions as payments
from machi.payments.models import Earning, Refund
from machi.shared import clock
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import (
    a_contract,
    a_contract_in_months,
    a_contract_in_steps,
    an_hourly_contract,
    balance_of,
    client_of,
    held_for,
    hours_written,
    in_week,
)
from tests.races.outcomes import ROUNDS, WON, outcomes

DAY = datetime.timedelta(days=1)


def asked_for_part(price: int = 4_000, **far) -> tuple[Contract, Milestone, ChangeOrder]:
    contract = a_contract(**(far or {"delivered": True}))
    milestone = contract.milestones.get()
    order = contracts.ask_for_part(milestone=milestone, by=contract.worker, price=Yen(price))
    return contract, milestone, order


def test_a_wish_is_signed_once(race):
    for _round in ROUNDS:
        contract, _milestone, order = asked_for_part()

        answers = race(*[partial(contracts.agree_to_change, order=order, by=client_of(contract))] * 6)
        assert outcomes(answers)[WON] == 1
        assert (balance_of(contract.worker), held_for(contract.pk)) == (3_432, 0)
        assert Refund.objects.get(about=contract.reference).amount_yen == 6_600
    assert broken_rules() == {}


def test_sign_accept_ask_for_changes_freeze_and_the_clock_one_of_them_counts(race):
    for _round in ROUNDS:
        contract, milestone, order = asked_for_part()
        client = client_of(contract)
        with clock.moved(to=milestone.accept_by - datetime.timedelta(milliseconds=1)):
            answers = race(
                partial(contracts.agree_to_change, order=order, by=client),
                partial(contracts.accept_delivery, milestone=milestone, by=client),
                partial(contracts.ask_changes, milestone=milestone, by=client, points="一つ"),
                partial(contracts.open_dispute, milestone=milestone, by=contract.worker, reason="違います。"),
                contracts.accept_for_silent_clients)

        milestone.refresh_from_db()
        ends = {"accepted": (8_580, 0), "settled": (3_432, 0), "funded": (0, 11_000), "disputed": (0, 11_000)}
        assert (balance_of(contract.worker), held_for(contract.pk)) == ends[milestone.state]
        assert sum(not isinstance(one, Exception) for one in answers[:4]) + answers[4] == 1
        assert Earning.objects.filter(about=contract.reference).count() == (milestone.state in ("accepted", "settled"))
    assert broken_rules() == {}


def test_both_sides_ask_at_once_and_one_wish_stands(race):
    for _round in ROUNDS:
        contract = a_contract(funded=True)
        milestone = contract.milestones.get()

        answers = race(*[partial(contracts.ask_for_part, milestone=milestone, by=by, price=Yen(1_000))
                         for by in (contract.worker, client_of(contract))] * 3)
        assert outcomes(answers)[WON] == 1 and ChangeOrder.objects.filter(contract=contract).count() == 1


def test_the_next_step_is_funded_once_or_left_out(race):
    for _round in ROUNDS:
        contract = a_contract_in_steps(prices=(10_000, 20_000))
        client = client_of(contract)
        order = contracts.ask_for_terms(contract=contract, by=contract.worker, steps=[], words="やめます。")

        answers = race(*[partial(contracts.fund, contract=contract, by=client, number=1)] * 3,
                       partial(contracts.agree_to_change, order=order, by=client))
        assert outcomes(answers)[WON] == 1
        assert held_for(contract.pk) == (0 if not isinstance(answers[3], Exception) else 11_000)
    assert broken_rules() == {}


def test_ending_two_weeks_against_confirming_a_week_of_the_same_two_waits_in_no_circle(race, monkeypatch):
    """The first entry of the end takes the client's account and the second the worker's; a confirmation takes them the other way round."""
    real = payments.settle_escrow
    for _round in range(2):
        ends, has_begun = an_hourly_contract(funded=True), threading.Event()

        def slow(ends=ends, has_begun=has_begun, **values):
            earnings = real(**values)
            if values["contract"] == ends.pk:
                has_begun.set()
                time.sleep(0.5)                     # the confirmation posts meanwhile
            return earnings
        monkeypatch.setattr(payments, "settle_escrow", slow)
        client, worker = client_of(ends), ends.worker
        contracts.fund(contract=ends, by=client, number=2)
        other = an_hourly_contract(funded=True, by=client, worker=worker)
        sheet = other.timesheets.get(milestone__number=1)
        hours_written(sheet, 4)
        with in_week(other, hour=21):
            contracts.submit_week(timesheet=sheet, by=worker)

        def confirm(has_begun=has_begun):
            has_begun.wait(20)
            return contracts.accept_for_silent_clients()
        with clock.moved(to=other.milestones.get(number=1).accept_by):
            order = contracts.ask_to_end(contract=ends, by=worker, prices={1: Yen(0), 2: Yen(15_000)})
            answers = race(partial(contracts.agree_to_change, order=order, by=client), confirm)

        assert outcomes(answers)[WON] == 2 and answers[1] == 1
        assert list(ends.milestones.order_by("number").values_list("state", flat=True)) == ["refunded", "accepted", "void"]
        assert (held_for(ends.pk), held_for(other.pk)) == (0, 0)
    assert broken_rules() == {}


def test_silence_against_an_answer_that_comes_at_the_last_moment(race):
    for _round in ROUNDS:
        contract = a_contract(delivered=True)
        dispute = contracts.open_dispute(milestone=contract.milestones.get(), by=contract.worker, reason="違います。")
        dispute.reminders_count = 3
        dispute.save()
        with clock.moved(to=dispute.answer_by + datetime.timedelta(seconds=1)):
            answers = race(partial(contracts.answer_dispute, dispute=dispute, by=client_of(contract), answer="そうは思いません。"),
                           *[contracts.settle_for_silent] * 2)

        dispute.refresh_from_db()
        was_heard = not isinstance(answers[0], Exception)
        assert dispute.state == ("heard" if was_heard else "closed")
        assert (balance_of(contract.worker), held_for(contract.pk)) == ((0, 11_000) if was_heard else (8_580, 0))


def test_the_twin_without_locks_loses(race):
    """Planted: a deed that looks first and writes later without holding the step freezes it twice."""
    def naive(milestone: Milestone) -> str:
        with transaction.atomic():
            step = Milestone.objects.get(pk=milestone.pk)
            if step.state != "delivered":
                return "too late"
            Milestone.objects.filter(pk=step.pk).update(state="disputed", accept_by=None)
            return "froze it"

    lost = 0
    for _round in ROUNDS:
        milestone = a_contract(delivered=True).milestones.get()
        lost += race(*[partial(naive, milestone)] * 6).count("froze it") > 1
        Milestone.objects.filter(pk=milestone.pk).update(state="funded")
    assert lost > 0


def test_the_last_month_is_accepted_while_the_other_side_agrees_to_go_on(race):
    """Either there is one month more, or the contract was over first; never both."""
    for _round in ROUNDS:
        contract = a_contract_in_months(2, funded=True)
        client, worker = client_of(contract), contract.worker
        for number in (1, 2):
            step = contract.milestones.get(number=number)
            if number == 2:
                contracts.fund(contract=contract, by=client)
            contracts.deliver(milestone=step, by=worker, text="今月のぶんです。", ai_note="なし")
            if number == 1:
                contracts.accept_delivery(milestone=step, by=client)
        order = contracts.ask_to_go_on(contract=contract, by=worker, months=1)

        answers = race(partial(contracts.accept_delivery, milestone=step, by=client),
                       *[partial(contracts.agree_to_change, order=order, by=client)] * 3)

        contract.refresh_from_db()
        has_signed = sum(not isinstance(one, Exception) for one in answers[1:])
        assert not isinstance(answers[0], Exception) and has_signed in (0, 1)
        assert (contract.state, contract.milestones.count()) == (("active", 3) if has_signed else ("completed", 2))
    assert broken_rules() == {}


def test_many_clocks_tell_of_the_last_month_once(race):
    for _round in ROUNDS:
        contract = a_contract_in_months(2, funded=True)
        with clock.moved(to=clock.start_of(contract.milestones.get(number=2).due_on - 5 * DAY)):
            assert sum(race(*[contracts.tell_of_last_months] * 4)) == 1
        assert contract.worker.notices.filter(kind="contract.last_month").count() == 1
