"""Every state, every deed, every role: what the table allows happens exactly so, everything else changes no row and no yen."""
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from machi.payments.fakebank import FakeBank
from machi.shared import clock
from machi.shared.errors import DomainError
from tests import rows
from tests.people import a_client, a_person
from tests.states.contract_moves import MILESTONE
from tests.states.moves import THINGS
from tests.states.things import ANOTHER, CLIENT, COLLEAGUE, DESK, EITHER, FINANCE, MODERATOR, MODERATORS, TOWN, WORKER, Deed, Thing

pytestmark = pytest.mark.django_db

EVERY_MOVE = [pytest.param(thing, state, deed, id=f"{thing.name}: {state}, {deed.name}")
              for thing in THINGS for state in thing.reached for deed in thing.deeds]
EVERY_STATE = [pytest.param(thing, state, id=f"{thing.name}: {state}") for thing in THINGS for state in thing.reached]


def fresh(thing: Thing, one):
    return thing.model.objects.get(pk=one.pk)


def all_that_is_written() -> tuple:
    return rows.fingerprint(), FakeBank().statement()


@pytest.mark.parametrize(("thing", "state", "deed"), EVERY_MOVE)
def test_a_deed_moves_a_thing_as_its_table_says_or_not_at_all(thing: Thing, state: str, deed: Deed):
    one = thing.make(state, deed.name)
    assert fresh(thing, one).state == state
    people = thing.sides(fresh(thing, one)) | {"other worker": a_person(), "other client": a_client()}

    several = {EITHER: {WORKER, CLIENT}, DESK: {FINANCE, COLLEAGUE}, MODERATORS: {MODERATOR, ANOTHER}, TOWN: set(people)}
    may = several.get(deed.who, {deed.who})
    for role, person in people.items():
        if role not in may:
            _is_refused(thing, one, deed, person)
    person = people.get({EITHER: WORKER, DESK: FINANCE, MODERATORS: MODERATOR}.get(deed.who, deed.who))
    after = deed.leads_to(thing.table, state)
    if after is None:
        _is_refused(thing, one, deed, person)
    else:
        deed.do(fresh(thing, one), person)
        assert fresh(thing, one).state == after


def _is_refused(thing: Thing, one, deed: Deed, person) -> None:
    before, this_before = all_that_is_written(), model_to_dict(fresh(thing, one))
    try:
        deed.do(fresh(thing, one), person)
        assert deed.is_round or deed.leaves_traces, f"{deed.name} by {person} was not refused"
    except DomainError as refusal:
        assert str(refusal)
    if deed.leaves_traces:
        assert fresh(thing, one).state == this_before["state"]
    else:
        assert model_to_dict(fresh(thing, one)) == this_before
        assert rows.changed(before[0], all_that_is_written()[0]) == set()
        assert {path[0] for path in deed.paths} & {"send", "confirm", "return"} or all_that_is_written()[1] == before[1]


# ---- the tables are covered ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)
def test_every_move_of_the_table_has_a_deed_and_every_deed_a_move(thing):
    assert {move for deed in thing.deeds for path in deed.paths for move in path} == set(thing.table.moves)
    assert {deed.who for deed in thing.deeds} <= {WORKER, CLIENT, EITHER, MODERATOR, MODERATORS, ANOTHER, FINANCE, COLLEAGUE, DESK, TOWN}


def test_every_thing_with_a_state_is_here():
    with_states = {model for model in apps.get_models() if "state" in {field.name for field in model._meta.fields}
                   and model.__module__.startswith("machi.")}

    assert with_states == {thing.model for thing in THINGS}


@pytest.mark.parametrize("planted", [
    lambda milestone, by: milestone.contract.milestones.update(revisions_used=1),                   # a row that moved
    lambda milestone, by: FakeBank().deposit(key="out of nowhere", amount_yen=1, payer="?"),       # a yen that moved
    lambda milestone, by: None,                                                                     # nothing, and no word
])
def test_a_deed_that_is_not_refused_is_found(planted):
    one = MILESTONE.make("accepted", "")

    with pytest.raises(AssertionError):
        _is_refused(MILESTONE, one, Deed("a plant", CLIENT, (("accept",),), planted), None)


# ---- the database agrees ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("thing", "state"), EVERY_STATE)
def test_the_database_refuses_a_state_whose_columns_say_otherwise(thing: Thing, state: str):
    one = thing.make(state, "")
    this = thing.model.objects.filter(pk=one.pk)

    for column, states in thing.columns.items():
        is_filled = this.values_list(column, flat=True)[0] is not None
        assert is_filled == (state in states), column
        _refuses(this, **{column: None if is_filled else _something(thing, column)})
    for other in thing.states.values:
        if any((other in states) != (state in states) for states in thing.columns.values()):
            _refuses(this, state=other)
    _refuses(this, state="nowhere")


def _something(thing: Thing, column: str):
    return clock.today() if column.endswith("_on") else clock.now()


def _refuses(these, **values) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        these.update(**values)
