"""Work by the hour: what a worker writes down in a week, by pressing start and stop or by hand, and what cannot be written."""
import datetime

import pytest
from django.db import IntegrityError, transaction

from machi.contracts import actions as contracts
from machi.contracts.models import Contract, TimeEntry
from machi.shared import clock
from machi.shared.errors import DomainError
from tests.conftest import broken_rules
from tests.people import a_person, an_hourly_contract, client_of, hours_written, in_week

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = datetime.timedelta(hours=1), datetime.timedelta(minutes=1), datetime.timedelta(seconds=1)


def week(contract: Contract, number: int = 1):
    return contract.timesheets.select_related("milestone").get(milestone__number=number)


def test_somebody_starts_and_stops_as_often_as_they_like_and_only_the_minutes_count():
    contract = an_hourly_contract(funded=True)
    worker = contract.worker
    for begin, end in ((9, 9.5), (10, 10.25), (23, 23.75)):
        with in_week(contract, hour=begin) as sheet:
            contracts.start_clock(timesheet=sheet, by=worker)
        with in_week(contract, hour=end) as sheet:
            contracts.stop_clock(timesheet=sheet, by=worker)

    assert week(contract).minutes == 30 + 15 + 45
    assert broken_rules() == {}


def test_pressed_twice_the_clock_runs_once_and_less_than_a_minute_leaves_nothing():
    contract = an_hourly_contract(funded=True)
    with in_week(contract) as sheet:
        first = contracts.start_clock(timesheet=sheet, by=contract.worker)
        assert contracts.start_clock(timesheet=sheet, by=contract.worker) == first
        assert contracts.stop_clock(timesheet=sheet, by=contract.worker) is None
        with pytest.raises(DomainError):
            contracts.stop_clock(timesheet=sheet, by=contract.worker)

    assert TimeEntry.objects.count() == 0


@pytest.mark.parametrize(("begin", "later"), [(9, 12 * HOUR + MINUTE), (23, 13 * HOUR)])
def test_a_forgotten_stop_asks_when_and_why_and_the_client_can_read_it(begin, later):
    contract = an_hourly_contract(funded=True)
    worker = contract.worker
    with in_week(contract, hour=begin) as sheet:
        entry = contracts.start_clock(timesheet=sheet, by=worker)
        with clock.moved(by=later):
            for said in ({}, {"ended_at": entry.started_at + HOUR}, {"ended_at": entry.started_at + HOUR, "reason": " "},
                         {"ended_at": clock.now() + HOUR, "reason": "寝てしまいました"},
                         {"ended_at": entry.started_at - HOUR, "reason": "寝てしまいました"}):
                with pytest.raises(DomainError):
                    contracts.stop_clock(timesheet=sheet, by=worker, **said)
            mended = contracts.stop_clock(timesheet=sheet, by=worker, ended_at=entry.started_at + 30 * MINUTE, reason="呼ばれて離れました")

    assert (mended.minutes, mended.mended_reason) == (30, "呼ばれて離れました")
    assert TimeEntry.objects.visible_to(client_of(contract)).get().mended_reason


def test_twelve_hours_to_the_second_are_no_forgotten_stop(clock_stands_at):
    contract = an_hourly_contract(funded=True, weekly_hours=20)
    sheet = week(contract)
    begin = sheet.begins_at + 9 * HOUR
    clock_stands_at(begin)
    entry = contracts.start_clock(timesheet=sheet, by=contract.worker)

    clock_stands_at(begin + 12 * HOUR - SECOND)
    assert not entry.is_forgotten
    clock_stands_at(begin + 12 * HOUR)
    assert not entry.is_forgotten
    clock_stands_at(begin + 12 * HOUR + SECOND)
    assert entry.is_forgotten
    assert contracts.remind_of_running_clocks() == 1 and contracts.remind_of_running_clocks() == 0


