"""A table of moves knows what may happen next, and refuses the rest in words for a person."""
import pytest
from django.utils.translation import gettext as _

from machi.shared.errors import DomainError, IllegalMove
from machi.shared.lifecycle import Lifecycle

MOVES = {("shut", "open"): "open", ("open", "shut"): "shut", ("open", "lock"): "locked"}
DOOR = Lifecycle(MOVES)


def test_a_move_leads_where_the_table_says():
    assert set(Lifecycle(MOVES)) == {(state, move, after) for (state, move), after in MOVES.items()}
    assert (DOOR.states_for("open"), DOOR.states_for("lock"), DOOR.states_for("paint")) == (["shut"], ["open"], [])
    assert DOOR.next("shut", "open") == "open"
    assert DOOR.allows("open", "lock") and not DOOR.allows("locked", "open")
    assert DOOR.moves == ["lock", "open", "shut"]
    assert set(DOOR) == {("shut", "open", "open"), ("open", "shut", "shut"), ("open", "lock", "locked")}


@pytest.mark.parametrize(("state", "move"), [("locked", "open"), ("shut", "shut"), ("gone", "open"), ("open", "paint")])
def test_a_move_the_table_does_not_know_is_refused_in_a_sentence(state, move):
    with pytest.raises(IllegalMove) as refusal:
        DOOR.next(state, move)

    assert isinstance(refusal.value, DomainError) and str(refusal.value) == _("state.moved_on") != "state.moved_on"
