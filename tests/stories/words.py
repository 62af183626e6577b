"""The words of the town, as a reader sees them: a story presses what the catalogue calls by this id."""
from django.utils import translation


def say(identity: str, *, language: str = "ja", **gaps) -> str:
    with translation.override(language):
        text = str(translation.gettext(identity))
    assert text != identity, f"no words for {identity}"
    return text % gaps if gaps else text
