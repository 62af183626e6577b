"""A week about which there is a difference: its money rests, and nobody loses hours by it."""
import datetime

import pytest

from machi.contracts import actions as contracts
from tests.conftest import broken_rules
from tests.people import an_hourly_contract, client_of, held_for, hours_written

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = datetime.timedelta(hours=1), datetime.timedelta(minutes=1), datetime.timedelta(seconds=1)


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
