"""The background's rounds: each run once, alone, and whatever happened to the one before."""
import asyncio
import contextlib
import logging
import threading
import time

import pytest
from django.db import OperationalError, connection
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from machi.background import rounds, schedule
from machi.background.schedule import RUNS, Run, rhythms
from tests import database


def test_every_run_has_a_name_of_its_own_and_a_rhythm_that_cron_can_write():
    assert len({run.name for run in RUNS}) == len(RUNS)
    assert all(callable(run.action) for run in RUNS)
    assert [rounds.cron(seconds) for seconds in rhythms()] == ["* * * * * */2", "* * * * * */5", "* * * * *", "0 * * * *"]
    with pytest.raises(ValueError, match="no rhythm of 7 seconds"):
        rounds.cron(7)


def test_somebody_who_waits_is_served_within_seconds():
    at_once = {run.action.__name__ for run in rhythms()[schedule.AT_ONCE]}

    assert {"send_waiting", "take_up_fundings", "send_payouts"} <= at_once and schedule.AT_ONCE <= 2


def test_a_run_that_fails_is_logged_and_the_next_one_goes_on(town, caplog):
    done = []

    def stumble():
        raise LookupError("a stone")
    runs = [Run("first", 2, lambda: done.append(1)), Run("second", 2, stumble), Run("third", 2, lambda: done.append(3))]

    rounds._round_of(runs)(timestamp=0)

    assert done == [1, 3]
    assert "the run 'second' failed" in caplog.text and "a stone" in caplog.text


def test_a_lost_database_is_one_line_in_the_log_and_found_again(town, caplog):
    def lose():
        with contextlib.closing(database.as_superuser()) as db:
            db.execute("SELECT pg_terminate_backend(%s)", (connection.connection.info.backend_pid,))
        connection.cursor().execute("SELECT 1")

    with caplog.at_level(logging.WARNING):
        assert rounds.perform(Run("loses it", 2, lose)) is False

    assert len(caplog.records) == 1 and "did not answer" in caplog.text
    assert rounds.perform(Run("the next", 2, lambda: connection.cursor().execute("SELECT 1"))) is True


def test_two_processes_never_do_the_same_run_at_once(race):
    at_work, most, meeting = [0], [0], threading.Lock()

    def work():
        with meeting:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(0.3)
        with meeting:
            at_work[0] -= 1
    same = Run("the same", 2, work)

    answers = race(*[lambda: rounds.perform(same)] * 6)

    assert most == [1] and answers.count(True) >= 1
    assert not [answer for answer in answers if isinstance(answer, Exception)]


def test_different_runs_go_on_beside_each_other(race):
    meeting = threading.Barrier(2, timeout=5)

    assert race(lambda: rounds.perform(Run("one", 2, meeting.wait)), lambda: rounds.perform(Run("other", 2, meeting.wait))) == [True, True]


def test_the_lock_is_free_again_after_a_run_that_failed(town):
    def stumble():
        raise OperationalError("gone")
    rounds.perform(Run("again", 2, stumble))

    assert rounds.perform(Run("again", 2, lambda: None)) is True


def test_a_round_waits_only_once_in_the_queue():
    memory = InMemoryConnector()
    app = App(connector=memory)
    rounds.register(app, {2: [Run("x", 2, lambda: None)]})
    (periodic,) = app.periodic_registry.periodic_tasks.values()

    assert periodic.cron == "* * * * * */2"
    assert periodic.task.queueing_lock == "every 2 seconds"
    asyncio.run(app.tasks["every 2 seconds"].defer_async(timestamp=1))
    assert [job["queueing_lock"] for job in memory.jobs.values()] == ["every 2 seconds"]
