"""The town's clock: UTC inside, Japan's calendar outside, and movable only where nobody is harmed by it."""
import datetime

import pytest

from machi.shared import clock

UTC = datetime.UTC


@pytest.mark.parametrize(("moment", "day"), [
    (datetime.datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), datetime.date(2026, 12, 31)),
    (datetime.datetime(2026, 12, 31, 15, 0, 0, tzinfo=UTC), datetime.date(2027, 1, 1)),
    (datetime.datetime(2028, 2, 28, 15, 0, 0, tzinfo=UTC), datetime.date(2028, 2, 29))])
def test_a_day_ends_at_midnight_in_japan(moment, day):
    assert clock.day_of(moment) == day
    assert clock.day_of(clock.end_of(day)) == day
    assert clock.day_of(clock.end_of(day) + datetime.timedelta(seconds=1)) == day + datetime.timedelta(days=1)


def test_a_moved_clock_goes_on_running_and_comes_back():
    there = datetime.datetime(2030, 1, 1, tzinfo=UTC)

    with clock.moved(to=there):
        with clock.moved(by=datetime.timedelta(days=40)):
            assert clock.today() == datetime.date(2030, 2, 10)
        assert there <= clock.now() < there + datetime.timedelta(seconds=5)

    assert abs(clock.now() - datetime.datetime.now(UTC)) < datetime.timedelta(seconds=5)


def test_the_clock_of_a_real_town_cannot_be_moved(settings):
    with pytest.raises(RuntimeError):
        clock.move_town(datetime.timedelta(days=1))

    settings.DEMO_TOWN = True
    clock.move_town(datetime.timedelta(days=1))
    clock.move_town(datetime.timedelta(hours=-1))
    assert datetime.timedelta(hours=22) < clock.now() - datetime.datetime.now(UTC) < datetime.timedelta(hours=24)

    settings.DEMO_TOWN = False
    assert abs(clock.now() - datetime.datetime.now(UTC)) < datetime.timedelta(seconds=5), "the file is not even read"
