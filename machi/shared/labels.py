"""What a choice is called."""
from functools import cache

from django.utils.translation import get_language


class Labelled:
    """For models: `get_state_display()` without looking through all choices of the column each time, as Django does."""

    def _get_FIELD_display(self, field):
        value = getattr(self, field.attname)
        return value if value is None else _labels(field, get_language()).get(value, str(value))


@cache
def _labels(field, _language: str | None) -> dict[str, str]:
    return {value: str(label) for value, label in field.flatchoices}
