"""Every fee, counted once more in SQL from the rates that the terms hold: the second opinion of the rule that compares what was kept with
what had to be kept. It shares the rows with fees.py, and nothing of how they are counted.
"""
import json

from machi.payments import fees
from machi.taxes import rates

# Terms that hold no rates are older than any rows of a town's own: ours are enough.
_FEES, _TAXES = (json.loads(place.read_text()) for place in (fees.OURS, rates.OURS))


def kept(name: str, price: str, *, frozen: str, on: str, form: str) -> str:
    """A part of a FROM clause: `name` has the columns tax, fee, fee_tax, client_fee and client_fee_tax of this price (yen without tax) by
    the rates that a paper holds (`frozen`, JSON); a paper from before that went by the rates of its day `on` for its `form`, all in SQL.
    Each is null where no rate is known.
    """
    rate = f"coalesce(({frozen}->>'tax')::bigint, {_on(on, 'basis_points', _TAXES['consumption_tax'])}::bigint)"
    worker, client = (f"coalesce({frozen}->'{side}', {_on(on, side, _FEES['fee'], form)}::jsonb)" for side in ("worker", "client"))
    return f"""LATERAL (SELECT t.yen AS tax, f.fee, f.fee * t.rate / 10000 AS fee_tax, f.client_fee,
               f.client_fee * t.rate / 10000 AS client_fee_tax
        FROM (SELECT {rate} AS rate, ({price}) * {rate} / 10000 AS yen) t,
             LATERAL (SELECT ({price}) + t.yen AS yen) g,
             LATERAL (SELECT {_stepped("g.yen", worker)} AS fee, {_stepped("g.yen", client)} AS client_fee) f) {name}"""


def _on(day: str, what: str, dated: list[dict], form: str = "") -> str:
    """What the row in force on this day says; the newest first."""
    newest_first = sorted(dated, key=lambda row: row["from"], reverse=True)
    cases = (f"WHEN {day} >= '{row['from']}'::date" + (f" AND {form} = '{row['form']}'" if form else "")
             + f" THEN '{json.dumps(row[what])}'" for row in newest_first)
    return f"(CASE {' '.join(cases)} END)"


def _stepped(amount: str, steps: str) -> str:
    """Each part of the amount by the rate of its step; whole yen, rounded down once."""
    return f"""(SELECT div(sum(greatest(0, least({amount}, s.until) - s.start) * s.rate), 10000)::bigint FROM (
        SELECT (step->>0)::bigint AS start, (step->>1)::bigint AS rate, lead((step->>0)::bigint) OVER (ORDER BY (step->>0)::bigint) AS until
          FROM jsonb_array_elements({steps}) step) s)"""
