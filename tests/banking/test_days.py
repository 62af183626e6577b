"""Until when a bank takes a file."""
import datetime
import time

import pytest

from machi.banking.days import bank_days_after, bank_days_before, hand_in_until


@pytest.mark.parametrize("arrives, days, leaves", [
    ("2026-12-15", 2, "2026-12-11"), ("2026-12-15", 1, "2026-12-14"), ("2026-12-15", 0, "2026-12-15"), ("2027-01-04", 2, "2026-12-29"),
    ("2026-05-07", 1, "2026-05-01"), ("2026-09-24", 2, "2026-09-17")])
def test_bank_days_are_counted_backwards(arrives, days, leaves):
    assert bank_days_before(datetime.date.fromisoformat(arrives), days) == datetime.date.fromisoformat(leaves)


@pytest.mark.parametrize("leaves, days, arrives", [
    ("2026-12-11", 2, "2026-12-15"), ("2026-12-12", 1, "2026-12-14"), ("2026-12-12", 0, "2026-12-12"), ("2026-12-29", 2, "2027-01-04"),
    ("2026-05-01", 1, "2026-05-07"), ("2026-09-17", 2, "2026-09-24")])
def test_bank_days_are_counted_onwards(leaves, days, arrives):
    assert bank_days_after(datetime.date.fromisoformat(leaves), days) == datetime.date.fromisoformat(arrives)


@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def elsewhere(request, monkeypatch):
    """The machine may stand anywhere."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_hour_is_that_of_japan_wherever_the_machine_stands(elsewhere):
    moment = hand_in_until(datetime.date(2026, 12, 15), lead_days=2, cut_off=datetime.time(15, 0))

    assert moment == datetime.datetime(2026, 12, 11, 6, 0, tzinfo=datetime.UTC) and moment.tzinfo is datetime.UTC
