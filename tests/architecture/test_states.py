"""Every state stands in a table of moves, every state can be reached, and nothing else is called a state."""
import importlib

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from machi.shared.lifecycle import Lifecycle
from tests.architecture.reading import ROOT, rooms


class Door(models.TextChoices):
    SHUT = "shut"
    OPEN = "open"
    LOST = "lost"


def faults(states: type[models.TextChoices], start: str, tables: list[Lifecycle]) -> list[str]:
    """What is wrong with the table of these states: none, a state it does not name, one that nothing leads to."""
    known = set(states.values)
    mine = [table for table in tables if {state for move in table for state in (move[0], move[2])} & known]
    named = {state for table in mine for before, _move, after in table for state in (before, after)}
    reached, moves = {start}, [move for table in mine for move in table]
    for _round in moves:
        reached |= {after for before, _move, after in moves if before in reached}
    return ([f"{len(mine)} tables"] if len(mine) != 1 else []) + [f"{state}: not in the table" for state in sorted(known - named)] + [
        f"{state}: unknown to the states" for state in sorted(named - known)] + [
        f"{state}: nothing leads to it" for state in sorted(known & named - reached)]


def lifecycles():
    return [importlib.import_module(f"machi.{room}.lifecycle") for room in rooms() if (ROOT / f"machi/{room}/lifecycle.py").exists()]


def things():
    """Every table of ours with a column called state."""
    ours = [table for table in apps.get_models() if table.__module__.startswith("machi.")]
    return [table for table in ours if "state" in {field.name for field in table._meta.fields}]


def states_of(table) -> type[models.TextChoices] | None:
    """The class of states that a table names, found by its values."""
    choices = [value for value, _words in table._meta.get_field("state").choices or ()]
    everywhere = [one for room in lifecycles() for name, one in vars(room).items() if name.endswith("State")]
    return next((one for one in everywhere if list(one.values) == choices), None)


@pytest.mark.parametrize("table", things(), ids=lambda table: table._meta.label)
def test_the_states_of_a_thing_are_a_lifecycle(table):
    states, start = states_of(table), table._meta.get_field("state").default
    room = importlib.import_module(states.__module__)

    assert faults(states, start, [one for one in vars(room).values() if isinstance(one, Lifecycle) and _speaks_of(one, states)]) == []


def _speaks_of(table: Lifecycle, states) -> bool:
    """Two tables of one room may share a word (`accepted`): a table belongs to the states that know all of its words."""
    return {state for before, _move, after in table for state in (before, after)} <= set(states.values)


def test_every_class_of_states_belongs_to_a_table_of_rows():
    written = {one for room in lifecycles() for name, one in vars(room).items() if name.endswith("State")}

    assert written == {states_of(table) for table in things()}
    assert len(written) == 29


@pytest.mark.parametrize(("moves", "fault"), [
    ([{("shut", "open"): "open"}], ["lost: not in the table"]),
    ([{("shut", "open"): "open", ("lost", "find"): "shut"}], ["lost: nothing leads to it"]),
    ([{("shut", "open"): "open", ("open", "lose"): "lost", ("lost", "burn"): "ash"}], ["ash: unknown to the states"]),
    ([], ["0 tables", "lost: not in the table", "open: not in the table", "shut: not in the table"]),
    ([{("shut", "open"): "open", ("open", "lose"): "lost"}] * 2, ["2 tables"]),
    ([{("shut", "open"): "open", ("open", "lose"): "lost"}], []),
])
def test_a_state_without_its_place_is_found(moves, fault):
    assert faults(Door, "shut", [Lifecycle(table) for table in moves]) == fault


# ---- no second kind of state ----------------------------------------------------------------------------------------

def called_state(tables) -> list[str]:
    """Columns that tell how far a thing is without a lifecycle."""
    return [f"{table._meta.label}.{field.name}" for table in tables for field in table._meta.fields
            if field.name in ("state", "status", "phase", "stage") and (field.name != "state" or states_of(table) is None)]


def test_nothing_has_a_state_without_a_lifecycle():
    assert called_state([table for table in apps.get_models() if table.__module__.startswith("machi.")]) == []


@isolate_apps("machi.jobs")
def test_a_state_without_a_lifecycle_is_found():
    class Gate(models.Model):
        status = models.CharField()
        state = models.CharField(choices=Door)

        class Meta:
            app_label = "jobs"

    assert called_state([Gate]) == ["jobs.Gate.status", "jobs.Gate.state"]
