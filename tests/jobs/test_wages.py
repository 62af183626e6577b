"""The floor of a fair price: dated, in whole yen, under every post (F28, T2)."""
import datetime
import json
import os

import pytest

from machi.jobs import wages
from machi.jobs.actions import edit_job, publish_job
from machi.jobs.models import Job
from machi.shared import clock, dated
from machi.shared.errors import DomainError
from tests.people import a_job, client_of

DAY = datetime.date


@pytest.mark.parametrize(("on", "yen"), [(DAY(2024, 10, 1), 1_055), (DAY(2025, 9, 30), 1_055), (DAY(2025, 10, 1), 1_121)])
def test_each_day_knows_its_wage(on, yen):
    assert wages.wage(on).yen == yen


@pytest.mark.parametrize(("minutes", "least"), [(60, 1_121), (1, 19), (90, 1_682), (480, 8_968), (7, 131)])
def test_the_floor_is_rounded_up_to_a_whole_yen(minutes, least):
    assert wages.least_for(minutes, DAY(2026, 1, 1)) == least
    assert (least - 1) * 60 < minutes * 1_121 <= least * 60


def test_under_the_floor_a_post_does_not_go_out_and_at_it_it_does(db):
    least = wages.least_for(480)
    under = a_job(published=False, reward_yen=least - 1, minutes_estimate=480)
    at_it = a_job(published=False, reward_yen=least, minutes_estimate=480)

    with pytest.raises(DomainError, match=rf"{least:,}円から公開できます"):
        publish_job(job=under, by=client_of(under))
    assert publish_job(job=at_it, by=client_of(at_it)).state == "open"
    with pytest.raises(DomainError, match="公開できます"):
        edit_job(job=at_it, by=client_of(at_it), minutes_estimate=481)


def test_by_the_hour_the_rate_is_what_counts(db):
    hourly = {"form": "hourly", "weekly_hours": 10, "weeks_count": 2}
    under = a_job(published=False, rate_yen=wages.wage().yen - 1, **hourly)

    with pytest.raises(DomainError, match="公開できます"):
        publish_job(job=under, by=client_of(under))
    assert publish_job(job=a_job(client_of(under), published=False, rate_yen=wages.wage().yen, **hourly), by=client_of(under)).published_at


def test_a_post_that_the_wage_has_overtaken_is_no_longer_fair(db, clock_at):
    clock_at("2025-09-01 10:00")
    old = a_job(reward_yen=1_055, minutes_estimate=60, closes_on=DAY(2025, 12, 1), due_on=DAY(2025, 12, 20))
    assert Job.objects.filter(wages.is_fair()).get() == old

    clock_at("2025-10-01 10:00")

    assert not Job.objects.filter(wages.is_fair()).exists() and clock.today() == DAY(2025, 10, 1)


# ---- a town's own rows -----------------------------------------------------------------------------------------------

@pytest.fixture
def own(settings, tmp_path):
    """Writes the file of a town, and forgets what was read of it before."""
    settings.MACHI_HOME = tmp_path

    def write(text: str | list[dict]):
        place = tmp_path / "wages.json"
        place.write_text(text if isinstance(text, str) else json.dumps({"wage": text}))
        os.utime(place, ns=(write.at, write.at))
        write.at += 10**9
    write.at = 10**18
    yield write
    dated.forget_readings()


def test_a_towns_own_row_wins_from_its_day_on_and_a_changed_file_counts_at_once(own):
    day = DAY(2026, 4, 1)
    own([{"from": "2026-04-01", "yen": 1_200, "source": "the wage of our prefecture"}])
    assert (wages.wage(day - datetime.timedelta(days=1)).yen, wages.wage(day).yen) == (1_121, 1_200)
    assert wages.least_for(90, day) == 1_800 and wages.wage(day).source == "the wage of our prefecture"

    own([{"from": "2025-10-01", "yen": 1_150, "source": "of the same day as the town's"}])
    assert wages.wage(day).yen == wages.wage(DAY(2025, 10, 1)).yen == 1_150


@pytest.mark.parametrize("broken", [
    "{", '["wage"]', '{"wages": []}', *(json.dumps({"wage": [{"from": "2026-04-01", "source": "x", "yen": 1_200} | row]}) for row in (
        {"yen": 0}, {"yen": -1}, {"yen": 1_200.5}, {"yen": "1200"}, {"yen": True}, {"yen": 190_000}, {"from": "2026-13-01"},
        {"source": " "}, {"until": "2027-03-31"}))])
def test_a_file_that_cannot_be_read_is_named_and_after_a_good_one_changes_nothing(own, broken):
    own(broken)
    with pytest.raises(ValueError, match="wages.json"):
        wages.wage()

    own([{"from": "2026-04-01", "yen": 1_200, "source": "the wage of our prefecture"}])
    assert wages.wage(DAY(2026, 4, 1)).yen == 1_200
    own(broken)
    assert wages.wage(DAY(2026, 4, 1)).yen == 1_200


def test_under_the_floor_of_the_town_a_post_does_not_go_out(db, own):
    own([{"from": "2026-01-01", "yen": 2_000, "source": "the wage of our prefecture"}])
    under = a_job(published=False, reward_yen=15_999, minutes_estimate=480)

    with pytest.raises(DomainError, match="16,000円から公開できます"):
        publish_job(job=under, by=client_of(under))
