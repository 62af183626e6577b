"""A table of moves knows what may happen next, and refuses the rest in words for a person."""
import pytest

from machi.shared.errors import DomainError, IllegalMove
from machi.shared.lifecycle import Lifecycle

DOOR = Lifecycle({("shut", "open"): "open", ("open", "shut"): "shut", ("open", "lock"): "locked"})


def test_a_move_leads_where_the_table_says():
    assert DOOR.next("shut", "open") == "open"
    assert DOOR.allows("open", "lock") and not DOOR.allows("locked", "open")
    assert DOOR.moves == ["lock", "open", "shut"]
    assert set(DOOR) == {("shut", "open", "open"), ("open", "shut", "shut"), ("open", "lock", "locked")}


@pytest.mark.parametrize(("state", "move"), [("locked", "open"), ("shut", "shut"), ("gone", "open"), ("open", "paint")])
def test_a_move_the_table_does_not_know_is_refused_in_a_sentence(state, move):
    with pytest.raises(IllegalMove) as refusal:
        DOOR.next(state, move)

    assert isinstance(refusal.value, DomainError) and str(refusal.value) not in ("", "state.moved_on")
