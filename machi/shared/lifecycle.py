"""States and moves as one table. The same table feeds actions, buttons, documents and the exhaustive test."""
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from machi.shared.errors import IllegalMove


class Lifecycle:
    """A table of moves: (state, move) -> next state. Nothing else may set `state`."""

    def __init__(self, moves: Mapping[tuple[str, str], str]):
        self._moves = {(str(state), move): str(after) for (state, move), after in moves.items()}

    def allows(self, state: str, move: str) -> bool:
        return (state, move) in self._moves

    def next(self, state: str, move: str) -> str:
        """The state after this move. Raises IllegalMove when the table does not know the pair."""
        try:
            return self._moves[state, move]
        except KeyError:
            raise IllegalMove(_("state.moved_on")) from None

    def states_for(self, move: str) -> list[str]:
        """From which states this move is allowed."""
        return sorted(state for state, known in self._moves if known == move)

    @property
    def moves(self) -> list[str]:
        return sorted({move for _state, move in self._moves})

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        return iter((state, move, after) for (state, move), after in self._moves.items())