def test_what_cannot_be_written_down_is_refused_in_words():
    contract = an_hourly_contract(funded=True)
    worker, sheet = contract.worker, week(contract)
    hours_written(sheet, 4)
    start = sheet.begins_at

    def add(begin, end, at=None):
        with clock.moved(to=at or sheet.is_over_at + HOUR):
            contracts.add_entry(timesheet=sheet, by=worker, started_at=begin, ended_at=end)

    for begin, end, at in [
        (start + 10 * HOUR, start + 11 * HOUR, None),                                           # overlaps
        (start + 9 * HOUR, start + 13 * HOUR, None),                                            # the very same
        (start - HOUR, start, None), (start - HOUR, start + HOUR, None),                        # the week before
        (sheet.is_over_at, sheet.is_over_at + 30 * MINUTE, None),                               # the week after
        (sheet.is_over_at - HOUR, sheet.is_over_at + MINUTE, None),
        (start + 48 * HOUR, start + 49 * HOUR, start + 48 * HOUR + 30 * MINUTE),                # not yet
        (start + 50 * HOUR, start + 50 * HOUR, None), (start + 50 * HOUR, start + 49 * HOUR, None),
        (start + 48 * HOUR, start + 60 * HOUR + MINUTE, None),                                  # longer than anybody works
        (start + 48 * HOUR, start + 54 * HOUR + MINUTE, None),                                  # a minute over the cap
    ]:
        with pytest.raises(DomainError) as refusal:
            add(begin, end, at)
        assert str(refusal.value)
    add(start + 48 * HOUR, start + 54 * HOUR)
    assert week(contract).minutes == 600
    assert broken_rules() == {}


def test_a_clock_that_runs_over_the_cap_is_cut_there():
    contract = an_hourly_contract(funded=True, weekly_hours=2)
    with in_week(contract) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=3 * HOUR):
            assert contracts.stop_clock(timesheet=sheet, by=contract.worker).minutes == 120
            with pytest.raises(DomainError):
                contracts.start_clock(timesheet=sheet, by=contract.worker)


def test_a_week_without_its_money_has_no_work():
    contract = an_hourly_contract()
    with in_week(contract) as sheet, pytest.raises(DomainError, match="仮払い"):
        contracts.start_clock(timesheet=sheet, by=contract.worker)


def test_nobody_else_writes_hours():
    contract = an_hourly_contract(funded=True)
    entry = hours_written(week(contract))
    for person in (client_of(contract), a_person()):
        with in_week(contract, hour=20) as sheet:
            for deed in (lambda by: contracts.start_clock(timesheet=sheet, by=by), lambda by: contracts.remove_entry(entry=entry, by=by),
                         lambda by: contracts.submit_week(timesheet=sheet, by=by)):
                with pytest.raises(DomainError):
                    deed(person)


def test_an_entry_is_taken_away_brought_back_and_mended():
    contract = an_hourly_contract(funded=True)
    worker, entry = contract.worker, hours_written(week(contract), 4, note="下書き")
    with in_week(contract, hour=20):
        contracts.remove_entry(entry=entry, by=worker)
        assert week(contract).minutes == 0
        assert contracts.restore_entry(entry=entry, by=worker).minutes == 240
        contracts.change_entry(entry=entry, by=worker, started_at=entry.started_at, ended_at=entry.started_at + HOUR, note="校正")

    assert (week(contract).minutes, TimeEntry.objects.get().note) == (60, "校正")
    assert broken_rules() == {}


def test_brought_back_over_another_entry_or_over_the_cap_it_stays_away():
    contract = an_hourly_contract(funded=True)
    worker, entry = contract.worker, hours_written(week(contract), 4)
    with in_week(contract, hour=20):
        contracts.remove_entry(entry=entry, by=worker)
    hours_written(week(contract), 2)
    with in_week(contract, hour=20), pytest.raises(DomainError):
        contracts.restore_entry(entry=entry, by=worker)


