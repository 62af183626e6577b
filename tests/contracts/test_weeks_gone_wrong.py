"""Weeks that do not go as they should: one about which there is a difference, one whose cap is full, one that is asked for twice."""
import datetime

import pytest

from machi.contracts import actions as contracts
from machi.contracts import weeks
from machi.contracts.models import Contract
from machi.contracts.queries import client_record
from machi.jobs.plans import Step
from machi.payments.models import Earning
from machi.shared import clock
from machi.shared.errors import DomainError
from machi.shared.money import Yen
from tests.conftest import broken_rules
from tests.people import an_hourly_contract, client_of, held_for, hours_written, in_week

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = datetime.timedelta(hours=1), datetime.timedelta(minutes=1), datetime.timedelta(seconds=1)


def week(contract: Contract, number: int = 1):
    return contract.timesheets.select_related("milestone").get(milestone__number=number)


def submitted(contract: Contract):
    """A week in which four hours were worked, handed over on its Monday evening."""
    hours_written(week(contract), 4)
    with in_week(contract, hour=21) as sheet:
        contracts.submit_week(timesheet=sheet, by=contract.worker)
    return contract.milestones.get(number=1)


def test_a_difference_that_is_taken_back_takes_no_week_from_the_worker(clock_stands_at):
    """Opened on the Monday of the week, taken back a minute after the clock would have handed it over."""
    contract = an_hourly_contract(funded=True, weekly_hours=40)
    client, sheet = client_of(contract), contract.timesheets.get(milestone__number=1)
    hours_written(sheet, 8)
    clock_stands_at(sheet.begins_at + 20 * HOUR)
    dispute = contracts.open_dispute(milestone=sheet.milestone, by=client, reason="話した内容と違います。")
    clock_stands_at(sheet.submit_by + MINUTE)
    contracts.withdraw_dispute(dispute=dispute, by=client)

    contracts.submit_weeks()
    contracts.add_entry(timesheet=sheet, by=contract.worker, started_at=sheet.begins_at + 33 * HOUR, ended_at=sheet.begins_at + 41 * HOUR)
    assert held_for(contract.pk) == 66_000 and contract.milestones.get(number=1).state == "funded"
    clock_stands_at(contract.timesheets.get(milestone__number=1).submit_by + SECOND)
    contracts.submit_weeks()

    sheet.refresh_from_db()
    assert (sheet.minutes, contract.milestones.get(number=1).state) == (960, "delivered") and broken_rules() == {}


def test_a_clock_that_runs_when_the_other_side_tells_a_difference_after_midnight_counts_until_then():
    contract = an_hourly_contract(funded=True)
    with in_week(contract, hour=23) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=HOUR + 5 * MINUTE):
            contracts.open_dispute(milestone=sheet.milestone, by=client_of(contract), reason="話した内容と違います。")

    assert week(contract).minutes == 65 and not contract.worker.notices.filter(kind="week.clock_rests") and broken_rules() == {}


def test_a_difference_puts_a_forgotten_clock_aside_and_it_can_be_mended_once_that_is_taken_back():
    contract = an_hourly_contract(funded=True)
    client = client_of(contract)
    with in_week(contract, hour=20) as sheet:
        entry = contracts.start_clock(timesheet=sheet, by=contract.worker)
    with in_week(contract, day=1, hour=9) as sheet:
        dispute = contracts.open_dispute(milestone=sheet.milestone, by=client, reason="話した内容と違います。")
        assert contract.worker.notices.filter(kind="week.clock_rests").count() == 1 and broken_rules() == {}
        contracts.withdraw_dispute(dispute=dispute, by=client)
        contracts.stop_clock(timesheet=sheet, by=contract.worker, ended_at=entry.started_at + 2 * HOUR, reason="止め忘れました")

    assert week(contract).minutes == 120 and broken_rules() == {}


def test_a_clock_that_was_put_aside_does_not_run_over_what_was_written_since():
    contract = an_hourly_contract(funded=True)
    other, client = an_hourly_contract(funded=True, worker=contract.worker), client_of(contract)
    with in_week(contract, hour=20) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
    with in_week(contract, day=1, hour=9) as sheet:
        dispute = contracts.open_dispute(milestone=sheet.milestone, by=client, reason="話した内容と違います。")
        contracts.start_clock(timesheet=week(other), by=contract.worker)
        contracts.withdraw_dispute(dispute=dispute, by=client)

    assert week(contract).entries.standing().count() == 0 and contract.milestones.get(number=1).state == "funded"


def test_a_clock_that_runs_while_the_cap_is_filled_by_hand_is_stopped_and_counts_nothing():
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 9.5)
    with in_week(contract, day=1) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
        hours_written(sheet, 0.5, begin=19)
        with clock.moved(by=HOUR):
            assert contracts.stop_clock(timesheet=sheet, by=contract.worker) is None
            contracts.submit_week(timesheet=sheet, by=contract.worker)

    assert week(contract).minutes == 600 and broken_rules() == {}


def test_a_client_by_the_hour_is_told_to_have_accepted_what_the_clock_confirmed(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    clock_stands_at(submitted(contract).accept_by)
    contracts.accept_for_silent_clients()

    record = client_record(contract.client)
    assert (record.accepted_count, record.accepted_by_town_count) == (1, 1)


def test_a_week_that_was_funded_is_never_agreed_again_and_one_after_it_is():
    """Two records of one week could both be handed over, and only one could ever be billed."""
    contract = an_hourly_contract(funded=True, weeks_count=1)
    due_on, client = contract.milestones.get().due_on, client_of(contract)
    hours_written(week(contract), 10)
    with in_week(contract, day=2):
        for day in (due_on, due_on - weeks.WEEK):
            with pytest.raises(DomainError):
                contracts.ask_for_terms(contract=contract, by=client, steps=[Step("もう一度", Yen(7_500), day)])
        order = contracts.ask_for_terms(contract=contract, by=client, steps=[Step("次の週", Yen(7_500), due_on + weeks.WEEK)])
        contracts.agree_to_change(order=order, by=contract.worker)
        contracts.fund(contract=contract, by=client, number=2)

    hours_written(week(contract, 2), 5)
    for number in (1, 2):
        with in_week(contract, number, day=6, hour=22) as sheet:
            contracts.submit_week(timesheet=sheet, by=contract.worker)
            contracts.accept_delivery(milestone=sheet.milestone, by=client)
    assert sorted(Earning.objects.values_list("price_yen", flat=True)) == [7_500, 15_000]
    assert held_for(contract.pk) == 0 and broken_rules() == {}
