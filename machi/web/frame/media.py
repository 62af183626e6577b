"""Where the pictures, sounds and films of an item lie, for the pages and the desk that show it."""
from collections.abc import Mapping
from typing import NamedTuple

from django.urls import reverse

from machi.tasks.forms import Form
from machi.tasks.models import Batch
from machi.tasks.queries import pieces_shown


class Shown(NamedTuple):
    """Where it lies (nowhere: ""); of a picture its size, so that nothing on the page jumps."""

    src: str = ""
    width: int | None = None
    height: int | None = None
    kind: str = "picture"


NOWHERE = Shown()


def media_of(form: Form, cells: Mapping[str, str], batch: Batch) -> dict[str, Shown]:
    """Those of an item with these cells, by column."""
    return {column: Shown(reverse("tasks:piece", args=[batch.pk, piece.pk]), piece.file.width, piece.file.height, piece.kind)
            for column, piece in pieces_shown(form, cells, batch).items()}