def test_pressed_times_are_mended_with_a_reason():
    contract = an_hourly_contract(funded=True)
    with in_week(contract) as sheet:
        entry = contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=HOUR):
            contracts.stop_clock(timesheet=sheet, by=contract.worker)
            with pytest.raises(DomainError):
                contracts.change_entry(entry=entry, by=contract.worker, started_at=entry.started_at, ended_at=entry.started_at + MINUTE)
            contracts.change_entry(entry=entry, by=contract.worker, started_at=entry.started_at, ended_at=entry.started_at + MINUTE,
                                   reason="途中で席を外しました")

    assert TimeEntry.objects.get().mended_reason == "途中で席を外しました"


def test_the_database_itself_refuses_two_entries_at_one_time_and_minutes_over_the_cap():
    contract = an_hourly_contract(funded=True)
    entry = hours_written(week(contract), 4)
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        contract.timesheets.update(minutes=601)


# ---- borders: the cap, midnight, the week, the year ---------------------------------------------------------------------------

def test_one_minute_over_the_cap_is_refused_also_when_an_entry_is_mended_and_the_last_minute_is_not():
    contract = an_hourly_contract(funded=True, weekly_hours=4)
    worker, entry = contract.worker, hours_written(week(contract), 3)
    with in_week(contract, day=1):
        for minutes, is_taken in ((61, False), (60, True), (61, False)):
            start, end = entry.started_at, entry.ended_at + minutes * MINUTE
            if is_taken:
                contracts.change_entry(entry=entry, by=worker, started_at=start, ended_at=end)
            else:
                with pytest.raises(DomainError, match="4時間"):
                    contracts.change_entry(entry=entry, by=worker, started_at=start, ended_at=end)
        with pytest.raises(DomainError):
            contracts.start_clock(timesheet=week(contract), by=worker)
    assert week(contract).minutes == week(contract).cap_minutes == 240
    assert broken_rules() == {}


@pytest.mark.parametrize(("made_on", "border"), [("2026-12-16", "2027-01-01"), ("2028-02-16", "2028-02-29"), ("2028-02-16", "2028-03-01")])
def test_an_hour_over_midnight_counts_whole_also_over_new_year_and_a_leap_day(made_on, border):
    with clock.moved(to=clock.start_of(datetime.date.fromisoformat(made_on)) + 10 * HOUR):
        contract = an_hourly_contract(funded=True)
    midnight = clock.start_of(datetime.date.fromisoformat(border))
    sheet = week(contract)
    assert sheet.begins_at < midnight < sheet.is_over_at

    with clock.moved(to=midnight + 10 * HOUR):
        contracts.add_entry(timesheet=sheet, by=contract.worker, started_at=midnight - HOUR, ended_at=midnight + HOUR)

    with clock.moved(to=sheet.is_over_at + 13 * HOUR):
        assert contracts.submit_weeks() == 1
        contracts.accept_delivery(milestone=week(contract).milestone, by=client_of(contract))
    assert week(contract).billed_minutes == 120
    assert broken_rules() == {}


def test_a_night_from_sunday_to_monday_is_written_in_both_weeks_and_counted_once():
    contract = an_hourly_contract(funded=True)
    contracts.fund(contract=contract, by=client_of(contract), number=2)
    worker, sunday, monday = contract.worker, week(contract), week(contract, 2)
    border = monday.begins_at
    with clock.moved(to=border + 2 * HOUR):
        for sheet in (sunday, monday):
            with pytest.raises(DomainError):
                contracts.add_entry(timesheet=sheet, by=worker, started_at=border - HOUR, ended_at=border + HOUR)
        contracts.add_entry(timesheet=sunday, by=worker, started_at=border - HOUR, ended_at=border)
        contracts.add_entry(timesheet=monday, by=worker, started_at=border, ended_at=border + HOUR)
        for sheet, start in ((sunday, border - MINUTE), (monday, border)):
            with pytest.raises(DomainError):
                contracts.add_entry(timesheet=sheet, by=worker, started_at=start, ended_at=start + MINUTE)

    assert (week(contract).minutes, week(contract, 2).minutes) == (60, 60)


