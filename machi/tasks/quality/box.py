"""A box in a picture. Apart from what counts boxes, so that whoever only draws one loads no library of numbers."""
from typing import NamedTuple


class Box(NamedTuple):
    """Pixels from the top left corner of the picture; right > left and bottom > top."""

    left: float
    top: float
    right: float
    bottom: float
