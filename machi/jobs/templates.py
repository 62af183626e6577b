"""Examples of posts (見本), by kind of work: the town's own words with open places, and the usual answers to everything else.

Their Japanese is plain, so it serves やさしい日本語 as well.
"""
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

OPEN_PLACE = "＿＿"                         # in every language: here the client's own words belong
TEXTS = ("title", "body", "outcome")
CHANNELS = {"none": ["text"], "weekly": ["text", "voice"], "hours": ["text", "voice", "video"]}     # that go with shared hours
USUAL = {"sync": "none", "ai": "declared", "rights": "transferred", "revisions_count": 2, "acceptance_days": 7}


class Template(NamedTuple):
    """One example. `texts`: by language, name and TEXTS; `settings`: the other answers; `hours`: how long it usually takes."""

    code: str
    category: str
    hours: int
    is_anywhere: bool
    settings: dict
    texts: dict[str, dict[str, str]]

    @property
    def name(self) -> str:
        return self._said()["name"]

    def words(self) -> dict[str, str]:
        """Title, body and what finished looks like, in the language of whoever writes."""
        return {field: self._said()[field] for field in TEXTS}

    def _said(self) -> dict[str, str]:
        return self.texts["en" if get_language() == "en" else "ja"]


def of_kind(category: str | None) -> list[Template]:
    """The examples of one kind of work."""
    return [template for template in _all().values() if template.category == category]


def named(code: str) -> Template | None:
    return _all().get(code)


def filling(template: Template, typed: dict) -> dict:
    """What a draft says after an example was taken: words somebody typed stay, those of another example give way."""
    words = {field: text for field, text in template.words().items() if not typed.get(field) or typed[field] in _every_text()}
    return {**typed, **words, **template.settings, "channels": CHANNELS[template.settings["sync"]], "block_minutes": 30,
            "minutes_estimate": template.hours * 60,
            "place": _("job.place.anywhere") if template.is_anywhere else OPEN_PLACE}


def is_open(text: str | None) -> bool:
    """Is there a place where the client's own words are still to be written?"""
    return OPEN_PLACE in (text or "")


@cache
def _all() -> dict[str, Template]:
    rows = json.loads((Path(__file__).parent / "data" / "templates.json").read_text())
    return {row["code"]: Template(row["code"], row["category"], row["hours"], row.get("place") != "there",
                                  {name: row.get(name, usual) for name, usual in USUAL.items()}, {"ja": row["ja"], "en": row["en"]})
            for row in rows}


@cache
def _every_text() -> frozenset[str]:
    return frozenset(said[field] for template in _all().values() for said in template.texts.values() for field in TEXTS)
