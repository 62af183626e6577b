"""A whole form."""
from dataclasses import dataclass

from machi.tasks.forms.parts import Asked, Audio, Comparison, File, Image, Part

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
    def needs_files(self) -> bool:
        """Does it show or take what is no text? The town does not keep pictures, sounds and files of items yet."""
        return any(isinstance(part, Image | Audio | File) or isinstance(part, Comparison) and part.shown_as == "image"
                   for part in self.parts)

    @property
    def blocks(self) -> tuple[Asked, ...]:
        """What asks something."""
        return tuple(part for part in self.parts if isinstance(part, Asked))

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