def test_a_night_of_work_crosses_midnight_without_a_reason():
    contract = an_hourly_contract(funded=True)
    with in_week(contract, hour=23) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=2 * HOUR):
            assert contracts.stop_clock(timesheet=sheet, by=contract.worker).minutes == 120
    assert broken_rules() == {}


def test_a_clock_that_runs_over_the_end_of_the_week_ends_with_the_week():
    contract = an_hourly_contract(funded=True)
    with in_week(contract, day=6, hour=23) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
    with in_week(contract, day=7, hour=1) as sheet:
        with pytest.raises(DomainError):
            contracts.stop_clock(timesheet=sheet, by=contract.worker, reason="日付が変わりました", ended_at=sheet.is_over_at + MINUTE)
        assert contracts.stop_clock(timesheet=sheet, by=contract.worker).minutes == 60
    assert broken_rules() == {}


@pytest.mark.parametrize(("day", "hour", "told"), [(7, 7.98, 0), (7, 8, 1), (8, 0.5, 1)])
def test_on_monday_morning_there_is_still_time_to_say_when_the_work_of_sunday_evening_ended(day, hour, told):
    contract = an_hourly_contract(funded=True)
    with in_week(contract, day=6, hour=22) as sheet:
        contracts.start_clock(timesheet=sheet, by=contract.worker)
    with in_week(contract, day=day, hour=hour):
        assert contracts.remind_of_running_clocks() == told
        assert contract.worker.notices.filter(kind="week.still_runs").count() == told


def test_a_stop_at_its_start_or_before_it_leaves_the_clock_running():
    contract = an_hourly_contract(funded=True)
    with in_week(contract) as sheet:
        entry = contracts.start_clock(timesheet=sheet, by=contract.worker)
        with clock.moved(by=HOUR):
            for ended_at in (entry.started_at, entry.started_at - MINUTE):
                with pytest.raises(DomainError):
                    contracts.stop_clock(timesheet=sheet, by=contract.worker, ended_at=ended_at, reason="間違えました")
    assert TimeEntry.objects.get().is_running and week(contract).minutes == 0


def test_hours_of_one_person_never_overlap_in_whichever_contracts_they_work():
    first = an_hourly_contract(funded=True)
    other = an_hourly_contract(funded=True, worker=first.worker)
    start = week(first).begins_at + 9 * HOUR
    hours_written(week(first), 2)

    with in_week(other, day=1):
        for begin, end in ((0, 2), (1, 3), (-1, 1), (-1, 3), (0.5, 1)):
            with pytest.raises(DomainError, match="同じ時間"):
                contracts.add_entry(timesheet=week(other), by=first.worker, started_at=start + begin * HOUR, ended_at=start + end * HOUR)
        contracts.add_entry(timesheet=week(other), by=first.worker, started_at=start + 2 * HOUR, ended_at=start + 3 * HOUR)

    assert (week(first).minutes, week(other).minutes) == (120, 60)


def test_work_that_was_not_handed_over_a_minute_before_noon_is_still_the_workers(clock_stands_at):
    contract = an_hourly_contract(funded=True)
    hours_written(week(contract), 1)
    noon = week(contract).submit_by
    clock_stands_at(noon - SECOND)
    assert contracts.submit_weeks() == 0
    hours_written_late = contracts.add_entry(timesheet=week(contract), by=contract.worker, started_at=week(contract).begins_at,
                                             ended_at=week(contract).begins_at + HOUR)
    clock_stands_at(noon)
    assert contracts.submit_weeks() == 1
    clock_stands_at(noon + SECOND)
    with pytest.raises(DomainError):
        contracts.remove_entry(entry=hours_written_late, by=contract.worker)

    assert week(contract).minutes == 120
