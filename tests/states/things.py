"""What a thing with a state is to the exhaustive test, and what somebody may do to it."""
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from machi.shared import clock
from machi.shared.lifecycle import Lifecycle

DAY = datetime.timedelta(days=1)
WORKER, CLIENT, EITHER, TOWN = "own worker", "own client", "either side", "the town"
MODERATOR, ANOTHER, MODERATORS = "the moderator", "another moderator", "any moderator"
FINANCE, COLLEAGUE, DESK = "of the finance desk", "their colleague", "either of the desk"


@dataclass(frozen=True)
class Deed:
    """What somebody does to a thing. `paths`: the moves it takes, one after the other; the first path the table allows.

    Where the table has no path, a deed refuses with a DomainError and changes nothing. `is_round`: a deed of the clock looks
    for what is due, so it passes by instead of refusing. `leaves_traces`: it may write elsewhere, never in this thing.
    """

    name: str
    who: str
    paths: tuple[tuple[str, ...], ...]
    do: Callable
    is_round: bool = False
    leaves_traces: bool = False

    def leads_to(self, table: Lifecycle, state: str) -> str | None:
        """The state after it, or nothing where it is not allowed."""
        for path in self.paths:
            after: str | None = state
            for move in path:
                after = table.next(after, move) if after is not None and table.allows(after, move) else None
            if after is not None:
                return after
        return None


@dataclass(frozen=True)
class Thing:
    """A kind of thing: its table, a maker for each state (it is told for which deed), its two sides, its deeds.

    `columns`: what is filled in exactly these states, as the database itself demands.
    """

    name: str
    model: type
    states: type
    table: Lifecycle
    make: Callable[[str, str], object]
    sides: Callable[[object], dict]
    deeds: list[Deed]
    columns: dict[str, set[str]]

    @property
    def reached(self) -> list[str]:
        """The states its table knows: a week by the hour is never passed on."""
        known = {state for before, _move, after in self.table for state in (before, after)}
        return [state for state in self.states.values if state in known]


def on_a_later_day(days: int, round_of_the_clock: Callable[[], int]) -> Callable:
    def do(_thing, _by):
        with clock.moved(by=days * DAY):
            round_of_the_clock()
    return do
