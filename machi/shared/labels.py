"""What a choice is called."""
from functools import cache


class Labelled:
    """For models: `get_state_display()` without looking through all choices of the column each time, as Django does."""

    def _get_FIELD_display(self, field):
        value = getattr(self, field.attname)
        return value if value is None else str(_labels(field).get(value, value))


@cache
def _labels(field) -> dict:
    return dict(field.flatchoices)
