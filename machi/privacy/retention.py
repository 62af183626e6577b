"""Which papers the law keeps after somebody has left, and until which day (保存の表).

A file, not code: machi/privacy/data/retention.json, or the town's own in MACHI_HOME/retention.json. A row holds from its day on:
so many years, counted from a day of the year after the paper, with its source in the three languages of the town.
"""
import datetime
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from machi.shared import clock

_OURS = Path(__file__).parent / "data/retention.json"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of paper is kept."""

    paper: str
    since: datetime.date
    years: int
    month: int
    day: int
    years_later: int
    sources: dict

    @property
    def source(self) -> str:
        """Where the years come from, in the language that is spoken now."""
        return self.sources.get(get_language() or "ja") or self.sources["ja"]

    def until(self, dated_on: datetime.date) -> datetime.date:
        """The day on which a paper of this day, and the key to it, is destroyed: the first one on which nobody needs it."""
        return datetime.date(dated_on.year + self.years_later + self.years, self.month, self.day) + datetime.timedelta(days=1)


def rules(on: datetime.date | None = None) -> dict[str, Rule]:
    """Kind of paper -> the rule in force on a day (today). Receipts of rights and papers of trade without a row of their own are kept like
    terms.

    Raises ValueError in plain words when the file cannot be used.
    """
    on, found = on or clock.today(), {}
    for rule in sorted(_read(), key=lambda rule: rule.since):
        if rule.since <= on:
            found[rule.paper] = rule
    return {"receipt": found["terms"], "documents": found["terms"]} | found if "terms" in found else found


def _read() -> list[Rule]:
    place = Path(settings.RETENTION_FILE) if Path(settings.RETENTION_FILE).exists() else _OURS
    try:
        rows = [_rule(row) for row in json.loads(place.read_text())]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as fault:
        raise ValueError(f"the table of retention {place} cannot be used: {fault!r}") from None
    if missing := {"terms", "statement"} - {rule.paper for rule in rows}:
        raise ValueError(f"the table of retention {place} has no row for {', '.join(sorted(missing))}")
    return rows


def _rule(row: dict) -> Rule:
    begin = row["counted_from"]
    rule = Rule(row["paper"], datetime.date.fromisoformat(row["from"]), int(row["years"]), int(begin["month"]), int(begin["day"]),
                int(begin["years_later"]), dict(row["source"]))
    if not 0 <= rule.years <= 30 or not 0 <= rule.years_later <= 2 or "ja" not in rule.sources:
        raise ValueError(f"years between 0 and 30 and a source in Japanese, not {row}")
    rule.until(datetime.date(2028, 1, 1))
    return rule
