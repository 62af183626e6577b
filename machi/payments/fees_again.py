"""Every fee, counted once more in SQL from the same dated rows: the second opinion of the rule that compares what was kept with what
had to be kept. It shares the rows with fees.py, and nothing of how they are counted.
"""
import json
from pathlib import Path

_ROWS = json.loads((Path(__file__).parent / "data/rates.json").read_text())


def kept(name: str, price: str, on: str, *, plan: str = "project") -> str:
    """A part of a FROM clause: `name` has the columns tax, fee and fee_tax of this price (yen without tax) by the rates of a day.
    Each is null where no rate is in force.
    """
    rate = _on(on, "consumption_tax", lambda row: str(row["basis_points"]))
    fee = _on(on, "fee", lambda row: _stepped("g.yen", row["steps"]), plan=plan)
    return f"""LATERAL (SELECT t.yen AS tax, f.yen AS fee, f.yen * t.rate / 10000 AS fee_tax
        FROM (SELECT {rate} AS rate, ({price}) * {rate} / 10000 AS yen) t,
             LATERAL (SELECT ({price}) + t.yen AS yen) g, LATERAL (SELECT {fee} AS yen) f) {name}"""


def _on(day: str, table: str, said, **wanted) -> str:
    """What the row in force on this day says; the newest first."""
    rows = sorted((row for row in _ROWS[table] if all(row[key] == value for key, value in wanted.items())),
                  key=lambda row: row["from"], reverse=True)
    return "CASE " + " ".join(f"WHEN {day} >= '{row['from']}'::date THEN {said(row)}" for row in rows) + " END"


def _stepped(amount: str, steps: list) -> str:
    """Each part of the amount by the rate of its step; whole yen, rounded down once."""
    ends = [start for start, _rate in steps[1:]] + [None]
    parts = (f"greatest(0, {amount if end is None else f'least({amount}, {end})'} - {start}) * {rate}"
             for (start, rate), end in zip(steps, ends, strict=True))
    return f"({' + '.join(parts)}) / 10000"
