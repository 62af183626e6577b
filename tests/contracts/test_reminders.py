"""A client who does not answer hears of it twice before the town accepts for them."""
import datetime

from django.db import connection

from machi.contracts.actions import remind_of_acceptance
from machi.shared import clock
from tests.people import a_contract


def test_a_silent_client_is_reminded_half_way_and_on_the_last_day(town):
    milestone = a_contract(delivered=True).milestones.get()
    span = milestone.accept_by - milestone.delivered_at

    assert remind_of_acceptance() == 0
    with clock.moved(by=span / 2 + datetime.timedelta(minutes=1)):
        assert [remind_of_acceptance(), remind_of_acceptance()] == [1, 0]
    with clock.moved(by=span - datetime.timedelta(hours=3)):
        assert [remind_of_acceptance(), remind_of_acceptance()] == [1, 0]


def test_those_who_were_reminded_take_nobody_elses_place(town):
    milestone = [a_contract(delivered=True) for _number in range(3)][0].milestones.get()

    with clock.moved(to=milestone.accept_by - datetime.timedelta(hours=12)):
        assert [remind_of_acceptance(at_most=2) for _turn in range(3)] == [2, 1, 0]


def test_an_older_database_finds_who_was_reminded_too(db, monkeypatch):
    milestone = a_contract(delivered=True).milestones.get()
    monkeypatch.setattr(connection.features, "is_postgresql_16", False)     # Django builds JSON with another function there

    with clock.moved(to=milestone.accept_by - datetime.timedelta(hours=3)):
        assert [remind_of_acceptance(), remind_of_acceptance()] == [1, 0]
