"""The papers of the gate: which version of the terms, the privacy notice and the house rules is in force (利用規約ほか)."""
import datetime
import functools
import json
from pathlib import Path

from machi.shared import clock


def versions() -> dict[str, str]:
    """Paper -> the version in force today. This is what a person who joins agrees to, and what the pages show."""
    return {paper: row["version"] for paper, row in in_force().items()}


def shown() -> str:
    """The same in one line, which the form of joining carries: so it is known what was shown."""
    return " ".join(f"{paper}:{version}" for paper, version in versions().items())


def in_force() -> dict[str, dict]:
    """Paper -> its version in force today, and the day from which it holds."""
    today = clock.today().isoformat()
    rows = sorted((row for row in _rows() if row["from"] <= today), key=lambda row: row["from"])
    return {row["paper"]: {"version": row["version"], "since": datetime.date.fromisoformat(row["from"])} for row in rows}


@functools.cache
def _rows() -> list[dict]:
    return json.loads((Path(__file__).parent.parent / "data/papers.json").read_text())
