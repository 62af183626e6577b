"""Weeks go on beside each other: a wish lives as long as it still means the same; silence and a week without a minute bill nothing."""
import datetime

import pytest

from machi.contracts import actions as contracts
from machi.contracts import weeks
from machi.contracts.models import Contract, TimeEntry
from machi.jobs.plans import Step
from machi.notifications.models import Notice
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.contracts.test_weeks_and_their_money import submitted, week
from tests.people import an_hourly_contract, client_of, held_for, hours_written, in_week

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def asked_to_change(contract: Contract):
    return contracts.ask_for_terms(contract=contract, by=contract.worker, words="朝の仕事に変えたいです。", steps=[
        Step(one.title, Yen(one.price_yen), one.due_on) for one in contract.milestones.filter(state="agreed").order_by("number")])


def test_a_wish_about_the_weeks_to_come_lives_while_the_week_that_runs_is_handed_over_and_confirmed():
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 4)
    with in_week(contract, hour=20):
        order = asked_to_change(contract)
    with in_week(contract, hour=21) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
        contracts.accept_delivery(milestone=sheet.milestone, by=client_of(contract))

    order.refresh_from_db()
    assert order.state == "asked" and broken_rules() == {}
    contracts.fund(contract=contract, by=client_of(contract))
    order.refresh_from_db()
    assert order.state == "lapsed" and Notice.objects.filter(user=contract.worker, kind="contract.change_overtaken").count() == 1


def test_a_wish_to_end_outlives_the_monday_and_not_what_somebody_does_with_its_week():
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 4)
    with in_week(contract, day=4):
        order = contracts.ask_to_end(contract=contract, by=contract.worker, prices={1: Yen(6_000)})
    with in_week(contract, day=7, hour=12.5):
        assert contracts.submit_weeks() == 1
        order.refresh_from_db()
        assert order.state == "asked" and contract.milestones.get(number=1).state == "delivered"
        contracts.ask_about_week(milestone=contract.milestones.get(number=1), by=client_of(contract), words="何の作業ですか。")

    order.refresh_from_db()
    assert order.state == "lapsed" and Notice.objects.filter(user=contract.worker, kind="contract.change_overtaken").count() == 1


def test_a_wish_for_more_weeks_ends_with_the_contract():
    contract = an_hourly_contract(funded=True, weeks_count=1)
    submitted(contract)
    contracts.ask_for_terms(contract=contract, by=contract.worker, steps=[
        Step("もう一週", Yen(15_000), contract.milestones.get().due_on + weeks.WEEK)])
    contracts.accept_delivery(milestone=contract.milestones.get(), by=client_of(contract))

    assert contract.change_orders.get().state == "lapsed" and broken_rules() == {}


def test_a_difference_about_a_week_that_was_not_handed_over_settles_nothing_by_silence(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    dispute = contracts.open_dispute(milestone=contract.milestones.get(number=1), by=contract.worker, reason="違います。")
    dispute.reminders_count = 3
    dispute.save()
    clock_stands_at(dispute.answer_by + SECOND)
    contracts.settle_for_silent()

    assert contract.milestones.get(number=1).state == "funded" and held_for(contract.pk) == 16_500 and broken_rules() == {}


def test_a_week_that_was_handed_over_and_then_emptied_is_not_billed(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    submitted(contract)
    with in_week(contract, hour=22):
        contracts.ask_about_week(milestone=contract.milestones.get(number=1), by=client_of(contract), words="何の作業ですか。")
        contracts.remove_entry(entry=TimeEntry.objects.get(), by=contract.worker)
        dispute = contracts.open_dispute(milestone=contract.milestones.get(number=1), by=contract.worker, reason="違います。")
    dispute.reminders_count = 3
    dispute.save()
    clock_stands_at(dispute.answer_by + SECOND)
    contracts.settle_for_silent()

    assert (contract.milestones.get(number=1).state, week(contract).billed_minutes) == ("refunded", None) and broken_rules() == {}


def test_all_the_weeks_of_half_a_year_can_be_signed_at_once():
    contract = an_hourly_contract(weeks_count=26)
    order = asked_to_change(contract)

    contracts.agree_to_change(order=order, by=client_of(contract))
    assert contract.milestones.filter(state="agreed").count() == 26 and broken_rules() == {}
