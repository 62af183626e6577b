"""The papers of the gate: which version of the terms, the privacy notice and the house rules is in force (利用規約ほか)."""
import functools
import json
from pathlib import Path

from machi.shared import clock


def versions() -> dict[str, str]:
    """Paper -> the version in force today. This is what a person who joins agrees to, and what the pages show."""
    today = clock.today().isoformat()
    in_force = [row for row in _rows() if row["from"] <= today]
    return {row["paper"]: row["version"] for row in sorted(in_force, key=lambda row: row["from"])}


@functools.cache
def _rows() -> list[dict]:
    return json.loads((Path(__file__).parent.parent / "data/papers.json").read_text())
