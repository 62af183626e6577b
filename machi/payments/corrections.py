"""What must always be true of corrections: each is one entry, of two people, between the accounts that it names."""
from machi.payments.models.adjustments import PAIRS
from machi.shared.invariants import Rule

# The two accounts of each sort; the number of whoever is concerned is added to the second.
_PAIRS = "(VALUES " + ", ".join(f"('{what}', {pair.debit.of()}, {pair.credit.of()})" for what, pair in PAIRS.items()) \
    + ") pair (what, debit, credit)"

RULES = (
    Rule("a correction is one entry between the accounts it names, signed by another person than the one who asked", f"""
        SELECT coalesce('adjust:' || a.id, e.key) FROM (SELECT * FROM payments_adjustment WHERE state = 'signed') a
          FULL JOIN (SELECT l.key, l.actor, count(*) AS legs, sum(t.amount_yen) AS yen, min(t.debit_id) AS debit, min(t.credit_id) AS credit
                       FROM ledger_entry l JOIN ledger_transfer t ON t.entry_id = l.id WHERE l.key LIKE 'adjust:%' GROUP BY 1, 2) e
            ON e.key = 'adjust:' || a.id
          LEFT JOIN {_PAIRS} ON pair.what = a.what LEFT JOIN payments_taken t ON t.id = a.taken_id
         WHERE a.id IS NULL OR a.answered_by_id = a.asked_by_id OR e.legs IS DISTINCT FROM 1 OR e.yen IS DISTINCT FROM a.amount_yen
            OR e.actor IS DISTINCT FROM 'user:' || a.answered_by_id
            OR e.debit IS DISTINCT FROM pair.debit + CASE WHEN t.id IS NULL THEN 0 ELSE a.party_id END
            OR e.credit IS DISTINCT FROM coalesce(t.held_in, pair.credit + coalesce(a.worker_id, a.party_id, 0))""", (9, 19, 25)),
    Rule("what the town stands in for is what was lost of held money, to the yen", """
        SELECT coalesce(a.id, t.id) FROM (SELECT * FROM payments_adjustment WHERE state = 'signed' AND what = 'stood_in') a
          FULL JOIN (SELECT * FROM payments_taken WHERE state = 'covered') t ON t.id = a.taken_id
         WHERE a.amount_yen IS DISTINCT FROM t.amount_yen""", (19,)),
    Rule("what a correction gave somebody is their earning or their refund, of its sum", """
        SELECT coalesce('adjust:' || a.id, g.reference)
          FROM (SELECT * FROM payments_adjustment WHERE state = 'signed' AND what IN ('to_worker', 'to_client', 'was_clients')) a
          FULL JOIN (SELECT reference, amount_yen, worker_id, NULL::bigint AS party_id FROM payments_earning WHERE reference LIKE 'adjust:%'
                     UNION ALL SELECT reference, amount_yen, NULL, party_id FROM payments_refund WHERE reference LIKE 'adjust:%') g
            ON g.reference = 'adjust:' || a.id
         WHERE a.id IS NULL OR g.amount_yen IS DISTINCT FROM a.amount_yen OR g.worker_id IS DISTINCT FROM a.worker_id
            OR g.party_id IS DISTINCT FROM a.party_id""", (9, 19)),
    Rule("only what a correction gave was paid by nobody but the town", """
        SELECT id FROM payments_earning WHERE (party_id IS NULL) <> (reference LIKE 'adjust:%')""", (23,)),
)
