"""A whole form."""
from dataclasses import dataclass

from machi.tasks.forms.parts import Asked, Audio, Comparison, File, Image, Part, Video

VERSION = 1                                         # of the way a form is written down
MOST_BLOCKS, MOST_SHOWN = 20, 20


@dataclass(frozen=True, slots=True)
class Form:
    """Parts in the order in which they are met. It never changes; a client who changes it makes another one."""

    parts: tuple[Part, ...]

    def on_paper(self) -> dict:
        """As JSON, which `parse` reads back to the same form."""
        return {"version": VERSION, "parts": [part.on_paper() for part in self.parts]}

    @property
    def media(self) -> tuple[tuple[str, str], ...]:
        """(column, what its cells name: "picture", "sound" or "film"), each once."""
        return tuple(dict.fromkeys(one for part in self.parts for one in _media_of(part)))

    @property
    def blocks(self) -> tuple[Asked, ...]:
        """What asks something."""
        return tuple(part for part in self.parts if isinstance(part, Asked))

    @property
    def files(self) -> tuple[File, ...]:
        """What asks for a file."""
        return tuple(part for part in self.parts if isinstance(part, File))

    @property
    def shown(self) -> tuple[Part, ...]:
        """What only shows something."""
        return tuple(part for part in self.parts if not isinstance(part, Asked))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the form needs, each once."""
        return tuple(dict.fromkeys(column for part in self.parts for column in part.columns))

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)


def _media_of(part: Part) -> tuple[tuple[str, str], ...]:
    match part:
        case Image():
            return ((part.column, "picture"),)
        case Video():
            return ((part.column, "film"),)
        case Audio():
            return ((part.column, "sound"),)
        case Comparison(shown_as="image"):
            return ((part.first, "picture"), (part.second, "picture"))
        case _:
            return ()
