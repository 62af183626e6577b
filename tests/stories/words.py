"""The words of the town, as a Japanese reader sees them: a story presses what the catalogue calls by this id."""
from django.utils import translation


def say(identity: str, **gaps) -> str:
    with translation.override("ja"):
        text = str(translation.gettext(identity))
    assert text != identity, f"no words for {identity}"
    return text % gaps if gaps else text
