"""What must always be true of what clients give beside the price. Each rule is a question that returns no rows while all is well."""
import datetime

from machi.payments.fees_again import kept
from machi.payments.queries import heard_until
from machi.shared.invariants import Class, Rule

_PARTS = ("price_yen", "tax_yen", "fee_yen", "fee_tax_yen", "withheld_yen", "client_fee_yen", "client_fee_tax_yen", "pay_on")


def _of(table: str) -> str:
    return f"({', '.join(f'{table}.{part}' for part in _PARTS)})"


RULES = (
    Rule("a bonus that was paid has its deposit and its earning, to the yen, and no other has one", f"""
        SELECT coalesce(b.place, e.reference, f.reference) FROM
          (SELECT *, 'bonus:' || id AS place FROM contracts_bonus WHERE state = 'paid') b
          FULL JOIN (SELECT * FROM payments_earning WHERE reference LIKE 'bonus:%') e ON e.reference = b.place
          FULL JOIN (SELECT * FROM payments_funding WHERE reference LIKE 'bonus:%') f ON f.reference = coalesce(b.place, e.reference)
         WHERE b.id IS NULL OR e.id IS NULL OR f.id IS NULL OR {_of('b')} IS DISTINCT FROM {_of('e')}
            OR f.amount_yen <> b.price_yen + b.tax_yen + b.client_fee_yen + b.client_fee_tax_yen"""),
    Rule("a bonus goes from the client of its contract to its worker", """
        SELECT b.id FROM contracts_bonus b JOIN contracts_contract c ON c.id = b.contract_id
          JOIN payments_earning e ON e.reference = 'bonus:' || b.id JOIN payments_funding f ON f.reference = e.reference
         WHERE e.worker_id <> c.worker_id OR e.party_id <> c.client_id OR f.party_id <> c.client_id OR e.about <> 'contract:' || c.id"""),
    Rule("what the town kept of a bonus is its fee by the rates of the day on which it was given", f"""
        SELECT b.id FROM contracts_bonus b,
          {kept("k", "b.price_yen", frozen="b.rates", on="(b.asked_at AT TIME ZONE 'Asia/Tokyo')::date", form="'bonus'")}
         WHERE (b.tax_yen, b.fee_yen, b.fee_tax_yen, b.client_fee_yen, b.client_fee_tax_yen) IS DISTINCT FROM
            (k.tax, k.fee, k.fee_tax, k.client_fee, k.client_fee_tax)"""),
    Rule("a bonus is given for work that was paid before", """
        SELECT b.id FROM contracts_bonus b WHERE NOT EXISTS (SELECT FROM contracts_milestone m
         WHERE m.contract_id = b.contract_id AND m.state IN ('accepted', 'settled') AND m.accepted_at <= b.asked_at)"""),
    Rule("a bonus whose money never came is waited for no longer than it said", """
        SELECT id FROM contracts_bonus WHERE state = 'asked' AND until_at < %(moment)s""",
         kind=Class.LIVENESS, values=lambda: {"moment": heard_until() - datetime.timedelta(hours=1)}),
)
